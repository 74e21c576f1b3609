"""Where pages are: what stands under these paths is a page, all else is the API. Pure."""

PAGES_UNDER = ("console", "s", "static")
"""First segments of paths."""


def is_page(path: str) -> bool:
    """Whether a path (with its leading slash) leads to a page."""
    return path.split("/", 2)[1] in PAGES_UNDER if path.startswith("/") else False
