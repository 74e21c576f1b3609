"""AWS as moto answers for it, inside the test's process and thread: what the embedded engine does not show.

Nothing here runs in several threads, and nothing is a transaction: those are proved on the engine.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib import aws, settings

BUCKET = "media"
_clients: dict[str, Any] = {}
"""Kept from test to test, apart from those that talk to the engine: making one takes longer than a test."""


@pytest.fixture
def mocked(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Empty AWS services; the clients and settings of other tests are back afterwards."""
    from moto import mock_aws

    of_the_engine = {name for name in os.environ if name.startswith("QUEUE_")}
    secrets = {"TOKEN_SECRET", "LINK_SECRET", "PAYMENT_SECRET", "WEBHOOK_SECRET", "MESSAGE_SECRET"}
    for name in {"AWS_ENDPOINT_URL"} | secrets | of_the_engine:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    monkeypatch.setenv("MEDIA_BUCKET", BUCKET)
    monkeypatch.setenv("MAIL_FROM", "shop@lintuan.example")
    monkeypatch.setattr(aws, "_clients", _clients)
    settings.forget()
    with mock_aws():
        yield
    monkeypatch.undo()
    settings.forget()


@pytest.fixture
def bucket(mocked: None) -> Any:
    """The client of S3, where the bucket of files is there and empty."""
    s3 = aws.client("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    return s3
