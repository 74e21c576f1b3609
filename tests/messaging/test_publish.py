"""Many messages are sent in as few requests as SQS takes them by, by number and by size."""

from __future__ import annotations

from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest

from chalicelib.kernel import clock
from chalicelib.kernel.ids import derived_id
from chalicelib.messaging import Message
from chalicelib.messaging.publish import publish_all

SQS_TAKES = 256 * 1024


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[list[Any]]:
    """The entries of each request; the last of each is refused, as a queue may."""
    requests: list[list[Any]] = []
    publishing = import_module("chalicelib.messaging.publish")  # the package has a function of that name

    def send(QueueUrl: str, Entries: list[Any]) -> Any:  # noqa: N803 - as the client names them
        requests.append(Entries)
        return {"Failed": [{"Id": Entries[-1]["Id"]}]}

    monkeypatch.setattr(publishing, "client", lambda _: SimpleNamespace(send_message_batch=send))
    monkeypatch.setattr(publishing, "queue_url", lambda queue: queue)
    return requests


def messages(count: int, letters: int) -> list[Message]:
    tenant = derived_id("tenant")
    data = {"text": "荔" * letters}
    return [Message(derived_id(f"{n}"), "notify.tell", tenant, clock.now(), data) for n in range(count)]


@pytest.mark.parametrize(
    ("count", "letters", "together", "requests"),
    [
        (25, 10, (), [10, 10, 5]),
        (100, 10, ("notify.tell",), [10]),
        (100, 2000, ("notify.tell",), [4, 4, 2]),
        (100, 7000, ("notify.tell",), [1] * 10),
        (12, 40_000, (), [2] * 6),
    ],
)
def test_a_request_holds_what_sqs_takes(
    sent: list[list[Any]], count: int, letters: int, together: tuple[str, ...], requests: list[int]
) -> None:
    failed = publish_all("notify", messages(count, letters), together)

    assert [len(entries) for entries in sent] == requests
    assert all(sum(len(each["MessageBody"].encode()) for each in entries) <= SQS_TAKES for entries in sent)
    of_one = len(failed) // len(sent)
    assert failed[:of_one] == list(range((requests[0] - 1) * of_one, requests[0] * of_one)), "by place among all"
