"""What somebody said, as lists and messages show it. Pure."""

MOST_IN_LIST = 90
"""So many characters of what was said are shown in a list."""


def one_line(text: str, most: int = 120) -> str:
    """What was said, in one line of at most so many characters."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 1]}…"
