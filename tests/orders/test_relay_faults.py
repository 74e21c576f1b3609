"""Whatever fails while the queues are told of an order: the stream hands it on again, and it is counted once."""

from collections.abc import Callable
from contextlib import suppress

import pytest

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.kernel import clock
from chalicelib.orders.changes.service.editing import Edit, edit
from chalicelib.orders.ending.service.cancelling import cancel
from chalicelib.orders.records import OrderRecord
from infra.local.pump import HandlerFailed
from tests.conftest import Drain
from tests.faults import KINDS, Faults, Killed, faults
from tests.orders.store import BODY_HASH, Store
from tests.orders.test_faults import SERIES, _without_pauses

__all__ = ["_without_pauses", "faults"]

TO_A_QUEUE = tuple(kind for kind in KINDS if kind != "conflict")


def placed(store: Store, campaign: CampaignRecord, n: int) -> OrderRecord:
    return store.place(campaign, 2, key=f"key-{n}")


def edited(store: Store, order: OrderRecord) -> None:
    wanted = Edit(((order.lines[0].offer_id, 3),), "edit", BODY_HASH)
    edit(store.tenant_id, order.member_id, order.id, wanted, clock.now())


def cancelled(store: Store, order: OrderRecord) -> None:
    cancel(store.tenant_id, order.member_id, order.id, clock.now())


@pytest.mark.parametrize(
    ("use_case", "change", "units"), [("place", None, 2), ("edit", edited, 3), ("cancel", cancelled, 0)]
)
def test_telling_the_queue(
    store: Store,
    faults: Faults,
    drain: Drain,
    use_case: str,
    change: Callable[[Store, OrderRecord], None] | None,
    units: int,
) -> None:
    faults.of(use_case)
    (stream,) = [each for each in drain.pump.streams if each.function == "relay"]
    campaign = store.publish(200)
    drain()
    for n, kind in enumerate(TO_A_QUEUE, start=1):
        order = placed(store, campaign, n)
        if change is not None:
            drain()
            change(store, order)
        faults.arm(kind, 0, SERIES)
        with suppress(Killed, HandlerFailed):
            while not faults.hits and drain.pump.take_stream(stream):
                pass
        assert faults.seen[0] == "SendMessageBatch"
        faults.arm(None)
        drain()
        assert store.progress(campaign)[2] == n * units
    assert faults.combinations == {use_case: len(TO_A_QUEUE)}
