"""Files in S3: written, read from any place on, known by their entity tag, and reached by links."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from botocore.exceptions import ClientError

from chalicelib.kernel import clock
from chalicelib.media.errors import PhotoNotUploaded, WrongFileSize, WrongFileType
from chalicelib.media.service import files, uploads
from tests.adapters.conftest import BUCKET

KEY = "tenant/imports/1.csv"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


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


def test_links_let_one_file_in_and_out(bucket: Any) -> None:
    put = requests.put(files.upload_url(KEY), data=b"order_ref\n", timeout=5)
    got = requests.get(files.download_url(KEY), timeout=5)

    assert (put.status_code, got.status_code, got.content, _read()) == (200, 200, b"order_ref\n", b"order_ref\n")
    assert "X-Amz-Expires=3600" in files.download_url(KEY)


def _upload(bucket: Any, content: bytes, content_type: str = "image/png") -> str:
    """A file that lies where the form for an upload would have put it."""
    granted = uploads.ask("tenant", "member", "image/png", len(PNG), clock.now())
    bucket.put_object(Bucket=BUCKET, Key=granted.fields["key"], Body=content, ContentType=content_type)
    return granted.id


def test_a_picture_is_looked_at_by_its_first_bytes(bucket: Any) -> None:
    uploads.check("tenant", "member", _upload(bucket, PNG), "/photos/0")

    for content, content_type in ((b"GIF89a" + bytes(64), "image/png"), (PNG, "image/jpeg"), (PNG, "text/html")):
        with pytest.raises(WrongFileType) as refused:
            uploads.check("tenant", "member", _upload(bucket, content, content_type), "/photos/0")
        assert refused.value.errors[0].pointer == "/photos/0"


def test_a_picture_that_is_larger_than_its_form_allowed_is_refused(bucket: Any) -> None:
    too_large = _upload(bucket, PNG + bytes(uploads.MOST_BYTES))

    with pytest.raises(WrongFileSize):
        uploads.check("tenant", "member", too_large, "/photos/0")


def test_a_picture_without_a_byte_and_another_members_are_not_there(bucket: Any) -> None:
    uploaded = _upload(bucket, PNG)

    for member, upload_id in (("member", _upload(bucket, b"")), ("another", uploaded)):
        with pytest.raises(PhotoNotUploaded):
            uploads.check("tenant", member, upload_id, "/photos/0")
