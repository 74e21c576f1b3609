"""Pictures that members upload: straight into the bucket, looked at and kept when they are used, read through links
that end.

A file is kept under its tenant's and its member's prefix, so nobody can name another's; one that everybody is to see is
copied below what shows it. The form that a member gets
lets exactly one file of the stated type and size in, and lets it in again for some minutes: so what is used is looked
at, and copied to where no form leads. What nobody uses passes (``files.KEPT``).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta

from botocore.exceptions import ClientError

from chalicelib.aws import client
from chalicelib.kernel.ids import new_id
from chalicelib.media.errors import PhotoNotUploaded, TooManyUploads
from chalicelib.media.model import HEAD_BYTES, check_announced, check_picture
from chalicelib.media.service.bare import bare
from chalicelib.media.service.files import bucket, delete_for_good, download_url, store, upload_form
from chalicelib.rate_limits.model import Budget, LimitReached
from chalicelib.rate_limits.service import most, take

UPLOAD_SECONDS = 600
_FORMS = "upload_forms_a_member"
_GONE = {"404", "NoSuchKey", "NotFound", "InvalidRange", "PreconditionFailed"}
"""Never sent, empty, or replaced while it was looked at."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A permission to upload one file: a form with these ``fields`` and the file last, POSTed to ``url``."""

    id: str
    url: str
    fields: dict[str, str]
    expires_at: datetime


def ask(tenant_id: str, member_id: str, content_type: str, size: int, now: datetime) -> Upload:
    """A form for one picture of this type and of exactly ``size`` bytes, good for ten minutes.

    Raises WrongFileType, WrongFileSize, TooManyUploads.
    """
    check_announced(content_type, size)
    _count(tenant_id, member_id, now)
    upload_id = new_id(now)
    return granted(upload_id, _sent(tenant_id, member_id, upload_id), content_type, size, now)


def granted(upload_id: str, key: str, content_type: str, size: int, now: datetime) -> Upload:
    """The permission to send such a file there."""
    form = upload_form(key, content_type, size, size, UPLOAD_SECONDS)
    return Upload(upload_id, form.url, form.fields, now + timedelta(seconds=UPLOAD_SECONDS))


def keep(tenant_id: str, member_id: str, upload_id: str, pointer: str) -> str:
    """Looks at a file that is about to be used, and keeps it as it is now; the name that it is kept under.

    The same file is kept once however often it is used; one that is sent in its place is another. Raises
    PhotoNotUploaded, WrongFileType, WrongFileSize, TooManyPixels, each at ``pointer``.
    """
    source = _sent(tenant_id, member_id, upload_id)
    try:
        file = looked_at(source, pointer)
        # S3 gives no version a second time, while two pictures can be made whose entity tags are alike.
        version = file.version or file.etag.strip('"')
        name = f"{upload_id}.{version}"
        file.copy_to(_kept(tenant_id, member_id, name))
    except FileGone as gone:
        raise _not_uploaded(pointer) from gone
    return name


def keep_for_all(tenant_id: str, member_id: str, upload_id: str, shown_by: str, pointer: str, now: datetime) -> str:
    """The same of a picture that everybody is to see: each time as a file of its own, below what it is ``shown_by``,
    such as ``reviews/{id}``, and without what a camera wrote beside it, so that neither its link nor the file says
    who sent it, or where they live. Raises as :func:`keep`.
    """
    name = new_id(now)
    try:
        file = looked_at(_sent(tenant_id, member_id, upload_id), pointer)
        store(f"{tenant_id}/{shown_by}/{name}", bare(file.content_type, file.read()), file.content_type)
    except FileGone as gone:
        raise _not_uploaded(pointer) from gone
    return name


def link_for_all(tenant_id: str, shown_by: str, name: str) -> str:
    """Where a picture that everybody sees can be read for an hour."""
    return download_url(f"{tenant_id}/{shown_by}/{name}")


def delete_shown(tenant_id: str, shown_by: str, name: str = "") -> None:
    """Deletes a picture that everybody saw, by its name, or all that were shown by the same, for good; done again,
    nothing changes.
    """
    delete_for_good(f"{tenant_id}/{shown_by}/{name}")


def _not_uploaded(pointer: str) -> PhotoNotUploaded:
    message = "There is no such photo; ask for an upload, send the file, then use its id."
    return PhotoNotUploaded.at(pointer, message, "照片尚未上传，请先上传再提交。")


class FileGone(Exception):
    """The file was never sent, is empty, or was replaced while it was looked at."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A file that was looked at, as it was then."""

    key: str
    etag: str
    version: str
    content_type: str

    def read(self) -> bytes:
        """All of the file. Raises FileGone."""
        with _told_apart(), client("s3").get_object(Bucket=bucket(), Key=self.key, IfMatch=self.etag)["Body"] as body:
            return bytes(body.read())

    def copy_to(self, key: str, *, for_ever: bool = False) -> None:
        """Keeps the file where no form leads; browsers may keep one that is ``for_ever``. Raises FileGone."""
        headers = {
            "MetadataDirective": "REPLACE",
            "ContentType": self.content_type,
            "CacheControl": "public, max-age=31536000, immutable",
        }
        with _told_apart():
            client("s3").copy_object(
                Bucket=bucket(),
                Key=key,
                CopySource={"Bucket": bucket(), "Key": self.key},
                CopySourceIfMatch=self.etag,
                TaggingDirective="REPLACE",
                **(headers if for_ever else {}),
            )


def looked_at(key: str, pointer: str) -> Sent:
    """The file, which is a picture by its bytes. Raises FileGone, WrongFileType, WrongFileSize, TooManyPixels."""
    with _told_apart():
        found = client("s3").get_object(Bucket=bucket(), Key=key, Range=f"bytes=0-{HEAD_BYTES - 1}")
        with found["Body"] as body:
            head = body.read(HEAD_BYTES)
    size = int(str(found["ContentRange"]).rpartition("/")[2])
    content_type = str(found["ContentType"])
    check_picture(content_type, head, size, pointer)
    return Sent(key, str(found["ETag"]), str(found.get("VersionId") or ""), content_type)


@contextmanager
def _told_apart() -> Iterator[None]:
    try:
        yield
    except ClientError as refused:
        if refused.response["Error"]["Code"] not in _GONE:
            raise
        raise FileGone from refused


def link(tenant_id: str, member_id: str, name: str) -> str:
    """Where a picture that was kept can be read for an hour."""
    return download_url(_kept(tenant_id, member_id, name))


def _count(tenant_id: str, member_id: str, now: datetime) -> None:
    try:
        take([Budget.of(_FORMS, tenant_id, member_id)], now)
    except LimitReached as spent:
        raise TooManyUploads(
            f"At most {most(_FORMS)} photos an hour are taken from one member; send more later.",
            detail_zh=f"每位会员每小时最多上传 {most(_FORMS)} 张照片，请稍后再试。",
            retry_after=spent.retry_after,
        ) from spent


def _sent(tenant_id: str, member_id: str, upload_id: str) -> str:
    """Where the form lets a file in."""
    return f"{tenant_id}/uploads/{member_id}/{upload_id}"


def _kept(tenant_id: str, member_id: str, name: str) -> str:
    if "." not in name:
        # The upload itself: cases opened before pictures were kept refer to that.
        return _sent(tenant_id, member_id, name)
    return f"{tenant_id}/photos/{member_id}/{name}"
