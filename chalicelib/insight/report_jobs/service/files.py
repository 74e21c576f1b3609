"""The parts of a report's file, and the file made of them, under the tenant's own prefix. They do not last."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from chalicelib.insight.report_jobs.model import file_name
from chalicelib.media.service import files
from chalicelib.web import Csv, File, csv_file
from chalicelib.web.workbooks import Sheet, book, sheets_of

_JSON = "application/json"
_SVG = "image/svg+xml"


def store_part(tenant_id: str, job_id: str, run: str, part: int, rows: Iterable[Any]) -> None:
    """Keeps the rows of one slice of a run, which has one state of figures. A repeated slice overwrites itself."""
    content = json.dumps(list(rows), default=_cell).encode()
    files.store(_part_key(tenant_id, job_id, run, part), content, _JSON, lasting=False)


def join(tenant_id: str, job_id: str, run: str, parts: int, head: Mapping[str, Any], form: str) -> str:
    """Makes one file of all parts of a run; returns its key. ``head`` is what it says of itself."""
    rows = _rows(tenant_id, job_id, run, parts)
    name = file_name(dict(head), form)
    if form == "json":
        said = {**head["view"], "members": list(rows)} if head["listed"] else head["view"]
        return _store(tenant_id, job_id, File(name, _JSON, json.dumps(said, ensure_ascii=False).encode()))
    table = Csv(name.removesuffix(f".{form}") + ".csv", head["header"], rows, for_people=True)
    if form == "csv":
        return _store(tenant_id, job_id, csv_file(table))
    about = Sheet(head["about_title"], head["about_header"], head["about"])
    return _store(tenant_id, job_id, book(name, [*sheets_of(table, head["rows"]), about], "Sheet"))


def store_drawing(tenant_id: str, job_id: str, head: Mapping[str, Any], svg: str) -> str:
    """Keeps a picture; returns its key."""
    return _store(tenant_id, job_id, File(file_name(dict(head), "svg"), _SVG, svg.encode()))


def _store(tenant_id: str, job_id: str, file: File) -> str:
    key = f"{_folder(tenant_id, job_id)}{file.filename}"
    files.store(key, file.content, file.content_type, lasting=False, filename=file.filename)
    return key


def remove(tenant_id: str, job_id: str) -> None:
    """Deletes the file and its parts, for good."""
    files.delete_for_good(_folder(tenant_id, job_id))


def _rows(tenant_id: str, job_id: str, run: str, parts: int) -> Iterator[Any]:
    for part in range(parts):
        content = b"".join(files.chunks(_part_key(tenant_id, job_id, run, part)))
        for row in json.loads(content):
            yield [_read(cell) for cell in row] if isinstance(row, list) else row


def _cell(cell: Any) -> Any:
    """An amount as a list of one text, a day as a list of two, which no other cell is."""
    return [cell.isoformat(), "day"] if isinstance(cell, date) else [str(cell)]


def _read(cell: Any) -> Any:
    match cell:
        case [str(day), "day"]:
            return date.fromisoformat(day)
        case [str(amount)]:
            return Decimal(amount)
    return cell


def _part_key(tenant_id: str, job_id: str, run: str, part: int) -> str:
    return f"{_folder(tenant_id, job_id)}parts/{run}/{part:06d}.json"


def _folder(tenant_id: str, job_id: str) -> str:
    return f"{tenant_id}/report-files/{job_id}/"
