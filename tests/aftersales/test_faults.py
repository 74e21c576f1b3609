"""Whatever fails, at whichever request: a case opens once, a decision pays once, an exchange is placed once, and
becomes a refund once.
"""

from collections.abc import Callable

import pytest

from chalicelib.aftersales.model.arrivals import Arrived
from chalicelib.aftersales.model.cases import Kind
from chalicelib.aftersales.records import AfterSaleRecord, ClaimsRecord
from chalicelib.aftersales.service.deciding import decide
from chalicelib.aftersales.service.exchanging import exchange
from chalicelib.aftersales.service.opening import Wanted, open_case
from chalicelib.aftersales.service.paying import Verdict
from chalicelib.aftersales.service.receiving import receive
from chalicelib.aftersales.service.refunding_instead import refund_instead
from chalicelib.catalog.service.ledger import adjust_stock
from chalicelib.catalog.service.set_aside import get_sku
from chalicelib.kernel import clock
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds.records import RefundRecord
from chalicelib.orders.service.reading import get_order
from tests.faults import KINDS, Faults, faults
from tests.orders.store import BODY_HASH, Store
from tests.orders.test_faults import SERIES, _without_pauses, repeated, requests_of

__all__ = ["_without_pauses", "faults"]

REFUNDED_INSTEAD, PLACED_AND_REFUNDED = 30, 72
"""Runs of the two ways to a refund instead of an exchange: every kind of fault at each of their requests."""


def collected(store: Store, count: int) -> list[OrderRecord]:
    """So many orders of three units at 12.50, handed over and paid for."""
    campaign = store.publish(3 * count)
    orders = [store.place(campaign, 3, key=f"key-{n}") for n in range(count)]
    store.lock(campaign)
    return [store.hand_over(order) for order in orders]


def asked(store: Store, order: OrderRecord, kind: Kind = Kind.RETURN) -> AfterSaleRecord:
    wanted = Wanted(kind, ((order.lines[0].offer_id, 2),), "Bruised")
    return open_case(store.tenant_id, store.member(), order.id, wanted, order.id, BODY_HASH, clock.now())


def approved(store: Store, case: AfterSaleRecord) -> AfterSaleRecord:
    verdict = Verdict(approved=True)
    return decide(store.tenant_id, case.id, verdict, "d", BODY_HASH, None, store.staff, clock.now())


def refunded(order: OrderRecord) -> list[int]:
    found = RefundRecord.every(order.pk, begins_with="refund#", consistent=True)
    return [int(refund.amount_minor) for refund in found]


def run(faults: Faults, spent: Callable[[], object], each: Callable[[int], None]) -> int:
    """One run for each fault at each request of what ``spent`` does, in a series that reaches it; how many runs."""
    requests, runs = requests_of(faults, spent), 0
    for at in range(requests):
        for kind in KINDS:
            faults.arm(kind, at, SERIES)
            runs += 1
            each(runs)
    return runs


def test_a_case_opens_once(store: Store, faults: Faults) -> None:
    faults.of("after-sale")
    orders = collected(store, 37)

    def once(n: int) -> None:
        order = orders[n]
        case = repeated(faults, lambda: asked(store, order))
        faults.arm(None)
        assert ClaimsRecord.of(store.tenant_id, order.id).cases == {case.id: {order.lines[0].offer_id: 2}}
        assert asked(store, order).id == case.id

    assert run(faults, lambda: asked(store, orders[0]), once) == 36


def test_a_decision_pays_once(store: Store, faults: Faults) -> None:
    faults.of("after-sale")
    orders = collected(store, 31)
    cases = [asked(store, order) for order in orders]

    def once(n: int) -> None:
        repeated(faults, lambda: approved(store, cases[n]))
        faults.arm(None)
        after = approved(store, cases[n])
        assert (after.status, after.refund_minor) == ("approved", 2_500)
        assert refunded(orders[n]) == [2_500]
        assert get_order(store.tenant_id, orders[n].id, consistent=True).totals.refunded == 2_500

    assert run(faults, lambda: approved(store, cases[0]), once) == 30


def test_a_part_that_arrives_is_paid_for_once(store: Store, faults: Faults) -> None:
    faults.of("after-sale")
    orders = collected(store, 25)
    verdict = Verdict(approved=True, pays="on_receipt")
    cases = [asked(store, order) for order in orders]
    for case in cases:
        decide(store.tenant_id, case.id, verdict, "d", BODY_HASH, None, store.staff, clock.now())

    def arrives(n: int) -> AfterSaleRecord:
        lines = [Arrived(orders[n].lines[0].offer_id, 1, "restock")]
        return receive(
            store.tenant_id, cases[n].id, lines, None, "part", BODY_HASH, None, store.staff, clock.now()
        )  # fmt: skip

    def once(n: int) -> None:
        repeated(faults, lambda: arrives(n))
        faults.arm(None)
        after = arrives(n)
        assert (after.refunded_minor, len(after.parts), after.still_expected) == (
            1_250, 1, {orders[n].lines[0].offer_id: 1},
        )  # fmt: skip
        assert refunded(orders[n]) == [1_250]

    assert run(faults, lambda: arrives(0), once) == 24


def test_an_exchange_is_placed_once(store: Store, faults: Faults) -> None:
    faults.of("after-sale")
    orders = collected(store, 37)
    cases = [approved(store, asked(store, order, Kind.EXCHANGE)) for order in orders]
    adjust_stock(store.tenant_id, store.skus[0], 100, "Counted", "count", BODY_HASH, store.staff, clock.now())

    def once(n: int) -> None:
        repeated(faults, lambda: exchange(store.tenant_id, cases[n].id, clock.now()))
        faults.arm(None)
        exchange(store.tenant_id, cases[n].id, clock.now())
        case = AfterSaleRecord.fetch(*AfterSaleRecord.address(store.tenant_id, cases[n].id), consistent=True)
        assert case is not None
        assert [entry["type"] for entry in case.history].count("exchange_placed") == 1
        assert get_order(store.tenant_id, str(case.exchange_order_id)).total_minor == 0

    assert run(faults, lambda: exchange(store.tenant_id, cases[0].id, clock.now()), once) == 36
    shelf = get_sku(store.tenant_id, store.skus[0])
    assert (int(shelf.free), int(shelf.allocated)) == (100 - 2 * 37, 2 * 37)


def instead(store: Store, case: AfterSaleRecord) -> AfterSaleRecord:
    verdict = Verdict(approved=True, reason="Sold out")
    return refund_instead(store.tenant_id, case.id, verdict, "i", BODY_HASH, None, store.staff, clock.now())


@pytest.mark.verify
def test_an_exchange_becomes_a_refund_once(store: Store, faults: Faults) -> None:
    faults.of("after-sale")
    orders = collected(store, REFUNDED_INSTEAD + 1)
    adjust_stock(store.tenant_id, store.skus[0], 200, "Counted", "count", BODY_HASH, store.staff, clock.now())
    cases = [approved(store, asked(store, order, Kind.EXCHANGE)) for order in orders]
    for case in cases:
        exchange(store.tenant_id, case.id, clock.now())

    def once(n: int) -> None:
        repeated(faults, lambda: instead(store, cases[n]))
        faults.arm(None)
        after = instead(store, cases[n])
        assert [entry["type"] for entry in after.history].count("refunded_instead") == 1
        assert refunded(orders[n]) == [2_500]
        assert get_order(store.tenant_id, orders[n].id, consistent=True).totals.refunded == 2_500
        assert get_order(store.tenant_id, str(after.exchange_order_id), consistent=True).status == "cancelled"

    assert run(faults, lambda: instead(store, cases[0]), once) == REFUNDED_INSTEAD
    shelf = get_sku(store.tenant_id, store.skus[0])
    assert (int(shelf.free), int(shelf.allocated)) == (200, 0)


@pytest.mark.verify
def test_an_exchange_whose_order_was_not_placed_yet_becomes_a_refund_once(store: Store, faults: Faults) -> None:
    faults.of("after-sale")
    orders = collected(store, PLACED_AND_REFUNDED + 1)
    cases = [approved(store, asked(store, order, Kind.EXCHANGE)) for order in orders]

    def once(n: int) -> None:
        repeated(faults, lambda: instead(store, cases[n]))
        faults.arm(None)
        exchange(store.tenant_id, cases[n].id, clock.now())
        after = instead(store, cases[n])
        types = [entry["type"] for entry in after.history]
        assert types == ["requested", "approved", "exchange_placed", "refunded_instead"]
        assert refunded(orders[n]) == [2_500]
        assert get_order(store.tenant_id, str(after.exchange_order_id), consistent=True).status == "cancelled"

    assert run(faults, lambda: instead(store, cases[0]), once) == PLACED_AND_REFUNDED
