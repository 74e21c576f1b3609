"""A first look at a file: how it is written, what its columns are called, and how many rows follow."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice

from chalicelib.insight.activity.model import columns, member_rows
from chalicelib.insight.activity.model import csv as csvrows
from chalicelib.insight.activity.model.columns import BadHeader
from chalicelib.insight.activity.model.dialect import Seen, look
from chalicelib.insight.imports.errors import FileReplaced, FileTooLarge, NotUploaded
from chalicelib.insight.imports.model.kinds import COMPETITOR_PRICES, MEMBERS, ORDERS, PRODUCTS
from chalicelib.insight.imports.model.mapping import FIELDS, MOST_COLUMNS
from chalicelib.insight.imports.service import workbooks
from chalicelib.insight.imports.service.files import csv_key, store_csv
from chalicelib.jobs.model import MOST_UPLOAD_BYTES, Kind
from chalicelib.jobs.records import JobRecord
from chalicelib.kernel.counting import counted
from chalicelib.media.service import files

SHOWN_ROWS = 5

_KNOWN: Mapping[str, Callable[[Sequence[str]], int]] = {
    ORDERS.name: columns.known,
    MEMBERS.name: member_rows.known,
    PRODUCTS.name: FIELDS[PRODUCTS.name].known,
    COMPETITOR_PRICES.name: FIELDS[COMPETITOR_PRICES.name].known,
}


@dataclass(frozen=True, slots=True)
class Survey:
    """What a first look at a file gives: its columns, where its rows begin, about how many there are, how it is
    written, and in which zone its wall-clock times are, where it says so.
    """

    columns: tuple[str, ...]
    offset: int
    number: int
    total: int
    dialect: csvrows.Dialect
    zone: str | None


@dataclass(frozen=True, slots=True)
class Preview:
    """A file before it is imported: in which row its columns have their titles, what each seems to hold, its first
    rows below them with their numbers, about how many there are, and the rows from the top of the file.
    """

    header_row: int
    titles: tuple[str, ...]
    guess: tuple[str, ...]
    rows: tuple[csvrows.Row, ...]
    total: int
    top: tuple[csvrows.Row, ...]


def survey(chunks: Iterable[bytes], kind: Kind = ORDERS, header_row: int | None = None) -> Survey:
    """Reads a file once: its header must be right, its lines are counted. Raises BadHeader."""
    seen = _seen(chunks, kind, header_row)
    tz = None
    if kind == ORDERS:
        found = columns.read_header(seen.header)
        names, tz = found.names, found.tz.key if found.tz else None
    elif kind == MEMBERS:
        names = member_rows.read_header(seen.header)
    else:
        names = FIELDS[kind.name].read_header(seen.header)
    return Survey(names, seen.header.end, seen.header.number, seen.total, seen.dialect, tz)


def survey_as(chunks: Iterable[bytes], kind: Kind, named: Sequence[str], header_row: int | None = None) -> Survey:
    """The same, of a file whose columns hold what ``named`` says, in their order. Raises BadHeader."""
    FIELDS[kind.name].check(named)
    seen = _seen(chunks, kind, header_row)
    if len(named) < _width(seen.header.values):
        message = (
            f"The file has {_width(seen.header.values)} columns; say of each what it holds, or that it is left out."
        )
        raise BadHeader.at("/columns", message, f"文件有 {_width(seen.header.values)} 列，请逐列说明内容或忽略。")
    zone = _zone(named, seen.header.values)
    return Survey(tuple(named), seen.header.end, seen.header.number, seen.total, seen.dialect, zone)


def _zone(named: Sequence[str], titles: Sequence[str]) -> str | None:
    """The zone of wall-clock times, where the title of their column names one."""
    pairs = enumerate(zip(named, titles, strict=False))
    at, title = next(((at, title) for at, (name, title) in pairs if name == "ordered_at"), (0, ""))
    tz = columns.zone_in(title, f"/columns/{at}")
    return tz.key if tz else None


def preview(job: JobRecord, kind: Kind, etag: str, header_row: int | None = None) -> Preview:
    """How the file of an import looks that has ``arrived``. Raises FileReplaced and BadHeader."""
    key = csv_key(job.tenant_id, job.id)
    try:
        seen = _seen(files.chunks(key, etag=etag), kind, header_row)
        first = csvrows.read(
            files.chunks(key, seen.header.end, etag),
            width=None, offset=seen.header.end, number=seen.header.number, dialect=seen.dialect,
        )  # fmt: skip
        rows = tuple(islice(first, SHOWN_ROWS))
    except files.FileChanged as changed:
        raise replaced() from changed
    width = max(_width(row.values) for row in (seen.header, *rows))
    if width > MOST_COLUMNS:
        message = f"The file has {width} columns; up to {MOST_COLUMNS} can be looked at. Leave out what is not needed."
        raise BadHeader.at("/file", message, f"文件有 {width} 列，最多 {MOST_COLUMNS} 列，请删除不需要的列。")
    titles = tuple((seen.header.values + [""] * width)[:width])
    return Preview(seen.header.number, titles, FIELDS[kind.name].guess(titles), rows, seen.total, seen.top)


def _width(values: Sequence[str]) -> int:
    """Fields up to the last that has something in it."""
    return max((at for at, value in enumerate(values, 1) if value), default=0)


def arrived(tenant_id: str, job_id: str) -> str:
    """The entity tag of the import's file, which is CSV from here on: a workbook is rewritten in its place.

    Raises NotUploaded, FileTooLarge, BadWorkbook.
    """
    key = csv_key(tenant_id, job_id)
    size, etag = _described(key)
    try:
        first = next(files.chunks(key, etag=etag), b"")
        if first.startswith(workbooks.OLD_WORKBOOK):
            raise workbooks.not_a_workbook()
        if not first.startswith(workbooks.WORKBOOK):
            return etag
        workbooks.check_size(size)
        content = workbooks.as_csv(b"".join(files.chunks(key, etag=etag)))
    except files.FileChanged as changed:
        raise replaced() from changed
    store_csv(tenant_id, job_id, content)
    return _described(key)[1]


def replaced() -> FileReplaced:
    """The refusal of a file that changed while it was read."""
    return FileReplaced(
        "Another file was sent while this one was read. Look at it again.",
        detail_zh="读取时文件被新上传的文件替换，请重新查看。",
    )


def check_size(pointer: str, size: int, most: int) -> None:
    """Raises FileTooLarge above so many bytes."""
    if size > most:
        raise FileTooLarge.at(
            pointer,
            f"The file has {counted(size, 'byte')}; the most that is taken here is {most:,}.",
            f"文件有 {size} 字节，此处最多 {most} 字节。",
        )


def _described(key: str) -> tuple[int, str]:
    described = files.describe(key)
    if described is None:
        raise NotUploaded(
            "Upload the file by the form that you were given first, then start the job.",
            detail_zh="请先用所给的表单上传文件，再启动任务。",
        )
    check_size("/file", described[0], MOST_UPLOAD_BYTES)
    return described


def _seen(chunks: Iterable[bytes], kind: Kind, header_row: int | None) -> Seen:
    source = iter(chunks)
    first = next(source, b"")
    if first.startswith(workbooks.WORKBOOK):
        message = "This is a workbook. Save it as CSV UTF-8 and send that."
        raise BadHeader.at("/csv", message, "这是 Excel 工作簿，请另存为“CSV UTF-8”后再上传。")
    seen = look(chain([first], source), _KNOWN[kind.name], header_row)
    if header_row is not None and seen.header.number != header_row:
        message = f"Row {header_row} has nothing in it. Choose the row in which the columns have their titles."
        raise BadHeader.at("/header_row", message, f"第 {header_row} 行没有内容，请选择表头所在的行。")
    return seen
