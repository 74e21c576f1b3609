"""Files as people's programs write them: each is read as what it says, from any place on."""

import csv
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.insight.activity.model import csv as csvrows
from chalicelib.insight.activity.model.dialect import Seen, look

TABLE = [["ref", "名称", "price"], ["A-1", "王小明 🍊", "1"], ["A-2", "a\nb", "2"], ["A-3", "联通, 永辉", "3"]]
KNOWN = {"ref", "名称", "price"}

ENCODINGS = {
    "utf-8": b"",
    "utf-8-sig": b"",
    "utf-16-le": b"\xff\xfe",
    "utf-16-be": b"\xfe\xff",
    "gb18030": b"",
}


def known(names: Any) -> int:
    return len(KNOWN & set(names))


def written(table: list[list[str]], encoding: str, line_end: str, separator: str = ",") -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator, lineterminator=line_end, quoting=csv.QUOTE_ALL).writerows(table)
    return ENCODINGS.get(encoding, b"") + text.getvalue().replace("\n", line_end).encode(encoding)


def parted(content: bytes, size: int) -> list[bytes]:
    return [content[at : at + size] for at in range(0, len(content), size)]


def rows_of(content: bytes, seen: Seen, chunk: int, offset: int = 0, number: int = 1) -> list[csvrows.Row]:
    offset = offset or seen.header.end
    chunks, width = parted(content[offset:], chunk), len(seen.header.values)
    return list(csvrows.read(chunks, width=width, offset=offset, number=number, dialect=seen.dialect))


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_encoding_line_ends_and_separators_are_found(encoding: str, line_end: str, separator: str) -> None:
    content = written(TABLE, encoding, line_end, separator)

    seen = look(parted(content, 7), known)

    assert seen.header.values == TABLE[0]
    assert seen.dialect.encoding == encoding.removesuffix("-sig")
    values = [
        [cell.replace("\r\n", "\n").replace("\r", "\n") for cell in row.values] for row in rows_of(content, seen, 5)
    ]
    assert values == TABLE[1:]


cells = st.text(st.characters(codec="gb18030", exclude_categories=["C", "Z"]), min_size=1, max_size=6)


@given(
    st.lists(st.lists(cells, min_size=2, max_size=2), min_size=1, max_size=8),
    st.sampled_from(sorted(ENCODINGS)),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.integers(1, 30),
    st.data(),
)
def test_reading_stops_and_goes_on_in_every_encoding(
    table: list[list[str]], encoding: str, line_end: str, chunk: int, data: st.DataObject
) -> None:
    content = written([["ref", "price"], *table, ["永", "永"]], encoding, line_end)
    mark = ENCODINGS[encoding] or b"\xef\xbb\xbf" * (encoding == "utf-8-sig")
    dialect = csvrows.Dialect(encoding.removesuffix("-sig"), "\r" if line_end == "\r" else "\n")
    seen = Seen(csvrows.Row(1, ["ref", "price"], len(mark)), dialect, 0)

    whole = rows_of(content, seen, chunk, number=0)
    stop = data.draw(st.sampled_from(whole))
    rest = rows_of(content, seen, chunk, offset=stop.end, number=stop.number)

    assert [row.values for row in whole] == [
        ["ref", "price"],
        *([each.strip() for each in row] for row in table),
        ["永", "永"],
    ]
    assert whole[stop.number :] == rest
    assert whole[-1].end == len(content)


def test_a_utf8_file_with_a_torn_row_stays_utf8() -> None:
    content = "ref,名称\nA,永辉\nB,王\n".encode() + b"C,\xff\xfe\n"

    seen = look([content], known)

    assert seen.dialect.encoding == "utf-8"
    assert [row.problem.en if row.problem else row.values[0] for row in rows_of(content, seen, 9)] == [
        *("A", "B", "the row is not UTF-8: save the file as CSV UTF-8"),
    ]


def test_a_file_that_is_neither_says_so_by_row() -> None:
    content = b"ref,price\nA,\xff\xff\nB,\xff\xff\nC,1\n"

    assert [bool(row.problem) for row in rows_of(content, look([content], known), 9)] == [True, True, False]


def test_blank_rows_and_commas_at_the_end_are_nothing() -> None:
    content = b'ref,price,,\r\nA,1,,\r\n,,,\r\n\r\n"",""\r\nB,2\r\n'

    seen = look([content], known)

    assert (seen.header.values, seen.total) == (["ref", "price", "", ""], 3)
    read = csvrows.read([content[seen.header.end :]], width=2, offset=seen.header.end, number=1)
    assert [(row.number, row.values) for row in read] == [(2, ["A", "1"]), (6, ["B", "2"])]


@pytest.mark.parametrize("line", ["sep=;", '"sep=;"', "SEP=;"])
def test_a_line_that_names_the_separator_is_obeyed_and_not_counted(line: str) -> None:
    content = f"{line}\r\nref;price\r\nA,B;1\r\n".encode()

    seen = look([content], known)

    assert (seen.header.number, seen.header.values, seen.total) == (1, ["ref", "price"], 1)
    assert [(row.number, row.values) for row in rows_of(content, seen, 4)] == [(2, ["A,B", "1"])]
