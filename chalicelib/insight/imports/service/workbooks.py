"""Workbooks as people have them become the CSV that imports read, row for row, so that rows keep their numbers."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.etree.ElementTree import ParseError

from chalicelib.insight.imports.errors import BadWorkbook, FileTooLarge
from chalicelib.insight.imports.model.mapping import MOST_COLUMNS

WORKBOOK = b"PK\x03\x04"
"""The first bytes of every workbook, which is an archive."""

OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
"""The first bytes of what spreadsheets wrote before 2007, and of workbooks with a password."""

MOST_BYTES = 5 * 1024 * 1024
MOST_UNPACKED_BYTES = 32 * 1024 * 1024
"""Of all parts of the archive: a small file may unpack to any size."""

MOST_ROWS = 20_000

_LITERAL = re.compile(r'"[^"]*"|\\.')
"""What a number format shows as it stands."""

_BREAKS = str.maketrans({"\r": " ", "\n": " ", "\x0b": " ", "\u2028": " ", "\u2029": " "})


def as_csv(content: bytes) -> bytes:
    """The first sheet with something in it that is not hidden, as UTF-8: dates with the year first, numbers as they
    are, percentages with their sign, a line for each row, blank ones too.

    Raises FileTooLarge for more rows or columns than a workbook may have, or more bytes unpacked, BadWorkbook for what
    is none.
    """
    # Imported here because it costs a cold start 100 ms, and most requests bring no workbook.
    import openpyxl  # type: ignore[import-untyped]
    from openpyxl.utils.exceptions import InvalidFileException  # type: ignore[import-untyped]

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            unpacked = sum(each.file_size for each in archive.infolist())
        if unpacked > MOST_UNPACKED_BYTES:
            raise _too_large(
                f"{MOST_UNPACKED_BYTES // 1024**2} MB unpacked", f"解压后 {MOST_UNPACKED_BYTES // 1024**2} MB"
            )
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible" and (rows := _rows(sheet)):
                return _written(rows)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, ParseError, EOFError) as torn:
        raise not_a_workbook() from torn
    raise BadWorkbook.at(
        "/file",
        "The workbook has no sheet with anything in it. Put your list on the first sheet and send it again.",
        "工作簿中没有内容，请把清单放在第一张工作表后重新上传。",
    )


def check_size(size: int) -> None:
    """Raises FileTooLarge for a workbook of more bytes than one may have."""
    if size > MOST_BYTES:
        raise _too_large(f"{MOST_BYTES // 1024**2} MB", f"{MOST_BYTES // 1024**2} MB")


def not_a_workbook() -> BadWorkbook:
    """The refusal of what cannot be read as a workbook."""
    return BadWorkbook.at(
        "/file",
        "This workbook cannot be read. Save it as an Excel workbook (.xlsx) without a password, or as CSV UTF-8, and "
        "send that.",
        "无法读取该工作簿，请另存为不带密码的 Excel 工作簿（.xlsx）或 CSV UTF-8 后重新上传。",
    )


def _too_large(most: str, most_zh: str) -> FileTooLarge:
    return FileTooLarge.at(
        "/file",
        f"A workbook may have up to {most}. Save it as CSV UTF-8, or divide it, and send that.",
        f"工作簿最多 {most_zh}，请另存为 CSV UTF-8 或拆分后再上传。",
    )


def _rows(sheet: Any) -> list[list[str]]:
    """The rows down to the last that has something in it; empty for a blank sheet."""
    if hasattr(sheet, "reset_dimensions"):
        sheet.reset_dimensions()  # programs write wrong ones, and rows would be missing
    found: list[list[str]] = []
    blank = 0
    for cells in sheet.iter_rows():
        texts = _texts(cells)
        if not texts:
            blank += 1
            continue
        found += [[] for _ in range(blank)] + [texts]
        blank = 0
        if len(found) > MOST_ROWS:
            raise _too_large(f"{MOST_ROWS:,} rows", f"{MOST_ROWS} 行")
        if len(texts) > MOST_COLUMNS:
            raise _too_large(f"{MOST_COLUMNS} columns", f"{MOST_COLUMNS} 列")
    return found


def _texts(cells: Sequence[Any]) -> list[str]:
    texts = [_share(cell) if _is_share(cell) else _text(cell.value) for cell in cells]
    while texts and not texts[-1]:
        texts.pop()
    return texts


def _is_share(cell: Any) -> bool:
    """Whether a number is shown as a percentage."""
    return type(cell.value) in (int, float) and "%" in _LITERAL.sub("", cell.number_format or "")


def _share(cell: Any) -> str:
    """``9%``, which is stored as 0.09."""
    return f"{cell.value * 100:.12g}%"


def _text(cell: Any) -> str:
    """A cell as a person reads it: a whole number without a point, a day without its midnight."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else f"{cell:.12g}"
    if isinstance(cell, datetime):
        return str(cell.date()) if cell.time() == time() else cell.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, date | time | timedelta | int):
        return str(cell)
    return str(cell).translate(_BREAKS).strip()


def _written(rows: Iterable[list[str]]) -> bytes:
    kept = list(rows)
    width = max(map(len, kept))
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(_padded(kept, width))
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8", "replace")


def _padded(rows: Iterable[list[str]], width: int) -> Iterator[list[str]]:
    """Every row as wide as the widest; one of a single blank field would be written as quotation marks."""
    wide = max(width, 2)
    return (row + [""] * (wide - len(row)) for row in rows)
