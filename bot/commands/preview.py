"""`python -m bot preview`: the texts as people will see them, for editors, on this machine."""

import socket
from pathlib import Path
from typing import TextIO

import uvicorn

from bot.clock import utc_now
from bot.errors import SettingProblem
from bot.preview.app import preview_app
from bot.preview.folder import Folder

HOST = "127.0.0.1"  # never another: pages without a sign-in are for the person at the machine
CLOSING = 2  # seconds that open connections get


def preview(content_dir: Path, port: int, out: TextIO) -> None:
    """Serve the pages until Ctrl-C and print their address.

    port: 0 lets the machine choose. Raises SettingProblem when there is no such folder or the port
    is taken; texts that can't be read are told on the pages instead.
    """
    if not content_dir.is_dir():
        raise SettingProblem(
            "there is no such folder", where="BOT_CONTENT_DIR", do="Name the folder of the texts"
        )
    with _listen(port) as listening:
        print(f"Preview    http://{HOST}:{listening.getsockname()[1]}/", file=out)
        print("Pages follow the files as you save them. Stop with Ctrl-C.", file=out, flush=True)
        app = preview_app(Folder(content_dir, utc_now), utc_now)
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            lifespan="off",
            ws="none",
            timeout_graceful_shutdown=CLOSING,
        )
        try:
            uvicorn.Server(config).run(sockets=[listening])
        except KeyboardInterrupt:  # uvicorn raises it again once it has closed
            print("stopped", file=out, flush=True)


def _listen(port: int) -> socket.socket:
    try:
        return socket.create_server((HOST, port))
    except OSError as error:
        raise SettingProblem(
            f"cannot listen on {HOST}:{port} ({error.strerror})",
            where="--port",
            do="Stop the program that uses it, or choose another: --port 8123",
        ) from error
