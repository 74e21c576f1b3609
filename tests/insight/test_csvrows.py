"""Reading CSV from any offset, with rows that cannot be read."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.insight.activity.model import csv as csvrows
from chalicelib.insight.activity.model.csv import Row


def read(content: bytes, width: int = 2, offset: int = 0, number: int = 0, chunk: int = 7) -> list[Row]:
    chunks = [content[at : at + chunk] for at in range(offset, len(content), chunk)]
    return list(csvrows.read(chunks, width=width, offset=offset, number=number))


def seen(content: bytes, **options: int) -> list[tuple[int, list[str] | str]]:
    return [(row.number, row.problem.en if row.problem else row.values) for row in read(content, **options)]


@pytest.mark.parametrize("ending", [b"\n", b"\r\n"])
@pytest.mark.parametrize("last", [b"", b"\n"])
def test_line_endings_and_the_last_line_without_one(ending: bytes, last: bytes) -> None:
    assert seen(b"a,b" + ending + b"c,d" + last) == [(1, ["a", "b"]), (2, ["c", "d"])]


def test_quoted_fields_hold_commas_quotes_and_line_breaks() -> None:
    assert seen(b'"a,1","b ""x"""\n"c\nd",e\n') == [(1, ["a,1", 'b "x"']), (2, ["c\nd", "e"])]


def test_blank_rows_are_skipped_but_counted_as_a_spreadsheet_does() -> None:
    assert seen(b"a,b\n\n \r\nc,d\n") == [(1, ["a", "b"]), (4, ["c", "d"])]


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        (b"x", "1 values for 2 columns"),
        (b"x,y,z", "3 values for 2 columns"),
        (b"\xff\xfe,y", "not UTF-8"),
        (b'"x"y,z', "not CSV"),
        (b'"x,y', "never closed"),
        (b"x," + b"y" * 70_000, "longer than"),
    ],
)
def test_a_row_that_cannot_be_read_spoils_only_itself(bad: bytes, said: str) -> None:
    first, wrong, *rest = read(b"a,b\n" + bad + b'\nc,d\n"e",f\n', chunk=5000)

    assert (first.values, wrong.number, wrong.values) == (["a", "b"], 2, [])
    assert wrong.problem is not None
    assert said in wrong.problem.en
    assert [(row.number, row.values) for row in rest] == [(3, ["c", "d"]), (4, ["e", "f"])]


def test_a_quotation_mark_that_never_closes_does_not_swallow_the_file() -> None:
    rows = read(b'"open,1\n' + b"".join(b"r%d,x\n" % at for at in range(100)))

    assert rows[0].problem is not None
    assert rows[0].problem.en == "a quotation mark is never closed"
    assert [row.values[0] for row in rows[1:]] == [f"r{at}" for at in range(100)]


fields = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Z"]), min_size=1, max_size=8)
cells = st.one_of(fields, st.sampled_from(["a\nb", 'say "hi"', "x,y", "🍊", "a\u2028b\x85c"]))


@given(st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=12), st.integers(1, 40), st.data())
def test_reading_may_stop_after_any_row_and_go_on_from_its_end(
    table: list[list[str]], chunk: int, data: st.DataObject
) -> None:
    text = io.StringIO()
    csv.writer(text).writerows(table)
    content = text.getvalue().encode()

    whole = read(content, width=3, chunk=chunk)
    stop = data.draw(st.sampled_from(whole))
    rest = read(content, width=3, offset=stop.end, number=stop.number, chunk=chunk)

    assert [row.values for row in whole] == [[value.strip() for value in line] for line in table]
    assert whole[stop.number :] == rest
    assert whole[-1].end == len(content)
