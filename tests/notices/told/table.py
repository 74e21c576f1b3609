"""The table of ``told.md``: what each of the cast hears when something happens, as it was written by hand.

A cell has the messages of one person, one after the other: the medium, then the notice, such as ``email order_placed``.
An empty cell says that the person hears nothing.
"""

from collections import Counter
from pathlib import Path

Heard = Counter[tuple[str, str, str]]
"""How often: who, by which medium, which notice."""


def read(folder: Path = Path(__file__).parent) -> dict[str, Heard]:
    """What is heard, by what happens. Raises ValueError where an event stands there twice."""
    rows: dict[str, Heard] = {}
    for path in sorted(folder.glob("*.md")):
        cast: list[str] = []
        for line in path.read_text().splitlines():
            event, *cells = (cell.strip() for cell in line.strip().strip("|").split("|"))
            if not line.startswith("|") or set(event) <= {"-", ":"}:
                cast = cast if line.startswith("|") else []
            elif not cast:
                cast = [cell.split()[0].lower() for cell in cells]
            elif event in rows:
                raise ValueError(f"{path.name} tells twice of {event!r}")
            else:
                rows[event] = _heard(cast, cells)
    return rows


def _heard(cast: list[str], cells: list[str]) -> Heard:
    heard: Heard = Counter()
    for who, cell in zip(cast, cells, strict=True):
        for message in filter(None, (each.strip() for each in cell.split(";"))):
            medium, notice = message.split()
            heard[who, medium, notice] += 1
    return heard
