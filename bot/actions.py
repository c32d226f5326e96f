"""What a button does, as the short text that travels through a channel and comes back as a tap.

    show:evidence.diary     show that content item
    ask:helpline            answer as if the person had asked about this intent
    set:role:supporter      remember a fact (role or nation) and give the last answer again for it
    question:nation         ask the person a one-tap question (role or nation)
    now:yes | now:gone | now:cannot_call      the answers to "Is it happening now?"
    erase:yes | erase:no                      the answers to "erase everything?"; heard only while
                                              that question is the one open
    flow:safety_plan        start a flow, or take it up where it was left
    pick:safety_plan.where:home      that answer to that step of that flow
    back                    go on after a while, where the talk was
    none                    none of the readings offered
    menu                    the menu

In content a button's `to:` is one of these, or simply a content id (`evidence.diary`), which means
`show:` that item. At most 64 bytes: Telegram's limit for callback data.
"""

from dataclasses import dataclass

MAX_BYTES = 64
ROLES = ("victim", "supporter", "own")
NATIONS = ("england", "wales", "scotland", "northern_ireland")
QUESTIONS = ("role", "nation")
NOW_ANSWERS = ("yes", "gone", "cannot_call")


@dataclass(frozen=True, slots=True)
class Action:
    """verb: show ask set question now erase flow pick back none menu. value: what follows it."""

    verb: str
    value: str = ""

    @property
    def id(self) -> str:
        """The text that travels."""
        return f"{self.verb}:{self.value}" if self.value else self.verb


def parse_action(text: str) -> Action | None:
    """The action behind a button id, or None when it is none of ours (old, foreign, damaged)."""
    if len(text.encode("utf-8", errors="replace")) > MAX_BYTES:
        return None
    verb, _, value = text.partition(":")
    return Action(verb, value) if _is_known(verb, value) else None


def target_action(to: str) -> Action | None:
    """The action of a content button's `to:`; a bare content id means `show:`."""
    if ":" in to or to in {"none", "menu", "back"}:
        return parse_action(to)
    return parse_action(f"show:{to}")


def _is_known(verb: str, value: str) -> bool:
    match verb:
        case "show" | "ask" | "flow":
            return bool(value)
        case "pick":
            step, _, option = value.partition(":")
            return bool(option) and "." in step
        case "set":
            fact, _, choice = value.partition(":")
            return choice in {"role": ROLES, "nation": NATIONS}.get(fact, ())
        case "question":
            return value in QUESTIONS
        case "now":
            return value in NOW_ANSWERS
        case "erase":
            return value in {"yes", "no"}
        case "none" | "menu" | "back":
            return not value
        case _:
            return False
