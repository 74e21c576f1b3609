"""Import files and their error lists, in the bucket under the tenant's own prefix."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

from botocore.exceptions import ClientError

from chalicelib.aws import client
from chalicelib.settings import required, settings

URL_SECONDS = 3600
_CHUNK = 256 * 1024
_ABSENT = {"404", "NoSuchKey", "NotFound"}
_CHANGED = {"412", "PreconditionFailed"}
_PAST_THE_END = "InvalidRange"


def csv_key(tenant_id: str, job_id: str) -> str:
    return f"{tenant_id}/imports/{job_id}.csv"


def errors_key(tenant_id: str, job_id: str) -> str:
    return f"{tenant_id}/imports/{job_id}.errors.csv"


def store(key: str, content: bytes) -> None:
    """Writes a CSV file."""
    client("s3").put_object(Bucket=_bucket(), Key=key, Body=content, ContentType="text/csv; charset=utf-8")


class FileChanged(Exception):
    """The file is gone, or is no longer the one that the import began with."""


def describe(key: str) -> tuple[int, str] | None:
    """Bytes and entity tag of a file; None when there is no such file."""
    try:
        head = client("s3").head_object(Bucket=_bucket(), Key=key)
    except ClientError as refused:
        if refused.response["Error"]["Code"] in _ABSENT:
            return None
        raise
    return int(head["ContentLength"]), str(head["ETag"])


def chunks(key: str, offset: int = 0, etag: str = "") -> Iterator[bytes]:
    """A file's bytes from an offset on, streamed; nothing from beyond its end.

    Raises FileChanged when the file is absent, or has another entity tag than the one given.
    """
    unchanged = {"IfMatch": etag} if etag else {}
    try:
        body = client("s3").get_object(Bucket=_bucket(), Key=key, Range=f"bytes={offset}-", **unchanged)["Body"]
    except ClientError as refused:
        code = refused.response["Error"]["Code"]
        if code == _PAST_THE_END:
            return
        if code in _ABSENT | _CHANGED:
            raise FileChanged(key) from refused
        raise
    try:
        while chunk := body.read(_CHUNK):
            yield chunk
    finally:
        body.close()


def upload_url(key: str) -> str:
    """Where the file may be PUT for an hour."""
    return _signed("put_object", key)


def download_url(key: str) -> str:
    """Where the file may be read for an hour."""
    return _signed("get_object", key)


def store_error_part(tenant_id: str, job_id: str, first_row: int, errors: Sequence[tuple[int, str]]) -> None:
    """Keeps the errors of one slice. A slice always begins at the same row, so a repeated one overwrites itself."""
    store(f"{_parts_prefix(tenant_id, job_id)}{first_row:012d}.csv", _csv(errors))


def join_error_parts(tenant_id: str, job_id: str) -> str:
    """Makes one file of the errors of all slices, in the file's order; returns its key."""
    prefix, s3 = _parts_prefix(tenant_id, job_id), client("s3")
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=_bucket(), Prefix=prefix)
    names = sorted(item["Key"] for page in pages for item in page.get("Contents", []))
    body = b"row,message\r\n" + b"".join(b"".join(chunks(name)) for name in names)
    key = errors_key(tenant_id, job_id)
    store(key, body)
    return key


def _parts_prefix(tenant_id: str, job_id: str) -> str:
    return f"{tenant_id}/imports/{job_id}/errors/"


def _csv(rows: Iterable[tuple[int, str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _signed(operation: str, key: str) -> str:
    url: str = client("s3").generate_presigned_url(
        operation, Params={"Bucket": _bucket(), "Key": key}, ExpiresIn=URL_SECONDS
    )
    return url


def _bucket() -> str:
    return required(settings().media_bucket, "MEDIA_BUCKET")
