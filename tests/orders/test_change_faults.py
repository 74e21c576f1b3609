"""Whatever fails, at whichever request: a change that is asked for again ends with one effect and one answer."""

from collections.abc import Callable

import pytest

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.db import Transaction
from chalicelib.kernel import clock
from chalicelib.orders.adjustments.service import adjust
from chalicelib.orders.changes.service.editing import Edit, edit
from chalicelib.orders.handover.service import pickup
from chalicelib.orders.payment.service import capture as payment
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.views.orders import OrderView
from tests.faults import KINDS, Faults, faults
from tests.orders.states import again, paid, refunds
from tests.orders.store import BODY_HASH, Store
from tests.orders.test_faults import SERIES, repeated, requests_of

__all__ = ["faults"]

Change = Callable[[OrderRecord], OrderRecord]


@pytest.fixture(autouse=True)
def _without_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("time.sleep", lambda _: None)


def changed_once(faults: Faults, orders: list[OrderRecord], change: Change) -> int:
    """Changes an order for each fault at each request, in a series that reaches the client; returns how many."""
    requests = requests_of(faults, lambda: change(orders[0]))
    done = 1
    for kind in KINDS:
        for at in range(requests):
            order = orders[done]
            faults.arm(kind, at, SERIES)
            first = repeated(faults, lambda order=order: change(order))  # type: ignore[misc]
            faults.arm(None)
            shown = OrderView.of(change(order)).model_dump_json()
            assert shown == OrderView.of(first).model_dump_json()
            done += 1
    return done


def ordered(store: Store, campaign: CampaignRecord, *, online: bool = False, orders: int = 31) -> list[OrderRecord]:
    placed = [store.place(campaign, 4, key=f"key-{n}") for n in range(orders)]
    return [paid(store, order) for order in placed] if online else placed


def test_editing_down_and_up(store: Store, faults: Faults) -> None:
    """Of four units paid for, two stay, and one of another offer comes in: 12.50 go back."""
    faults.of("edit")
    campaign = store.publish(400, 400)
    orders = ordered(store, campaign, online=True)
    wanted = tuple((offer.offer_id, units) for offer, units in zip(campaign.offers, (2, 1), strict=True))
    edits = Edit(wanted, "edit", BODY_HASH)
    done = changed_once(
        faults, orders, lambda order: edit(store.tenant_id, order.member_id, order.id, edits, clock.now())
    )
    assert done == 1 + 6 * 4
    for order in orders[:done]:
        assert [amount for _, amount in refunds(order)] == [1_250]
    store.check_stock(campaign)


def test_editing_up_what_is_paid_and_paying_for_it(store: Store, faults: Faults) -> None:
    faults.of("edit")
    campaign = store.publish(400)
    orders = ordered(store, campaign, online=True)
    edits = Edit(((campaign.offers[0].offer_id, 6),), "edit", BODY_HASH)
    done = changed_once(
        faults, orders, lambda order: edit(store.tenant_id, order.member_id, order.id, edits, clock.now())
    )

    def pay(order: OrderRecord) -> OrderRecord:
        now = again(store, order)
        tx = Transaction()
        if payment.capture(tx, now, "p", 2_500, clock.now()):
            tx.commit()
        return again(store, order)

    faults.of("pay")
    assert changed_once(faults, orders[:done], pay) > 3
    store.check_stock(campaign)


def test_adjusting(store: Store, faults: Faults) -> None:
    faults.of("adjust")
    campaign = store.publish(400)
    orders = ordered(store, campaign, online=True)
    store.lock(campaign)
    store.bring(orders[0], clock.now())
    lines = {campaign.offers[0].offer_id: 1}
    done = changed_once(
        faults, orders,
        lambda order: adjust(
            store.tenant_id, order.id, lines, cause="receipt", reason="Short", by="system", now=clock.now()
        ),
    )  # fmt: skip
    for order in orders[:done]:
        assert refunds(order) == [("receipt", 3_750)]
    store.check_stock(campaign)


def test_handing_over_a_part(store: Store, faults: Faults) -> None:
    faults.of("hand over")
    campaign = store.publish(400)
    orders = ordered(store, campaign)
    store.lock(campaign)
    store.bring(orders[0], clock.now())
    lines = {campaign.offers[0].offer_id: 1}

    def hand_over(order: OrderRecord) -> OrderRecord:
        return pickup.hand_over(
            store.tenant_id, order.id, order.pickup_code, store.point_id, store.staff, "h", clock.now(), lines
        )

    done = changed_once(faults, orders, hand_over)
    assert {str(again(store, order).picked) for order in orders[:done]} == {str(lines)}
