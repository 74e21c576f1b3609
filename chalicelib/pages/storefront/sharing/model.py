"""How a text fits on a poster. Pure."""

import re
import unicodedata
from collections.abc import Iterator

_PIECES = re.compile(r"\s+|[^\s\u1100-\uffff]+|.", re.DOTALL)
"""Where a line may end: between words, and between any two signs of the scripts that write none."""

_WIDE, _CAPITAL, _OTHER = 1.0, 0.72, 0.58
"""How wide signs are in the usual faces, as parts of their height; rather too much than too little."""


def wrapped(text: str, width: float, most: int) -> list[str]:
    """The text in at most so many lines of a width in parts of the letters' height; what is too much ends in ``…``."""
    lines = [""]
    for piece in _pieces(text, width):
        if measured(lines[-1] + piece) <= width:
            lines[-1] += piece
        elif piece.strip():
            lines.append(piece)
    lines = [line.strip() for line in lines]
    return lines if len(lines) <= most else [*lines[: most - 1], _cut(lines[most - 1], width)]


def measured(text: str) -> float:
    """About how wide a text is, in parts of its letters' height."""
    return sum(_width(sign) for sign in text)


def _pieces(text: str, width: float) -> Iterator[str]:
    """The pieces of a text that can stand in a line, without what is not seen or turns the reading direction."""
    seen = "".join(sign for sign in text if unicodedata.category(sign) not in {"Cc", "Cf"} or sign.isspace())
    for piece in _PIECES.findall(" ".join(seen.split())):
        yield from piece if measured(piece) > width else (piece,)


def _cut(line: str, width: float) -> str:
    while measured(line + "…") > width:
        line = line[:-1]
    return line.rstrip() + "…"


def _width(sign: str) -> float:
    if unicodedata.combining(sign):
        return 0.0
    if unicodedata.east_asian_width(sign) in "WF":
        return _WIDE
    return _CAPITAL if sign.isupper() or sign in "%@&mwMW" else _OTHER
