"""Pictures that members upload: straight into the bucket, looked at when they are used, read through links that end.

A file is kept under its tenant's and its member's prefix, so nobody can name another's. The form that a member gets
lets exactly one file of the stated type and size in; what really came is looked at again when something refers to it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.aws import client
from chalicelib.kernel.ids import new_id
from chalicelib.media.errors import PhotoNotUploaded, WrongFileSize, WrongFileType
from chalicelib.media.service.files import bucket, download_url

MOST_BYTES = 8 * 1024 * 1024
UPLOAD_SECONDS = 600
_ABSENT = {"404", "NoSuchKey", "NotFound", "InvalidRange"}
_FIRST_BYTES = 12


@dataclass(frozen=True, slots=True)
class Upload:
    """A permission to upload one file: a form with these ``fields`` and the file last, POSTed to ``url``."""

    id: str
    url: str
    fields: dict[str, str]
    expires_at: datetime


def _is_jpeg(head: bytes) -> bool:
    return head.startswith(b"\xff\xd8\xff")


def _is_png(head: bytes) -> bool:
    return head.startswith(b"\x89PNG\r\n\x1a\n")


def _is_webp(head: bytes) -> bool:
    return head[:4] == b"RIFF" and head[8:12] == b"WEBP"


_TYPES = {"image/jpeg": _is_jpeg, "image/png": _is_png, "image/webp": _is_webp}
"""The types taken, and how the first bytes of such a file look."""


def ask(tenant_id: str, member_id: str, content_type: str, size: int, now: datetime) -> Upload:
    """A form for one picture of this type and of exactly ``size`` bytes, good for ten minutes.

    Raises WrongFileType, WrongFileSize.
    """
    if content_type not in _TYPES:
        raise WrongFileType.at("/content_type", *_type_words())
    if not 0 < size <= MOST_BYTES:
        raise WrongFileSize.at("/size", *_size_words(size))
    upload_id = new_id(now)
    form: dict[str, Any] = client("s3").generate_presigned_post(
        bucket(),
        _key(tenant_id, member_id, upload_id),
        Fields={"Content-Type": content_type},
        Conditions=[{"Content-Type": content_type}, ["content-length-range", size, size]],
        ExpiresIn=UPLOAD_SECONDS,
    )
    return Upload(upload_id, form["url"], form["fields"], now + timedelta(seconds=UPLOAD_SECONDS))


def check(tenant_id: str, member_id: str, upload_id: str, pointer: str) -> None:
    """Looks at a file that is about to be used: it is there, a picture by its bytes and not only by its name, and not
    too large.

    Raises PhotoNotUploaded, WrongFileType, WrongFileSize, each at ``pointer``.
    """
    try:
        found = client("s3").get_object(
            Bucket=bucket(), Key=_key(tenant_id, member_id, upload_id), Range=f"bytes=0-{_FIRST_BYTES - 1}"
        )
    except ClientError as refused:
        if refused.response["Error"]["Code"] not in _ABSENT:
            raise
        message = f"There is no uploaded photo {upload_id}; ask for an upload, send the file, then use its id."
        raise PhotoNotUploaded.at(pointer, message, "照片尚未上传，请先上传再提交。") from refused
    with found["Body"] as body:
        head = body.read(_FIRST_BYTES)
    looks_right = _TYPES.get(str(found["ContentType"]))
    if looks_right is None or not looks_right(head):
        raise WrongFileType.at(pointer, *_type_words())
    size = int(str(found["ContentRange"]).rpartition("/")[2])
    if size > MOST_BYTES:
        raise WrongFileSize.at(pointer, *_size_words(size))


def link(tenant_id: str, member_id: str, upload_id: str) -> str:
    """Where the picture can be read for an hour."""
    return download_url(_key(tenant_id, member_id, upload_id))


def _key(tenant_id: str, member_id: str, upload_id: str) -> str:
    return f"{tenant_id}/uploads/{member_id}/{upload_id}"


def _type_words() -> tuple[str, str]:
    return f"Send a picture: {', '.join(_TYPES)}.", "请上传 JPEG、PNG 或 WebP 图片。"


def _size_words(size: int) -> tuple[str, str]:
    return (
        f"A photo has 1 to {MOST_BYTES} bytes; this has {size}.",
        f"图片大小须在 {MOST_BYTES // 1024 // 1024} MB 以内。",
    )
