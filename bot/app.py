"""Builds every object of the service and joins them; nothing else does."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from bot import metrics
from bot.clock import Clock, utc_now
from bot.content.campaigns import in_season
from bot.content.load import Content
from bot.content.production import unapproved
from bot.content.render import own_choices
from bot.content.shelf import Shelf
from bot.content.standing import standing
from bot.conversation import Conversation, Facts
from bot.dialogue.known import Known
from bot.dialogue.offers import ASK_NATION
from bot.dialogue.opening import DEMO
from bot.dialogue.policy import decide
from bot.errors import SettingProblem
from bot.gauges import Seen
from bot.messages import Address, Kind
from bot.pipe import Pipe, open_pipe
from bot.ports import Channel, Engine
from bot.pulse import Pulse, troubles
from bot.rasa_token import rasa_token
from bot.settings import Settings
from bot.store import conversations, counts
from bot.store.database import Away, Database
from bot.store.master_key import master_key as key_of
from bot.store.pace import PACES, Pace
from bot.store.records import open_talk
from bot.store.seal import Keyring
from bot.turn import Mind
from nlu.engine import open_engine
from nlu.rasa_engine import RasaEngine, StockReader, open_rasa
from nlu.rasa_server import next_port, rasa_server
from nlu.urgent_words import rules_state

_log = structlog.get_logger()

MIGRATE_EVERY = 2.0  # seconds, while the database is away at the start
DATABASE_WITHIN = 2.0  # seconds that a look at the database may take before it counts as away


@dataclass(frozen=True, slots=True)
class App:
    """The joined service. `build` makes one; `close` lets go of everything."""

    settings: Settings
    database: Database
    keyring: Keyring
    engine: Engine
    shelf: Shelf
    pipe: Pipe
    pulse: Pulse
    channels: dict[str, Channel]  # by name; channels that need the pipe are added after `build`

    async def conversation(self, address: Address) -> Conversation:
        """Where this person's talk is; a fresh one when nothing is kept. Raises Away."""
        of = self.keyring.conversation_id(address)
        row = await self.database.read(lambda connection: conversations.kept(connection, of))
        if row is None:
            return Conversation()
        key, state = row
        return open_talk(self.keyring.unwrap(of, key), state)

    async def not_ready(self) -> Mapping[str, str]:
        """What is not ready, and what to do about it; empty when all is well."""
        missing: dict[str, str] = {}
        try:
            async with asyncio.timeout(DATABASE_WITHIN):
                await self.database.probe()
        except Exception:  # noqa: BLE001 - whatever is wrong with it, health must say so
            missing["database"] = "it does not answer; danger is still heard, messages are not kept"
        if isinstance(self.engine, RasaEngine):
            await self.engine.probe()
        state = self.engine.state()
        if not state.ready:
            missing["model"] = state.detail
        rules = await asyncio.to_thread(rules_state)  # the first call compiles them: a second
        if not rules.ready:
            missing["danger rules"] = rules.detail
        for name, channel in self.channels.items():
            trouble = getattr(channel, "trouble", "")  # only channels that call out have any
            if trouble:
                missing[name] = trouble
        return {**missing, **troubles(await self.pulse.look())}

    def notes(self) -> Mapping[str, str]:
        """What works, but not as it was meant to; as of the last message or look at health."""
        state = self.engine.state()
        return {self.engine.name: state.detail} if state.ready and state.detail else {}

    async def seen(self) -> Seen:
        """Everything that the metrics show of this moment. Never raises."""
        rows = None
        with suppress(Exception):  # the database may go away at any moment: then there are none
            async with asyncio.timeout(DATABASE_WITHIN):
                rows = await self.database.read(counts.by_state)
        today = utc_now().date()
        stands = standing(self.shelf.content, today)
        review = stands.next_review
        return Seen(
            measured=await self.pulse.look(),
            not_ready=await self.not_ready(),
            fallbacks=self.engine.fallbacks if isinstance(self.engine, RasaEngine) else {},
            rows=rows,
            model_ready=self.engine.state().ready,
            content=stands.version,
            unapproved=stands.unapproved,
            reviews=None if review is None else (review - today).days,
        )

    def reload_content(self) -> int:
        """Read the content again; all of it is used or none. The number of faults found.

        In production, content that is not approved as it now is counts as faulty.
        """
        strict = self.settings.mode == "production"
        today = utc_now().date()
        faults = self.shelf.reload(lambda new: unapproved(new, today) if strict else [])
        for fault in faults:
            _log.error("content.refused", what=fault.what, where=fault.where, do=fault.do)
        if faults:
            metrics.content_refused()
        else:
            _log.info("content.loaded", version=self.shelf.content.version)
        return len(faults)

    async def migrate_when_back(self) -> None:
        """Bring the tables up to date, however long the database is away; return when it is done.

        Until then the worker finds nothing to do, and the door gives the 999 card by itself.
        """
        while True:
            try:
                await self.database.migrate()
            except Exception as error:  # noqa: BLE001 - it is tried again
                _log.error("start.database_away", fault=type(error).__name__)
                await asyncio.sleep(MIGRATE_EVERY)
            else:
                return

    async def close(self) -> None:
        """Let go of the database. What was accepted stays there."""
        await self.database.close()


async def build(
    settings: Settings,
    *,
    clock: Clock = utc_now,
    engine: Engine | None = None,
    channels: Sequence[Channel] = (),
    master_key: bytes | None = None,
    paces: Mapping[str, Pace] = PACES,
    shelf: Shelf | None = None,
    wait_for_database: bool = False,
) -> App:
    """Open the database (made and migrated if need be), content and engine, and join them.

    engine, channels, master_key, paces, shelf: put in by `talk` and the tests in place of the
    settings' own. paces: how fast each channel may send to one person. shelf: content already read.
    wait_for_database: go on without tables while a database server is away (danger is heard
    without it); `App.migrate_when_back` must follow.
    Raises SettingProblem and ContentFaults, which say what to do.
    """
    keyring = Keyring(master_key if master_key is not None else key_of(settings))
    shelf = shelf or Shelf(settings.content_dir)
    reads = engine if engine is not None else chosen_engine(settings)
    mind = Mind(
        engine=reads,
        decide=decide,
        renderer=lambda: shelf.renderer,
        known=lambda: known_of(shelf.content, _showable(shelf.content, settings, clock())),
        read_within=timedelta(seconds=settings.nlu_seconds),
    )
    database = await open_database(settings, wait=wait_for_database)
    by_name = {channel.name: channel for channel in channels}
    pipe = open_pipe(
        database=database,
        keyring=keyring,
        mind=mind,
        channels=by_name,
        clock=clock,
        idle=timedelta(hours=settings.idle_hours),
        paces=paces,
    )
    pulse = Pulse(
        database=database,
        clock=clock,
        folder=settings.data_dir,
        silent_for=pipe.worker.silent_for,
    )
    return App(settings, database, keyring, reads, shelf, pipe, pulse, by_name)


def known_of(content: Content, items: frozenset[str]) -> Known:
    """What the dialogue may show and where it leads. items: ids of what may be shown now."""

    def leads(item: str, facts: Facts, channel: str) -> tuple[str, ...] | None:
        found = content.library.find(item, facts.role, facts.nation, channel)
        if found is None or found.kind is not Kind.ADVICE or found.choose:
            return None
        own = tuple(choice.id for choice in own_choices(found))
        if facts.nation is None and content.library.varies_by_nation(found.base):
            own = (*own, ASK_NATION)
        return tuple(dict.fromkeys(own))

    return Known(items, content.flows, leads)


def _showable(content: Content, settings: Settings, now: datetime) -> frozenset[str]:
    """The ids of all items but the ones whose time it is not: dated cards, the demo's line."""
    ids = in_season(content.library.ids, content.registers, now)
    return ids if settings.mode == "demo" else ids - {DEMO}


async def open_database(settings: Settings, *, wait: bool = False) -> Database:
    """The database with its tables. Raises SettingProblem when it is away.

    wait: a server that is away is given back all the same, without tables.
    """
    try:
        database = await Database.open(settings.database)
    except Away as away:
        raise _no_database(settings, away) from None  # the cause may show the address
    try:
        await database.migrate()
    except Away as away:
        if wait and database.postgres:  # a file that cannot be used does not come back by itself
            _log.error("start.database_away", fault=str(away))
            return database
        await database.close()
        raise _no_database(settings, away) from None
    except BaseException:
        await database.close()
        raise
    return database


def _no_database(settings: Settings, away: Away) -> SettingProblem:
    return SettingProblem(
        f"the database cannot be used ({away})",
        where="BOT_DATABASE_URL" if settings.database_url else "BOT_DATA_DIR",
        do="See that it runs, restore the file from a backup, or move a damaged file away",
    )


def chosen_engine(settings: Settings, kind: str | None = None) -> Engine:
    """The engine that the settings, or `--nlu`, name; its model or server need not be there.

    `rasa-stock` is for `evaluate` only: Rasa's own pipeline, on the port after Rasa's
    (python -m tools.rasa stock). Raises SettingProblem for a name that is no engine.
    """
    kind = kind or settings.nlu
    if kind == "embedded":
        return open_engine(settings.model_dir)
    if kind == "rasa":
        server = rasa_server(settings.rasa_url, rasa_token(settings))
        return open_rasa(server, settings.model_dir)
    if kind == "rasa-stock":
        return StockReader(rasa_server(next_port(settings.rasa_url), rasa_token(settings)))
    raise SettingProblem(
        f"there is no {kind} engine",
        where="BOT_NLU",
        do="Use embedded or rasa (and for evaluate also rasa-stock)",
    )
