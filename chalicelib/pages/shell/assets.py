"""The scripts and styles of pages, at addresses that name what is in them, so that browsers keep them for ever."""

import hashlib
from functools import cache
from pathlib import Path

_PAGES = Path(__file__).parents[1]
FOLDERS = (_PAGES / "static", _PAGES / "built" / "assets")
"""Ours, and what `infra/assets.py` copies out of packages."""

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
}


@cache
def files() -> dict[str, Path]:
    """Every asset by its name."""
    return {
        path.name: path
        for folder in FOLDERS
        if folder.is_dir()
        for path in sorted(folder.iterdir())
        if path.suffix in TYPES
    }


@cache
def version() -> str:
    """Names all assets as they are together: modules import each other by relative paths."""
    total = hashlib.sha256()
    for name, path in sorted(files().items()):
        total.update(name.encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:12]


@cache
def text(name: str) -> str:
    """What an asset holds. Raises KeyError."""
    return files()[name].read_text("utf-8")


def path(name: str) -> str:
    """Where an asset is, under the root. Raises KeyError for one that is not there."""
    if name not in files():
        raise KeyError(name)
    return f"/static/{version()}/{name}"
