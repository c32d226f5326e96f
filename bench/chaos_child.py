"""One process of the service for bench.chaos: `web`, `worker` or `all`; it is made to be killed.

Arguments: half, database URL, port of the webhook, root of the Bot API's stand-in.
"""

import asyncio
import logging
import sys
from datetime import timedelta

import structlog
import uvicorn
from starlette.applications import Starlette

from bench.echo import Renderer, RulesOnly, decide
from bot.channels.telegram import Telegram
from bot.clock import utc_now
from bot.dialogue.known import Known
from bot.pipe import open_pipe
from bot.ports import Channel
from bot.store.database import Away, Database
from bot.store.seal import Keyring
from bot.turn import Mind

SECRET = "a-secret-of-the-bench"
TOKEN = "1234567:bench"  # the stand-in takes any


async def serve(half: str, url: str, port: int, api: str) -> None:
    """Until it is killed."""
    database = await Database.open(url)
    channels: dict[str, Channel] = {}
    renderer = Renderer()
    pipe = open_pipe(
        database=database,
        keyring=Keyring(bytes(32)),
        mind=Mind(RulesOnly(), decide, lambda: renderer, Known),
        channels=channels,
        clock=utc_now,
        idle=timedelta(hours=24),
        paces={},
    )

    async def gone(_: object) -> None:
        """Nobody blocks the bench."""

    telegram = Telegram(
        token=TOKEN,
        door=pipe.door,
        clock=utc_now,
        on_gone=gone,
        set_aside=pipe.aside.keep,
        api=api,
        webhook_url=f"http://127.0.0.1:{port}/telegram",
        webhook_secret=SECRET,
    )
    channels[telegram.name] = telegram
    await telegram.open()
    doing = [pipe.watch(), _migrate(database)]
    if half != "web":
        doing.append(pipe.worker.run())
    if half != "worker":
        app = Starlette(routes=telegram.routes())
        config = uvicorn.Config(app, port=port, log_config=None, access_log=False, lifespan="off")
        doing.append(uvicorn.Server(config).serve())
    await asyncio.gather(*doing)


async def _migrate(database: Database) -> None:
    while True:
        try:
            await database.migrate()
        except Away:
            await asyncio.sleep(0.5)
        else:
            return


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    _, half_, url_, port_, api_ = sys.argv
    asyncio.run(serve(half_, url_, int(port_), api_))
