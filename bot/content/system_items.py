"""The items that code shows by name: the content must have every one."""

SYSTEM_ITEMS = (
    "hello",
    "hello.short",
    "hello.short.demo",
    "menu",
    "emergency",
    "emergency.now_yes",
    "emergency.now_gone",
    "emergency.cannot_call",
    "cannot_speak",
    "suicide_self_harm",
    "harm_to_others",
    "which",
    "which.story",
    "which.yes",
    "unsure",
    "none_of_these",
    "out_of_scope.fishing",
    "question.role",
    "question.nation",
    "noted",
    "technical.media",
    "technical.empty",
    "technical.emoji",
    "technical.long",
    "technical.stale_button",
    "technical.wrong",
    "technical.busy",
    "technical.resent",
    "technical.lost",
    "technical.weak",
    "technical.paused",
    "erase.ask",
    "erase.done",
    "erase.done.stays",
    "erase.kept",
    "leave.done",
    "leave.done.stays",
    "commands",
    "story",
    "once_more",
    "flow.heard",
    "flow.not_got",
    "flow.left",
    "hello.back",
)
WORDINGS = frozenset({"story", "once_more", "flow.heard"})
"""Here `text` is no list of bubbles but of wordings, one of which opens another text."""

OPTIONAL_ITEMS = ("technical.media_", "language.", "campaign.")
"""Beginnings of ids that code shows when they exist."""

MUST_SHOW = {
    "emergency": ("emergency_999",),
    "cannot_speak": ("emergency_999", "silent_solution_55"),
    "suicide_self_harm": ("samaritans", "emergency_999"),
    "harm_to_others": ("emergency_999",),
    "technical.wrong": ("emergency_999", "national_stalking_helpline"),
    "technical.busy": ("emergency_999",),
    "hello.back": ("emergency_999",),
    "language": ("emergency_999", "national_stalking_helpline"),
}
"""Services whose facts an item must show, by id; `emergency.now_yes` obeys `emergency`."""

WHOLE_ONLY = frozenset({"cannot_speak", "suicide_self_harm", "harm_to_others"})
"""Here deeper steps (`suicide_self_harm.grounding`) need 999 only, the card itself all."""
