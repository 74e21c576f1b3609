"""The rules of an exchange that becomes a refund."""

import pytest

from chalicelib.aftersales.errors import MoveRefused, NotAnExchange, NothingOutstanding
from chalicelib.aftersales.model.cases import GRANTED, Kind, Status
from chalicelib.aftersales.model.exchanges import check_instead, check_outstanding, still_replaced


@pytest.mark.parametrize("kind", [Kind.RETURN, Kind.REPAIR])
def test_only_an_exchange_becomes_a_refund(kind: Kind) -> None:
    with pytest.raises(NotAnExchange):
        check_instead(kind, Status.APPROVED)


@pytest.mark.parametrize("status", sorted(GRANTED))
def test_an_exchange_that_was_granted_becomes_a_refund_even_after_it_was_closed(status: Status) -> None:
    check_instead(Kind.EXCHANGE, status)


@pytest.mark.parametrize("status", sorted(set(Status) - GRANTED))
def test_an_exchange_that_was_not_granted_becomes_no_refund(status: Status) -> None:
    with pytest.raises(MoveRefused) as refused:
        check_instead(Kind.EXCHANGE, status)
    assert refused.value.extra["after_sale_status"] == status


def test_where_nothing_is_outstanding_the_exchange_order_is_named() -> None:
    check_outstanding({"pears": 1}, None)
    with pytest.raises(NothingOutstanding) as refused:
        check_outstanding({}, "order")
    assert refused.value.extra == {"exchange_order_id": "order"}


@pytest.mark.parametrize(
    ("ordered", "picked", "outstanding", "refunded", "left"),
    [
        (3, 0, 3, 3, {"pears": 0}),
        (3, 0, 3, 1, {"pears": 2}),
        (3, 1, 2, 2, {"pears": 1}),
        (2, 0, 3, 1, {}),
        (2, 1, 2, 2, {"pears": 1}),
        (1, 1, 2, 2, {}),
    ],
)
def test_the_order_keeps_what_was_handed_over_and_what_is_replaced_still(
    ordered: int, picked: int, outstanding: int, refunded: int, left: dict[str, int]
) -> None:
    lowered = still_replaced({"pears": ordered}, {"pears": picked}, {"pears": outstanding}, {"pears": refunded})
    assert lowered == left


def test_a_line_that_dropped_out_stays_out() -> None:
    assert still_replaced({}, {}, {"pears": 2}, {"pears": 1}) == {}
