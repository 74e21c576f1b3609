"""Where a visitor goes on: never out of the shop. Pure."""


def within(path: str, slug: str) -> str:
    """The path of the shop where a visitor goes on, without what stands before it; its home for any other address."""
    home = f"/s/{slug}"
    inside = path.startswith((f"{home}/", f"{home}?")) and "\\" not in path and "//" not in path.partition("?")[0]
    return path.removeprefix(home) if inside and path.isprintable() else ""
