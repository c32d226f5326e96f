"""A pipe held in memory, for what the real one does not do at will: fail, dawdle, count."""

import asyncio
from collections import defaultdict
from collections.abc import Callable

from bot.door import Received
from bot.messages import Choice, ConversationId, Incoming, Kind, Part, Words
from bot.pages import PageLine
from bot.store.seal import Keyring

KEYRING = Keyring(b"k" * 32)
Answer = Callable[[Incoming], tuple[Part, ...]]


def echo(incoming: Incoming) -> tuple[Part, ...]:
    """One bubble that says what came, and one choice."""
    said = incoming.words.text if incoming.words else f"tap {incoming.tap}"
    return (Part(f"You said: {said}", Kind.ADVICE, choices=(Choice("menu", "Menu"),)),)


class HeldPipe:
    """Door, Pages and Retention in one. It keeps what it gets, like the real ones.

    answering: answer as soon as a message comes; else `answer_now()` does it. away: the database
    does not answer. card: parts that the door gives then.
    """

    def __init__(self, answer: Answer = echo) -> None:
        self.answer = answer
        self.answering = True
        self.away = False
        self.card: tuple[Part, ...] = ()
        self.got: list[Incoming] = []
        self.undelivered_cards: list[Incoming] = []
        self.erased: list[ConversationId] = []
        self._waiting: dict[ConversationId, list[Incoming]] = defaultdict(list)
        self._lines: dict[ConversationId, list[PageLine]] = defaultdict(list)
        self._seq = 0
        self._news = asyncio.Condition()

    async def receive(self, incoming: Incoming) -> Received:
        """Keep it, once an event id."""
        of = KEYRING.conversation_id(incoming.address)
        if self.away:
            return Received(stored=False, conversation_id=of, parts=self.card)
        if all(incoming.event_id != one.event_id for one in self.got):
            self.got.append(incoming)
            self._waiting[of].append(incoming)
            if self.answering:
                await self.answer_now()
        return Received(stored=True, conversation_id=of, parts=())

    def undelivered(self, incoming: Incoming) -> None:
        """Remember that a card may be given again."""
        self.undelivered_cards.append(incoming)

    async def answer_now(self) -> None:
        """Answer everything that waits, in order."""
        for of, waiting in self._waiting.items():
            while waiting:
                incoming = waiting.pop(0)
                said = incoming.words.text if incoming.words else f"({incoming.tap})"
                self._add(of, Part(said, Kind.NOTICE), incoming, mine=True)
                for part in self.answer(incoming):
                    self._add(of, part, incoming, mine=False)
        async with self._news:
            self._news.notify_all()

    async def lines(self, conversation_id: ConversationId, after: int = 0) -> list[PageLine]:
        """The lines after this one."""
        if self.away:
            raise ConnectionError
        return [line for line in self._lines[conversation_id] if line.seq > after]

    async def pending(self, conversation_id: ConversationId) -> list[Words]:
        """The words not yet answered."""
        return [one.words for one in self._waiting[conversation_id] if one.words]

    async def wait(
        self, conversation_id: ConversationId, after: int, seconds: float
    ) -> list[PageLine]:
        """As soon as there is a later line, or the time is up."""
        try:
            async with asyncio.timeout(seconds), self._news:
                while not (found := await self.lines(conversation_id, after)):
                    await self._news.wait()
                return found
        except TimeoutError:
            return []

    async def erase(self, conversation_id: ConversationId) -> None:
        """Forget everything of it."""
        if self.away:
            raise ConnectionError
        self.erased.append(conversation_id)
        self._lines.pop(conversation_id, None)
        self._waiting.pop(conversation_id, None)

    def _add(self, of: ConversationId, part: Part, incoming: Incoming, *, mine: bool) -> None:
        self._seq += 1
        self._lines[of].append(
            PageLine(
                seq=self._seq,
                mine=mine,
                text=part.text,
                kind=part.kind,
                topic=part.topic,
                choices=part.choices,
                at=incoming.at,
            )
        )
