"""With which exit status the engine's process ends, so that whoever started it knows why without reading its log."""

from __future__ import annotations

from enum import IntEnum


class Ending(IntEnum):
    """Why the process ended; any other status is a failure that nobody foresaw."""

    CLEAN = 0
    FOLDER_IN_USE = 3
    """Another engine works in the folder."""
    NOT_SAVED = 4
    """It was told to stop and could not save what it held."""
    UNREADABLE = 5
    """There is saved data that cannot be read. Nothing was changed."""
    PORT_TAKEN = 6
