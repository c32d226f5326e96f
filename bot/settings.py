"""The service's settings: environment variables and `.env`, checked once at start, then frozen.

Every name is in docs/settings.md and .env.example (tests/rules/test_settings_documented.py compares
the three). An unknown `BOT_` name is refused, because a misspelt setting is a silent danger.
"""

import os
from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)

from bot.errors import SettingProblem

PREFIX = "BOT_"
WHATSAPP = (
    "whatsapp_token",
    "whatsapp_phone_number_id",
    "whatsapp_app_secret",
    "whatsapp_verify_token",
)
"""All of them or none."""


class Settings(BaseModel):
    """All settings. Field `x_y` is read from `BOT_X_Y`; descriptions feed docs/settings.md."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    database_url: str | None = Field(
        None,
        description="SQLAlchemy URL of SQLite or PostgreSQL; default a SQLite file in the data dir",
    )
    data_dir: Path = Field(Path(".data"), description="database and generated keys")
    model_dir: Path = Field(Path(".model"), description="the trained model and encoder weights")
    secret_key: SecretStr | None = Field(
        None, description="master key; generated into the data dir when not given"
    )
    mode: Literal["demo", "production"] = Field("demo", description="demo or production")
    host: str = Field("127.0.0.1", description="address of the public app")
    port: int = Field(8000, ge=1, le=65535, description="port of the public app")
    desk_host: str = Field("127.0.0.1", description="address of the internal app")
    desk_port: int = Field(8001, ge=1, le=65535, description="port of the internal app")
    public_url: str | None = Field(None, description="the public app's address as people see it")
    desk_url: str | None = Field(None, description="the internal app's address as staff see it")
    nlu: Literal["embedded", "rasa"] = Field("embedded", description="which engine reads the words")
    rasa_url: str = Field("http://127.0.0.1:5005", description="Rasa's HTTP API")
    rasa_token: SecretStr | None = Field(
        None, description="token of Rasa's HTTP API; none: the one make rasa left in the data dir"
    )
    nlu_seconds: float = Field(
        5.0, gt=0, le=30, description="longest wait for a reading before the rules alone decide"
    )
    telegram_token: SecretStr | None = Field(None, description="bot token; none: channel off")
    telegram_api: str = Field(
        "https://api.telegram.org", description="root of the Bot API, without /bot"
    )
    telegram_webhook_url: str | None = Field(
        None, description="public URL that Telegram calls; none: long polling"
    )
    telegram_webhook_secret: SecretStr | None = Field(
        None, description="secret that Telegram sends back with each call"
    )
    whatsapp_token: SecretStr | None = Field(None, description="access token; none: channel off")
    whatsapp_phone_number_id: str | None = Field(
        None, pattern=r"^[0-9]{5,30}$", description="id of the sending number"
    )
    whatsapp_app_secret: SecretStr | None = Field(None, description="signs WhatsApp's events")
    whatsapp_verify_token: SecretStr | None = Field(None, description="answers Meta's challenge")
    whatsapp_api: str = Field(
        "https://graph.facebook.com/v26.0", description="root of the Graph API, version included"
    )
    handoff: Literal["on", "off"] = Field(
        "on", description="no effect yet: there are no advocates, and the bot says so"
    )
    idle_hours: int = Field(
        24, ge=1, le=720, description="a quiet conversation is erased after this"
    )
    transcript_hours: int = Field(
        24, ge=0, le=720, description="no effect yet: there are no transcripts without advocates"
    )
    page_title: str = Field("Notes", max_length=30, description="title of the web page")
    leave_url: str = Field(
        "https://www.bbc.co.uk/weather", description="where Leave this page leads"
    )
    backup_key: SecretStr | None = Field(
        None, description="seals backups; another one than the master key"
    )
    backup_key_file: Path | None = Field(
        None, description="a file that holds the key of backups, instead of BOT_BACKUP_KEY"
    )
    content_dir: Path = Field(Path("responses"), description="the vetted texts and registers")

    @field_validator("secret_key", "backup_key")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(value.get_secret_value()) < 32:
            raise ValueError("is shorter than 32 characters; make one with `openssl rand -hex 32`")
        return value

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _secret_letters(cls, value: SecretStr | None) -> SecretStr | None:
        text = value.get_secret_value() if value else ""
        if len(text) > 256 or not all(c.isascii() and (c.isalnum() or c in "_-") for c in text):
            raise ValueError("must be 1 to 256 of the characters A-Z a-z 0-9 _ -")
        return value

    @field_validator("whatsapp_token", "whatsapp_app_secret", "whatsapp_verify_token")
    @classmethod
    def _one_word(cls, value: SecretStr | None) -> SecretStr | None:
        text = value.get_secret_value() if value else ""
        if not all("!" <= character <= "~" for character in text):
            raise ValueError("must be without spaces and accents; copy it again")
        return value

    @field_validator(
        *(
            "public_url",
            "desk_url",
            "telegram_webhook_url",
            "leave_url",
            "telegram_api",
            "rasa_url",
            "whatsapp_api",
        )
    )
    @classmethod
    def _is_url(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        loopback = parts.hostname in {"127.0.0.1", "localhost", "::1"}
        if parts.scheme != "https" and not (parts.scheme == "http" and loopback):
            raise ValueError("must be an https:// address (http:// only on this machine)")
        return value.rstrip("/")

    @model_validator(mode="after")
    def _belong_together(self) -> "Settings":
        if self.telegram_webhook_url and not self.telegram_webhook_secret:
            raise ValueError(
                "BOT_TELEGRAM_WEBHOOK_URL needs BOT_TELEGRAM_WEBHOOK_SECRET: without it anybody "
                "could send messages in Telegram's name"
            )
        missing = [name for name in WHATSAPP if getattr(self, name) is None]
        if 0 < len(missing) < len(WHATSAPP):
            names = " and ".join(f"{PREFIX}{name.upper()}" for name in missing)
            raise ValueError(f"WhatsApp needs {names} as well; docs/whatsapp.md says where it is")
        return self

    @property
    def database(self) -> str:
        """The database URL in force (`sqlite+aiosqlite://…` or `postgresql+psycopg://…`)."""
        url = self.database_url or f"sqlite:///{self.data_dir / 'alongside.db'}"
        scheme, _, rest = url.partition("://")
        driver = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"}
        driver["postgres"] = driver["postgresql"]
        return f"{driver.get(scheme, scheme)}://{rest}"

    @property
    def desk_address(self) -> str:
        """Where staff reach the desk, without a slash at the end."""
        if self.desk_url:
            return self.desk_url
        everywhere = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - what it is compared with
        host = everywhere.get(self.desk_host, self.desk_host)
        return f"http://{f'[{host}]' if ':' in host else host}:{self.desk_port}"

    @property
    def is_secure(self) -> bool:
        """True when people reach the public app by https."""
        return bool(self.public_url and self.public_url.startswith("https://"))


def read_dotenv(path: Path) -> dict[str, str]:
    """The `NAME=value` lines of a `.env` file. A missing file is no settings.

    Raises SettingProblem, which names the entry, for a line that gives no value.
    """
    values = dotenv_values(path, interpolate=False) if path.is_file() else {}
    for name, value in values.items():
        if value is None:
            raise SettingProblem(
                f"the line {name!r} is not NAME=value",
                where=str(path),
                do="Correct or remove the line",
            )
    return {name: value for name, value in values.items() if value is not None}


def load_settings(
    environ: Mapping[str, str] | None = None, dotenv: Path = Path(".env")
) -> Settings:
    """The settings in force: `.env` first, the environment over it.

    Raises SettingProblem, which names the setting and what to do, for an unknown `BOT_` name or a
    value we cannot use. An empty value counts as not given.
    """
    values = {**read_dotenv(dotenv), **(os.environ if environ is None else environ)}
    given = {k: v for k, v in values.items() if k.startswith(PREFIX) and v != ""}
    known = {PREFIX + name.upper() for name in Settings.model_fields}
    for name in sorted(given):
        if name not in known:
            raise SettingProblem(
                "is not a setting of this service",
                where=name,
                do=f"Correct the spelling{_nearest(name, known)} or remove it; all names are in "
                "docs/settings.md",
            )
    fields = {name.removeprefix(PREFIX).lower(): value for name, value in given.items()}
    try:
        return Settings.model_validate(fields)
    except ValidationError as fault:
        first = fault.errors()[0]
        place = ".".join(str(p) for p in first["loc"])
        raise SettingProblem(
            str(first["msg"]).removeprefix("Value error, "),
            where=PREFIX + place.upper() if place else "settings",
            do="Correct it; docs/settings.md says what is allowed",
        ) from None  # the cause would print the value, which may be a secret


def _nearest(name: str, known: set[str]) -> str:
    close = get_close_matches(name, sorted(known), n=1)
    return f" (did you mean {close[0]}?)" if close else ""
