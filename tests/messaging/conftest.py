"""Queues on the engine, and records of no domain that emit and fall due."""

import json

import pytest

from chalicelib.aws import client
from chalicelib.messaging import Consumer, Message
from chalicelib.messaging.message import unbundled
from chalicelib.messaging.publish import queue_url
from tests.db.notes import OURS


class Inbox:
    """What arrived on a queue."""

    def __init__(self, queue):
        self.url = queue_url(queue)

    def take(self):
        """Every message, read and removed."""
        found = []
        while True:
            answer = client("sqs").receive_message(QueueUrl=self.url, MaxNumberOfMessages=10)
            if not answer.get("Messages"):
                return found
            for message in answer["Messages"]:
                client("sqs").delete_message(QueueUrl=self.url, ReceiptHandle=message["ReceiptHandle"])
                found += unbundled(message["Body"])


@pytest.fixture
def inbox(engine):
    return Inbox


@pytest.fixture
def stream(engine, _engine_process):
    """The changes that the tenant table's stream holds."""
    name = _engine_process[1].tables["TenantTable"]
    return lambda: engine.records(name, 100)


class Heard:
    """A consumer that notes what it is given, and fails where it is told to."""

    def __init__(self, queue, *event_types):
        self.consumer = Consumer(queue)
        self.messages = []
        self.failing = set()
        for event_type in event_types:
            self.consumer.on(event_type)(self._hear)

    def _hear(self, message, now):
        if message.data.get("n") in self.failing:
            raise RuntimeError(f"message {message.data['n']} fails")
        self.messages.append(message)

    def work(self, *bodies):
        """Hands a batch over as SQS does; the answer names what failed."""
        from chalice.app import SQSEvent

        records = [sqs_record(f"m{index}", body) for index, body in enumerate(bodies)]
        answer = self.consumer.work(SQSEvent({"Records": records}, None))
        return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


class HeardTogether(Heard):
    """A consumer that is given all that a batch has for a tenant; ``calls`` has what it was given each time."""

    def __init__(self, queue, *event_types):
        super().__init__(queue)
        self.calls = []
        self.consumer.on_all(*event_types)(self._hear_all)

    def _hear_all(self, messages, now):
        self.calls.append([message.data["n"] for message in messages])
        for message in messages:
            self._hear(message, now)


@pytest.fixture
def heard(engine):
    return Heard


@pytest.fixture
def heard_together(engine):
    return HeardTogether


def sqs_record(message_id, body):
    return {
        "messageId": message_id,
        "receiptHandle": "r",
        "body": body,
        "attributes": {"ApproximateReceiveCount": "1"},
        "messageAttributes": {},
        "md5OfBody": "",
        "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:000000000000:lintuan-orders",
        "awsRegion": "us-east-1",
    }


def message(n, clock_now, event_type="note.made", tenant=OURS):
    return Message(id=f"{n:026d}", type=event_type, tenant_id=tenant, at=clock_now, data={"n": n})


def stream_record(number, new=None, old=None):
    """A change as the table's stream tells it; ``new`` and ``old`` are the item's events, None for no item."""

    def image(outbox):
        carried = {"outbox": {"S": json.dumps(outbox)}} if outbox else {}
        return {"pk": {"S": f"{OURS}#book"}, "sk": {"S": "1"}} | carried

    change = {"SequenceNumber": str(number)}
    if new is not None:
        change["NewImage"] = image(new)
    if old is not None:
        change["OldImage"] = image(old)
    return {"eventName": "MODIFY", "dynamodb": change}
