"""The folder in which `make run` keeps its data: one process at a time, and small files beside the engine's."""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path
from typing import IO, Any

from infra.local.host import files


class FolderInUse(RuntimeError):
    """Another Lintuan works in the folder; the message says where it listens."""


class FolderUnusable(RuntimeError):
    """The folder, or a file in it, cannot be read or written; the message says which and what may be done."""


class Folder:
    """`path` None keeps nothing."""

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._lock: IO[str] | None = None

    def claim(self, where: str) -> None:
        """Keeps others away until `release`; `where` is what they are told. Raises FolderInUse, FolderUnusable."""
        if self.path is None:
            return
        try:
            self.path.mkdir(mode=files.OWNER_FOLDER, parents=True, exist_ok=True)
            self._lock = (self.path / "lock").open("a+")
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            self._lock.truncate(0)
            self._lock.write(f"{where}, process {os.getpid()}")
            self._lock.flush()
            kept = sorted(self.path.glob("*.json"))
        except BlockingIOError as fault:
            assert self._lock
            self._lock.seek(0)
            there = self._lock.read().strip()
            raise FolderInUse(f"Lintuan already runs on this data: {there}. Stop it first (Ctrl-C there).") from fault
        except OSError as fault:
            raise _unusable(self.path, fault) from fault
        for path in kept:
            self.read(path.name)  # before anything is started

    def release(self) -> None:
        """Lets others in."""
        if self._lock:
            self._lock.close()

    def read(self, name: str, otherwise: Any = None) -> Any:
        """A small JSON file, or `otherwise` where there is none. Raises FolderUnusable for one that cannot be read."""
        path = self.path / name if self.path else None
        if path is None:
            return otherwise
        try:
            return json.loads(path.read_text())
        except FileNotFoundError:
            return otherwise
        except OSError as fault:
            raise _unusable(path, fault) from fault
        except ValueError as fault:
            raise FolderUnusable(
                f"{path} is damaged. Nothing was started and nothing was changed. Put a copy of it back, if you have"
                f" one. To start without this data, move {self.path} to another place."
            ) from fault

    def keep(self, name: str, value: Any) -> None:
        """Writes a small JSON file that only this user can read. Raises FolderUnusable."""
        if self.path:
            path = self.path / name
            try:
                files.write(path, json.dumps(value, indent=2) + "\n")
            except OSError as fault:
                raise _unusable(path, fault) from fault


def _unusable(path: Path, fault: OSError) -> FolderUnusable:
    return FolderUnusable(f"{path} cannot be used: {fault.strerror}. Mend that, then start again.")
