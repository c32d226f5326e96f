"""`python -m bot run`: web chat, messengers, worker and health, in one process or in several."""

import asyncio
import signal
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal, TextIO

import structlog
import uvicorn
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from bot.app import App, build
from bot.channels.webchat import WebChat
from bot.content.check import check_content
from bot.content.production import broken_promises, unapproved
from bot.desk.app import whole_desk
from bot.desk.demo import first_link
from bot.desk.desk import Desk
from bot.desk.people import join_url
from bot.entrances import desk, messengers, web_page
from bot.errors import Problem, SettingProblem
from bot.settings import Settings
from bot.staff.upkeep import keep_tidy
from bot.store.master_key import master_key, usable_folder
from bot.web import Inside, internal_app, public_app
from nlu.reading import Context

if TYPE_CHECKING:
    from bot.channels.telegram import Telegram
    from bot.channels.whatsapp import WhatsApp

_log = structlog.get_logger()

Only = Literal["web", "worker"]
"""web: takes in messages. worker: answers them. Both over one PostgreSQL, on as many hosts."""

CLOSING = 3  # seconds that open connections get when the service stops


class _Server(uvicorn.Server):
    """A server that leaves signals to us: two of them run in one process."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def run(settings: Settings, out: TextIO, only: Only | None = None) -> int:
    """Serve until SIGINT or SIGTERM; SIGHUP reads the content again. Returns the exit code.

    only: one half of the service; None: all of it. Raises SettingProblem and ContentFaults before
    anything is served.
    """
    return asyncio.run(_run(settings, out, only))


async def _run(settings: Settings, out: TextIO, only: Only | None) -> int:
    if only is not None:
        refuse_half(settings)
    usable_folder(settings.data_dir)
    sockets = [] if only == "worker" else [_listen("BOT_PORT", settings.host, settings.port)]
    sockets.append(_listen("BOT_DESK_PORT", settings.desk_host, settings.desk_port))
    app: App | None = None
    chats: list[Telegram | WhatsApp] = []
    try:
        key = master_key(settings)
        app = await build(settings, master_key=key, wait_for_database=True)
        refuse_production(app)
        page, chats = web_page(app, key), messengers(app)
        app.channels[page.name] = page
        routes = page.routes()
        for chat in chats:
            app.channels[chat.name] = chat
            routes += chat.routes()
            await (chat.open() if only == "worker" else chat.start())
        return await _serve(app, page, routes, sockets, out, only=only, staff=desk(app, key))
    finally:
        for chat in chats:
            await chat.close()
        for one in sockets:
            one.close()
        if app is not None:
            await app.close()


def refuse_half(settings: Settings) -> None:
    """Raise SettingProblem where half of the service could not find the other half."""
    if not settings.database.startswith("postgresql"):
        raise SettingProblem(
            "half of the service shares a database server with the other half",
            where="BOT_DATABASE_URL",
            do="Give a PostgreSQL URL, or run without --only",
        )
    if settings.secret_key is None:
        raise SettingProblem(
            "every process needs the same key",
            where="BOT_SECRET_KEY",
            do="Set it, the same everywhere; openssl rand -hex 32",
        )


def production_faults(app: App, today: datetime) -> list[Problem]:
    """Why this service must not meet the public yet; empty when nothing stands against it."""
    settings = app.settings
    faults: list[Problem] = []

    def fault(what: str, where: str, do: str) -> None:
        faults.append(SettingProblem(what, where=where, do=do))

    if settings.secret_key is None:
        fault("production needs a key of its own", "BOT_SECRET_KEY", "Set it; openssl rand -hex 32")
    if settings.public_url is None:
        fault("production needs the public address", "BOT_PUBLIC_URL", "Set it")
    state = app.engine.state()
    if not state.ready:
        fault(state.detail, "BOT_MODEL_DIR", "Run make setup")
    faults += check_content(settings.content_dir, today)
    faults += unapproved(app.shelf.content, today.date())
    faults += broken_promises(app.shelf.content, settings.idle_hours)
    return faults


def refuse_production(app: App) -> None:
    """In production mode, log every fault, then raise one that says how many there are."""
    if app.settings.mode != "production":
        return
    faults = production_faults(app, datetime.now(UTC))  # noqa: TID251 - the start of the program
    for fault in faults:
        _log.error("start.refused", what=fault.what, where=fault.where, do=fault.do)
    if faults:
        raise SettingProblem(
            f"production is refused for {len(faults)} reasons, listed above",
            where="BOT_MODE",
            do="Put them right, or run in demo mode",
        )


async def _serve(
    app: App,
    page: WebChat,
    routes: list[BaseRoute],
    sockets: list[socket.socket],
    out: TextIO,
    *,
    only: Only | None,
    staff: Desk,
) -> int:
    inside = Inside(app.not_ready, app.notes, app.seen)
    internal = internal_app(inside, None if only == "worker" else whole_desk(staff))
    servers = [_server(internal, app.settings)]
    if only != "worker":
        servers.insert(0, _server(public_app(routes, inside), app.settings))
    stop = asyncio.Event()
    _on_signals(app, stop)
    # What is built on first use (rules compiled, the model's arrays) is built now, while the page
    # is already served, so that the first message does not pay for it.
    warm = asyncio.create_task(app.engine.read("hello", Context()))
    watching = asyncio.create_task(app.pipe.watch())
    tidying = asyncio.create_task(keep_tidy(staff.database, staff.audit, staff.clock))
    tables = asyncio.create_task(app.migrate_when_back())  # done already, unless it was away
    tasks = [] if only == "web" else [asyncio.create_task(app.pipe.worker.run(), name="worker")]
    for server, listening in zip(servers, sockets, strict=True):
        tasks.append(asyncio.create_task(server.serve(sockets=[listening]), name="server"))
    await warm
    desk_lines = [] if only == "worker" else await _where_staff_sign_in(app.settings, staff)
    _say_where(app, await app.not_ready(), out, only, desk_lines)
    waiting = asyncio.create_task(stop.wait())
    done, _ = await asyncio.wait([*tasks, waiting], return_when=asyncio.FIRST_COMPLETED)
    failed = [task for task in done if task is not waiting]
    page.close()  # looks that wait for a line end now rather than being cut off
    for server in servers:
        server.should_exit = True
    app.pipe.worker.stop()
    waiting.cancel()
    tables.cancel()
    watching.cancel()
    tidying.cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    for result in results:
        if isinstance(result, BaseException):
            _log.error("run.failed", fault=type(result).__name__)
    print("stopped", file=out, flush=True)
    return 1 if failed else 0


def _server(asgi: Starlette, settings: Settings) -> _Server:
    trusted = bool(settings.public_url or settings.desk_url)
    return _Server(
        uvicorn.Config(
            asgi,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=trusted,
            forwarded_allow_ips="*" if trusted else None,
            lifespan="off",
            timeout_graceful_shutdown=CLOSING,
        )
    )


def _on_signals(app: App, stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    loop.add_signal_handler(signal.SIGHUP, app.reload_content)


async def _where_staff_sign_in(settings: Settings, staff: Desk) -> list[str]:
    lines = [f"Desk       {settings.desk_address}/desk"]
    with suppress(Exception):  # away, or back without its tables: a way in never stops the service
        token = await first_link(staff)
        if token is not None:
            link = join_url(settings.desk_address, token)
            lines.append(f"Sign in    {link} (first advocate; works once, for 24 hours)")
    return lines


def _say_where(
    app: App,
    missing: Mapping[str, str],
    out: TextIO,
    only: Only | None,
    desk_lines: Sequence[str],
) -> None:
    settings = app.settings
    public = settings.public_url or f"http://{settings.host}:{settings.port}"
    internal = settings.desk_url or f"http://{settings.desk_host}:{settings.desk_port}"
    if only != "worker":
        print(f"Web chat   {public}/", file=out)
    if only is not None:
        print(f"Part       {only} only; the other half runs elsewhere", file=out)
    for line in desk_lines:
        print(line, file=out)
    print(f"Internal   {internal}/health/ready and {internal}/metrics", file=out)
    print(f"Telegram   {_telegram_in_words(settings)}", file=out)
    print(f"WhatsApp   {_whatsapp_in_words(settings)}", file=out)
    if settings.mode == "demo":
        print("Mode       demo: draft texts, nobody on duty, not for people in need", file=out)
    for name, detail in missing.items():
        print(f"NOT READY  {name}: {detail}", file=out)
    for name, detail in app.notes().items():
        print(f"NOTE       {name}: {detail}", file=out)
    print("Stop with Ctrl-C.", file=out, flush=True)


def _telegram_in_words(settings: Settings) -> str:
    if settings.telegram_token is None:
        return "off (set BOT_TELEGRAM_TOKEN; README says how)"
    return "on, by webhook" if settings.telegram_webhook_url else "on, by asking for updates"


def _whatsapp_in_words(settings: Settings) -> str:
    if settings.whatsapp_token is None:
        return "off (docs/whatsapp.md says how)"
    public = settings.public_url or "https://your.public.address"
    return f"on; its callback URL at Meta is {public}/whatsapp"


def _listen(name: str, host: str, port: int) -> socket.socket:
    """A listening socket. Raises SettingProblem when the port is taken or the host is not ours."""
    try:
        return socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET
        )
    except OSError as error:
        raise SettingProblem(
            f"cannot listen on {host}:{port} ({error.strerror})",
            where=name,
            do=f"Stop the program that uses it, or choose another port: {name}=… make run",
        ) from error
