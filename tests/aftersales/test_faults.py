"""Whatever fails, at whichever request: a case opens once, a decision pays once, an exchange is placed once, and
becomes a refund once.
"""

from collections.abc import Callable

from chalicelib.aftersales.model.cases import Kind
from chalicelib.aftersales.records import AfterSaleRecord, ClaimsRecord
from chalicelib.aftersales.service.deciding import decide
from chalicelib.aftersales.service.exchanging import exchange
from chalicelib.aftersales.service.opening import Wanted, open_case
from chalicelib.aftersales.service.paying import Verdict
from chalicelib.aftersales.service.refunding_instead import refund_instead
from chalicelib.catalog.service.ledger import adjust_stock
from chalicelib.catalog.service.set_aside import get_sku
from chalicelib.kernel import clock
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds.records import RefundRecord
from chalicelib.orders.service import get_order
from tests.faults import KINDS, Faults, faults
from tests.orders.stage import BODY_HASH, Stage
from tests.orders.test_faults import SERIES, _without_pauses, repeated, requests_of

__all__ = ["_without_pauses", "faults"]

REFUNDED_INSTEAD, PLACED_AND_REFUNDED = 36, 72
"""Runs of the two ways to a refund instead of an exchange: every kind of fault at each of their requests."""


def collected(stage: Stage, count: int) -> list[OrderRecord]:
    """So many orders of three units at 12.50, handed over and paid for."""
    campaign = stage.publish(3 * count)
    orders = [stage.place(campaign, 3, key=f"key-{n}") for n in range(count)]
    stage.lock(campaign)
    return [stage.hand_over(order) for order in orders]


def asked(stage: Stage, order: OrderRecord, kind: Kind = Kind.RETURN) -> AfterSaleRecord:
    wanted = Wanted(kind, ((order.lines[0].offer_id, 2),), "Bruised")
    return open_case(stage.tenant_id, stage.member(), order.id, wanted, order.id, BODY_HASH, clock.now())


def approved(stage: Stage, case: AfterSaleRecord) -> AfterSaleRecord:
    verdict = Verdict(approved=True)
    return decide(stage.tenant_id, case.id, verdict, "d", BODY_HASH, None, stage.staff, clock.now())


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


def test_a_case_opens_once(stage: Stage, faults: Faults) -> None:
    faults.of("after-sale")
    orders = collected(stage, 31)

    def once(n: int) -> None:
        order = orders[n]
        case = repeated(faults, lambda: asked(stage, order))
        faults.arm(None)
        assert ClaimsRecord.of(stage.tenant_id, order.id).cases == {case.id: {order.lines[0].offer_id: 2}}
        assert asked(stage, order).id == case.id

    assert run(faults, lambda: asked(stage, orders[0]), once) == 30


def test_a_decision_pays_once(stage: Stage, faults: Faults) -> None:
    faults.of("after-sale")
    orders = collected(stage, 25)
    cases = [asked(stage, order) for order in orders]

    def once(n: int) -> None:
        repeated(faults, lambda: approved(stage, cases[n]))
        faults.arm(None)
        after = approved(stage, cases[n])
        assert (after.status, after.refund_minor) == ("approved", 2_500)
        assert refunded(orders[n]) == [2_500]
        assert get_order(stage.tenant_id, orders[n].id, consistent=True).totals.refunded == 2_500

    assert run(faults, lambda: approved(stage, cases[0]), once) == 24


def test_an_exchange_is_placed_once(stage: Stage, faults: Faults) -> None:
    faults.of("after-sale")
    orders = collected(stage, 37)
    cases = [approved(stage, asked(stage, order, Kind.EXCHANGE)) for order in orders]
    adjust_stock(stage.tenant_id, stage.skus[0], 100, "Counted", "count", BODY_HASH, stage.staff, clock.now())

    def once(n: int) -> None:
        repeated(faults, lambda: exchange(stage.tenant_id, cases[n].id, clock.now()))
        faults.arm(None)
        exchange(stage.tenant_id, cases[n].id, clock.now())
        case = AfterSaleRecord.fetch(*AfterSaleRecord.address(stage.tenant_id, cases[n].id), consistent=True)
        assert case is not None
        assert [entry["type"] for entry in case.history].count("exchange_placed") == 1
        assert get_order(stage.tenant_id, str(case.exchange_order_id)).total_minor == 0

    assert run(faults, lambda: exchange(stage.tenant_id, cases[0].id, clock.now()), once) == 36
    shelf = get_sku(stage.tenant_id, stage.skus[0])
    assert (int(shelf.free), int(shelf.allocated)) == (100 - 2 * 37, 2 * 37)


def instead(stage: Stage, case: AfterSaleRecord) -> AfterSaleRecord:
    verdict = Verdict(approved=True, reason="Sold out")
    return refund_instead(stage.tenant_id, case.id, verdict, "i", BODY_HASH, None, stage.staff, clock.now())


def test_an_exchange_becomes_a_refund_once(stage: Stage, faults: Faults) -> None:
    faults.of("after-sale")
    orders = collected(stage, REFUNDED_INSTEAD + 1)
    adjust_stock(stage.tenant_id, stage.skus[0], 200, "Counted", "count", BODY_HASH, stage.staff, clock.now())
    cases = [approved(stage, asked(stage, order, Kind.EXCHANGE)) for order in orders]
    for case in cases:
        exchange(stage.tenant_id, case.id, clock.now())

    def once(n: int) -> None:
        repeated(faults, lambda: instead(stage, cases[n]))
        faults.arm(None)
        after = instead(stage, cases[n])
        assert [entry["type"] for entry in after.history].count("refunded_instead") == 1
        assert refunded(orders[n]) == [2_500]
        assert get_order(stage.tenant_id, orders[n].id, consistent=True).totals.refunded == 2_500
        assert get_order(stage.tenant_id, str(after.exchange_order_id), consistent=True).status == "cancelled"

    assert run(faults, lambda: instead(stage, cases[0]), once) == REFUNDED_INSTEAD
    shelf = get_sku(stage.tenant_id, stage.skus[0])
    assert (int(shelf.free), int(shelf.allocated)) == (200, 0)


def test_an_exchange_whose_order_was_not_placed_yet_becomes_a_refund_once(stage: Stage, faults: Faults) -> None:
    faults.of("after-sale")
    orders = collected(stage, PLACED_AND_REFUNDED + 1)
    cases = [approved(stage, asked(stage, order, Kind.EXCHANGE)) for order in orders]

    def once(n: int) -> None:
        repeated(faults, lambda: instead(stage, cases[n]))
        faults.arm(None)
        exchange(stage.tenant_id, cases[n].id, clock.now())
        after = instead(stage, cases[n])
        types = [entry["type"] for entry in after.history]
        assert types == ["requested", "approved", "exchange_placed", "refunded_instead"]
        assert refunded(orders[n]) == [2_500]
        assert get_order(stage.tenant_id, str(after.exchange_order_id), consistent=True).status == "cancelled"

    assert run(faults, lambda: instead(stage, cases[0]), once) == PLACED_AND_REFUNDED
