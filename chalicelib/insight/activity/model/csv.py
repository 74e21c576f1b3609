"""Reading a CSV of any size as numbered rows with byte offsets, so that an import can stop and go on anywhere.

RFC 4180 with what people really send: UTF-8 with or without a byte order mark, any line ending, quoted fields with
line breaks. A row that cannot be read spoils only itself, even when its quotation mark never closes.
"""

import csv
import io
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

BOM = b"\xef\xbb\xbf"
MOST_LINE_BYTES = 64 * 1024
_MOST_LINES_A_ROW = 20


class Unreadable(ValueError):
    """The text is no CSV row; the message says why."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row. ``number`` counts as a spreadsheet does, the header being 1; ``end`` is the file's offset behind it.

    ``problem`` is set, and ``values`` empty, when the row could not be read.
    """

    number: int
    values: list[str]
    end: int
    problem: str = ""


def physical_lines(chunks: Iterable[bytes]) -> Iterator[tuple[bytes, int]]:
    """Lines with their line ending, and their full length in bytes; of an overlong line only the beginning is kept."""
    kept, length = b"", 0
    for chunk in chunks:
        start = 0
        while (end := chunk.find(b"\n", start) + 1) > 0:
            part = chunk[start:end]
            yield (kept + part)[:MOST_LINE_BYTES], length + len(part)
            kept, length, start = b"", 0, end
        kept = (kept + chunk[start:])[:MOST_LINE_BYTES]
        length += len(chunk) - start
    if length:
        yield kept, length


def values_of(raw: bytes) -> list[str]:
    """The fields of one row. Raises Unreadable, with an empty message when only a closing quotation mark is missing."""
    if len(raw) >= MOST_LINE_BYTES:
        raise Unreadable(f"the row is longer than {MOST_LINE_BYTES} bytes")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as torn:
        raise Unreadable("the row is not UTF-8: save the file as CSV UTF-8") from torn
    try:
        rows = list(csv.reader(io.StringIO(text.rstrip("\r\n"), newline="\n"), strict=True))
    except csv.Error as torn:
        raise Unreadable("" if "unexpected end" in str(torn) else f"the row is not CSV: {torn}") from torn
    if len(rows) > 1:
        raise Unreadable("the row holds a line break outside quotation marks")
    return [value.strip() for value in rows[0]] if rows else []


def read(chunks: Iterable[bytes], *, width: int, offset: int, number: int) -> Iterator[Row]:
    """The rows from a byte offset on; ``number`` is the number of the last row before it. Blank rows count silently."""
    lines = _Lines(physical_lines(chunks))
    while (raw := lines.take()) is not None:
        number += 1
        line, length = raw
        if not line.strip():
            offset += length
            continue
        row = _row(line, length, lines, width)
        offset += row.end
        yield Row(number, row.values, offset, row.problem)


class _Lines:
    """Lines that can be given back."""

    def __init__(self, source: Iterator[tuple[bytes, int]]) -> None:
        self._source = source
        self._back: deque[tuple[bytes, int]] = deque()

    def take(self) -> tuple[bytes, int] | None:
        return self._back.popleft() if self._back else next(self._source, None)

    def give_back(self, lines: list[tuple[bytes, int]]) -> None:
        self._back.extendleft(reversed(lines))


def _row(line: bytes, length: int, lines: _Lines, width: int) -> Row:
    """The row that begins with this line. Where joining further lines leads to nothing, they stay rows of their own."""
    text, total, joined = line, length, list[tuple[bytes, int]]()
    while True:
        try:
            values = values_of(text)
            problem = "" if len(values) == width else f"the row has {len(values)} values for {width} columns"
        except Unreadable as torn:
            values, problem = [], str(torn)
            more = lines.take() if not problem and len(joined) < _MOST_LINES_A_ROW else None
            if more is not None:
                joined.append(more)
                text, total = text + more[0], total + more[1]
                continue
            problem = problem or "a quotation mark is never closed"
        if problem and joined:
            lines.give_back(joined)
            return Row(0, [], length, "a quotation mark is never closed")
        return Row(0, [] if problem else values, total, problem)
