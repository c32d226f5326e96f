"""The web page: the talk as a plain page that works without a script, and better with one."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from http import HTTPStatus

import structlog
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from bot.channels import web_notices as notices
from bot.channels.web_forms import Form, number, read_form, wants_json
from bot.channels.web_guard import BodyCap, StrictHeaders, Whose
from bot.channels.web_notices import Notice
from bot.channels.web_pace import WAIT, Pace
from bot.channels.web_page import Look, PageTemplates, Talk, View
from bot.channels.web_reading import CHANNEL, Lines
from bot.channels.web_session import Sessions, event_id, new_key
from bot.clock import Clock
from bot.content.last_resort import emergency_card
from bot.content.limits import WEB
from bot.danger import most_pressing, seen_in
from bot.door import Door, Received
from bot.messages import Address, ConversationId, Incoming, Limits, Outcome, Part, Refused, Words
from bot.pages import Pages
from bot.retention import Retention
from bot.store.seal import Keyring

_log = structlog.get_logger()

TEXT = 20_000  # characters of one message (ours; the engine reads the first 5,000)
TAP = 64  # bytes of a button's id
PATIENCE = 2.5  # seconds a form without script waits for the answer before the page says "soon"
LOOKS = 12  # times the page without script looks for an answer to a button by itself
LEAVING = 1.0  # seconds that leaving waits for the erasure; it goes on by itself after that


class WebChat:
    """The channel `web`: fits `bot.ports.Channel` and gives the routes of its page.

    secret: 32 bytes or more, the same after a restart. public_url: as people see it, or None.
    banner: lines above the talk now (demo, weak understanding). greeting: bubbles before the first
    message, with the first choices.
    """

    name = CHANNEL
    keeps_page = True

    def __init__(
        self,
        *,
        door: Door,
        pages: Pages,
        retention: Retention,
        keyring: Keyring,
        secret: bytes,
        clock: Clock,
        look: Look | None = None,
        banner: Callable[[], Sequence[str]] = tuple,
        greeting: Callable[[], Sequence[Part]] = tuple,
        public_url: str | None = None,
        limits: Limits = WEB,
    ) -> None:
        self.limits = limits
        self._door = door
        self._shown = Lines(pages, keyring)
        self._retention = retention
        self._clock = clock
        self._look = look or Look()
        self._banner = banner
        self._greeting = greeting
        self._public_url = public_url
        self._sessions = Sessions(secret, secure=bool(public_url and public_url[:6] == "https:"))
        self._pace = Pace()
        self._page = PageTemplates(self._look)
        self._erasing: set[asyncio.Task[None]] = set()

    async def send(self, to: Address, part: Part) -> Outcome:  # noqa: ARG002 - Channel's shape
        """Nothing is ever sent here: the page fetches its lines."""
        return Refused("kept on the page")

    def close(self) -> None:
        """Let every look that waits end within two seconds, so that the server can stop."""
        self._shown.close()

    def routes(self) -> list[BaseRoute]:
        """The page, its forms, its lines and its files, for the public app."""
        strict = Middleware(StrictHeaders)
        capped = [strict, Middleware(BodyCap, refuse=self._too_big)]
        forms = {"/say": self._say, "/tap": self._tap, "/leave": self._leave}
        return [
            Route("/", self._home, middleware=[strict]),
            Route("/lines", self._lines, middleware=[strict]),
            Route("/page/{name}", self._page.file, middleware=[strict]),
            *(Route(path, do, methods=["POST"], middleware=capped) for path, do in forms.items()),
            *(Route(path, _home_again, middleware=[strict]) for path in forms),
        ]

    async def _home(self, request: Request) -> Response:
        token = self._sessions.read(request)
        query = request.query_params
        since = number(query["since"]) if query.get("since") else None
        view = View(
            again=number(query.get("again", "")),
            hold=query.get("hold") == "1",
            earlier=query.get("earlier") == "1",
        )
        talk = await self._talk(token, view, since=since if view.again < LOOKS else None)
        return self._whole(talk, token, view)

    async def _lines(self, request: Request) -> Response:
        """New lines for the script: at once if there are any, else when they come."""
        token = self._sessions.read(request)
        view = View(earlier=request.query_params.get("earlier") == "1")
        if token is None:
            return JSONResponse(self._payload(Talk(), None, view, after=0))
        after = number(request.query_params.get("after", ""))
        wait = number(request.query_params.get("wait", ""))
        await self._shown.look(request, token, after, wait)
        talk = await self._talk(token, view)
        status = HTTPStatus.OK if talk.readable else HTTPStatus.SERVICE_UNAVAILABLE
        return JSONResponse(self._payload(talk, token, view, after=after), status)

    async def _say(self, request: Request) -> Response:
        form = await read_form(request, self._sessions, self._public_url)
        if form is None:
            return await self._refuse(request, notices.NOT_READ)
        if not form.words:
            return await self._refuse(request, notices.EMPTY, form)
        if len(form.words) > TEXT:
            return await self._refuse(request, notices.TOO_LONG, form)
        return await self._receive(request, form, words=Words(form.words))

    async def _tap(self, request: Request) -> Response:
        form = await read_form(request, self._sessions, self._public_url)
        if form is None:
            return await self._refuse(request, notices.NOT_READ)
        tap = form.fields.get("tap", "").encode()[:TAP].decode(errors="ignore")
        return await self._receive(request, form, tap=tap)

    async def _leave(self, request: Request) -> Response:
        """Erase our side, take the cookie, and show a blank page that goes on elsewhere.

        Not a redirect: a browser shows the old page until the other site answers, and a strict
        form policy would stop it altogether. A blank page of our own is there at once.
        """
        form = await read_form(request, self._sessions, self._public_url)
        if form is None or form.whose is Whose.FOREIGN:
            return await self._refuse(request, notices.FOREIGN)
        if form.token is not None:
            self._sessions.forget(form.token)
            await self._erase(self._shown.conversation(form.token))
        gone = Response(status_code=HTTPStatus.NO_CONTENT) if form.json else self._page.away()
        self._sessions.end(gone)
        return gone

    async def _receive(
        self, request: Request, form: Form, *, words: Words | None = None, tap: str | None = None
    ) -> Response:
        """Hand one message to the door and answer with the page as it then is."""
        refused = self._why_not(request, form, words)
        if refused:
            return await self._refuse(request, refused, form)
        now = self._clock()
        # Only a form that is surely ours may name the talk it starts: nobody can plant one.
        start = form.key if form.whose is Whose.OURS else new_key()
        token = form.token or self._sessions.start(start, now)
        address = Address(self.name, token)
        incoming = Incoming(address, event_id(token, form.key), now, words, tap)
        received = await self._door.receive(incoming)
        if not received.stored:
            # The page that shows this card is not kept: the next try must give it again.
            self._door.undelivered(incoming)
            return await self._not_stored(form, received)
        if not form.json:
            await self._shown.came(token, form.after, PATIENCE)
        view = View(earlier=form.earlier)
        talk = await self._talk(token, view, since=form.after)
        there = "/?earlier=1" if view.earlier else "/"
        to = view.look_again(talk, 0) if talk.waits else there
        answer: Response = RedirectResponse(f"{to}#line-{talk.newest}", HTTPStatus.SEE_OTHER)
        if form.json:
            payload = self._payload(talk, token, view, after=form.after)
            answer = JSONResponse(payload | {"kept": True})
        if form.token is None:
            self._sessions.give(answer, token)
        return answer

    def _why_not(self, request: Request, form: Form, words: Words | None) -> Notice | None:
        """Why this message must not go on; words of danger are never held back for their pace."""
        if form.whose is Whose.FOREIGN:
            return notices.FOREIGN
        if form.whose is Whose.UNKNOWN and form.token is not None:
            given = form.fields.get("form", "")
            if not self._sessions.is_form_of(form.token, given):
                return notices.OLD_FORM
        host = request.client.host if request.client else ""
        in_time = self._pace.message(form.token) if form.token else self._pace.start(host)
        if in_time or (words and seen_in(words.text)):
            return None
        return notices.SLOW

    async def _not_stored(self, form: Form, received: Received) -> Response:
        """The card that the door gives, or a plain word; the text stays in the box."""
        notice = notices.NOT_STORED
        view = View(key=form.key, notice=notice, draft=form.draft, earlier=form.earlier)
        view = replace(view, parts=received.parts)
        if form.json:
            return self._no(view, notice)
        return self._whole(await self._talk(form.token, view), form.token, view)

    async def _refuse(self, request: Request, notice: Notice, form: Form | None = None) -> Response:
        """The page with a plain word on what went wrong; text that was sent stays in the box."""
        headers = {"Retry-After": str(WAIT)} if notice is notices.SLOW else {}
        view = View(notice=notice, parts=self._card(form))
        if wants_json(request):
            return self._no(view, notice, headers)
        # A foreign page may make a browser show our page, but learns nothing and shows no talk.
        token = None if notice is notices.FOREIGN else self._sessions.read(request)
        if form is not None and form.whose is not Whose.FOREIGN:
            view = replace(view, key=form.key, draft=form.draft, earlier=form.earlier)
        page = self._whole(await self._talk(token, view), token, view)
        page.headers.update(headers)
        return page

    def _card(self, form: Form | None) -> tuple[Part, ...]:
        """The 999 card for words of danger: they are answered even where they cannot go on."""
        seen = seen_in(form.words) if form is not None else frozenset[str]()
        return (emergency_card(most_pressing(seen), self.limits),) if seen else ()

    def _no(self, view: View, notice: Notice, headers: dict[str, str] | None = None) -> Response:
        """What the script is told when nothing was kept."""
        refusal = {"kept": False, "notice": notice.text}
        if view.parts:
            refusal["parts"] = self._page.tail(Talk(), view, greeting=())
        return JSONResponse(refusal, notice.status, headers)

    async def _too_big(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = await self._refuse(Request(scope), notices.TOO_BIG)
        await answer(scope, receive, send)

    def _greet(self) -> Sequence[Part]:
        try:
            return self._greeting()
        except Exception as fault:  # noqa: BLE001 - the page opens without it
            _log.error("greeting_failed", channel=self.name, fault=type(fault).__name__)
            return ()

    async def _erase(self, conversation: ConversationId) -> None:
        """Erase at once; when the database keeps us waiting, go on without making anyone wait."""
        task = asyncio.create_task(self._erased(conversation))
        self._erasing.add(task)
        task.add_done_callback(self._erasing.discard)
        await asyncio.wait({task}, timeout=LEAVING)

    async def _erased(self, conversation: ConversationId) -> None:
        for seconds in (1, 5, 30, 120, 0):
            try:
                await self._retention.erase(conversation)
            except Exception as fault:  # noqa: BLE001 - the person leaves all the same; try again
                _log.warning("leave_not_erased", channel=self.name, fault=type(fault).__name__)
                await asyncio.sleep(seconds)
            else:
                return

    def _whole(self, talk: Talk, token: str | None, view: View) -> Response:
        if not talk.readable and view.notice is None:
            view = replace(view, notice=notices.NOT_SHOWN)
        view = replace(view, form=self._sessions.form_token(token))
        return self._page.whole(talk, view, banner=self._banner(), greeting=self._greet())

    async def _talk(self, token: str | None, view: View, *, since: int | None = None) -> Talk:
        now = self._clock()
        return await self._shown.talk(token, now=now, since=since, earlier=view.earlier)

    def _payload(
        self, talk: Talk, token: str | None, view: View, *, after: int
    ) -> dict[str, object]:
        """What the script needs. `oldest`: lines before it are no longer shown, here or there."""
        view = replace(view, form=self._sessions.form_token(token))
        return {
            "session": token is not None,
            "oldest": talk.oldest,
            "lines": self._page.lines([line for line in talk.lines if line.seq > after]),
            "tail": self._page.tail(talk, view, greeting=self._greet()),
            "form": view.form,
        }


async def _home_again(_request: Request) -> Response:
    return RedirectResponse("/", HTTPStatus.SEE_OTHER)
