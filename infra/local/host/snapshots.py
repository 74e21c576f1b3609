"""Snapshot files: one file a moment, so that tables, queues and streams in it always belong together.

A file is a header line with the SHA-256 of the rest, then the encoded parts. It appears under its name only when it
is whole and on disk; two generations are kept, and a damaged one is passed over.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import re
from collections.abc import Iterator
from pathlib import Path

_NAME = re.compile(r"state-(\d{8})\.snapshot")
_MAGIC = b"lintuan-engine-1"
KEPT = 2


def write(folder: Path, parts: dict[str, bytes]) -> Path:
    """Writes the next generation and removes those beyond the two newest."""
    payload = pickle.dumps(parts, 5)
    newest = next(_generations(folder), None)
    path = folder / f"state-{(_number(newest) if newest else 0) + 1:08d}.snapshot"
    unfinished = path.with_suffix(".unfinished")
    with unfinished.open("wb") as file:
        file.write(b"%s %s\n" % (_MAGIC, hashlib.sha256(payload).hexdigest().encode()))
        file.write(payload)
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    for old in list(_generations(folder))[KEPT:]:
        old.unlink(missing_ok=True)
    return path


def newest(folder: Path) -> tuple[Path, dict[str, bytes]] | None:
    """The newest whole snapshot, or None when there is none."""
    for path in _generations(folder):
        header, _, payload = path.read_bytes().partition(b"\n")
        if header == b"%s %s" % (_MAGIC, hashlib.sha256(payload).hexdigest().encode()):
            return path, pickle.loads(payload)
    return None


def _generations(folder: Path) -> Iterator[Path]:
    """Newest first."""
    found = [path for path in folder.iterdir() if _NAME.fullmatch(path.name)]
    return iter(sorted(found, key=lambda path: path.name, reverse=True))


def _number(path: Path) -> int:
    match = _NAME.fullmatch(path.name)
    return int(match.group(1)) if match else 0
