"""The places where people write to us, made over the joined service from its settings."""

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from bot.app import App
from bot.channels.web_page import Look
from bot.channels.webchat import WebChat
from bot.clock import utc_now
from bot.content.last_resort import NUMBERS
from bot.conversation import Facts
from bot.desk.desk import Desk, open_desk
from bot.dialogue.decision import Say
from bot.messages import Address, Part

if TYPE_CHECKING:
    from bot.channels.telegram import Telegram
    from bot.channels.whatsapp import WhatsApp

DEMO = (
    "Demonstration. The texts are drafts that no specialist has approved yet. "
    f"In danger now? Call {NUMBERS['emergency_999']}."
)
WEAK = "Understanding is poor just now. The buttons and the numbers work as always."


def web_page(app: App, key: bytes) -> WebChat:
    """The web page over the joined service. key: the master key, from which its secret is made."""

    def greeting() -> tuple[Part, ...]:
        return app.shelf.renderer.render(Say("hello"), Facts(), utc_now(), page.limits, page.name)

    def banner() -> list[str]:
        lines = [DEMO] if app.settings.mode == "demo" else []
        return lines if app.engine.state().ready else [*lines, WEAK]

    settings = app.settings
    page = WebChat(
        door=app.pipe.door,
        pages=app.pipe.pages,
        retention=app.pipe.retention,
        keyring=app.keyring,
        secret=hmac.digest(key, b"alongside/page session/1", hashlib.sha256),
        clock=utc_now,
        look=Look(
            title=settings.page_title,
            leave_url=settings.leave_url,
            quiet_hours=settings.idle_hours,
        ),
        banner=banner,
        greeting=greeting,
        public_url=settings.public_url,
    )
    return page


def desk(app: App, key: bytes) -> Desk:
    """The advocates' desk over the joined service. key: the master key."""
    settings = app.settings
    return open_desk(
        database=app.database,
        master=key,
        clock=utc_now,
        url=settings.desk_url,
        demo=settings.mode == "demo",
    )


def messengers(app: App) -> "list[Telegram | WhatsApp]":
    """The messengers that have a token."""
    return [chat for chat in (telegram(app), whatsapp(app)) if chat is not None]


def telegram(app: App) -> "Telegram | None":
    """The Telegram channel; None where no token is set."""
    settings = app.settings
    if settings.telegram_token is None:
        return None
    from bot.channels.telegram import Telegram  # noqa: PLC0415 - slow to import, and often not used

    secret = settings.telegram_webhook_secret
    return Telegram(
        token=settings.telegram_token.get_secret_value(),
        door=app.pipe.door,
        clock=utc_now,
        on_gone=_forgetting(app),
        set_aside=app.pipe.aside.keep,
        api=settings.telegram_api,
        webhook_url=settings.telegram_webhook_url,
        webhook_secret=secret.get_secret_value() if secret else None,
    )


def whatsapp(app: App) -> "WhatsApp | None":
    """The WhatsApp channel; None where it is not set up (settings give all of it or nothing)."""
    settings = app.settings
    token, number_id = settings.whatsapp_token, settings.whatsapp_phone_number_id
    secret, verify = settings.whatsapp_app_secret, settings.whatsapp_verify_token
    if token is None or number_id is None or secret is None or verify is None:
        return None
    from bot.channels.whatsapp import WhatsApp  # noqa: PLC0415 - often not used

    return WhatsApp(
        token=token.get_secret_value(),
        number_id=number_id,
        app_secret=secret.get_secret_value(),
        verify_token=verify.get_secret_value(),
        door=app.pipe.door,
        clock=utc_now,
        on_gone=_forgetting(app),
        on_receipt=app.pipe.receipts.took,
        set_aside=app.pipe.aside.keep,
        api=settings.whatsapp_api,
    )


def _forgetting(app: App) -> Callable[[Address], Awaitable[object]]:
    async def gone(address: Address) -> None:
        await app.pipe.retention.erase(app.keyring.conversation_id(address))

    return gone
