"""A flow: a handful of guided questions, as content describes them. Only their shape is here.

Marks are the small fixed words that answers leave: `sign:repeated` and `risk:threats` become facts
of the talk, `pick:home` lasts as long as the flow.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.conversation import Facts

SIGNS = ("fixated", "obsessive", "unwanted", "repeated")
RISKS = (
    "threats", "escalation", "home", "orders_broken", "ex_partner", "separation", "weapons",
    "suicidal_talk", "children", "pets", "property",
)  # fmt: skip
SKIP, DONE = "skip", "done"  # options that every step has, one or the other


@dataclass(frozen=True, slots=True)
class Option:
    """One answer to a step. next: the step it leads to; None: the one that follows."""

    id: str
    title: str
    sets: tuple[str, ...] = ()
    next: str | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One question. Its words are the content item `step.FLOW.STEP`."""

    id: str
    options: tuple[Option, ...]
    many: bool = False  # several options may be chosen, one after the other, until DONE
    hears: bool = False  # the answer is told in the person's own words
    unless: frozenset[str] = frozenset()  # passed over when one of these marks is known

    def option(self, name: str) -> Option | None:
        """The option with this id."""
        return next((option for option in self.options if option.id == name), None)


@dataclass(frozen=True, slots=True)
class End:
    """How a flow may end: the first whose conditions hold is shown."""

    item: str  # a content id
    any_of: frozenset[str] = frozenset()  # one of these marks is known …
    at_least: int = 0  # … or so many marks that begin with one of `counting`
    counting: tuple[str, ...] = ()
    sections: bool = False  # one text `FLOW.for_PICK` for each pick is put into the item

    def fits(self, marks: frozenset[str]) -> bool:
        """Whether this is how it ends; an end without conditions always fits."""
        if not self.any_of and not self.at_least:
            return True
        counted = sum(mark.startswith(self.counting) for mark in marks) if self.counting else 0
        return bool(self.any_of & marks) or 0 < self.at_least <= counted


@dataclass(frozen=True, slots=True)
class Flow:
    """The whole of it, in the order in which it is asked."""

    id: str
    title: str  # what a button that starts it says
    go_on: str  # what a button that takes it up again says
    roles: frozenset[str]  # for whom it is
    instead: str  # the content item that others are shown
    steps: tuple[Step, ...]
    ends: tuple[End, ...]

    def at(self, step: str) -> Step | None:
        """The step with this id."""
        return next((known for known in self.steps if known.id == step), None)

    def after(self, step: str | None) -> tuple[Step, ...]:
        """The steps behind this one; all of them for None."""
        names = [known.id for known in self.steps]
        return self.steps[names.index(step) + 1 :] if step in names else self.steps

    def end(self, marks: frozenset[str]) -> End:
        """How it ends for someone with these marks."""
        return next((end for end in self.ends if end.fits(marks)), self.ends[-1])


Flows = Mapping[str, Flow]


def marks_of(facts: Facts, picks: tuple[str, ...] = ()) -> frozenset[str]:
    """What is known, as marks. `told` alone stands for anything that was described."""
    known = {f"sign:{sign}" for sign in facts.signs} | {f"risk:{risk}" for risk in facts.risks}
    known |= {f"told:{intent}" for intent in facts.told}
    known |= {"told"} if facts.told else set()
    return frozenset(known | {f"pick:{pick}" for pick in picks})
