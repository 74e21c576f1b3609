"""Files in the bucket, each under its tenant's own prefix: written, read as a stream, and reached by links that end."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from botocore.exceptions import ClientError

from chalicelib.aws import client
from chalicelib.settings import required, settings
from chalicelib.web.names import disposition

URL_SECONDS = 3600
KEPT = timedelta(days=7)
"""How long a file is there that does not last: the bucket's own rule deletes it."""

_PASSING = "lasting=no"
_PASSING_XML = "<Tagging><TagSet><Tag><Key>lasting</Key><Value>no</Value></Tag></TagSet></Tagging>"
_CHUNK = 256 * 1024
_ABSENT = {"404", "NoSuchKey", "NotFound"}
_CHANGED = {"412", "PreconditionFailed"}
_PAST_THE_END = "InvalidRange"


class FileChanged(Exception):
    """The file is gone, or is no longer the one that it was."""


def store(key: str, content: bytes, content_type: str, *, lasting: bool = True, filename: str = "") -> None:
    """Writes a file. One that is not ``lasting`` is for whoever asked for it, and is deleted after ``KEPT``; who reads
    it by a link gets it under its ``filename``.
    """
    more = {} if lasting else {"Tagging": _PASSING}
    if filename:
        more["ContentDisposition"] = disposition(filename)
    client("s3").put_object(Bucket=bucket(), Key=key, Body=content, ContentType=content_type, **more)


def names(prefix: str) -> list[str]:
    """The keys of all files under a prefix, in their order."""
    pages = client("s3").get_paginator("list_objects_v2").paginate(Bucket=bucket(), Prefix=prefix)
    return sorted(item["Key"] for page in pages for item in page.get("Contents", []))


def delete_for_good(prefix: str) -> None:
    """Deletes every file whose key begins so, with all versions that were kept of it."""
    pages = client("s3").get_paginator("list_object_versions").paginate(Bucket=bucket(), Prefix=prefix)
    for page in pages:
        for each in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
            client("s3").delete_object(Bucket=bucket(), Key=each["Key"], VersionId=each["VersionId"])


def describe(key: str) -> tuple[int, str] | None:
    """Bytes and entity tag of a file; None when there is no such file."""
    try:
        head = client("s3").head_object(Bucket=bucket(), Key=key)
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
        body = client("s3").get_object(Bucket=bucket(), Key=key, Range=f"bytes={offset}-", **unchanged)["Body"]
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


@dataclass(frozen=True, slots=True)
class Form:
    """A permission to send one file: a multipart form with all ``fields``, and last the ``file``, POSTed to ``url``."""

    url: str
    fields: dict[str, str]


def upload_form(key: str, content_type: str, least_bytes: int, most_bytes: int, seconds: int) -> Form:
    """A form that lets a file of one type and of so many bytes in, which is deleted after ``KEPT``.

    It works as often as it is sent, for so many seconds: what comes later takes the place of what came before.
    """
    fields = {"Content-Type": content_type, "tagging": _PASSING_XML}
    conditions = [{name: value} for name, value in fields.items()]
    size = ["content-length-range", least_bytes, most_bytes]
    form = client("s3").generate_presigned_post(
        bucket(), key, Fields=dict(fields), Conditions=[*conditions, size], ExpiresIn=seconds
    )
    return Form(form["url"], form["fields"])


def download_url(key: str) -> str:
    """Where the file may be read for an hour."""
    url: str = client("s3").generate_presigned_url(
        "get_object", Params={"Bucket": bucket(), "Key": key}, ExpiresIn=URL_SECONDS
    )
    return url


def bucket() -> str:
    """The bucket of all files. Raises SettingMissing without MEDIA_BUCKET."""
    return required(settings().media_bucket, "MEDIA_BUCKET")
