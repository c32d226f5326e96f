"""Who may call us as Meta, and with what."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from tests.channels.whatsapp_rig import Rig, opened
from tests.channels.whatsapp_stand_in import (
    VERIFY,
    StandIn,
    signed,
    stand_in,
)


@pytest.fixture
async def api() -> AsyncIterator[StandIn]:
    async with stand_in() as api:
        yield api


async def ask(rig: Rig, **query: str) -> httpx.Response:
    """Ask what Meta asks when it is told our address."""
    async with httpx.AsyncClient(trust_env=False) as client:
        names = {f"hub.{name}": value for name, value in query.items()}
        return await client.get(f"{rig.url}/whatsapp", params=names)


async def test_meta_hears_its_challenge_back(api: StandIn, tmp_path: Path) -> None:
    """The bare challenge, as plain text: that is how Meta learns that the address is ours."""
    async with opened(api, tmp_path, work=False) as rig:
        answer = await ask(rig, mode="subscribe", verify_token=VERIFY, challenge="1158201444")
    assert (answer.status_code, answer.text) == (200, "1158201444")
    assert answer.headers["content-type"].startswith("text/plain")


@pytest.mark.parametrize(
    "query",
    [
        {"mode": "subscribe", "verify_token": "wrong", "challenge": "1"},
        {"mode": "subscribe", "verify_token": "", "challenge": "1"},
        {"mode": "subscribe", "challenge": "1"},
        {"mode": "unsubscribe", "verify_token": VERIFY, "challenge": "1"},
        {"verify_token": VERIFY, "challenge": "1"},
        {"mode": "subscribe", "verify_token": VERIFY + "\u00e9\udce9", "challenge": "1"},
        {},
    ],
)
async def test_nobody_else_hears_anything(
    api: StandIn, tmp_path: Path, query: dict[str, str]
) -> None:
    """A wrong token, another mode, characters that are not ASCII: no, and no fault of ours."""
    safe = {name: value.encode("utf-8", "replace").decode() for name, value in query.items()}
    async with opened(api, tmp_path, work=False) as rig:
        answer = await ask(rig, **safe)
    assert (answer.status_code, answer.text) == (403, "")


@pytest.mark.parametrize(
    "signature",
    [
        b"",
        b"sha256=",
        b"sha256=" + b"0" * 64,
        signed(b"another body"),
        b"sha1=0000",
        "sha256=ünïcödé".encode("latin-1"),
        "sha256=ünïcödé".encode(),
        b"\xff\xfe\xfd",
        b"sha256=" + b"a" * 5_000,
    ],
)
async def test_an_unsigned_call_is_refused(api: StandIn, tmp_path: Path, signature: bytes) -> None:
    """Nobody can write in a person's name, and a strange header is no fault of ours."""
    async with opened(api, tmp_path, work=False) as rig:
        body = json.dumps(api.body(api.text("hello"))).encode()
        assert await api.post(body, signature=signature) == 403
        assert await api.post(body, secret="another secret") == 403
        assert await rig.stored() == 0


async def test_a_call_without_any_signature_is_refused(api: StandIn, tmp_path: Path) -> None:
    """The header is missing altogether."""
    async with (
        opened(api, tmp_path, work=False) as rig,
        httpx.AsyncClient(trust_env=False) as other,
    ):
        assert (await other.post(f"{rig.url}/whatsapp", content=b"{}")).status_code == 403


async def test_the_signature_is_of_the_bytes_as_they_came(api: StandIn, tmp_path: Path) -> None:
    """Spaces, escapes and the order of keys are Meta's: the body is never written anew."""
    async with opened(api, tmp_path, work=False) as rig:
        message = json.dumps(api.body(api.text("d\u00e9sol\u00e9e \U0001f61f")), indent=3)
        assert await api.post(message.encode()) == 200
        escaped = json.dumps(api.body(api.text("d\u00e9j\u00e0"))).replace("/", "\\/")
        assert await api.post(escaped.encode()) == 200
        assert await rig.stored() == 2


async def test_other_methods_are_refused(api: StandIn, tmp_path: Path) -> None:
    """PUT and DELETE mean nothing here."""
    async with (
        opened(api, tmp_path, work=False) as rig,
        httpx.AsyncClient(trust_env=False) as other,
    ):
        assert (await other.put(f"{rig.url}/whatsapp")).status_code == 405
