"""Pictures of the web chat and the preview for the documentation, taken from what runs.

Starts `python -m bot run` on free ports with a data folder of its own, holds a short talk in
Chromium on a phone and on a desktop, light and dark, and writes docs/screenshots/*.png; then the
same for the editors' preview. Exits with 1 when Chromium is missing or a program does not start.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

FOLDER = Path("docs/screenshots")
FLAGS = [
    "--no-sandbox",
    "--headless=new",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SCREENS: dict[str, ViewportSize] = {
    "phone": {"width": 390, "height": 844},
    "desktop": {"width": 1280, "height": 800},
}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
GYM = "he keeps turning up at my gym. its the third one ive joined"
DANGER = "hes outside my house right now"
PREVIEW = "/item/feelings?role=supporter&at=2026-12-25T20:00"
START_WITHIN = 60  # seconds, loading the model included


def main() -> int:
    """Take all pictures; say where they are."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("chromium is not installed: apt-get install chromium", file=sys.stderr)
        return 1
    FOLDER.mkdir(parents=True, exist_ok=True)
    with _service() as url, sync_playwright() as player:
        browser = player.chromium.launch(executable_path=chromium, args=FLAGS)
        for screen, size in SCREENS.items():
            for scheme in SCHEMES:
                _talk(browser, url, screen, size, scheme)
        browser.close()
    with _preview() as url, sync_playwright() as player:
        browser = player.chromium.launch(executable_path=chromium, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 1000}, color_scheme="light")
        page.goto(url + PREVIEW)
        page.screenshot(path=FOLDER / "preview-item.png")
        browser.close()
    print(f"pictures in {FOLDER}/")
    return 0


def _talk(
    browser: Browser, url: str, screen: str, size: ViewportSize, scheme: Literal["light", "dark"]
) -> None:
    phone = screen == "phone"
    context = browser.new_context(
        viewport=size,
        color_scheme=scheme,
        reduced_motion="reduce",
        is_mobile=phone,
        has_touch=phone,
        device_scale_factor=2 if phone else 1,
    )
    page = context.new_page()

    def picture(name: str) -> None:
        page.wait_for_timeout(300)
        page.screenshot(path=FOLDER / f"{screen}-{scheme}-{name}.png")

    page.goto(url)
    picture("1-open")
    _say(page, GYM)
    picture("2-advice")
    _say(page, DANGER)
    picture("3-danger")
    page.click("summary")
    picture("4-keeps")
    context.close()


def _say(page: Page, text: str) -> None:
    before = page.locator("#lines .ours").count()
    page.fill("#box", text)
    page.click(".send")
    page.wait_for_function(
        "before => document.querySelectorAll('#lines .ours').length > before", arg=before
    )


@contextmanager
def _service() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as data:
        port, desk = _free_port(), _free_port()
        settings = {"BOT_DATA_DIR": data, "BOT_PORT": str(port), "BOT_DESK_PORT": str(desk)}
        running = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"], env=os.environ | settings, stdout=sys.stderr
        )
        try:
            url = f"http://127.0.0.1:{port}"
            _wait_for(f"{url}/health/live", running)
            yield url
        finally:
            running.terminate()
            running.wait(timeout=15)


@contextmanager
def _preview() -> Iterator[str]:
    port = _free_port()
    running = subprocess.Popen(
        [sys.executable, "-m", "bot", "preview", "--port", str(port)], stdout=sys.stderr
    )
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(f"{url}/stamp", running)
        yield url
    finally:
        running.terminate()
        running.wait(timeout=15)


def _wait_for(url: str, running: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + START_WITHIN
    while time.monotonic() < until and running.poll() is None:
        try:
            with urlopen(url, timeout=2):  # noqa: S310 - our own service on this machine
                return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the service did not start; its words are above")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        number: int = one.getsockname()[1]
        return number


if __name__ == "__main__":
    raise SystemExit(main())
