"""A small, sound responses folder that a test can spoil in one place."""

import re
from pathlib import Path

from bot.actions import NATIONS
from bot.content.coverage import BY_NATION, TOLD_APART
from bot.content.load import read_intents
from bot.content.system_items import SYSTEM_ITEMS

REAL = Path(__file__).parents[3] / "responses"
SERVICES = (
    "emergency_999", "silent_solution_55", "police_101", "national_stalking_helpline", "paladin",
    "citizens_advice_wales", "galop", "samaritans", "shout", "suzy_lamplugh_trust",
    "rape_crisis_scotland",
)  # fmt: skip
LAWS = ("def_four", "ew_s2a", "sc_s39", "sc_s39_examples", "ni_s1", "sc_dapn")
CARDS = {
    "emergency": "If you are in danger now, call {emergency_999.phone}.",
    "emergency.now_yes": "Call {emergency_999.phone} now.",
    "emergency.now_gone": "If they come back, call {emergency_999.phone}.",
    "emergency.cannot_call": "You can ask a person near you to call {emergency_999.phone}.",
    "cannot_speak": "Call {emergency_999.phone}, then press {silent_solution_55.press}.",
    "suicide_self_harm": "Ring {samaritans.phone}. If life is at risk, call {emergency_999.phone}.",
    "harm_to_others": "If you may hurt a person, call {emergency_999.phone}.",
    "technical.busy": "Many write. In danger now, call {emergency_999.phone}.",
    "hello.back": "Hello. In danger now, call {emergency_999.phone}.",
    "technical.wrong": (
        "We got this wrong. In danger, call {emergency_999.phone}. You can also ring "
        "{national_stalking_helpline.phone}."
    ),
}
OPENINGS = {
    "story": '["{told}: that is a lot.", "It is a lot: {told}."]',
    "once_more": "[Here it is again., Once more.]",
    "flow.heard": "[I have that., That counts.]",
}
DEFAULTS = "sources: [advice.yml]\n  reviewed_on: '2026-11-24'\n  review_by: '2027-05-24'"


class Responses:
    """A folder like responses/ with one file for each item."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for folder in ("register", "topics", "languages"):
            (root / folder).mkdir(parents=True)
        self.write("operator.yml", "name: the Test Charity\n")
        self.write("register/services.yml", _cut("services", "  - id: ", SERVICES, "unverified:"))
        self.write("register/law.yml", _cut("law", "- id: ", LAWS, None))
        groups = read_intents()
        for number, name in enumerate(sorted({*SYSTEM_ITEMS, *groups})):
            text = CARDS.get(name, f"You can write to us. This is note {number}.")
            text = OPENINGS.get(name, text)
            near = "\nbuttons: [{title: Near you, to: near}]" if name in BY_NATION else ""
            self.item(name, f"text: {text}{near}", titled=name != "greet")
        self._near()
        self._roles([name for name, group in groups.items() if group in TOLD_APART])

    def _near(self) -> None:
        """The step that says something else in each nation."""
        ask = "buttons: [{title: Where you live, to: 'question:nation'}]"
        self.item("near", f"text: You can ask near where you live.\n{ask}")
        for nation in NATIONS:
            lines = f"for: {{nation: {nation}}}\ntext: You can ask in {nation}.\nbuttons: []"
            self.variant("near", f"near.{nation}", lines)

    def _roles(self, names: list[str]) -> None:
        """What friends and people worried about their own behaviour get, in one file."""
        text = f"_file:\n  {DEFAULTS}\n"
        for name in names:
            near = "[{title: Near you, to: near}]" if name in BY_NATION else "[]"
            for role in ("supporter", "own"):
                text += (
                    f"{name}.for_{role}:\n  variant_of: {name}\n  for: {{role: {role}}}\n"
                    f"  title: For {role}\n  text: You can ask about {name} as {role}.\n"
                    f"  buttons: {near}\n  sources: [advice.yml]\n"
                )
        self.write("topics/roles.yml", text)

    def write(self, name: str, text: str) -> None:
        """Put a file in place of what is there."""
        (self.root / name).write_text(text, encoding="utf-8")

    def item(self, name: str, lines: str, *, defaults: str = DEFAULTS, titled: bool = True) -> None:
        """An entry in a file of its own; its id stands in line 5, its first line in 6."""
        if titled and "title:" not in lines.replace("{title:", ""):
            lines = f"{lines}\ntitle: A title"
        body = "".join(f"  {line}\n" for line in lines.splitlines())
        self.write(f"topics/{name}.yml", f"_file:\n  {defaults}\n{name}:\n{body}")

    def variant(self, of: str, name: str, lines: str) -> None:
        """A second entry in the file of `of`, at its end."""
        path = self.root / f"topics/{of}.yml"
        body = "".join(f"  {line}\n" for line in lines.splitlines())
        path.write_text(f"{path.read_text()}{name}:\n  variant_of: {of}\n{body}", encoding="utf-8")

    def change(self, name: str, old: str, new: str) -> None:
        """Replace one passage that is there exactly once or more often; the first is changed."""
        text = (self.root / name).read_text()
        assert old in text
        self.write(name, text.replace(old, new, 1))


def _cut(name: str, start: str, keep: tuple[str, ...], end: str | None) -> str:
    """The real register with some of its entries: tests need not read all of it each time."""
    text = (REAL / f"register/{name}.yml").read_text(encoding="utf-8")
    head, *entries = re.split(rf"^(?={start})", text, flags=re.MULTILINE)
    rest = ""
    if end:
        at = text.index(f"\n{end}") + 1
        rest = text[at:]
    kept = [
        entry.split(f"\n{end}")[0].rstrip("\n") + "\n" if end else entry
        for entry in entries
        if entry.removeprefix(start).split("\n")[0] in keep
    ]
    return head + "".join(kept) + rest
