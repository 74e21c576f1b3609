"""Where a visitor goes on: never out of the shop. Pure."""

from urllib.parse import unquote

MOST_CHARACTERS = 1_000
"""Of a way on that an address or a form carries."""


def carried(target: str) -> str:
    """The way back to a path and query: without the query where that is too long, nowhere where the path is."""
    return next((each for each in (target, target.partition("?")[0]) if len(each) <= MOST_CHARACTERS), "")


def within(path: str, slug: str) -> str:
    """The path of the shop where a visitor goes on, without what stands before it; its home for any other address."""
    home = f"/s/{slug}"
    inside = path.startswith((f"{home}/", f"{home}?")) and path.isprintable() and not _climbs(path.partition("?")[0])
    return path.removeprefix(home) if inside else ""


def _climbs(path: str) -> bool:
    """Whether a browser could take it for a path that leads elsewhere: upwards, or to another host."""
    return "\\" in path or "//" in path or not {".", ".."}.isdisjoint(unquote(path).split("/"))
