"""Settings: what a misspelling, a wrong value or a dangerous combination is answered with."""

from pathlib import Path

import pytest

from bot.errors import SettingProblem
from bot.settings import load_settings

NO_FILE = Path("there-is-no-such-file")


def test_nothing_given_is_the_embedded_default() -> None:
    """A first start needs no setting."""
    settings = load_settings({}, NO_FILE)
    assert settings.database == "sqlite+aiosqlite:///.data/alongside.db"
    assert (settings.host, settings.port, settings.mode) == ("127.0.0.1", 8000, "demo")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"BOT_PROT": "1"},
            "BOT_PROT: is not a setting of this service. Correct the spelling (",
        ),
        ({"BOT_PORT": "eighty"}, "BOT_PORT: Input should be a valid integer"),
        ({"BOT_PORT": "70000"}, "BOT_PORT: Input should be less than or equal to 65535"),
        ({"BOT_MODE": "prod"}, "BOT_MODE: Input should be 'demo' or 'production'"),
        ({"BOT_IDLE_HOURS": "0"}, "BOT_IDLE_HOURS: Input should be greater than or equal to 1"),
        ({"BOT_SECRET_KEY": "short"}, "BOT_SECRET_KEY: is shorter than 32 characters"),
        ({"BOT_PUBLIC_URL": "http://chat.example"}, "BOT_PUBLIC_URL: must be an https:// address"),
        (
            {"BOT_TELEGRAM_WEBHOOK_URL": "https://chat.example/telegram"},
            "settings: BOT_TELEGRAM_WEBHOOK_URL needs BOT_TELEGRAM_WEBHOOK_SECRET",
        ),
        ({"BOT_TELEGRAM_WEBHOOK_SECRET": "a b"}, "BOT_TELEGRAM_WEBHOOK_SECRET: must be 1 to 256"),
        (
            {"BOT_WHATSAPP_TOKEN": "EAA", "BOT_WHATSAPP_APP_SECRET": "x"},
            "settings: WhatsApp needs BOT_WHATSAPP_PHONE_NUMBER_ID and BOT_WHATSAPP_VERIFY_TOKEN",
        ),
        ({"BOT_WHATSAPP_VERIFY_TOKEN": "x"}, "settings: WhatsApp needs BOT_WHATSAPP_TOKEN and "),
        ({"BOT_WHATSAPP_TOKEN": "EAA\n"}, "BOT_WHATSAPP_TOKEN: must be without spaces"),
        (
            {"BOT_WHATSAPP_PHONE_NUMBER_ID": "+44 7700 900123"},
            "BOT_WHATSAPP_PHONE_NUMBER_ID: String should match",
        ),
        ({"BOT_WHATSAPP_API": "http://graph.example/v26.0"}, "BOT_WHATSAPP_API: must be an https"),
    ],
)
def test_a_wrong_setting_is_named_with_what_to_do(given: dict[str, str], said: str) -> None:
    """One sentence that names the setting, never a traceback."""
    with pytest.raises(SettingProblem) as caught:
        load_settings(given, NO_FILE)
    assert str(caught.value).startswith(said)


def test_a_refused_secret_is_not_repeated() -> None:
    """The complaint about a key does not print the key."""
    with pytest.raises(SettingProblem) as caught:
        load_settings({"BOT_SECRET_KEY": "hunter2hunter2"}, NO_FILE)
    assert "hunter2" not in str(caught.value)
    assert "hunter2" not in repr(caught.value.__cause__)


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    """A .env file is the lower voice; comments, quotes and `export` are understood."""
    file = tmp_path / ".env"
    file.write_text('# note\nexport BOT_PORT="9000"\nBOT_HOST=127.0.0.2 # why\nBOT_DESK_PORT=\n')
    settings = load_settings({"BOT_PORT": "9100", "PATH": "x"}, file)
    assert (settings.port, settings.host, settings.desk_port) == (9100, "127.0.0.2", 8001)


def test_a_line_without_a_value_is_named(tmp_path: Path) -> None:
    """A broken .env line stops the start."""
    file = tmp_path / ".env"
    file.write_text("BOT_PORT\n")
    with pytest.raises(SettingProblem, match="the line 'BOT_PORT' is not NAME=value"):
        load_settings({}, file)


def test_an_unknown_name_in_the_file_is_refused_too(tmp_path: Path) -> None:
    """The file is checked like the environment."""
    file = tmp_path / ".env"
    file.write_text("BOT_TELEGRAM_TOKN=1:A\n")
    with pytest.raises(SettingProblem, match="did you mean BOT_TELEGRAM_TOKEN"):
        load_settings({}, file)


def test_postgres_urls_get_their_driver() -> None:
    """Any common spelling of the URL works."""
    for url in ("postgres://u@h/d", "postgresql://u@h/d", "postgresql+psycopg://u@h/d"):
        assert load_settings({"BOT_DATABASE_URL": url}, NO_FILE).database == (
            "postgresql+psycopg://u@h/d"
        )


def test_secrets_do_not_show() -> None:
    """Printing the settings shows no secret."""
    settings = load_settings({"BOT_TELEGRAM_TOKEN": "123:secret"}, NO_FILE)
    assert "123:secret" not in repr(settings)
    assert "123:secret" not in str(settings)
