"""Figures of a period, worked by hand."""

from decimal import Decimal

from chalicelib.catalog.model.stock import Flow, Kind, Movement, flow, turnover, wastage_rate


def test_a_period_is_told_back_from_the_stock_now() -> None:
    # Given 100 units at its beginning; then 60 set aside, 15 given back, 5 spoilt, 2 returned by a member, 40
    # delivered, 3 more of a supplier's surplus: 95 at its end. Since then 20 were set aside: 75 now.
    during = [
        Movement(Kind.SET_ASIDE, -60), Movement(Kind.RETURNED, 15), Movement(Kind.WASTAGE, -5),
        Movement(Kind.CUSTOMER_RETURN, 2), Movement(Kind.ADJUSTMENT, 40), Movement(Kind.RECEIVED_SURPLUS, 3),
    ]  # fmt: skip
    told = flow(75, during, [Movement(Kind.SET_ASIDE, -20)])
    assert told == Flow(opening=100, sold=43, wasted=5, adjusted=40, surplus=3, closing=95)


def test_turnover_is_the_cost_of_goods_over_the_mean_of_opening_and_closing() -> None:
    # 43 units at 4.00 left: 172.00. The stock was worth 400.00, then 380.00: 390.00 on average.
    assert turnover(17_200, 40_000, 38_000) == Decimal("0.4410")
    assert turnover(5, 0, 0) is None


def test_wastage_is_a_part_of_all_that_left() -> None:
    assert wastage_rate(5, 43) == Decimal("0.1042")
    assert wastage_rate(0, 0) is None
