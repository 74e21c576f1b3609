"""Functions are fed as AWS feeds them: batches, partial failures, dead letters, bisected streams, schedules."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from chalice.app import Chalice, CloudWatchEvent, DynamoDBEvent, Rate, SQSEvent

from infra.local import resources, template
from infra.local.engine import Engine
from infra.local.pump import HandlerFailed, NotQuiet, Pump
from infra.local.resources import client
from infra.local.sources import _matches

TENANT = "01AAAAAAAAAAAAAAAAAAAAAAAA"


class Functions:
    """An app whose functions note what they get and fail where the test says."""

    def __init__(self) -> None:
        self.app = Chalice(app_name="small")
        self.messages: list[str] = []
        self.changes: list[list[str]] = []
        self.scheduled: list[str] = []
        self.fails: Callable[[str], bool] = lambda what: False
        self.raises = False
        self.app.on_sqs_message(queue=f"{template.STACK}-orders", batch_size=10, name="worker")(self._work)
        self.app.on_dynamodb_record(stream_arn="TenantTableStream", batch_size=100, name="relay")(self._relay)
        self.app.schedule(Rate(15, unit=Rate.MINUTES), name="nightly")(self._nightly)

    def _work(self, event: SQSEvent) -> Any:
        records = event.to_dict()["Records"]
        self.messages += [record["body"] for record in records]
        failed = [record["messageId"] for record in records if self.fails(record["body"])]
        return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in failed]}

    def _relay(self, event: DynamoDBEvent) -> Any:
        records = event.to_dict()["Records"]
        sort_keys = [record["dynamodb"]["Keys"]["sk"]["S"] for record in records]
        self.changes.append(sort_keys)
        bad = [record for record, sk in zip(records, sort_keys, strict=True) if self.fails(sk)]
        if bad and self.raises:
            raise RuntimeError("on purpose")
        return {"batchItemFailures": [{"itemIdentifier": bad[0]["dynamodb"]["SequenceNumber"]}] if bad else []}

    def _nightly(self, event: CloudWatchEvent) -> None:
        self.scheduled.append(event.to_dict()["time"])
        if self.fails("nightly"):
            raise RuntimeError("on purpose")


@pytest.fixture
def functions() -> Functions:
    return Functions()


@pytest.fixture
def pump(engine: Engine, functions: Functions) -> Pump:
    return Pump(functions.app, engine, resources.create(engine))


def send(pump: Pump, *bodies: str, delay: int = 0) -> None:
    for body in bodies:
        client(pump.engine, "sqs").send_message(
            QueueUrl=pump.resources.queues["OrdersQueue"].url, MessageBody=body, DelaySeconds=delay
        )


def write(pump: Pump, *sort_keys: str, **attributes: Any) -> None:
    for sk in sort_keys:
        item = {"pk": {"S": f"{TENANT}#a"}, "sk": {"S": sk}, "outbox": {"S": "[]"}, **attributes}
        client(pump.engine, "dynamodb").put_item(TableName=pump.resources.tables["TenantTable"], Item=item)


def dead(pump: Pump, name: str) -> list[str]:
    queue = pump.resources.queues[name]
    found = client(pump.engine, "sqs").receive_message(QueueUrl=queue.url, MaxNumberOfMessages=10)
    return [message["Body"] for message in found.get("Messages", [])]


def test_messages_are_taken_in_batches_and_deleted_when_handled(pump: Pump, functions: Functions) -> None:
    send(pump, *[str(number) for number in range(23)])
    pump.drain()
    assert sorted(functions.messages, key=int) == [str(number) for number in range(23)]
    assert pump.pending() == {}


def test_a_failed_message_comes_again_alone_until_it_succeeds(pump: Pump, functions: Functions) -> None:
    functions.fails = lambda body: body == "bad" and functions.messages.count("bad") < 3
    send(pump, "good", "bad")
    pump.drain()
    assert functions.messages.count("good") == 1
    assert functions.messages.count("bad") == 3


def test_a_hopeless_message_ends_in_the_dead_letter_queue_after_the_declared_receives(
    pump: Pump, functions: Functions
) -> None:
    functions.fails = lambda body: body == "bad"
    send(pump, "bad")
    with pytest.raises(HandlerFailed, match="orders-dead"):
        pump.drain()
    assert functions.messages.count("bad") == pump.resources.queues["OrdersQueue"].receives
    assert dead(pump, "OrdersDeadLetters") == ["bad"]


def test_delayed_messages_are_not_waited_for(pump: Pump, functions: Functions) -> None:
    send(pump, "later", delay=600)
    pump.drain()
    assert functions.messages == ["later"]


def test_work_without_end_is_noticed(pump: Pump, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.local.pump._MOST_ROUNDS", 2)
    send(pump, *[str(number) for number in range(30)])
    with pytest.raises(NotQuiet, match="after 2 rounds"):
        pump.drain()


def test_changes_are_handed_on_once_and_in_order(pump: Pump, functions: Functions) -> None:
    write(pump, *[f"{number:03d}" for number in range(150)])
    pump.drain()
    handed_on = [sk for batch in functions.changes for sk in batch]
    assert handed_on == [f"{number:03d}" for number in range(150)]
    assert [len(batch) for batch in functions.changes] == [100, 50]


def test_changes_that_the_filter_of_the_template_leaves_out_are_not_handed_on(pump: Pump, functions: Functions) -> None:
    table = pump.resources.tables["TenantTable"]
    client(pump.engine, "dynamodb").put_item(TableName=table, Item={"pk": {"S": f"{TENANT}#a"}, "sk": {"S": "quiet"}})
    write(pump, "speaks")
    pump.drain()
    assert functions.changes == [["speaks"]]
    assert pump.pending() == {}


@pytest.mark.parametrize("raises", [True, False])
def test_one_bad_change_delays_the_stream_but_does_not_stop_it(pump: Pump, functions: Functions, raises: bool) -> None:
    functions.raises = raises
    functions.fails = lambda sk: sk == "bad"
    write(pump, "first", "bad", "last")
    pump.drain(dead_letters_allowed=True)
    handled = {sk for batch in functions.changes if "bad" not in batch for sk in batch}
    assert handled == {"first", "last"} if raises else handled == {"last"}
    assert sum("bad" in batch for batch in functions.changes) >= 5
    (letter,) = dead(pump, "RelayDeadLetters")
    assert json.loads(letter)["dynamodb"]["Keys"]["sk"]["S"] == "bad"


def test_a_change_that_fails_for_a_while_is_not_lost(pump: Pump, functions: Functions) -> None:
    functions.fails = lambda sk: sk == "late" and sum("late" in batch for batch in functions.changes) < 4
    write(pump, "first", "late", "last")
    pump.drain()
    assert {sk for batch in functions.changes for sk in batch} == {"first", "late", "last"}


def test_a_schedule_gets_the_products_time_and_its_failure_shows(pump: Pump, functions: Functions) -> None:
    (nightly,) = pump.schedules
    assert (nightly.function, nightly.minutes) == ("nightly", 15)
    pump.run_schedule(nightly, datetime(2027, 3, 28, 1, 30, tzinfo=UTC))
    assert functions.scheduled == ["2027-03-28T01:30:00Z"]
    functions.fails = lambda what: True
    with pytest.raises(HandlerFailed):
        pump.run_schedule(nightly, datetime(2027, 3, 28, 1, 45, tzinfo=UTC))


@pytest.mark.parametrize(
    ("pattern", "record", "passes"),
    [
        ({"eventName": ["INSERT", "MODIFY"]}, {"eventName": "MODIFY"}, True),
        ({"eventName": ["INSERT"]}, {"eventName": "REMOVE"}, False),
        ({"dynamodb": {"NewImage": {"outbox": {"S": [{"exists": True}]}}}}, {"dynamodb": {}}, False),
        ({"dynamodb": {"NewImage": {"x": {"S": [{"exists": False}]}}}}, {"dynamodb": {"NewImage": {}}}, True),
    ],
)
def test_event_filters(pattern: Any, record: Any, passes: bool) -> None:
    assert _matches(pattern, record) is passes
