"""When to write a snapshot, and how without stopping the engine: a forked child writes what it saw at birth."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import time
from contextlib import suppress
from itertools import pairwise
from pathlib import Path

from infra.local.host import snapshots, state

log = logging.getLogger("local.engine")

# A change is on disk after about this long; longer when writing itself takes long, so that it stays a small share.
EVERY_SECONDS = 2.0
SHARE = 4.0
# A snapshot that takes this long, and many times as long as the last, waits for a disk that does not answer.
STUCK_SECONDS = 30.0
_MOST_REASON_BYTES = 4096


class Keeper:
    """Counts changes and keeps the newest moment on disk. With no folder it keeps nothing."""

    def __init__(self, folder: Path | None, lock_fd: int | None = None) -> None:
        self.folder = folder
        self.set_aside: list[str] = []
        """Damaged snapshots that were passed over at the start."""
        self.pause_ms = 0.0
        self.write_seconds = 0.0
        self.size_bytes = 0
        self._lock_fd = lock_fd
        self._changes = 0
        self._saved = 0
        self._unsaved_since: float | None = None
        self._writing_since: float | None = None
        self._fault = ""
        self._writing = asyncio.Lock()

    @property
    def saved(self) -> bool:
        """True when nothing has changed since the last snapshot on disk."""
        return self._saved == self._changes

    @property
    def fault(self) -> str:
        """Why the last snapshot could not be written; empty when it could, and when nothing is waiting."""
        since = self._writing_since
        if since is not None and time.monotonic() - since > max(STUCK_SECONDS, SHARE * self.write_seconds):
            return "The disk does not answer"
        return "" if self.saved else self._fault

    @property
    def unsaved_seconds(self) -> float:
        """For how long the oldest change that is not on disk has waited."""
        return 0.0 if self.saved or self._unsaved_since is None else time.monotonic() - self._unsaved_since

    def note_change(self) -> None:
        """Something has changed that is to be saved."""
        if self.saved:
            self._unsaved_since = time.monotonic()
        self._changes += 1

    def load(self, *, again: bool) -> None:
        """Restores the newest whole snapshot, if any; `again` when the engine alone had ended. Raises Unreadable."""
        if self.folder:
            snapshots.remove_unfinished(self.folder)
            found = snapshots.newest(self.folder)
            if found:
                path, parts = found
                state.restore(parts, path.stat().st_mtime, again=again)
                self.set_aside = [str(each) for each in snapshots.set_aside_damaged(self.folder, path)]
                log.info("restored %s", path.name)
        gc.collect()
        gc.freeze()  # what was restored is old: later collections need not walk it

    async def run(self, stop: asyncio.Event) -> None:
        """Saves until told to stop; a snapshot that is being written then is waited for, not left to itself."""
        while not stop.is_set():
            pause = EVERY_SECONDS if self.fault else max(EVERY_SECONDS, SHARE * self.write_seconds)
            with suppress(TimeoutError):
                await asyncio.wait_for(stop.wait(), pause)
            if not stop.is_set():
                await self.save()

    async def save(self) -> None:
        """Writes a snapshot if anything changed, and returns when it is on disk, or `fault` says why it is not."""
        async with self._writing:
            if self.folder is None or self.saved:
                return
            changes, self._writing_since = self._changes, time.monotonic()
            started = self._writing_since
            self._fault = await self._write(self.folder)
            self.write_seconds = time.monotonic() - started
            self._writing_since = None
            if self._fault:
                log.error("a snapshot could not be written to %s: %s", self.folder, self._fault)
                return
            self._saved, self._unsaved_since = changes, started
            self.size_bytes = max(path.stat().st_size for path in self.folder.glob("state-*.snapshot"))

    async def _write(self, folder: Path) -> str:
        """Why it could not be written; empty when it was."""
        started = time.monotonic()
        try:
            # The record of an object must not be kept without the object.
            state.write_objects()
            child, reasons = self._fork(folder)
        except OSError as fault:
            return _reason(fault)
        self.pause_ms = (time.monotonic() - started) * 1000
        status = await _ended(child)
        with os.fdopen(reasons, "rb") as told:
            reason = told.read(_MOST_REASON_BYTES).decode(errors="replace")
        return reason or (f"The process that writes it ended with {status}" if status else "")

    def _fork(self, folder: Path) -> tuple[int, int]:
        """The child that writes, and where it says why it could not. Raises OSError."""
        reasons, tell = os.pipe()
        try:
            # The lock keeps MiniStack's own clean-up thread out of the tables at the moment of the fork.
            with state.service("dynamodb")._lock:
                child = os.fork()
        except OSError:
            os.close(reasons)
            os.close(tell)
            raise
        if child:
            os.close(tell)
            return child, reasons
        status = 1
        try:
            gc.disable()
            for received in (signal.SIGTERM, signal.SIGINT):
                signal.signal(received, signal.SIG_IGN)
            self._close_all_but(tell)
            snapshots.write(folder, state.capture())
            status = 0
        except OSError as fault:
            os.write(tell, _reason(fault).encode())
        except Exception:
            log.exception("a snapshot could not be written")
        finally:
            os._exit(status)

    def _close_all_but(self, tell: int) -> None:
        # A child that outlives a killed engine must not keep its port; it keeps the folder's lock until it is done.
        kept = sorted({tell} if self._lock_fd is None else {tell, self._lock_fd})
        edges = [2, *kept, min(os.sysconf("SC_OPEN_MAX"), 65_536)]
        for low, high in pairwise(edges):
            os.closerange(low + 1, high)


def _reason(fault: OSError) -> str:
    return f"{fault.strerror} ({fault.filename})" if fault.filename else str(fault.strerror)


async def _ended(child: int) -> int:
    """The exit status; negative: the signal that ended it."""
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return os.waitstatus_to_exitcode(status)
        await asyncio.sleep(0.01)
