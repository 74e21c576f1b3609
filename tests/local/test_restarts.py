"""What was acknowledged outlives a restart, though each start is another process that answers under another address."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.local import resources
from infra.local.engine import ROOT, Engine, python
from infra.local.resources import client

pytestmark = pytest.mark.verify
"""How this machine's own stack keeps data: slow, and of no part that is deployed."""

DAY = 24 * 3600

# Leaves a folder as engines left it that kept their queues by the address of each start, and were then off for days.
OLD_FOLDER = """
import sys, time
from pathlib import Path
from infra.local.host import snapshots, state
sqs, dynamodb = state.service("sqs"), state.service("dynamodb")
age = float(sys.argv[2])
for port in ("30001", "30002", "30003"):
    sqs.DEFAULT_PORT = port
    url = sqs._act_create_queue({"QueueName": "lintuan-orders"}, "")["QueueUrl"]
    sqs._act_send_message({"QueueUrl": url, "MessageBody": "sent to " + port}, url)
    for message in sqs._queues[url]["messages"]:
        message["sent_at"] -= age
        message["visible_at"] -= age
parts = state.capture()
parts.pop("moment", None)
snapshots.write(Path(sys.argv[1]), parts)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the engines of a test keep their data, one after the other."""
    return tmp_path / "engine"


@pytest.fixture
def engines(folder: Path) -> Iterator[Any]:
    """Starts an engine on the folder: each time another process, on another port."""
    started: list[Engine] = []

    def start() -> Engine:
        started.append(Engine(folder))
        started[-1].start_anywhere()
        return started[-1]

    yield start
    for engine in started:
        engine.stop()


def send(engine: Engine, body: str, delay: int = 0) -> None:
    url = resources.create(engine).queues["OrdersQueue"].url
    client(engine, "sqs").send_message(QueueUrl=url, MessageBody=body, DelaySeconds=delay)


def receive(engine: Engine) -> list[dict[str, Any]]:
    url = resources.create(engine).queues["OrdersQueue"].url
    asked = {"QueueUrl": url, "MaxNumberOfMessages": 10, "AttributeNames": ["All"]}
    return list(client(engine, "sqs").receive_message(**asked).get("Messages", []))


def test_what_waited_is_worked_off_after_a_restart_however_long_nothing_ran(engines: Any, folder: Path) -> None:
    first = engines()
    table = resources.create(first).tables["TenantTable"]
    send(first, "waiting")
    send(first, "being handled, and cut off")
    assert len(receive(first)) == 2
    send(first, "not received yet")
    send(first, "later", delay=600)
    dead = resources.create(first).queues["OrdersDeadLetters"].url
    client(first, "sqs").send_message(QueueUrl=dead, MessageBody="hopeless")
    put(first, table, "not relayed")
    first.save()
    first.kill()
    _age(folder, 3 * DAY)

    second = engines()

    found = receive(second)
    assert {message["Body"] for message in found} == {"waiting", "being handled, and cut off", "not received yet"}
    # Being stopped is no failure of the message: it has all its tries still.
    assert {message["Attributes"]["ApproximateReceiveCount"] for message in found} == {"1"}
    counts = {name: (queue["ready"], queue["hidden"]) for name, queue in second.work()["queues"].items()}
    assert counts == {"lintuan-orders": (0, 4), "lintuan-orders-dead": (1, 0)}
    put(second, table, "after the pause")
    changes = [record["dynamodb"]["Keys"]["sk"]["S"] for record in second.records(table, 10)]
    assert changes == ["not relayed", "after the pause"]


def test_a_folder_with_queues_under_the_addresses_of_earlier_starts_heals(folder: Path, engines: Any) -> None:
    folder.mkdir()
    # A queue forgets what is older than four days: days in which nothing ran must not count.
    command = [str(python()), "-c", OLD_FOLDER, str(folder), str(30 * DAY)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)

    engine = engines()

    made = resources.create(engine)
    assert client(engine, "sqs").list_queues(QueueNamePrefix="lintuan-orders")["QueueUrls"] == [
        made.queues["OrdersQueue"].url,
        made.queues["OrdersDeadLetters"].url,
    ]
    assert [message["Body"] for message in receive(engine)] == [f"sent to {port}" for port in (30001, 30002, 30003)]


def test_an_engine_whose_port_was_taken_meanwhile_takes_another() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        engine = Engine(port=taken.getsockname()[1])
        engine.start_anywhere()
        assert engine.port != taken.getsockname()[1]
        assert engine.keeper()["pid"] == engine.pid
        engine.stop()


def put(engine: Engine, table: str, sk: str) -> None:
    item = {"pk": {"S": "01AAAAAAAAAAAAAAAAAAAAAAAA#a"}, "sk": {"S": sk}, "outbox": {"S": "[]"}}
    client(engine, "dynamodb").put_item(TableName=table, Item=item)


def _age(folder: Path, seconds: float) -> None:
    """Makes the newest snapshot's change records that much older."""
    program = """
import marshal, sys
from pathlib import Path
from infra.local.host import snapshots
folder = Path(sys.argv[1])
parts = snapshots.newest(folder)[1]
streams = marshal.loads(parts["streams"])
for records in streams["records"].values():
    for record in records:
        record["dynamodb"]["ApproximateCreationDateTime"] -= float(sys.argv[2])
snapshots.write(folder, {**parts, "streams": marshal.dumps(streams)})
"""
    subprocess.run([str(python()), "-c", program, str(folder), str(seconds)], cwd=ROOT, check=True)
