"""What an engine makes of a person's words: the only file of nlu that the dialogue sees."""

from dataclasses import dataclass

URGENT_INTENTS = ("emergency", "suicide_self_harm", "harm_to_others", "cannot_speak")
"""The intents that interrupt everything, most pressing first (taxonomy.yml, urgent)."""


@dataclass(frozen=True, slots=True)
class Context:
    """What the talk already knows that may help to read a short answer."""

    role: str | None = None  # victim, supporter, own
    question: str | None = None  # the id of the open question


NOTHING_KNOWN = Context()


@dataclass(frozen=True, slots=True)
class Hints:
    """Facts said in passing. None: not said."""

    role: str | None = None  # victim, supporter, own
    nation: str | None = None  # england, wales, scotland, northern_ireland
    relationship: str | None = (
        None  # ex partner family neighbour colleague acquaintance stranger online
    )
    age: str | None = None  # under_18, adult
    police: bool | None = None  # told the police
    orders: bool | None = None  # an order or a bail condition is there
    children: bool | None = None  # children are involved
    # what it is done through: of phone, tracker, camera, accounts, car; in this order
    devices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What the engine made of one message."""

    # (intent, calibrated probability), best first; never empty
    ranking: tuple[tuple[str, float], ...]
    urgent: frozenset[str] = frozenset()  # urgent intents seen by rules or model, whichever won
    language: str = "und"  # BCP 47; `pa-Latn` is romanised Punjabi; `und` unknown
    hints: Hints = Hints()
    also: tuple[str, ...] = ()  # other things described in a long message, most telling first
    degraded: bool = False  # read by rules alone: the model was missing or failed
    fishing: bool = False  # asks to find, watch or reach somebody, or who has written here
    ruled: frozenset[str] = frozenset()  # of `urgent`, what the rules saw in the very words
    # fields of `hints` that the words put right, or that the message says and nothing else
    corrects: frozenset[str] = frozenset()
    signs: frozenset[str] = frozenset()  # of fixated, obsessive, unwanted, repeated
    # of threats, escalation, home, orders_broken, ex_partner, separation, weapons,
    # suicidal_talk, children, pets, property
    risks: frozenset[str] = frozenset()
    since: str | None = None  # how long it has gone on: days, weeks, months or years

    @property
    def intent(self) -> str:
        """The best reading: a name in taxonomy.yml."""
        return self.ranking[0][0]

    @property
    def confidence(self) -> float:
        """0.0 to 1.0."""
        return self.ranking[0][1]


@dataclass(frozen=True, slots=True)
class EngineState:
    """ready: the trained model is loaded and matches what it was made from.

    detail: one sentence that says what is wrong and what to do; empty when ready.
    """

    ready: bool
    detail: str = ""
