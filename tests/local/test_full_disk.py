"""A disk on which nothing can be written: what is acknowledged is known to be unsaved, and after a while not taken."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable

import pytest

from infra.local import resources
from infra.local.engine import Engine
from infra.local.resources import client
from tests.builders import Shop
from tests.local.conftest import Process, no_room, room, until

pytestmark = pytest.mark.verify
"""How this machine's own stack keeps data: slow, and of no part that is deployed."""

WHY = "File too large"
"""What a process is told whose files may not grow, where a full disk says that there is no space left."""


def put(engine: Engine, sk: str, text: str = "") -> None:
    table = resources.create(engine).tables["TenantTable"]
    item = {"pk": {"S": "01AAAAAAAAAAAAAAAAAAAAAAAA#a"}, "sk": {"S": sk}, "text": {"S": text}}
    client(engine, "dynamodb").put_item(TableName=table, Item=item)


def upload(engine: Engine, body: bytes) -> None:
    client(engine, "s3").put_object(Bucket=resources.create(engine).buckets["MediaBucket"], Key="photo", Body=body)


def test_what_cannot_be_saved_is_said_and_is_saved_when_there_is_room(kept_engine: Engine) -> None:
    put(kept_engine, "before")
    kept_engine.save()
    no_room(kept_engine.pid)
    put(kept_engine, "unsaved")

    report = kept_engine.save()

    assert not report["saved"]
    assert WHY in report["fault"]
    assert kept_engine.folder
    assert list(kept_engine.folder.glob("*.tmp")) == []
    room(kept_engine.pid)
    assert kept_engine.save()["fault"] == ""
    assert kept_engine.keeper()["unsaved_seconds"] == 0

    no_room(kept_engine.pid, most_bytes=5_000)  # its last words are written to a file too
    put(kept_engine, "lost", "x" * 20_000)
    assert WHY in kept_engine.stop()


def test_no_record_is_kept_without_its_object(kept_engine: Engine) -> None:
    kept_engine.save()
    no_room(kept_engine.pid, most_bytes=1_000_000)
    put(kept_engine, "names a photo")
    upload(kept_engine, b"x" * 2_000_000)

    assert WHY in kept_engine.save()["fault"]

    room(kept_engine.pid)
    assert kept_engine.save()["saved"]
    kept_engine.kill()
    again = Engine(kept_engine.folder)
    again.start_anywhere()
    bucket = resources.create(again).buckets["MediaBucket"]
    assert client(again, "s3").get_object(Bucket=bucket, Key="photo")["Body"].read() == b"x" * 2_000_000
    again.stop()


@pytest.mark.parametrize("patience", [1, pytest.param(10, marks=pytest.mark.verify)])
def test_changes_are_refused_while_nothing_can_be_saved(start: Callable[..., Process], patience: int) -> None:
    process = start(**({} if patience == 10 else {"UNSAVED_SECONDS": str(patience)})).ready()
    shop = Shop(process)
    path = f"/v1/products/{shop.product()['id']}"
    engine = process.engine_pid()
    no_room(engine)

    began, taken = time.monotonic(), 0
    while (refused := process.post("/v1/pickup-points", {}, token=shop.api_key)).status != 503:
        taken += refused.status == 422 and process.patch(path, {"title": "Pears"}, token=shop.api_key).status == 200
        assert time.monotonic() - began < patience + 8
    # The oldest change that was not saved may have come a few seconds before the disk was full.
    assert time.monotonic() - began > patience - 5
    assert taken or patience < 5
    assert refused.json["code"] == "nothing_can_be_saved"
    assert WHY in refused.json["detail"]
    assert "Retry-After" in refused.headers
    chinese = process.post("/local/clock", {"advance_seconds": 60}, headers={"Accept-Language": "zh"})
    assert (chinese.status, chinese.json["title"]) == (503, "暂时无法保存")
    assert process.get(path, token=shop.api_key).json["title"] == "Pears"
    health = process.get("/local/health").json
    assert (health["status"], health["ready"], health["saving"]["changes"]) == ("not_saving", False, "refused")
    assert WHY in health["saving"]["fault"]

    room(engine)
    until(lambda: process.get("/local/health").json["status"] == "ok")
    assert process.patch(path, {"title": "Plums"}, token=shop.api_key).status == 200

    until(lambda: process.get("/local/health").json["pending"] == {})
    no_room(engine, most_bytes=5_000)
    assert process.patch(path, {"title": "Never saved"}, token=shop.api_key).status == 200
    assert process.interrupt(signal.SIGTERM) == 1
    assert process.child.stderr
    assert f"NOT SAVED: {WHY}" in process.child.stderr.read()
