"""What a case may pay back, where plain amounts and lines that dropped out left less than its units were worth."""

import pytest

from chalicelib.aftersales.model.cases import Kind
from chalicelib.aftersales.records import AfterSaleRecord
from chalicelib.aftersales.service.deciding import decide, offered
from chalicelib.aftersales.service.opening import Wanted, open_case
from chalicelib.aftersales.service.paying import Verdict
from chalicelib.kernel import clock
from chalicelib.orders.adjustments.service import adjust
from chalicelib.orders.errors import RefundTooLarge
from chalicelib.orders.handover.service import pickup
from chalicelib.orders.records import OrderRecord
from tests.orders.states import again, paid_online
from tests.orders.store import BODY_HASH, Store


def asked(store: Store, order: OrderRecord, key: str, *lines: int) -> AfterSaleRecord:
    """A return of one unit of each of these lines, by their place in the order."""
    wanted = Wanted(Kind.RETURN, tuple((order.lines[n].offer_id, 1) for n in lines), "Bruised")
    return open_case(store.tenant_id, order.member_id, order.id, wanted, key, BODY_HASH, clock.now())


def decided(store: Store, case: AfterSaleRecord, amount_minor: int | None = None) -> AfterSaleRecord:
    """The case approved, with a plain amount if one is given."""
    verdict = Verdict(approved=True, amount_minor=amount_minor, currency="CNY")
    return decide(store.tenant_id, case.id, verdict, case.id, BODY_HASH, None, store.staff, clock.now())


def after_a_line_dropped_out(store: Store, *quantities: int, given_back: int = 3_000) -> OrderRecord:
    """An order at 12.50 a unit, collected but for its last line; 30.00 fall on all lines, then the last drops out, for
    which so much less goes back.
    """
    campaign = store.publish(*(50 for _ in quantities))
    order = paid_online(store, campaign, *quantities)
    store.lock(campaign)
    *kept, last = order.lines
    store.bring(order, clock.now())
    picked = {line.offer_id: line.quantity for line in kept}
    pickup.hand_over(
        store.tenant_id, order.id, order.pickup_code, store.point_id, store.staff, "key", clock.now(), picked
    )  # fmt: skip
    decided(store, asked(store, order, "one", 0), given_back)
    adjust(store.tenant_id, order.id, {last.offer_id: 0}, cause="r", reason="Short", by="system", now=clock.now())
    return again(store, order)


def test_a_return_is_approved_without_money_where_nothing_is_left(store: Store) -> None:
    # Given 37.50, all of which went back as a plain amount, before a line dropped out
    order = after_a_line_dropped_out(store, 2, 1, given_back=3_750)
    assert order.refundable_minor == 0

    case = asked(store, order, "two", 0)
    _, options = offered(store.tenant_id, case.id)
    assert (options.all_units.worth, options.most_minor) == ({}, 0)
    with pytest.raises(RefundTooLarge):
        decided(store, case, 1)
    granted = decided(store, case)
    assert (granted.status, granted.refund_id) == ("approved", None)


def test_units_of_many_lines_pay_back_what_is_left_of_their_order(store: Store) -> None:
    # Given 50.00, of which 30.00 went back over three lines, 7.50 of it for the last one, and then the 5.00 that were
    # left of that: the pears bear 10.00 more, and the eggs 5.00
    order = after_a_line_dropped_out(store, 2, 1, 1)
    assert order.refundable_minor == 1_500

    case = asked(store, order, "two", 0, 1)
    _, options = offered(store.tenant_id, case.id)
    assert (list(options.all_units.worth.values()), options.most_minor) == ([1_000, 500], 1_500)
    assert decided(store, case).refund_minor == 1_500
    order = again(store, order)
    assert order.refundable_minor == 0
    store.check_money(order)
