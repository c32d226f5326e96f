"""The compose file and the proxy: form and promises. Neither was started here (docs say so)."""

import re
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from bot.settings import Settings, load_settings
from tests.deploy import containerfile as image

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = YAML(typ="safe").load(ROOT / "deploy/compose.yml")
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
OURS = ("web", "worker", "backup")
CADDY = (ROOT / "deploy/Caddyfile").read_text(encoding="utf-8")
EXAMPLE = (ROOT / "deploy/alongside.env.example").read_text(encoding="utf-8")


def test_only_the_proxy_is_reached_from_outside() -> None:
    """Not the database, not the internal address; Prometheus on this machine alone."""
    ports = {name: service.get("ports", []) for name, service in SERVICES.items()}
    assert ports.pop("proxy") == ["80:80", "443:443"]
    assert all(port.startswith("127.0.0.1:") for listed in ports.values() for port in listed)
    assert COMPOSE["networks"]["inside"]["internal"] is True
    assert SERVICES["db"]["networks"] == ["inside"]


def test_our_containers_can_do_nothing_but_their_work() -> None:
    """Nothing to write to but memory, no rights to gain, an end to what they take."""
    for name in OURS:
        service = SERVICES[name]
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]
        assert service["security_opt"] == ["no-new-privileges:true"]
        assert {"pids_limit", "mem_limit"} <= set(service)
        assert "user" not in service, "the image says who it is"
        assert "privileged" not in service


def test_logs_have_an_end() -> None:
    """A full disk stops the service."""
    for name, service in SERVICES.items():
        assert service["logging"]["options"]["max-size"], name


def test_every_name_that_is_asked_for_is_in_the_example_and_the_other_way_round() -> None:
    """Who copies it and fills it in has everything, and nothing that does nothing."""
    text = (ROOT / "deploy/compose.yml").read_text(encoding="utf-8")
    asked = set(re.findall(r"\$\{(\w+)", text))
    listed = set(re.findall(r"^(\w+)=", EXAMPLE, re.MULTILINE))
    settings = {"BOT_" + name.upper() for name in Settings.model_fields}
    assert asked <= listed
    assert listed - settings == {"ALONGSIDE_HOST", "POSTGRES_PASSWORD"}
    values = re.findall(r"^(\w+)=(\S+)", EXAMPLE, re.MULTILINE)
    assert values == [("BOT_MODE", "demo")], "no secret is made up for anybody"


def filled(value: str, given: dict[str, str]) -> str:
    """${NAME}, ${NAME:-else}, ${NAME:?message} and ${NAME:+then}, as compose fills them in."""
    then = re.compile(r"\$\{(\w+):\+((?:[^{}]|\$\{\w+\})*)\}")
    value = then.sub(lambda found: found[2] if given.get(found[1]) else "", value)
    plain = re.compile(r"\$\{(\w+)(?::[?-][^}]*)?\}")
    return plain.sub(lambda found: given.get(found[1], ""), value)


def test_the_service_accepts_the_settings_that_it_is_given() -> None:
    """With Telegram and without; each part on the database, behind https."""
    secrets = {"BOT_SECRET_KEY": "a" * 64, "BOT_BACKUP_KEY": "b" * 64, "POSTGRES_PASSWORD": "c"}
    for telegram in ("", "1:token"):
        own = {"ALONGSIDE_HOST": "chat.example.org", "BOT_TELEGRAM_TOKEN": telegram, **secrets}
        env_file = {**own, "BOT_MODE": "demo", "BOT_TELEGRAM_WEBHOOK_SECRET": "s" * 32}
        for name in OURS:
            here = {k: filled(v, env_file) for k, v in SERVICES[name]["environment"].items()}
            given = {**image.environment(), **env_file, **here}
            settings = load_settings(given, Path("none"))
            assert settings.database == "postgresql+psycopg://alongside:c@db:5432/alongside"
            assert settings.is_secure
            assert (settings.backup_key is not None) == (name == "backup")
            hook = "https://chat.example.org/telegram" if telegram else None
            assert settings.telegram_webhook_url == hook


def test_what_the_parts_start_are_verbs_of_ours() -> None:
    """Both halves run, and nothing but them."""
    commands = {name: SERVICES[name]["command"] for name in OURS}
    assert commands["web"] == [*image.started(), "--only", "web"]
    assert commands["worker"] == [*image.started(), "--only", "worker"]
    assert commands["backup"][:4] == ["python", "-m", "bot", "backup"]


def test_the_proxy_keeps_no_trace_of_anybody() -> None:
    """No access log is asked for, and the lines that would quote a request are left out."""
    blocks = re.findall(r"^\s*log\b.*$", CADDY, re.MULTILINE)
    assert [line.strip() for line in blocks] == ["log default {"]
    left_out = re.search(r"exclude (.+)", CADDY)
    assert left_out
    assert {"http.log.access", "http.log.error", "http.handlers.reverse_proxy"} <= set(
        left_out[1].split()
    )


def test_the_proxy_shuts_the_inside_off_and_says_999_when_nothing_else_can() -> None:
    """HSTS, limits, live rather than ready."""
    assert "Strict-Transport-Security" in CADDY
    assert re.search(r"@inside path .*/metrics .*/desk ", CADDY)
    assert "health_uri /health/live" in CADDY
    assert "max_size" in CADDY
    assert re.search(r"handle_errors \{[^}]*call 999", CADDY)
    assert "admin off" in CADDY


def test_its_braces_are_closed_and_it_is_indented_as_caddy_does() -> None:
    """What `caddy fmt` would not change: a tab for each open brace."""
    depth = 0
    for number, line in enumerate(CADDY.splitlines(), 1):
        bare = line.strip()
        if not bare:
            continue
        depth -= bare == "}"
        assert line == "\t" * depth + bare, number
        depth += bare.endswith("{")
    assert depth == 0
