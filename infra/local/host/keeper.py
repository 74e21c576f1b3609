"""When to write a snapshot, and how without stopping the engine: a forked child writes what it saw at birth."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import time
from pathlib import Path

from infra.local.host import snapshots, state

log = logging.getLogger("local.engine")

# A change is on disk after about this long; longer when writing itself takes long, so that it stays a small share.
EVERY_SECONDS = 2.0
SHARE = 4.0


class Keeper:
    """Counts changes and keeps the newest moment on disk. With no folder it keeps nothing."""

    def __init__(self, folder: Path | None, lock_fd: int | None = None) -> None:
        self.folder = folder
        self.changes = 0
        self.pause_ms = 0.0
        self.write_seconds = 0.0
        self.size_bytes = 0
        self._lock_fd = lock_fd
        self._saved = 0
        self._writing = asyncio.Lock()

    @property
    def saved(self) -> bool:
        """True when nothing has changed since the last snapshot on disk."""
        return self._saved == self.changes

    def load(self) -> None:
        """Restores the newest whole snapshot, if any."""
        found = snapshots.newest(self.folder) if self.folder else None
        if found:
            state.restore(found[1])
            log.info("restored %s", found[0].name)
        gc.collect()
        gc.freeze()  # what was restored is old: later collections need not walk it

    async def run(self) -> None:
        """Saves for ever."""
        while True:
            await asyncio.sleep(max(EVERY_SECONDS, SHARE * self.write_seconds))
            await self.save()

    async def save(self) -> None:
        """Writes a snapshot if anything changed, and returns when it is on disk."""
        async with self._writing:
            if self.folder is None or self.saved:
                return
            changes, started = self.changes, time.monotonic()
            child = self._fork(self.folder)
            self.pause_ms = (time.monotonic() - started) * 1000
            if await _ended(child):
                self._saved = changes
                self.size_bytes = max(path.stat().st_size for path in self.folder.glob("state-*.snapshot"))
            else:
                log.error("a snapshot could not be written to %s", self.folder)
            self.write_seconds = time.monotonic() - started

    def _fork(self, folder: Path) -> int:
        # The lock keeps MiniStack's own clean-up thread out of the tables at the moment of the fork.
        with state.service("dynamodb")._lock:
            child = os.fork()
        if child:
            return child
        status = 1
        try:
            gc.disable()
            for received in (signal.SIGTERM, signal.SIGINT):
                signal.signal(received, signal.SIG_IGN)
            self._close_sockets()
            snapshots.write(folder, state.capture())
            status = 0
        finally:
            os._exit(status)

    def _close_sockets(self) -> None:
        # A child that outlives a killed engine must not keep its port; it keeps the folder's lock until it is done.
        highest = os.sysconf("SC_OPEN_MAX")
        first = 3 if self._lock_fd is None else self._lock_fd + 1
        os.closerange(3, self._lock_fd or 3)
        os.closerange(first, min(highest, 65_536))


async def _ended(child: int) -> bool:
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status == 0
        await asyncio.sleep(0.01)
