"""How a file is written, found by looking at it once: encoding, line ends, separator. Pure.

A byte-order mark decides. Without one the file is UTF-8 where all of it is; else GB18030, which GBK and GB2312 are
parts of, where all of it can be that and most lines with other than ASCII are no UTF-8. A UTF-8 file with a few torn
rows stays UTF-8, and those rows are reported.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, dropwhile, islice

from chalicelib.insight.activity.model.csv import (
    MOST_LINE_BYTES,
    Dialect,
    Row,
    is_blank,
    physical_lines,
    read,
)

_MARKS = {
    b"\xef\xbb\xbf": "utf-8",
    b"\xff\xfe": "utf-16-le",
    b"\xfe\xff": "utf-16-be",
    b"\x84\x31\x95\x33": "gb18030",
}
"""Byte-order marks (Unicode, section 23.8; GB 18030)."""

MOST_ABOVE = 10
"""Among so many rows with something in them the titles of the columns are looked for."""

_ABSENT = Row(0, [], 0)
_IN_QUOTES = re.compile(r'"[^"]*"')
_LINE_END = re.compile(r"\r*\n|\r")
_SEPARATORS = (",", ";", "\t", "|")
_NAMED_SEPARATOR = re.compile(r'\s*"?sep=([^\w\s"]|\t)"?\s*', re.IGNORECASE)
"""The line with which spreadsheets say what separates the fields."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A file as a first look found it: its header, how it is written, about how many rows follow, and its first rows,
    that of the header among them.
    """

    header: Row
    dialect: Dialect
    total: int
    top: tuple[Row, ...] = ()


def look(chunks: Iterable[bytes], known: Callable[[Sequence[str]], int], header_row: int | None = None) -> Seen:
    """Reads a file once. ``known`` says how many of some names are those of columns: the separator is the one with
    which most of the header makes sense. The header is the row of this number; without one it is looked for. That of a
    row that is not there is row 0, without values.
    """
    source = iter(chunks)
    head = _head(source)
    mark = next((mark for mark in _MARKS if head.startswith(mark)), b"")
    start, line_end = len(mark), _line_end(head, _MARKS.get(mark, "utf-8"))
    written = Dialect(_MARKS.get(mark, "utf-8"), line_end)
    counts = _count(physical_lines(_from(start, head, source), written))
    if not mark:
        written = replace(written, encoding=counts.encoding)
    header, dialect, top = _header(head, start, written, known, header_row)
    before = sum(1 for line, _ in physical_lines([head[start : header.end]], written) if not is_blank(line))
    return Seen(header, dialect, counts.lines - before, top)


@dataclass(slots=True)
class _Counts:
    lines: int = 0
    utf8: int = 0
    others: int = 0
    neither: int = 0

    @property
    def encoding(self) -> str:
        return "gb18030" if self.others > self.utf8 and not self.neither else "utf-8"


def _count(lines: Iterable[tuple[bytes, int]]) -> _Counts:
    """Lines with something in them; of those with other than ASCII, how many are UTF-8, and how many can be neither."""
    counts = _Counts()
    for line, length in lines:
        counts.lines += not is_blank(line)
        if line.isascii() or length > MOST_LINE_BYTES:
            continue
        if _is(line, "utf-8"):
            counts.utf8 += 1
        else:
            counts.others += 1
            counts.neither += not _is(line, "gb18030")
    return counts


def _is(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _head(source: Iterator[bytes]) -> bytes:
    head = b""
    for chunk in source:
        head += chunk
        if len(head) >= MOST_LINE_BYTES:
            break
    return head


def _from(start: int, head: bytes, source: Iterator[bytes]) -> Iterator[bytes]:
    yield head[start:]
    yield from source


def _line_end(head: bytes, encoding: str) -> str:
    """As the first line ends; some programs for the Macintosh end lines with a carriage return alone."""
    first = _LINE_END.search(_IN_QUOTES.sub("", head.decode(encoding, "replace")))
    return "\r" if first and "\n" not in first[0] else "\n"


def _header(
    head: bytes, start: int, written: Dialect, known: Callable[[Sequence[str]], int], header_row: int | None
) -> tuple[Row, Dialect, tuple[Row, ...]]:
    line, length = next(physical_lines([head[start:]], written), (b"", 0))
    named = _NAMED_SEPARATOR.fullmatch(line.decode(written.encoding, "replace"))
    separators: Sequence[str] = _SEPARATORS
    if named:
        separators, start = (named[1],), start + length
    found = [_headed(head, start, replace(written, separator=each), known, header_row) for each in separators]
    return max(found, key=lambda each: (known(each[0].values), sum(map(bool, each[0].values))))


def _headed(
    head: bytes, start: int, dialect: Dialect, known: Callable[[Sequence[str]], int], header_row: int | None
) -> tuple[Row, Dialect, tuple[Row, ...]]:
    """The header of a file that is written like this, and its first rows."""
    rows = read([head[start:]], width=None, offset=start, number=0, dialect=dialect)
    top = tuple(islice(rows, MOST_ABOVE))
    if header_row is None:
        return _titles(top, known) or Row(1, [], len(head)), dialect, top
    below = dropwhile(lambda row: row.number < header_row, chain(top, rows))
    chosen = next(below, _ABSENT)
    return chosen if chosen.number == header_row else _ABSENT, dialect, top


def _titles(rows: Sequence[Row], known: Callable[[Sequence[str]], int]) -> Row | None:
    """The row that names the columns: the first, unless it names none, or is one cell such as the sheet's own title,
    and one below it names two at least.
    """
    if not rows or (known(rows[0].values) and sum(map(bool, rows[0].values)) > 1):
        return rows[0] if rows else None
    return next((row for row in rows if known(row.values) > 1), rows[0])
