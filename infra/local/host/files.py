"""Files that are whole or not there: on disk before they count, and readable by their owner alone."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

OWNER_FILE, OWNER_FOLDER = 0o600, 0o700


def write(path: str | Path, content: bytes | str, *, text: bool = False) -> None:
    """Writes a file in place of one of the same name. Raises OSError, and then that one still stands as it was.

    `text` only says what `content` is: MiniStack names it where it calls its own writer, which this one replaces.
    """
    # MiniStack takes no file of this ending for an object, should one be left by a crash.
    unfinished = f"{path}.{os.getpid()}.tmp"
    data = content.encode() if isinstance(content, str) else content
    try:
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, OWNER_FILE)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(unfinished).replace(path)
    except OSError:
        # Half a file would only take the room that is missing already.
        with suppress(OSError):
            Path(unfinished).unlink()
        raise
    _sync_folder(Path(path).parent)


def own_folder(path: Path) -> None:
    """Makes a folder that only its owner may enter, or makes one that is there so. Raises OSError."""
    path.mkdir(mode=OWNER_FOLDER, parents=True, exist_ok=True)
    path.chmod(OWNER_FOLDER)


def _sync_folder(path: Path) -> None:
    """A new name is on disk only when its folder is."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
