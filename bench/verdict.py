"""Whether every message was answered once and in order, from what was said and what arrived."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.echo import ANSWER, BUSY, CARD, RESENT
from bench.receiver import Arrived

DOOR = "If you are in danger now, call 999."  # how the card begins that the door gives by itself


@dataclass(frozen=True, slots=True)
class Said:
    """A message that was accepted. n: its number in the chat. at: seconds, monotonic."""

    chat: int
    n: int
    at: float
    danger: bool


@dataclass(frozen=True, slots=True)
class Verdict:
    """doubles: marked as such. unmarked: those that were not. waits: seconds from yes to answer."""

    said: int
    lost: int
    mixed: int
    doubles: int
    unmarked: int
    busy: int
    busy_twice: int
    waits: Sequence[float]
    kills: Sequence[str]

    @property
    def kept(self) -> bool:
        """Every promise was kept."""
        return not (self.lost or self.mixed or self.unmarked or self.busy_twice)

    @property
    def longest(self) -> float:
        """Seconds."""
        return max(self.waits, default=0.0)

    def __str__(self) -> str:
        waits = sorted(self.waits) or [0.0]
        kills = ", ".join(f"{n} × {what}" for what, n in sorted(Counter(self.kills).items()))
        return (
            f"{self.said} messages; killed: {kills or 'nothing'}\n"
            f"lost {self.lost}, out of order {self.mixed}, doubled without a word {self.unmarked}; "
            f"doubled and said so {self.doubles}; told busy {self.busy}, twice {self.busy_twice}\n"
            f"wait for the answer: median {waits[len(waits) // 2]:.2f} s, "
            f"95 % {waits[int(len(waits) * 0.95)]:.2f} s, longest {waits[-1]:.1f} s"
        )


def judge(said: Iterable[Said], arrived: Iterable[Arrived], kills: Sequence[str]) -> Verdict:
    """Compare."""
    by_chat: dict[int, list[Arrived]] = defaultdict(list)
    for one in arrived:
        by_chat[one.chat].append(one)
    messages = list(said)
    first: dict[tuple[int, str], float] = {}
    mixed = doubles = unmarked = 0
    for chat, come in by_chat.items():
        order: list[int] = []
        for one in come:
            marked = one.text.startswith(RESENT)
            text = one.text.removeprefix(RESENT)
            if not text.startswith((ANSWER, CARD)):
                continue
            known = (chat, text) in first
            first.setdefault((chat, text), one.at)
            doubles += marked and known
            unmarked += known and not marked
            if text.startswith(ANSWER) and not known:
                order.append(int(text.removeprefix(ANSWER)))
        mixed += order != sorted(order)
    lost, waits = 0, []
    for message in messages:
        at = _answered(message, first, by_chat[message.chat])
        if at is None:
            lost += 1
        else:
            waits.append(max(0.0, at - message.at))
    busy = [sum(one.text == BUSY for one in come) for come in by_chat.values()]
    return Verdict(
        said=len(messages),
        lost=lost,
        mixed=mixed,
        doubles=doubles,
        unmarked=unmarked,
        busy=sum(busy),
        busy_twice=sum(n > 1 for n in busy),
        waits=waits,
        kills=kills,
    )


def _answered(
    message: Said, first: dict[tuple[int, str], float], come: Sequence[Arrived]
) -> float | None:
    kind = CARD if message.danger else ANSWER
    at = first.get((message.chat, f"{kind}{message.n}"))
    if at is None and message.danger:  # the door gave its own card, and the turn none
        at = next((one.at for one in come if one.text.startswith(DOOR)), None)
    return at
