"""Where an export's parts and its file are kept, under the tenant's own prefix. They hold what is said of people, so
they do not last."""

import json
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from chalicelib.media.service import files
from chalicelib.web import Csv, csv_file
from chalicelib.web.workbooks import workbook

_JSON = "application/json"


def store_part(tenant_id: str, job_id: str, part: int, rows: Iterable[Sequence[Any]]) -> None:
    """Keeps the rows of one slice. A repeated slice has the same number, and overwrites itself."""
    files.store(
        _part_key(tenant_id, job_id, part), json.dumps(list(rows), default=_decimal).encode(), _JSON, lasting=False
    )


def join_parts(tenant_id: str, job_id: str, parts: int, header: Sequence[str], form: str) -> str:
    """Makes one file of all parts, in their order; returns its key."""
    table = Csv("orders.csv", header, _rows(tenant_id, job_id, parts), for_people=True)
    file = workbook(table) if form == "xlsx" else csv_file(table)
    key = f"{tenant_id}/exports/{job_id}/{file.filename}"
    files.store(key, file.content, file.content_type, lasting=False, filename=file.filename)
    return key


def _rows(tenant_id: str, job_id: str, parts: int) -> Iterator[Sequence[Any]]:
    for part in range(parts):
        content = b"".join(files.chunks(_part_key(tenant_id, job_id, part)))
        for row in json.loads(content):
            yield [Decimal(cell[0]) if isinstance(cell, list) else cell for cell in row]


def _decimal(cell: Any) -> list[str]:
    """An amount as a list of one text, which no other cell is."""
    return [str(cell)]


def _part_key(tenant_id: str, job_id: str, part: int) -> str:
    return f"{tenant_id}/exports/{job_id}/parts/{part:06d}.json"
