"""Where an import's file and its error lists are kept, under the tenant's own prefix."""

import csv
import io
from collections.abc import Sequence

from chalicelib.media.service import files

_CSV = "text/csv; charset=utf-8"


def csv_key(tenant_id: str, job_id: str) -> str:
    """The file that is imported."""
    return f"{tenant_id}/imports/{job_id}.csv"


def store_csv(tenant_id: str, job_id: str, content: bytes) -> None:
    """Keeps the file that is imported."""
    files.store(csv_key(tenant_id, job_id), content, _CSV)


def store_errors(tenant_id: str, job_id: str, first_row: int, errors: Sequence[tuple[int, str]]) -> None:
    """Keeps the errors of one slice. A slice always begins at the same row, so a repeated one overwrites itself."""
    text = io.StringIO()
    csv.writer(text).writerows(errors)
    files.store(f"{_errors_prefix(tenant_id, job_id)}{first_row:012d}.csv", text.getvalue().encode(), _CSV)


def join_errors(tenant_id: str, job_id: str) -> str:
    """Makes one file of the errors of all slices, in the file's order; returns its key."""
    parts = files.names(_errors_prefix(tenant_id, job_id))
    key = f"{tenant_id}/imports/{job_id}.errors.csv"
    files.store(key, b"row,message\r\n" + b"".join(b"".join(files.chunks(part)) for part in parts), _CSV)
    return key


def _errors_prefix(tenant_id: str, job_id: str) -> str:
    return f"{tenant_id}/imports/{job_id}/errors/"
