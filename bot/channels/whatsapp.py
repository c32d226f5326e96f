"""The channel `whatsapp`: people who write to our number, by way of Meta's Cloud API."""

import asyncio
from http import HTTPStatus

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.channels.whatsapp_calls import NOT_REACHED, SEEN_BY_LOOKING, Calls, Patience
from bot.channels.whatsapp_events import CHANNEL
from bot.channels.whatsapp_intake import Intake, OnGone, OnReceipt, SetAside
from bot.channels.whatsapp_proof import TooBig, body_of, challenge_of, is_signed
from bot.clock import Clock
from bot.content.limits import WHATSAPP
from bot.door import Door
from bot.messages import Address, Limits, Outcome, Part

_log = structlog.get_logger()

COME_AGAIN = 5  # seconds, when something could not be stored (Meta has a pace of its own)


class WhatsApp:
    """Fits `bot.ports.Channel` and `bot.ports.Tags`, and takes in what people send.

    number_id: our number's id at Meta. api: root of the Graph API, version included. app_secret:
    signs Meta's calls. verify_token: what Meta must say when it is told our address. on_gone: told
    when an address is nobody's any more. on_receipt: told what became of a message of ours.
    set_aside: keeps what nobody could read.
    """

    name = CHANNEL
    keeps_page = False

    def __init__(
        self,
        *,
        token: str,
        number_id: str,
        app_secret: str,
        verify_token: str,
        door: Door,
        clock: Clock,
        on_gone: OnGone,
        on_receipt: OnReceipt,
        set_aside: SetAside,
        api: str = "https://graph.facebook.com/v26.0",
        limits: Limits = WHATSAPP,
        patience: Patience | None = None,
    ) -> None:
        self.limits = limits
        self._patience = patience or Patience()
        self._secret = app_secret.encode()
        self._verify_token = verify_token.encode()
        self._calls = Calls(token, number_id, api, self._patience)
        self._calls.trouble = NOT_REACHED
        self._intake = Intake(
            calls=self._calls,
            door=door,
            clock=clock,
            number_id=number_id,
            on_gone=on_gone,
            on_receipt=on_receipt,
            set_aside=set_aside,
        )
        self._task: asyncio.Task[None] | None = None

    @property
    def trouble(self) -> str:
        """What keeps this channel from working, in one sentence; empty when all is well."""
        return self._calls.trouble

    @property
    def unreadable(self) -> int:
        """Messages nobody could make anything of, since the start."""
        return self._intake.unreadable

    async def send(self, to: Address, part: Part) -> Outcome:
        """Send one bubble, once."""
        return await self._calls.send(to.to, part)

    async def send_tagged(self, to: Address, part: Part, tag: str) -> Outcome:
        """Send one bubble, once; `on_receipt` hears of this tag when there is news of it."""
        return await self._calls.send(to.to, part, tag)

    def routes(self) -> list[BaseRoute]:
        """Where Meta asks whether the address is ours, and calls."""
        return [
            Route("/whatsapp", self._challenged, methods=["GET"]),
            Route("/whatsapp", self._called, methods=["POST"]),
        ]

    async def start(self) -> None:
        """Ask Meta whether it knows us. Returns within `Patience.start` seconds, whatever it says:
        a token that has run out must not keep the web page from starting. `trouble` tells of it.
        """
        self._calls.open()
        try:
            async with asyncio.timeout(self._patience.start):
                await self._look()
        except TimeoutError:
            _log.warning("whatsapp.not_reached", channel=CHANNEL)
        self._task = asyncio.create_task(self._watch())

    async def open(self) -> None:
        """Be ready to send, and ask nothing: another process does that. `close` ends it."""
        self._calls.open()
        self._calls.trouble = ""

    async def stop(self) -> None:
        """Look no more. Messages can still be sent, so that the worker can finish what it began."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        await self._intake.stop()

    async def close(self) -> None:
        """Let the connections go, once nothing more is to be sent. `start` opens them again."""
        await self.stop()
        await self._calls.close()

    async def _watch(self) -> None:
        """A token may run out, and may be put right."""
        while True:
            await asyncio.sleep(self._patience.retry if self.trouble else self._patience.watch)
            await self._look()

    async def _look(self) -> None:
        found = await self._calls.look()
        before = self.trouble
        if before and before not in SEEN_BY_LOOKING:
            return  # of payment, say: only a message that goes out shows that it is over
        self._calls.trouble = found
        if found and found != before:
            _log.error("whatsapp.refused", channel=CHANNEL, do=found)
        elif before and not found:
            _log.info("whatsapp.ready")

    async def _challenged(self, request: Request) -> Response:
        answer = challenge_of(request.query_params, self._verify_token)
        if answer is None:
            _log.info("whatsapp.wrong_verify_token", channel=CHANNEL)
            return Response(status_code=HTTPStatus.FORBIDDEN)
        return PlainTextResponse(answer, headers={"X-Content-Type-Options": "nosniff"})

    async def _called(self, request: Request) -> Response:
        """One event. 200 only once all of it is stored, or is known to be of no use."""
        try:
            body = await body_of(request)
        except TooBig:
            return Response(status_code=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        except (ClientDisconnect, TimeoutError):
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        if not is_signed(body, request.headers.get("x-hub-signature-256", ""), self._secret):
            _log.info("whatsapp.wrong_signature", channel=CHANNEL)
            return Response(status_code=HTTPStatus.FORBIDDEN)
        if await self._intake.take(body):
            return Response(status_code=HTTPStatus.OK)
        return Response(
            status_code=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": str(COME_AGAIN)}
        )
