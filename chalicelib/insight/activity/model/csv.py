"""Reading a CSV of any size as numbered rows with byte offsets, so that an import can stop and go on anywhere.

RFC 4180 with what people really send: the encodings and line ends of `dialect.py`, quoted fields with line breaks,
blank lines, commas at the end. A row that cannot be read spoils only itself, even when its quotation mark never closes.
"""

import csv
import io
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from chalicelib.insight.activity.model.reasons import Reason

MOST_LINE_BYTES = 64 * 1024
_MOST_LINES_A_ROW = 20
_BLANK = b"\x00\t\r\n ,;"
_NEVER_CLOSED = Reason("a quotation mark is never closed", "引号未闭合")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a file is written: its encoding, how its lines end, what stands between its fields."""

    encoding: str = "utf-8"
    line_end: str = "\n"
    separator: str = ","


PLAIN = Dialect()


class Unreadable(ValueError):
    """The text is no CSV row. Without a reason only a closing quotation mark is missing."""

    def __init__(self, reason: Reason | None) -> None:
        super().__init__(reason.en if reason else "")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Row:
    """One row. ``number`` counts as a spreadsheet does, the header being 1; ``end`` is the file's offset behind it.

    ``problem`` is set, and ``values`` empty, when the row could not be read.
    """

    number: int
    values: list[str]
    end: int
    problem: Reason | None = None


def physical_lines(chunks: Iterable[bytes], dialect: Dialect = PLAIN) -> Iterator[tuple[bytes, int]]:
    """Lines with their line ending, and their full length in bytes; of an overlong line only the beginning is kept."""
    ending = dialect.line_end.encode(dialect.encoding)
    unit, kept, length = len(ending), b"", 0
    for chunk in _in_units(chunks, unit):
        start = 0
        while (end := _after(ending, chunk, start)) > 0:
            part = chunk[start:end]
            yield (kept + part)[:MOST_LINE_BYTES], length + len(part)
            kept, length, start = b"", 0, end
        kept = (kept + chunk[start:])[:MOST_LINE_BYTES]
        length += len(chunk) - start
    if length:
        yield kept, length


def is_blank(line: bytes) -> bool:
    """Whether a line has nothing but separators: what a spreadsheet leaves behind of rows that were emptied."""
    return not line.strip(_BLANK)


def values_of(raw: bytes, dialect: Dialect = PLAIN) -> list[str]:
    """The fields of one row. Raises Unreadable, without a reason when only a closing quotation mark is missing."""
    if len(raw) >= MOST_LINE_BYTES:
        raise Unreadable(Reason(f"the row is longer than {MOST_LINE_BYTES} bytes", f"该行超过 {MOST_LINE_BYTES} 字节"))
    name = dialect.encoding.upper()
    try:
        text = raw.decode(dialect.encoding)
    except UnicodeDecodeError as torn:
        words = f"the row is not {name}: save the file as CSV UTF-8", f"该行不是 {name} 编码，请另存为 UTF-8 编码的 CSV"
        raise Unreadable(Reason(*words)) from torn
    source = io.StringIO(text.rstrip("\r\n"), newline="\n")
    try:
        rows = list(csv.reader(source, strict=True, delimiter=dialect.separator, skipinitialspace=True))
    except csv.Error as torn:
        unclosed = "unexpected end" in str(torn)
        raise Unreadable(None if unclosed else Reason("the row is not CSV", "该行不是有效的 CSV")) from torn
    if len(rows) > 1:
        raise Unreadable(Reason("the row holds a line break outside quotation marks", "引号之外有换行"))
    return [value.strip() for value in rows[0]] if rows else []


def read(
    chunks: Iterable[bytes], *, width: int | None, offset: int, number: int, dialect: Dialect = PLAIN
) -> Iterator[Row]:
    """The rows from a byte offset on; ``number`` is the number of the last row before it. Blank rows count silently.
    Without a ``width`` a row may have any number of fields.
    """
    lines = _Lines(physical_lines(chunks, dialect))
    while (raw := lines.take()) is not None:
        number += 1
        line, length = raw
        if is_blank(line):
            offset += length
            continue
        row = _row(line, length, lines, width, dialect)
        offset += row.end
        if row.problem or any(row.values):
            yield replace(row, number=number, end=offset)


def _in_units(chunks: Iterable[bytes], unit: int) -> Iterator[bytes]:
    """The same bytes, no unit divided between two chunks."""
    rest = b""
    for chunk in chunks:
        whole = rest + chunk
        cut = len(whole) - len(whole) % unit
        rest = whole[cut:]
        yield whole[:cut]
    if rest:
        yield rest


def _after(ending: bytes, chunk: bytes, start: int) -> int:
    """Where the line that begins here ends, behind its ending; 0 or less where it does not end."""
    at = chunk.find(ending, start)
    while at % len(ending) and at >= 0:  # two halves of neighbouring units
        at = chunk.find(ending, at + 1)
    return at + len(ending) if at >= 0 else -1


class _Lines:
    """Lines that can be given back."""

    def __init__(self, source: Iterator[tuple[bytes, int]]) -> None:
        self._source = source
        self._back: deque[tuple[bytes, int]] = deque()

    def take(self) -> tuple[bytes, int] | None:
        return self._back.popleft() if self._back else next(self._source, None)

    def give_back(self, lines: list[tuple[bytes, int]]) -> None:
        self._back.extendleft(reversed(lines))


def _row(line: bytes, length: int, lines: _Lines, width: int | None, dialect: Dialect) -> Row:
    """The row that begins with this line. Where joining further lines leads to nothing, they stay rows of their own."""
    text, total, joined = line, length, list[tuple[bytes, int]]()
    while True:
        try:
            values, problem = _fitting(values_of(text, dialect), width)
        except Unreadable as torn:
            values, problem = [], torn.reason
            more = lines.take() if problem is None and len(joined) < _MOST_LINES_A_ROW else None
            if more is not None:
                joined.append(more)
                text, total = text + more[0], total + more[1]
                continue
            problem = problem or _NEVER_CLOSED
        if problem and joined:
            lines.give_back(joined)
            return Row(0, [], length, _NEVER_CLOSED)
        return Row(0, values, total, problem)


def _fitting(values: list[str], width: int | None) -> tuple[list[str], Reason | None]:
    """The fields of a row of this width; what is empty beyond it are commas at the end."""
    if width is None or (len(values) >= width and not any(values[width:])):
        return values[:width], None
    words = f"the row has {len(values)} values for {width} columns", f"该行有 {len(values)} 个值，应有 {width} 列"
    return [], Reason(*words)
