"""What is due goes to its queue. No timer is trusted: whatever was missed is still in the index, however old."""

import random
from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from chalicelib.db import TenantRecord, platform_scope
from chalicelib.db.tenant_records import DUE_SHARDS, Lane
from chalicelib.kernel.clock import parse_instant, sortable
from chalicelib.kernel.ids import derived_id
from chalicelib.messaging.message import Message
from chalicelib.messaging.publish import publish_all
from chalicelib.telemetry import count, logger

_PAGE = 500
_MOST_PAGES = 20

_MOST_AT_ONCE = {"notices.held": 2_000}
"""What comes due for many at one hour and can wait some minutes more: fewer than the queue's workers do in a minute, so
that codes to sign in with, which go by the same queue, do not stand behind ten thousand letters in the morning.
"""


def sweep(now: datetime, lane: Lane = "due") -> int:
    """Sends every item of the lane that is due at ``now``, oldest first, to its queue; returns how many were sent.

    It marks nothing: an item leaves the index when its worker has acted, and until then each sweep sends it again.
    """
    found: dict[str, list[Message]] = defaultdict(list)
    with platform_scope():
        for shard in range(DUE_SHARDS[lane]):
            for item in _due(f"{lane}#{shard}", now):
                found[item["due_queue"]["S"]].append(_message(item))
    by_queue = {queue: _paced(messages) for queue, messages in found.items()}
    _send(by_queue)
    sent = sum(len(messages) for messages in by_queue.values())
    count("DueSent", sent)
    return sent


def _paced(messages: list[Message]) -> list[Message]:
    """Without what the next sweeps bring. Which that is, chance says: what fails each time must not keep others out."""
    later: set[int] = set()
    for kind, most in _MOST_AT_ONCE.items():
        places = [place for place, each in enumerate(messages) if each.type == kind]
        later.update(random.sample(places, max(0, len(places) - most)))
    return [each for place, each in enumerate(messages) if place not in later]


def _send(by_queue: Mapping[str, list[Message]]) -> None:
    """A queue that is away does not hold up the others; it raises when they have theirs."""
    faults: list[Exception] = []
    for queue, messages in by_queue.items():
        try:
            if failed := publish_all(queue, messages):
                logger.warning("sweep_incomplete", queue=queue, left=len(failed))
        except Exception as fault:  # noqa: BLE001 - raised below, with the others
            faults.append(fault)
    if faults:
        raise ExceptionGroup("queues were not reached; what is due stays in the index", faults)


def _due(shard: str, now: datetime) -> Iterator[dict[str, Any]]:
    following: dict[str, Any] | None = None
    for _ in range(_MOST_PAGES):
        answer = TenantRecord._get_connection().query(
            shard,
            range_key_condition=TenantRecord.due_at <= now,
            index_name="due",
            limit=_PAGE,
            exclusive_start_key=following,
        )
        yield from answer["Items"]
        following = answer.get("LastEvaluatedKey")
        if following is None:
            return


def _message(item: dict[str, Any]) -> Message:
    pk, sk, due_at = (
        item["pk"]["S"],
        item["sk"]["S"],
        parse_instant(item["due_at"]["S"]),
    )
    return Message(
        id=derived_id(pk, sk, sortable(due_at)),
        type=item["due_kind"]["S"],
        tenant_id=pk.partition("#")[0],
        at=due_at,
        data={"pk": pk, "sk": sk, "due_at": sortable(due_at)},
    )
