"""Files in S3: written, read from any place on, known by their entity tag, and reached by links."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from chalicelib.kernel import clock
from chalicelib.kernel.ids import new_id
from chalicelib.media.errors import PhotoNotUploaded, TooManyPixels, WrongFileSize, WrongFileType
from chalicelib.media.model import MOST_BYTES
from chalicelib.media.service import files, uploads
from tests.adapters.conftest import BUCKET
from tests.pictures import jpeg, png, webp

KEY = "tenant/imports/1.csv"


def _store(content: bytes = b"0123456789") -> str:
    """Writes the file; its entity tag."""
    files.store(KEY, content, "text/csv; charset=utf-8")
    described = files.describe(KEY)
    assert described is not None
    assert described[0] == len(content)
    return described[1]


def _read(offset: int = 0, etag: str = "") -> bytes:
    return b"".join(files.chunks(KEY, offset, etag))


def test_a_file_is_read_from_any_place_on(bucket: Any) -> None:
    etag = _store()

    assert (_read(), _read(4), _read(9, etag)) == (b"0123456789", b"456789", b"9")
    assert bucket.head_object(Bucket=BUCKET, Key=KEY)["ContentType"] == "text/csv; charset=utf-8"


def test_beyond_its_end_there_is_nothing(bucket: Any) -> None:
    _store()

    assert (_read(10), _read(1_000)) == (b"", b"")


def test_a_large_file_comes_in_parts(bucket: Any) -> None:
    _store(bytes(600_000))

    assert [len(chunk) for chunk in files.chunks(KEY)] == [262_144, 262_144, 75_712]


def test_a_file_that_is_absent_is_told_from_one_that_is_there(bucket: Any) -> None:
    assert files.describe(KEY) is None
    with pytest.raises(files.FileChanged):
        _read()


def test_a_file_that_was_replaced_is_read_no_further(bucket: Any) -> None:
    before = _store()
    after = _store(b"abcdefghij")

    with pytest.raises(files.FileChanged):
        _read(4, before)
    assert _read(4, after) == b"efghij"


def test_a_bucket_that_is_not_there_is_no_absent_file(mocked: None) -> None:
    with pytest.raises(ClientError, match="NoSuchBucket"):
        _read()


def test_files_under_a_prefix_are_listed_in_order_over_all_pages(bucket: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MOTO_S3_DEFAULT_MAX_KEYS", "2")
    for name in ("b/3", "a/1", "b/1", "b/2", "b/4", "c/1"):
        files.store(name, b"", "text/plain")

    assert files.names("b/") == ["b/1", "b/2", "b/3", "b/4"]


def test_a_form_and_a_link_let_one_file_in_and_out(bucket: Any) -> None:
    form = files.upload_form(KEY, "text/csv", 1, 20, 600)
    sent = requests.post(form.url, data=form.fields, files={"file": b"order_ref\n"}, timeout=5)
    got = requests.get(files.download_url(KEY), timeout=5)

    assert (sent.status_code, got.status_code, got.content, _read()) == (204, 200, b"order_ref\n", b"order_ref\n")
    assert "X-Amz-Expires=3600" in files.download_url(KEY)


def _tags(bucket: Any, key: str) -> Any:
    return bucket.get_object_tagging(Bucket=BUCKET, Key=key)["TagSet"]


def _upload(bucket: Any, content: bytes, content_type: str = "image/png", upload_id: str = "") -> str:
    """A file that lies where the form for an upload would have put it."""
    upload_id = upload_id or new_id(clock.now())
    bucket.put_object(
        Bucket=BUCKET, Key=f"tenant/uploads/member/{upload_id}", Body=content, ContentType=content_type,
        Tagging="lasting=no",
    )  # fmt: skip
    return upload_id


def _keep(upload_id: str, member: str = "member") -> bytes:
    name = uploads.keep("tenant", member, upload_id, "/photos/0")
    return requests.get(uploads.link("tenant", member, name), timeout=5).content


@pytest.mark.parametrize(
    ("content", "content_type"),
    [(png(), "image/png"), (webp(8000, 8000), "image/webp"), (jpeg(exif=200_000), "image/jpeg")],
    ids=["png", "webp", "jpeg behind much Exif"],
)
def test_a_picture_is_looked_at_and_kept(bucket: Any, content: bytes, content_type: str) -> None:
    assert _keep(_upload(bucket, content, content_type)) == content


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (b"GIF89a" + bytes(64), "image/png"),
        (png(), "image/jpeg"),
        (png(), "text/html"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        (b"\xff\xd8\xff\xe0" + bytes(96), "image/jpeg"),
        (jpeg()[:24], "image/jpeg"),
        (png(0, 7), "image/png"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 " + bytes(50), "image/webp"),
    ],
    ids=["GIF", "another type", "no picture's", "SVG", "no frame", "torn", "no width", "empty frame"],
)
def test_its_bytes_decide_what_a_picture_is(bucket: Any, content: bytes, content_type: str) -> None:
    with pytest.raises(WrongFileType) as refused:
        _keep(_upload(bucket, content, content_type))

    assert refused.value.errors[0].pointer == "/photos/0"


@pytest.mark.parametrize(
    ("content", "content_type"),
    [(jpeg(8001, 8000), "image/jpeg"), (png(65_536, 65_536), "image/png"), (webp(16_383, 16_383), "image/webp")],
    ids=["jpeg", "png", "webp"],
)
def test_a_picture_has_so_many_pixels_however_small_its_file(bucket: Any, content: bytes, content_type: str) -> None:
    with pytest.raises(TooManyPixels) as refused:
        _keep(_upload(bucket, content, content_type))

    assert refused.value.errors[0].pointer == "/photos/0"
    assert "64 million" in refused.value.detail
    assert "6400 万像素" in refused.value.detail_zh


def test_a_picture_that_is_larger_than_its_form_allowed_is_refused(bucket: Any) -> None:
    with pytest.raises(WrongFileSize):
        _keep(_upload(bucket, png() + bytes(MOST_BYTES)))


def test_a_picture_without_a_byte_and_another_members_are_not_there(bucket: Any) -> None:
    uploaded = _upload(bucket, png())

    for member, upload_id in (("member", _upload(bucket, b"")), ("another", uploaded)):
        with pytest.raises(PhotoNotUploaded):
            _keep(upload_id, member)


def test_a_picture_stays_as_it_was_used_and_lasts_while_uploads_pass(bucket: Any) -> None:
    """As deployed: the bucket keeps versions."""
    bucket.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    upload_id = _upload(bucket, png())
    first = uploads.keep("tenant", "member", upload_id, "/photos/0")

    _upload(bucket, png(7, 7), upload_id=upload_id)
    second = uploads.keep("tenant", "member", upload_id, "/photos/0")
    assert uploads.keep("tenant", "member", upload_id, "/photos/0") == second

    for name, picture in ((first, png()), (second, png(7, 7))):
        assert requests.get(uploads.link("tenant", "member", name), timeout=5).content == picture
        assert _tags(bucket, f"tenant/photos/member/{name}") == []
    versions = bucket.list_object_versions(Bucket=BUCKET, Prefix="tenant/uploads/")["Versions"]
    assert first == f"{upload_id}.{next(each['VersionId'] for each in versions if not each['IsLatest'])}"
