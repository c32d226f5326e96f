"""The channel `telegram`: private chats with a bot, by webhook or by polling."""

import asyncio
import hmac
import json
from collections.abc import Sequence
from http import HTTPStatus

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.channels.telegram_calls import Calls, Patience
from bot.channels.telegram_intake import Intake, OnGone, SetAside
from bot.channels.telegram_polling import Poller
from bot.channels.telegram_reading import CHANNEL, KINDS
from bot.channels.telegram_removing import take_off
from bot.channels.telegram_wire import TooMany
from bot.clock import Clock
from bot.content.limits import TELEGRAM
from bot.door import Door
from bot.errors import SettingProblem
from bot.messages import Address, Limits, Outcome, Part

_log = structlog.get_logger()

BODY = 1_000_000  # bytes of one update (ours; the platform's are far smaller)
COME_AGAIN = 5  # seconds, when an update could not be stored (Telegram obeys Retry-After)


class Telegram:
    """Fits `bot.ports.Channel`, and takes in what people send.

    api: root of the Bot API, without /bot. webhook_url: where Telegram calls us, with
    webhook_secret; None: we ask it. on_gone: told when a person has blocked us. set_aside: keeps
    what nobody could read.
    """

    name = CHANNEL
    keeps_page = False

    def __init__(
        self,
        *,
        token: str,
        door: Door,
        clock: Clock,
        on_gone: OnGone,
        set_aside: SetAside,
        api: str = "https://api.telegram.org",
        webhook_url: str | None = None,
        webhook_secret: str | None = None,
        limits: Limits = TELEGRAM,
        patience: Patience | None = None,
    ) -> None:
        self.limits = limits
        self._patience = patience or Patience()
        self._webhook_url = webhook_url
        self._secret = webhook_secret or ""
        self._calls = Calls(token, api, self._patience)
        self._intake = Intake(
            calls=self._calls, door=door, clock=clock, on_gone=on_gone, set_aside=set_aside
        )
        self._poller = Poller(
            calls=self._calls, intake=self._intake, clock=clock, patience=self._patience
        )
        self._task: asyncio.Task[None] | None = None
        self._trouble = "Telegram has not been reached yet"

    @property
    def trouble(self) -> str:
        """What keeps this channel from working, in one sentence; empty when all is well."""
        if self._poller.failures:
            return "Telegram cannot be asked for messages just now; it is tried again"
        return self._trouble

    @property
    def unreadable(self) -> int:
        """Updates nobody could make anything of, since the start."""
        return self._intake.unreadable

    async def send(self, to: Address, part: Part) -> Outcome:
        """Send one bubble, once."""
        outcome = await self._calls.send(to.to, part)
        if getattr(outcome, "reason", "") == "token":
            self._trouble = _NO_SUCH_BOT
            _log.error("telegram.token_refused", channel=CHANNEL, do=_CHECK_TOKEN)
        return outcome

    async def remove(self, to: Address, messages: Sequence[str]) -> Outcome:
        """Take messages of either side off the person's screen, on every device of theirs."""
        return await take_off(self._calls, to.to, messages)

    def routes(self) -> list[BaseRoute]:
        """The webhook; none where Telegram does not call us."""
        if not self._secret:
            return []
        return [Route("/telegram", self._called, methods=["POST"])]

    async def start(self) -> None:
        """Say who we are, and begin to take in messages. Returns within `Patience.start` seconds:
        where Telegram cannot be reached it goes on trying, and nobody else waits for it.

        Raises SettingProblem for a token that is no bot's, or a webhook that Telegram refuses.
        """
        await self._calls.open()
        wait: float | None = self._patience.first
        try:
            async with asyncio.timeout(self._patience.start):
                wait = await self._introduce(1)
        except TimeoutError:
            _log.warning("telegram.not_reached", channel=CHANNEL, tries=1)
        except SettingProblem:
            await self._calls.close()
            raise
        self._task = asyncio.create_task(self._keep(wait))

    async def open(self) -> None:
        """Be ready to send, and take in nothing: another process does that. `close` ends it."""
        await self._calls.open()
        self._trouble = ""

    async def stop(self) -> None:
        """Take in nothing more. What was not stored comes again after the next start.

        Messages can still be sent, so that the worker can finish what it began.
        """
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None
        await self._intake.stop()

    async def close(self) -> None:
        """Let the connections go, once nothing more is to be sent. `start` opens them again."""
        await self.stop()
        await self._calls.close()

    async def _keep(self, wait: float | None) -> None:
        """Everything that goes on between start and stop."""
        while True:
            await self._insist(wait)
            if self._webhook_url is None:
                await self._poller.run()
            wait = await self._watched(self._webhook_url)

    async def _watched(self, url: str | None) -> float:
        """Returns when Telegram no longer calls us: somebody took our webhook away, or it did."""
        while True:
            await asyncio.sleep(self._patience.watch)
            try:
                info = await self._calls.webhook()
                if info.url != url or set(info.allowed_updates or KINDS) != set(KINDS):
                    _log.error("telegram.webhook_was_changed", channel=CHANNEL)
                    return 0.0
            except Exception as error:  # noqa: BLE001 - it is asked again
                _log.warning("telegram.not_reached", reason=type(error).__name__)

    async def _insist(self, wait: float | None) -> None:
        """Introduce ourselves until it goes well. wait: seconds before it; None: it went well."""
        tries = 1
        while wait is not None:
            await asyncio.sleep(wait)
            tries += 1
            try:
                wait = await self._introduce(tries)
            except SettingProblem as problem:
                self._trouble = problem.what
                _log.error(
                    "telegram.refused", where=problem.where, what=problem.what, do=problem.do
                )
                wait = self._patience.slowest
            except Exception as error:  # noqa: BLE001 - the next try may go well
                _log.error("telegram.start_failed", channel=CHANNEL, fault=type(error).__name__)
                wait = self._patience.after(tries)

    async def _introduce(self, tries: int) -> float | None:
        """None when Telegram knows of us, else how many seconds to wait before the next try.

        Raises SettingProblem.
        """
        try:
            await self._calls.check_token()
            await self._arrange()
        except InvalidToken:
            raise SettingProblem(
                _NO_SUCH_BOT, where="BOT_TELEGRAM_TOKEN", do=_CHECK_TOKEN
            ) from None
        except TelegramError as error:
            wait = error.seconds if isinstance(error, TooMany) else None
            reason = type(error).__name__
            _log.warning("telegram.not_reached", channel=CHANNEL, reason=reason, tries=tries)
            return wait or self._patience.after(tries)
        await self._calls.set_commands()
        self._trouble = ""
        _log.info("telegram.ready", state="webhook" if self._webhook_url else "polling")
        return None

    async def _arrange(self) -> None:
        """Tell Telegram how its updates reach us. Those that wait are kept."""
        if self._webhook_url is None:
            await self._calls.drop_webhook()
            return
        try:
            await self._calls.set_webhook(self._webhook_url, self._secret)
        except BadRequest:
            raise SettingProblem(
                "Telegram does not accept this address for its calls",
                where="BOT_TELEGRAM_WEBHOOK_URL",
                do="Give an https address with port 443, 80, 88 or 8443 and a valid certificate",
            ) from None

    async def _called(self, request: Request) -> Response:
        """One update. 2xx only once it is stored, or is known to be of no use."""
        given = request.headers.get("x-telegram-bot-api-secret-token", "")
        # Bytes: for text that is not ASCII the comparison would raise.
        if not hmac.compare_digest(given.encode("latin-1", "replace"), self._secret.encode()):
            _log.info("telegram.wrong_secret", channel=CHANNEL)
            return Response(status_code=HTTPStatus.FORBIDDEN)
        try:
            body = await _body_of(request)
        except ClientDisconnect:
            return Response(status_code=HTTPStatus.BAD_REQUEST)
        if await self._intake.take(_json_in(body), body=body):
            return Response(status_code=HTTPStatus.OK)
        return Response(
            status_code=HTTPStatus.SERVICE_UNAVAILABLE, headers={"Retry-After": str(COME_AGAIN)}
        )


_NO_SUCH_BOT = "Telegram knows no bot with this token"
_CHECK_TOKEN = "Copy the token again from @BotFather"  # noqa: S105 - a sentence, not a token


async def _body_of(request: Request) -> bytes:
    """The body, or a little more than `BODY` bytes of a larger one. Raises ClientDisconnect."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > BODY:
            break
    return bytes(body)


def _json_in(body: bytes) -> object:
    """The body's JSON; None for one that is too big or no JSON.

    Such a body is no better the next time: it must not hold up the person's chat for a day.
    """
    if len(body) > BODY:
        return None
    try:
        value: object = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return value
