"""Where one person's talk is: facts and place, never their words."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from datetime import datetime
from typing import Any
from zlib import crc32

from bot.messages import ConversationId, Offer

MAX_TOLD = 20  # intents remembered as described, newest kept
MAX_GIVEN = 60  # content items remembered as shown, newest kept
MAX_ACKNOWLEDGED = 200  # a topic comes back only after 60 others: never reached by people
VOICES = 12


@dataclass(frozen=True, slots=True)
class Facts:
    """What the person told us, reduced to fixed words. None: not known."""

    role: str | None = None  # victim, supporter, own
    nation: str | None = None  # where the person who is stalked lives
    relationship: str | None = None
    age: str | None = None  # under_18, adult
    police: bool | None = None  # the police know
    told: tuple[str, ...] = ()  # intents described, oldest first
    orders: bool | None = None  # an order or a bail condition is there
    children: bool | None = None  # children are involved
    signs: tuple[str, ...] = ()  # of stalking, as heard: fixated obsessive unwanted repeated
    risks: tuple[str, ...] = ()  # what raises the danger, as heard; words of bot/flow.py
    since: str | None = None  # how long it has been going on: days weeks months years
    devices: tuple[str, ...] = ()  # phone tracker camera accounts car


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is in a flow."""

    flow: str
    step: str
    picks: tuple[str, ...] = ()  # options chosen that are no facts; gone when the flow ends
    waited: int = 0  # messages about other things since the question was asked


@dataclass(frozen=True, slots=True)
class Conversation:
    """One person's talk between two messages."""

    facts: Facts = Facts()
    question: str | None = None  # id of the question we asked last and that is still open
    offers: tuple[Offer, ...] = ()  # the choices under our last message
    given: tuple[str, ...] = ()  # content items shown, oldest first
    turns: int = 0  # messages answered
    unsure: int = 0  # times in a row that we did not understand
    last_at: datetime | None = None  # UTC, the last message answered
    voice: int = 0  # which of several wordings this talk begins with; see `voice_of`
    acknowledged: tuple[str, ...] = ()  # topics whose answer opened with what was told
    quiet_until: int = 0  # `turns` before which no answer opens so
    flow: Place | None = None  # the guided questions that are open
    twice: tuple[str, ...] = ()  # content items shown more than once
    returned: bool = False  # silent for an hour and not gone on yet: the past is not shown
    rest: tuple[str, ...] = ()  # intents told or asked beside others, still to be answered

    def knowing(self, **changes: Any) -> "Conversation":
        """The same talk with these facts (role=..., nation=...) known."""
        return replace(self, facts=replace(self.facts, **changes))

    def telling(self, intent: str) -> "Conversation":
        """The same talk, this intent remembered as described."""
        told = (*(i for i in self.facts.told if i != intent), intent)[-MAX_TOLD:]
        return self.knowing(told=told)

    def giving(self, *items: str) -> "Conversation":
        """The same talk, these content items remembered as shown."""
        kept = tuple(i for i in self.given if i not in items)
        again = tuple(i for i in items if i in self.given and i not in self.twice)
        twice = (*self.twice, *again)[-MAX_GIVEN:]
        return replace(self, given=(*kept, *items)[-MAX_GIVEN:], twice=twice)

    def hearing(self, **heard: Iterable[str]) -> "Conversation":
        """The same talk with these words added to its facts (signs=..., risks=..., devices=...)."""
        added = {
            name: tuple(dict.fromkeys((*getattr(self.facts, name), *sorted(words))))
            for name, words in heard.items()
        }
        return self.knowing(**added)

    def acknowledging(self, topic: str) -> "Conversation":
        """The same talk, this topic's answer remembered as opened with what was told."""
        return replace(self, acknowledged=(*self.acknowledged, topic)[-MAX_ACKNOWLEDGED:])


def voice_of(conversation: ConversationId) -> int:
    """Where this talk begins among an item's wordings: the same for it, always; others differ.

    0 to 11, so that lists of two, three and four are begun anywhere alike.
    """
    return crc32(conversation.encode()) % VOICES


def to_record(talk: Conversation) -> dict[str, Any]:
    """The talk as plain JSON values, to be sealed and stored."""
    record = asdict(talk)
    record["last_at"] = talk.last_at.isoformat() if talk.last_at else None
    return record


def from_record(record: dict[str, Any]) -> Conversation:
    """The talk from what `to_record` made, by this version or an older or newer one.

    Keys we do not know are dropped and missing ones take their defaults: an update must not lose
    anybody's place.
    """
    known = {f.name for f in fields(Conversation)}
    values = {k: v for k, v in record.items() if k in known}
    facts = {
        k: v for k, v in values.get("facts", {}).items() if k in {f.name for f in fields(Facts)}
    }
    for name in ("told", "signs", "risks", "devices"):
        facts[name] = tuple(facts.get(name, ()))
    values["facts"] = Facts(**facts)
    values["flow"] = _place(values.get("flow"))
    values["offers"] = tuple(Offer(o["id"], o["title"]) for o in values.get("offers", ()))
    values["given"] = tuple(values.get("given", ()))
    values["acknowledged"] = tuple(values.get("acknowledged", ()))
    values["twice"] = tuple(values.get("twice", ()))
    values["rest"] = tuple(values.get("rest", ()))
    last_at = values.get("last_at")
    values["last_at"] = datetime.fromisoformat(last_at) if last_at else None
    return Conversation(**values)


def _place(record: dict[str, Any] | None) -> Place | None:
    if record is None:
        return None
    known = {k: v for k, v in record.items() if k in {f.name for f in fields(Place)}}
    return Place(**known | {"picks": tuple(known.get("picks", ()))})
