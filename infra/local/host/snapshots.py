"""Snapshot files: one file a moment, so that tables, queues and streams in it always belong together.

A file is a header line with the SHA-256 of the rest, then the encoded parts. It appears under its name only when it
is whole and on disk; two generations are kept. A damaged one is set aside and kept, and where none is whole nothing
is taken for the beginning: what cannot be read is never written over.
"""

from __future__ import annotations

import hashlib
import pickle
import re
from pathlib import Path

from infra.local.host import files

_NAME = re.compile(r"state-(\d{8})\.snapshot")
_MAGIC = b"lintuan-engine-1"
_DAMAGED = ".damaged"
KEPT = 2


class Unreadable(RuntimeError):
    """There are snapshots, and none can be read; the message names them, and says what may be done."""


def write(folder: Path, parts: dict[str, bytes]) -> Path:
    """Writes the next generation and removes those beyond the two newest. Raises OSError."""
    payload = pickle.dumps(parts, 5)
    generations = _generations(folder)
    path = folder / f"state-{_number(generations[0]) + 1 if generations else 1:08d}.snapshot"
    files.write(path, b"%s %s\n" % (_MAGIC, hashlib.sha256(payload).hexdigest().encode()) + payload)
    for old in _generations(folder)[KEPT:]:
        old.unlink(missing_ok=True)
    return path


def newest(folder: Path) -> tuple[Path, dict[str, bytes]] | None:
    """The newest whole snapshot; None where there has never been one. Raises Unreadable."""
    faults = {}
    for path in _generations(folder):
        found = _parts(path)
        if isinstance(found, dict):
            return path, found
        faults[path] = found
    faults |= dict.fromkeys(_set_aside(folder), "damaged, and set aside earlier")
    if not faults:
        return None
    listed = "".join(f"\n  {path}: {why}" for path, why in faults.items())
    raise Unreadable(
        f"The saved data cannot be read:{listed}\nNothing was started and nothing was changed. Put a copy of one of"
        f" these files back, if you have one. To start without this data, move the files to another place."
    )


def set_aside_damaged(folder: Path, whole: Path) -> list[Path]:
    """Renames what is newer than the snapshot that was read, so that it is kept and never counted as a generation."""
    newer = [path for path in _generations(folder) if path.name > whole.name]
    return [path.rename(path.with_name(path.name + _DAMAGED)) for path in newer]


def remove_unfinished(folder: Path) -> None:
    """Deletes what a crash left half written."""
    for left in [*folder.glob("state-*.tmp"), *folder.glob("state-*.unfinished")]:
        left.unlink(missing_ok=True)


def _parts(path: Path) -> dict[str, bytes] | str:
    """What a file holds, or why it cannot be read."""
    try:
        header, _, payload = path.read_bytes().partition(b"\n")
    except OSError as fault:
        return str(fault.strerror)
    magic, _, digest = header.partition(b" ")
    if magic != _MAGIC and magic.startswith(_MAGIC.rpartition(b"-")[0]):
        return "written by another version of Lintuan"
    if magic != _MAGIC or digest != hashlib.sha256(payload).hexdigest().encode():
        return "damaged"
    parts: dict[str, bytes] = pickle.loads(payload)
    return parts


def _generations(folder: Path) -> list[Path]:
    """Newest first."""
    return sorted((path for path in folder.iterdir() if _NAME.fullmatch(path.name)), reverse=True)


def _set_aside(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"state-*.snapshot{_DAMAGED}"))


def _number(path: Path) -> int:
    match = _NAME.fullmatch(path.name)
    return int(match.group(1)) if match else 0
