"""Runs the engine until its standard input closes or it is told to stop, saving what it holds.

Environment: `GATEWAY_PORT`, `BIND_HOST` and `S3_DATA_DIR` as MiniStack reads them; `ENGINE_FOLDER`, where snapshots
live (none: nothing is kept); `ENGINE_AGAIN`, set when the engine had ended by itself and everything else goes on.
"""

from __future__ import annotations

import asyncio
import errno
import fcntl
import importlib
import logging
import os
import signal
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any

from infra.local.host import files, state
from infra.local.host.control import Control
from infra.local.host.endings import Ending
from infra.local.host.keeper import Keeper
from infra.local.host.snapshots import Unreadable

# How long a new engine waits for the last snapshot of a killed one.
LOCK_SECONDS = 30.0


def main() -> Ending:
    """Serves until stopped; what it prints on standard error is meant for people."""
    os.umask(0o077)  # MiniStack writes files of its own
    folder = Path(os.environ["ENGINE_FOLDER"]) if os.environ.get("ENGINE_FOLDER") else None
    lock_fd = None
    if folder:
        files.own_folder(folder)
        lock_fd = _lock(folder / "lock")
        if lock_fd is None:
            print(f"Another engine is using {folder}.", file=sys.stderr)
            return Ending.FOLDER_IN_USE
    keeper = Keeper(folder, lock_fd)
    try:
        importlib.import_module("uvloop").run(_serve(keeper))
    except Unreadable as fault:
        print(fault, file=sys.stderr)
        return Ending.UNREADABLE
    except OSError as fault:
        if fault.errno != errno.EADDRINUSE:
            raise
        return Ending.PORT_TAKEN
    if folder and not keeper.saved:
        print(keeper.fault, file=sys.stderr)
        return Ending.NOT_SAVED
    return Ending.CLEAN


async def _serve(keeper: Keeper) -> None:
    uvicorn = importlib.import_module("uvicorn")
    engine = importlib.import_module("ministack.app").app
    state.prepare()
    keeper.load(again=bool(os.environ.get("ENGINE_AGAIN")))
    config = uvicorn.Config(
        Control(engine, keeper), http="httptools", log_level="warning", access_log=False, timeout_keep_alive=3600,
        timeout_graceful_shutdown=1, proxy_headers=False,
    )  # fmt: skip
    server = uvicorn.Server(config)
    # Bound here, so that a port that is taken is an error of ours.
    listening = socket.create_server((os.environ["BIND_HOST"], int(os.environ["GATEWAY_PORT"])), backlog=2048)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for received in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(received, stop.set)
    threading.Thread(target=_watch_parent, args=(loop, stop), daemon=True).start()
    saving = asyncio.create_task(keeper.run(stop))
    stopping = asyncio.create_task(_stopped(stop, server))
    await server.serve(sockets=[listening])
    await stopping
    await saving  # two snapshots at a time would write over each other
    await keeper.save()


async def _stopped(stop: asyncio.Event, server: Any) -> None:
    await stop.wait()
    for name in ("asyncio", "uvicorn.error"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # that requests and connections end with us is no error
    server.should_exit = True


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
