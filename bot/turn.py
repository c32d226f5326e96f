"""One message is answered: the only place where the steps meet.

    load → read (engine, outside the transaction) → decide → render → keep everything at once

A turn that fails leaves no trace but a count. When danger was seen, nothing that fails on the way
keeps the 999 card from going out.
"""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from bot import metrics
from bot.clock import Clock
from bot.content.last_resort import emergency_card, wrong_on_our_side
from bot.conversation import Conversation, Facts, voice_of
from bot.danger import brought_by, by_rules, most_pressing
from bot.dialogue.decision import Decision, Effect, Say
from bot.dialogue.heard import Heard
from bot.dialogue.known import Known
from bot.erasing import Erasing, Wish
from bot.lost import with_apology
from bot.messages import Address, ConversationId, Incoming, Kind, Offer, Part, Words
from bot.outbox import Outbox, Renders
from bot.pages import Pages
from bot.ports import Channel, Engine
from bot.store import conversations
from bot.store.bubbles import Bubble
from bot.store.conversations import Held
from bot.store.database import Database
from bot.store.inbox_rows import Message
from bot.store.keeping import Kept, Turned, When, keep
from bot.store.records import (
    is_first_after_loss,
    open_address,
    open_incoming,
    open_talk,
    seal_line,
    seal_talk,
)
from bot.store.seal import DataKey, Keyring, Unopenable
from nlu.reading import Context, Reading

_log = structlog.get_logger()

Decide = Callable[[Conversation, Heard, datetime, Known], Decision]
"""bot.dialogue.policy.decide: (talk, heard, now UTC, what content there is)."""


@dataclass(frozen=True, slots=True)
class Mind:
    """What makes an answer out of a message."""

    engine: Engine
    decide: Decide
    renderer: Callable[[], Renders]  # asked once a turn: the content may be changed between turns
    known: Callable[[], Known]
    read_within: timedelta = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class _Case:
    """A message and its conversation, opened."""

    held: Held
    key: DataKey
    address: Address
    message: Message
    pending: tuple[Bubble, ...]
    now: datetime


class Turn:
    """Answers one message of a conversation that is held."""

    def __init__(
        self,
        *,
        database: Database,
        keyring: Keyring,
        mind: Mind,
        channels: Mapping[str, Channel],
        outbox: Outbox,
        pages: Pages,
        clock: Clock,
        idle: timedelta,
        lease: timedelta,
    ) -> None:
        """idle: a quiet conversation is erased after this. channels: by name."""
        self._database = database
        self._keyring = keyring
        self._mind = mind
        self._channels = channels
        self._outbox = outbox
        self._erasing = Erasing(database, keyring)
        self._pages = pages
        self._clock = clock
        self._idle = idle
        self._lease = lease

    async def where(self, of: ConversationId) -> Conversation:
        """Where this person's talk is now; a fresh one where nothing is kept. Raises Away."""
        row = await self._database.read(lambda c: conversations.kept(c, of))
        if row is None:
            return Conversation()
        return _where(self._keyring.unwrap(of, row[0]), row[1])

    async def take(self, held: Held, message: Message, pending: tuple[Bubble, ...]) -> Kept:
        """Answer the message. Raises LeaseLost, Away, Unopenable, or whatever went wrong."""
        key = self._keyring.unwrap(held.id, held.key)
        address = open_address(key, held.address)
        case = _Case(held, key, address, message, pending, self._clock())
        incoming, answered = open_incoming(key, message.body, address)
        talk = _where(key, held.state)
        if held.state is None:
            talk = replace(talk, voice=voice_of(held.id))
        reading = await self._read(incoming, talk)
        decision, parts = self._answer(talk, incoming, reading, case.now)
        if answered:  # the 999 card went out while the database was away
            parts = tuple(part for part in parts if part.kind is not Kind.EMERGENCY)
        if held.state is None and is_first_after_loss(key, message.body):
            way = self._channels[held.channel]
            parts = with_apology(parts, self._mind.renderer, case.now, way)
        if Effect.ERASE in decision.effects:
            kept = await self._forget(case, decision, parts, incoming.at)
            _count(held.channel, "erased", parts)
            return kept
        turned = self._turned(case, parts, said=as_said(incoming, talk))
        turned = replace(turned, state=seal_talk(key, decision.talk))
        kept = await self._keep(held, turned, case.now)
        _count(held.channel, "answered", parts)
        return kept

    async def park(self, held: Held, message: Message, pending: tuple[Bubble, ...]) -> Kept:
        """Set a message aside that cannot be answered, and say so; danger still gets its card.

        Raises LeaseLost and Away.
        """
        _log.error("turn.parked", channel=held.channel, row=message.id, tries=message.tries)
        now = self._clock()
        channel = self._channels.get(held.channel)
        turned = Turned(message, pending)
        parts: tuple[Part, ...] = ()
        if channel is not None:
            with suppress(Unopenable):  # then nobody can be told, and nothing is lost by it
                key = self._keyring.unwrap(held.id, held.key)
                case = _Case(held, key, open_address(key, held.address), message, pending, now)
                parts = self._excuse(_danger_in(case), now, channel)
                turned = self._turned(case, parts)
        kept = await self._keep(held, replace(turned, parked=True), now)
        _count(held.channel, "parked", parts)
        return kept

    async def _keep(self, held: Held, turned: Turned, now: datetime) -> Kept:
        when = When(now, self._idle, self._lease)
        kept = await self._database.write(lambda c: keep(c, held, turned, when))
        if turned.lines:
            self._pages.ring(held.id)
        return kept

    async def _forget(
        self, case: _Case, decision: Decision, parts: tuple[Part, ...], asked_at: datetime
    ) -> Kept:
        channel = self._channels[case.held.channel]
        remove = channel.limits.erase_within if Effect.REMOVE in decision.effects else None
        stays = () if remove is None else self._if_stays(decision, case.now, channel)
        wish = Wish(case.held, case.key, case.address, asked_at, case.pending, remove)

        def last(held: Held, key: DataKey) -> Turned:
            return self._turned(replace(case, held=held, key=key, pending=()), parts)

        when = When(case.now, self._idle, self._lease)
        kept = await self._erasing.carry_out(wish, when, last, parts, stays)
        if channel.keeps_page:
            self._pages.ring(case.held.id)
        return kept

    def _if_stays(self, said: Decision, now: datetime, channel: Channel) -> tuple[Part, ...]:
        """The last replies in the words for a screen that could not be cleared."""
        says = tuple(replace(say, item=f"{say.item}.stays") for say in said.says)
        try:
            return self._render(replace(said, says=says), now, channel)
        except Exception as error:  # noqa: BLE001 - a wording must not keep anybody from erasing
            _log.error("turn.wording_missing", channel=channel.name, fault=_name(error))
            return ()

    def _turned(self, case: _Case, parts: tuple[Part, ...], *, said: Words | None = None) -> Turned:
        if not self._channels[case.held.channel].keeps_page:
            bubbles = self._outbox.compose(case.held, case.key, parts, case.pending)
            return Turned(case.message, bubbles)
        ours = tuple((False, seal_line(case.key, part)) for part in parts)
        mine = () if said is None else ((True, seal_line(case.key, said)),)
        return Turned(case.message, (), lines=(*mine, *ours))

    async def _read(self, incoming: Incoming, talk: Conversation) -> Reading | None:
        if incoming.words is None:
            return None
        text = incoming.words.text
        context = Context(role=talk.facts.role, question=talk.question)
        try:
            with metrics.reading(self._mind.engine.name):
                async with asyncio.timeout(self._mind.read_within.total_seconds()):
                    return await self._mind.engine.read(text, context)
        except Exception as error:  # noqa: BLE001 - whatever failed, the rules still see danger
            _log.error("turn.engine_failed", name=self._mind.engine.name, fault=_name(error))
            return by_rules(text)

    def _answer(
        self,
        talk: Conversation,
        incoming: Incoming,
        reading: Reading | None,
        now: datetime,
    ) -> tuple[Decision, tuple[Part, ...]]:
        """What to say and where the talk is then. Only where danger was seen it cannot fail."""
        channel = self._channels[incoming.address.channel]
        urgent = reading.urgent if reading else frozenset()
        decision: Decision | None = None
        try:
            heard = Heard(
                channel=channel.name,
                words=incoming.words.text if incoming.words else "",
                reading=reading,
                tap=incoming.tap,
                media=incoming.media,
            )
            decision = self._mind.decide(talk, heard, now, self._mind.known())
            parts = self._render(decision, now, channel)
        except Exception as error:
            urgent |= brought_by(incoming)
            says = decision.says if decision else ()
            if not urgent and all(say.kind is not Kind.EMERGENCY for say in says):
                raise
            metrics.last_resort()
            _log.error("turn.last_resort", channel=channel.name, fault=_name(error))
            parts = (emergency_card(most_pressing(urgent), channel.limits),)
        after = decision or Decision((), replace(talk, turns=talk.turns + 1, last_at=now))
        return replace(after, talk=replace(after.talk, offers=_offers(parts))), parts

    def _render(self, decision: Decision, now: datetime, channel: Channel) -> tuple[Part, ...]:
        renderer, facts = self._mind.renderer(), decision.talk.facts
        shown = (
            renderer.render(say, facts, now, channel.limits, channel.name) for say in decision.says
        )
        return tuple(part for parts in shown for part in parts)

    def _excuse(self, urgent: frozenset[str], now: datetime, channel: Channel) -> tuple[Part, ...]:
        if urgent:
            return (emergency_card(most_pressing(urgent), channel.limits),)
        try:
            say = Say("technical.wrong")
            return self._mind.renderer().render(say, Facts(), now, channel.limits, channel.name)
        except Exception as error:  # noqa: BLE001 - the content may be what is broken
            _log.error("turn.last_resort", channel=channel.name, fault=_name(error))
            return (wrong_on_our_side(channel.limits),)


def as_said(incoming: Incoming, talk: Conversation) -> Words | None:
    """What the person did, as the web page shows it: their words, or the button they tapped."""
    if incoming.tap is None:
        return incoming.words
    titles = (offer.title for offer in talk.offers if offer.id == incoming.tap)
    return next((Words(title) for title in titles), None)


def _offers(parts: tuple[Part, ...]) -> tuple[Offer, ...]:
    """The choices under the last bubble that has any."""
    choices = next((part.choices for part in reversed(parts) if part.choices), ())
    return tuple(Offer(choice.id, choice.title) for choice in choices)


def _danger_in(case: _Case) -> frozenset[str]:
    try:
        incoming, answered = open_incoming(case.key, case.message.body, case.address)
    except Unopenable:
        return frozenset()
    return frozenset() if answered else brought_by(incoming)


def _where(key: DataKey, state: bytes | None) -> Conversation:
    try:
        return open_talk(key, state)
    except Unopenable:
        # Losing the place is better than losing the answer.
        _log.error("turn.talk_unopenable")
        return Conversation()


def _count(channel: str, how: str, parts: tuple[Part, ...]) -> None:
    metrics.handled(channel, how)
    metrics.cards((part.topic for part in parts if part.kind is Kind.EMERGENCY), "turn")


def _name(error: BaseException) -> str:
    return type(error).__name__
