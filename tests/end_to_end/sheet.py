"""Sheets worked out by hand: tables of a Markdown file, each under its heading, to be compared with what is true."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

Row = tuple[str, ...]

HOW = "how"
"""The last column, which has the calculation and is not compared."""


class Sheet:
    """The tables of a sheet, by their headings."""

    def __init__(self, text: str) -> None:
        self._tables = dict(_tables(text))

    @classmethod
    def of(cls, path: Path) -> Sheet:
        return cls(path.read_text(encoding="utf-8"))

    @property
    def figures(self) -> int:
        """How many cells have a figure that is compared."""
        return sum(bool(re.search(r"\d", cell)) for rows in self._tables.values() for row in rows for cell in row)

    def differences(self, found: Mapping[str, Iterable[Iterable[Any]]]) -> list[str]:
        """The rows that only the sheet has, and those that were found and are not on it. A table of which nothing was
        found differs whole; so does what stands under a heading that the sheet has not. The order of a table's rows is
        no part of it.
        """
        different = []
        for heading in {**self._tables, **found}:
            said = Counter(self._tables.get(heading, []))
            true = Counter(tuple(str(cell) for cell in row) for row in found.get(heading, ()))
            different += [f"{heading}: only by hand: {' | '.join(row)}" for row in (said - true).elements()]
            different += [f"{heading}: not by hand: {' | '.join(row)}" for row in (true - said).elements()]
        return different


def _tables(text: str) -> Iterable[tuple[str, list[Row]]]:
    for section in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        heading, _, rest = section.partition("\n")
        lines = [line for line in rest.splitlines() if line.startswith("|")]
        header, _, *rows = (_cells(line) for line in lines)
        assert header[-1] == HOW, f"{heading}: the last column is {header[-1]!r}"
        assert all(len(row) == len(header) for row in rows), f"{heading}: a row has another number of columns"
        yield heading, [row[:-1] for row in rows]


def _cells(line: str) -> Row:
    return tuple(cell.strip() for cell in line.strip().strip("|").split("|"))
