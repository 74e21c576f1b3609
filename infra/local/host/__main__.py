"""Runs the engine until its standard input closes or it is told to stop, saving what it holds.

Environment: `GATEWAY_PORT`, `BIND_HOST` and `S3_DATA_DIR` as MiniStack reads them; `ENGINE_FOLDER`, where snapshots
live (none: nothing is kept).
"""

from __future__ import annotations

import asyncio
import fcntl
import importlib
import logging
import os
import signal
import sys
import threading
import time
from pathlib import Path

from infra.local.host.control import Control
from infra.local.host.keeper import Keeper

# How long a new engine waits for the last snapshot of a killed one.
LOCK_SECONDS = 30.0


def main() -> int:
    """Serves until stopped; 0 after a clean stop, 3 when another engine uses the folder."""
    folder = Path(os.environ["ENGINE_FOLDER"]) if os.environ.get("ENGINE_FOLDER") else None
    lock_fd = None
    if folder:
        folder.mkdir(parents=True, exist_ok=True)
        lock_fd = _lock(folder / "lock")
        if lock_fd is None:
            print(f"Another engine is using {folder}.", file=sys.stderr)
            return 3
    asyncio.run(_serve(Keeper(folder, lock_fd)))
    return 0


async def _serve(keeper: Keeper) -> None:
    hypercorn_config = importlib.import_module("hypercorn.config")
    hypercorn_asyncio = importlib.import_module("hypercorn.asyncio")
    engine = importlib.import_module("ministack.app").app
    keeper.load()
    config = hypercorn_config.Config()
    config.bind = [f"{os.environ['BIND_HOST']}:{os.environ['GATEWAY_PORT']}"]
    config.keep_alive_timeout = 3600
    config.loglevel = "WARNING"
    config.graceful_timeout = 1
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for received in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(received, stop.set)
    threading.Thread(target=_watch_parent, args=(loop, stop), daemon=True).start()
    saving = asyncio.create_task(keeper.run())
    await hypercorn_asyncio.serve(Control(engine, keeper), config, shutdown_trigger=lambda: _told(stop))
    saving.cancel()
    await keeper.save()


async def _told(stop: asyncio.Event) -> None:
    await stop.wait()
    logging.getLogger("asyncio").setLevel(logging.CRITICAL)  # that connections end with us is no error


def _watch_parent(loop: asyncio.AbstractEventLoop, stop: asyncio.Event) -> None:
    # The parent holds the other end of standard input: it closes when the parent ends, however that happens.
    while sys.stdin.buffer.read(1):
        pass
    loop.call_soon_threadsafe(stop.set)


def _lock(path: Path) -> int | None:
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    until = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return descriptor
        except BlockingIOError:
            if time.monotonic() > until:
                return None
            time.sleep(0.05)


if __name__ == "__main__":
    status = main()
    sys.stdout.flush()
    os._exit(status)  # MiniStack's worker threads have nothing left to do
