"""What somebody at the desk may do. Which page asks for which role: bot/desk/permissions.py."""

from enum import StrEnum


class Role(StrEnum):
    """One role for each account."""

    ADVOCATE = "advocate"  # talks with people
    LEAD = "lead"  # that, and: people, override, reopen, audit
    AUDITOR = "auditor"  # the audit and nothing else


EVERYBODY = frozenset(Role)
ADVOCATES = frozenset({Role.ADVOCATE, Role.LEAD})
AUDIT = frozenset({Role.LEAD, Role.AUDITOR})
LEADS = frozenset({Role.LEAD})
