"""Whatever fails, at whichever request: a notice stands in the inbox once, leaves at least once, and twice only where
its marker could not be closed after the provider's answer, which is counted.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from itertools import product

import pytest

from chalicelib.db import tenant_scope
from chalicelib.notices.inbox.records import InboxRecord
from chalicelib.notices.media.service import ALWAYS
from chalicelib.notices.model.letters import Sent
from chalicelib.notices.recipients.model import MessageSettings
from tests.faults import KINDS, Faults, Killed, faults
from tests.notices.outbox import LI, ORDER, SERVICE, TENANT, Outbox, outbox
from tests.orders.test_faults import SERIES, _without_pauses

__all__ = ["_without_pauses", "faults", "outbox"]

TWO_MINUTES = timedelta(minutes=2)


def an_order(outbox: Outbox, n: int) -> list[str]:
    outbox.put(ORDER, f"order {n}.")
    return [f"order {n}."]


def a_service(outbox: Outbox, n: int) -> list[str]:
    outbox.put(SERVICE, f"service {n}.")
    return [f"service {n}."]


def after_an_outage(outbox: Outbox, n: int) -> list[str]:
    """The provider failed; it works when the sweep comes."""
    outbox.failing["email"] = ConnectionError("down")
    outbox.tell(ORDER, f"waited {n}.")
    outbox.failing.clear()
    outbox.now += timedelta(minutes=1)
    return [f"waited {n}."]


def in_the_morning(outbox: Outbox, n: int) -> list[str]:
    """Three were held for it."""
    outbox.now = outbox.now.replace(hour=15, minute=0)
    texts = [f"{text} {n}." for text in "abc"]
    for text in texts:
        outbox.tell(SERVICE, text)
    outbox.now = outbox.now.replace(hour=0) + timedelta(days=1)
    return texts


@pytest.mark.parametrize("prepare", [an_order, a_service, after_an_outage, in_the_morning])
def test_in_the_inbox_once_and_sent_once_whatever_fails(
    outbox: Outbox, faults: Faults, prepare: Callable[[Outbox, int], list[str]]
) -> None:
    faults.of("tell")
    outbox.settings = MessageSettings(caps={})
    for n in (-1, 0):  # what is remembered of a brand is read by the first
        prepare(outbox, n)
        faults.arm(None)
        outbox.work()
        outbox.sweep()
    requests = faults.seen
    tried = [n for n, each in enumerate(requests) if each != "Query"]
    *_, closing, _counting = (n for n in tried if requests[n] == "TransactWriteItems")
    doubled = 0

    for n, (kind, at) in enumerate(product(KINDS, tried), start=1):
        texts, sent, repeated = prepare(outbox, n), len(outbox.arrived), outbox.counted["MessagesRepeated"]
        faults.arm(kind, at, SERIES)
        with suppress(Exception, Killed):
            outbox.work()
            outbox.sweep()
        faults.arm(None)
        outbox.pass_time(minutes=6, step=TWO_MINUTES)

        assert in_the_inbox(texts) == [1] * len(texts), (kind, at)
        letters = outbox.texts()[sent:]
        assert len(letters) in (1, 2), (kind, at, letters)
        assert all(text in letter for text in texts for letter in letters)
        if len(letters) == 2:
            doubled += 1
            assert at == closing, (kind, at)
            assert outbox.counted["MessagesRepeated"] == repeated + 1
        assert (outbox.queue, outbox.due()) == ([], [])

    assert doubled
    assert outbox.dead == []


def in_the_inbox(texts: list[str]) -> list[int]:
    with tenant_scope(TENANT):
        entries = [each.text for each in InboxRecord.every(InboxRecord.partition(TENANT, LI), consistent=True)]
    return [sum(text in entry for entry in entries) for text in texts]


@pytest.mark.parametrize("prepare", [an_order, after_an_outage, in_the_morning])
def test_a_worker_that_ends_when_the_provider_has_answered_sends_twice_and_it_is_counted(
    outbox: Outbox, prepare: Callable[[Outbox, int], list[str]]
) -> None:
    texts, take = prepare(outbox, 0), ALWAYS["email"]

    def ends(to, letter) -> Sent:
        take(to, letter)
        raise Killed

    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(ALWAYS, "email", ends)
        with suppress(Killed):
            outbox.work()
            outbox.sweep()
    outbox.pass_time(minutes=6, step=TWO_MINUTES)

    assert len(outbox.arrived) == 2
    assert outbox.counted == {"MessagesRepeated": 1}
    assert in_the_inbox(texts) == [1] * len(texts)
