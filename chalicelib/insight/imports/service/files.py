"""Where an import's file and its error lists are kept, under the tenant's own prefix."""

from collections.abc import Sequence

from chalicelib.insight.activity.model.reasons import Reason
from chalicelib.media.service import files
from chalicelib.web import Csv, csv_file

_CSV = "text/csv; charset=utf-8"
_HEADER = {"en": ("row", "message"), "zh": ("行号", "问题")}


def csv_key(tenant_id: str, job_id: str) -> str:
    """The file that is imported."""
    return f"{tenant_id}/imports/{job_id}.csv"


def store_csv(tenant_id: str, job_id: str, content: bytes) -> None:
    """Keeps the file that is imported, which says who ordered what: it does not last."""
    files.store(csv_key(tenant_id, job_id), content, _CSV, lasting=False)


def store_errors(
    tenant_id: str, job_id: str, run: int, first_row: int, errors: Sequence[tuple[int, Reason]], locale: str
) -> None:
    """Keeps the errors of one slice of a run. A slice always begins at the same row, so a repeated one overwrites
    itself.
    """
    rows = [(number, reason.said(locale)) for number, reason in errors]
    part = csv_file(Csv("errors.csv", _HEADER[locale], rows)).content.partition(b"\r\n")[2]
    files.store(f"{_errors_prefix(tenant_id, job_id, run)}{first_row:012d}.csv", part, _CSV, lasting=False)


def join_errors(tenant_id: str, job_id: str, run: int, locale: str) -> str:
    """Makes one file of the errors of all slices of a run, in the file's order; returns its key."""
    parts = files.names(_errors_prefix(tenant_id, job_id, run))
    key = f"{tenant_id}/imports/{job_id}.errors.csv"
    head = csv_file(Csv("errors.csv", _HEADER[locale], [], for_people=True)).content
    whole = head + b"".join(b"".join(files.chunks(part)) for part in parts)
    files.store(key, whole, _CSV, lasting=False, filename=f"import-{job_id}-errors.csv")
    return key


def _errors_prefix(tenant_id: str, job_id: str, run: int) -> str:
    """A job that has set out once only has no run in its names, as none had in earlier releases."""
    return f"{tenant_id}/imports/{job_id}/errors/" + (f"{run}/" if run else "")
