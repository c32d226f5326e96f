"""`python -m bot telegram status`: what Telegram says of our bot, in sentences. Changes nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TextIO
from urllib.parse import urlsplit

from telegram import User, WebhookInfo
from telegram.error import InvalidToken, TelegramError

from bot.channels.telegram_calls import Calls, Patience
from bot.channels.telegram_reading import KINDS
from bot.errors import SettingProblem
from bot.settings import Settings

TELLING = (
    "stalk", "abuse", "abusive", "victim", "violence", "police", "crime", "refuge", "helpline",
    "help line", "safe", "danger", "advocate", "survivor", "999", "support", "charity",
)  # fmt: skip
"""Words that give the person away when somebody sees them in the list of chats."""

MANY = 50  # updates that wait: more than a good minute's (ours)
RECENT = timedelta(hours=1)  # an error as young as this may still go on (ours)


@dataclass(frozen=True, slots=True)
class Finding:
    """One line. bad: it has to be put right."""

    text: str
    bad: bool = False


async def status(settings: Settings, out: TextIO, now: datetime) -> int:
    """Print one line for each fact; 0 when all is well, 1 when something has to be put right.

    Raises SettingProblem: no token, a token that is no bot's, Telegram not reached.
    """
    if settings.telegram_token is None:
        raise SettingProblem(
            "no bot token is set, so the Telegram channel is off",
            where="BOT_TELEGRAM_TOKEN",
            do="Get one from @BotFather; docs/telegram.md says how",
        )
    calls = Calls(settings.telegram_token.get_secret_value(), settings.telegram_api, Patience())
    await calls.open()
    try:
        me, webhook = await calls.me(), await calls.webhook()
    except InvalidToken:
        raise SettingProblem(
            "Telegram knows no bot with this token",
            where="BOT_TELEGRAM_TOKEN",
            do="Copy the token again from @BotFather",
        ) from None
    except TelegramError as error:
        raise SettingProblem(
            f"Telegram could not be asked ({type(error).__name__})",
            where="BOT_TELEGRAM_API",
            do="See that this machine reaches it, and try again in a minute",
        ) from None
    finally:
        await calls.close()
    findings = [*about_bot(me), *about_webhook(webhook, settings.telegram_webhook_url, now)]
    for finding in findings:
        print(f"{'PUT RIGHT' if finding.bad else 'ok':<9}  {finding.text}", file=out)
    return 1 if any(finding.bad for finding in findings) else 0


def about_bot(me: User) -> list[Finding]:
    """Its name, as whoever looks at the phone sees it, and whether it can be put in groups."""
    names = f"{me.first_name} {me.username or ''}"
    found = [word for word in TELLING if word in names.lower()]
    findings = [Finding(f"The bot is called {me.first_name}, address t.me/{me.username}.")]
    if found:
        findings.append(
            Finding(
                f"Its name or address gives the person away ({', '.join(found)}): choose a dull one"
                " with @BotFather, /setname; an address needs a new bot.",
                bad=True,
            )
        )
    if me.can_join_groups:
        findings.append(
            Finding(
                "It can be put in groups. It leaves them at once and says nothing, but better"
                " forbid it: @BotFather, /setjoingroups, Disable.",
            )
        )
    return findings


def about_webhook(info: WebhookInfo, wanted: str | None, now: datetime) -> list[Finding]:
    """How people's messages reach us, against the settings. now: UTC."""
    findings = [_address(info.url, wanted)]
    waiting = info.pending_update_count
    findings.append(
        Finding(
            f"{waiting} messages and taps wait at Telegram."
            + (" Is the service running?" if waiting > MANY else ""),
            bad=waiting > MANY,
        )
    )
    if info.url:
        findings += _kinds(info.allowed_updates)
    if info.last_error_date is not None:
        recent = now - info.last_error_date < RECENT
        when = f"{info.last_error_date:%d %B %Y at %H:%M} UTC"
        said = info.last_error_message or "no reason given"
        findings.append(Finding(f"Its last call to us failed on {when}: {said}.", bad=recent))
    return findings


def _address(url: str, wanted: str | None) -> Finding:
    # Never the whole address: some put a secret into the path.
    host = urlsplit(url).hostname or ""
    if wanted is None:
        if not url:
            return Finding("Telegram calls nobody: the service asks it for messages (polling).")
        return Finding(
            f"Telegram calls {host}, but no BOT_TELEGRAM_WEBHOOK_URL is set. The service takes this"
            " away when it starts; if it comes back, somebody else uses the token.",
            bad=True,
        )
    if not url:
        return Finding("Telegram calls nobody yet: start the service, it says where.", bad=True)
    if url != wanted:
        there = f"{host} with another path" if host == urlsplit(wanted).hostname else host
        return Finding(
            f"Telegram calls {there}, not BOT_TELEGRAM_WEBHOOK_URL: restart the service; if it"
            " changes back, somebody else uses the token.",
            bad=True,
        )
    return Finding(f"Telegram calls {host}, as it should.")


def _kinds(allowed: object) -> list[Finding]:
    """Which kinds of update come, against those we read."""
    have = set(allowed) if isinstance(allowed, list | tuple) else set()
    if have == set(KINDS):
        return [Finding("It sends the kinds of update that are read, and no others.")]
    missing, more = sorted(set(KINDS) - have), sorted(have - set(KINDS))
    told = [
        f"{label} {', '.join(kinds)}"
        for label, kinds in (("not", missing), ("needlessly", more))
        if kinds
    ]
    return [
        Finding(
            f"It sends other kinds of update than are read: {'; '.join(told)}."
            " Restart the service.",
            bad=True,
        )
    ]
