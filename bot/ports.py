"""The two places where the service can be given another part: channels and NLU engines."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from bot.messages import Address, Limits, Outcome, Part
from nlu.reading import Context, EngineState, Reading


class Channel(Protocol):
    """A place people write to us. Telegram, WhatsApp, the web page and the console fit it."""

    @property
    def name(self) -> str:
        """`telegram`, `whatsapp`, `web` or `console`; part of every conversation id."""

    @property
    def limits(self) -> Limits:
        """What one message can carry here."""

    @property
    def keeps_page(self) -> bool:
        """True where we show the talk ourselves (the web page): replies are kept as page lines and
        fetched, never sent through the outbox.
        """

    async def send(self, to: Address, part: Part) -> Outcome:
        """Send one bubble, once. Every expected failure is an Outcome; never raises for one."""


@runtime_checkable
class Removes(Protocol):
    """What a channel can do as well whose `limits.erase_within` is not None."""

    async def remove(self, to: Address, messages: Sequence[str]) -> Outcome:
        """Take messages of either side off the person's screen; doing it again does no harm.

        messages: the platform's own numbers, at most 100. Sent: none of them is left there.
        Refused: some are and will stay. Never raises for an expected failure.
        """


@runtime_checkable
class Tags(Protocol):
    """What a channel can do as well whose platform tells later what became of a message."""

    async def send_tagged(self, to: Address, part: Part, tag: str) -> Outcome:
        """Like `Channel.send`; the platform's news of this message carry `tag` (64 characters)."""


class Engine(Protocol):
    """Makes a Reading of a person's words. The embedded engine and the Rasa client fit it."""

    @property
    def name(self) -> str:
        """`embedded` or `rasa`."""

    async def read(self, text: str, context: Context) -> Reading:
        """What the words mean. text: as written, up to 5,000 characters or more (the engine cuts).

        Always includes the urgent rules, whatever happened to the model. Never raises for a text.
        """

    def state(self) -> EngineState:
        """Whether it can do its work, for `check`, health and the page's banner."""
