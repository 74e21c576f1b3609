"""The engine keeps what it acknowledged: through a clean stop, a crash, and a damaged file."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from infra.local import resources
from infra.local.engine import DataUnreadable, Engine
from infra.local.resources import Resources, client
from tests.local.conftest import until

pytestmark = pytest.mark.verify
"""How this machine's own stack keeps data: slow, and of no part that is deployed."""


@pytest.fixture
def made(kept_engine: Engine) -> Resources:
    """The product's tables and queues on the kept engine."""
    return resources.create(kept_engine)


def put(engine: Engine, made: Resources, sk: str) -> None:
    item = {"pk": {"S": "01AAAAAAAAAAAAAAAAAAAAAAAA#a"}, "sk": {"S": sk}, "outbox": {"S": "[]"}}
    client(engine, "dynamodb").put_item(TableName=made.tables["TenantTable"], Item=item)


def items(engine: Engine, made: Resources) -> set[str]:
    found = client(engine, "dynamodb").scan(TableName=made.tables["TenantTable"], ConsistentRead=True)["Items"]
    return {item["sk"]["S"] for item in found}


def relayed_later(engine: Engine, made: Resources) -> list[str]:
    records = engine.records(made.tables["TenantTable"], 100)
    return [record["dynamodb"]["Keys"]["sk"]["S"] for record in records]


def send(engine: Engine, made: Resources, body: str) -> None:
    client(engine, "sqs").send_message(QueueUrl=made.queues["OrdersQueue"].url, MessageBody=body)


def receive(engine: Engine, made: Resources) -> list[dict[str, Any]]:
    found = client(engine, "sqs").receive_message(
        QueueUrl=made.queues["OrdersQueue"].url, MaxNumberOfMessages=10, AttributeNames=["All"]
    )
    return list(found.get("Messages", []))


def test_after_a_crash_items_messages_and_unrelayed_changes_are_there(kept_engine: Engine, made: Resources) -> None:
    put(kept_engine, made, "relayed")
    kept_engine.taken(made.tables["TenantTable"], _last_number(kept_engine, made))
    put(kept_engine, made, "not relayed")
    send(kept_engine, made, "waiting")
    until(lambda: bool(kept_engine.keeper()["saved"]))  # by itself, within seconds

    kept_engine.kill()
    kept_engine.start()

    assert items(kept_engine, made) == {"relayed", "not relayed"}
    assert relayed_later(kept_engine, made) == ["not relayed"]
    assert [message["Body"] for message in receive(kept_engine, made)] == ["waiting"]


def test_a_clean_stop_keeps_the_last_write_too(kept_engine: Engine, made: Resources) -> None:
    put(kept_engine, made, "a moment before the end")

    kept_engine.stop()
    kept_engine.start()

    assert items(kept_engine, made) == {"a moment before the end"}


def test_messages_in_flight_at_a_crash_show_at_once_and_count_their_receives(
    kept_engine: Engine, made: Resources
) -> None:
    send(kept_engine, made, "being handled")
    assert len(receive(kept_engine, made)) == 1
    assert receive(kept_engine, made) == []
    kept_engine.save()

    kept_engine.kill()
    kept_engine.start()

    (again,) = receive(kept_engine, made)
    assert again["Attributes"]["ApproximateReceiveCount"] == "2"


def test_changes_after_a_restart_come_after_those_before(kept_engine: Engine, made: Resources) -> None:
    put(kept_engine, made, "before")
    kept_engine.stop()
    kept_engine.start()
    put(kept_engine, made, "after")

    records = kept_engine.records(made.tables["TenantTable"], 10)
    numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
    assert numbers == sorted(set(numbers))
    assert relayed_later(kept_engine, made) == ["before", "after"]


def test_a_damaged_snapshot_is_passed_over_for_the_one_before(kept_engine: Engine, made: Resources) -> None:
    put(kept_engine, made, "in both")
    kept_engine.save()
    put(kept_engine, made, "in the newest only")
    kept_engine.save()
    kept_engine.kill()
    newest = max(_snapshots(kept_engine))
    newest.write_bytes(newest.read_bytes()[:-100])

    kept_engine.start()

    assert items(kept_engine, made) == {"in both"}
    assert kept_engine.folder
    (kept,) = kept_engine.folder.glob("*.damaged")
    assert kept_engine.keeper()["set_aside"] == [str(kept)]


def test_where_no_snapshot_can_be_read_nothing_starts_and_nothing_is_written(
    kept_engine: Engine, made: Resources
) -> None:
    for sk in ("first", "second"):
        put(kept_engine, made, sk)
        kept_engine.save()
    kept_engine.kill()
    first, second = sorted(_snapshots(kept_engine))
    first.write_bytes(first.read_bytes()[:-100])
    second.write_bytes(b"")
    before = {path: path.read_bytes() for path in (first, second)}

    for _ in range(2):
        with pytest.raises(DataUnreadable) as said:
            Engine(kept_engine.folder).start_anywhere()

    assert all(str(path) in str(said.value) for path in before)
    assert "To start without this data, move the files to another place." in str(said.value)
    assert {path: path.read_bytes() for path in _snapshots(kept_engine)} == before


def test_what_is_saved_is_readable_by_its_owner_alone(kept_engine: Engine, made: Resources) -> None:
    client(kept_engine, "s3").put_object(Bucket=made.buckets["MediaBucket"], Key="01A/photo", Body=b"x")
    kept_engine.save()
    assert kept_engine.folder
    modes = {path.is_dir(): path.stat().st_mode & 0o077 for path in kept_engine.folder.rglob("*")}
    assert modes == {True: 0, False: 0}
    assert kept_engine.folder.stat().st_mode & 0o777 == 0o700


def test_two_generations_are_kept_and_an_unfinished_one_is_never_read(kept_engine: Engine, made: Resources) -> None:
    for number in range(4):
        put(kept_engine, made, str(number))
        kept_engine.save()
    assert len(_snapshots(kept_engine)) == 2
    kept_engine.kill()
    assert kept_engine.folder
    (kept_engine.folder / "state-99999999.unfinished").write_bytes(b"torn")

    kept_engine.start()

    assert items(kept_engine, made) == {"0", "1", "2", "3"}


def test_nothing_is_written_while_nothing_changes(kept_engine: Engine, made: Resources) -> None:
    put(kept_engine, made, "once")
    kept_engine.save()
    before = _snapshots(kept_engine)

    items(kept_engine, made)
    kept_engine.work()
    kept_engine.save()

    assert _snapshots(kept_engine) == before


def test_objects_and_mail_outlive_a_restart(kept_engine: Engine, made: Resources) -> None:
    bucket = made.buckets["MediaBucket"]
    client(kept_engine, "s3").put_object(Bucket=bucket, Key="01A/import.csv", Body=b"order_ref\n1\n")
    sender = made.environment["MAIL_FROM"]
    client(kept_engine, "ses").send_email(
        Source=sender,
        Destination={"ToAddresses": ["ann@people.example"]},
        Message={"Subject": {"Data": "Hello"}, "Body": {"Text": {"Data": "你好 🍎"}}},
    )
    client(kept_engine, "sns").publish(PhoneNumber="+8613800138000", Message="123456")

    kept_engine.stop()
    kept_engine.start()

    assert client(kept_engine, "s3").get_object(Bucket=bucket, Key="01A/import.csv")["Body"].read() == b"order_ref\n1\n"
    assert [(sent["to"], sent["text"]) for sent in kept_engine.mail()] == [
        ("ann@people.example", "你好 🍎"),
        ("+8613800138000", "123456"),
    ]


def test_the_engine_ends_when_its_parent_does(kept_engine: Engine, made: Resources) -> None:
    pid = kept_engine.pid
    put(kept_engine, made, "kept")
    process = kept_engine._process
    assert process is not None
    assert process.stdin is not None

    process.stdin.close()  # what the operating system does to a killed parent's pipes

    assert process.wait(30) == 0
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    kept_engine.start()
    assert items(kept_engine, made) == {"kept"}


def test_emptying_keeps_tables_and_queues(kept_engine: Engine, made: Resources) -> None:
    put(kept_engine, made, "gone soon")
    send(kept_engine, made, "gone soon")

    kept_engine.empty()

    assert items(kept_engine, made) == set()
    assert kept_engine.work() == {"streams": {}, "queues": {}}


def _last_number(engine: Engine, made: Resources) -> str:
    return str(engine.records(made.tables["TenantTable"], 100)[-1]["dynamodb"]["SequenceNumber"])


def _snapshots(engine: Engine) -> set[Path]:
    assert engine.folder
    return set(engine.folder.glob("state-*.snapshot"))
