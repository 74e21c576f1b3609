"""How a text of a brand is laid out: headings, paragraphs and lists, of plain lines. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

Shape = Literal["heading", "list", "paragraph"]


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together."""

    shape: Shape
    lines: tuple[str, ...]


def laid_out(text: str) -> Iterator[Block]:
    """The blocks of a text: a line that begins with ``# `` is a heading, those with ``- `` are a list, and the others
    are paragraphs, which an empty line ends.
    """
    for shape, lines in groupby(text.splitlines(), _shape):
        said = tuple(line.removeprefix("# ").removeprefix("- ").strip() for line in lines)
        if shape == "heading":
            yield from (Block("heading", (line,)) for line in said)
        elif shape is not None:
            yield Block(shape, said)


def _shape(line: str) -> Shape | None:
    if not line.strip():
        return None
    return "heading" if line.startswith("# ") else "list" if line.startswith("- ") else "paragraph"
