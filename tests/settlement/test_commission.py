"""Commission, worked by hand."""

from datetime import UTC, datetime

import pytest

from chalicelib.campaigns.model.after_sale import last_window
from chalicelib.campaigns.model.offers import Offer
from chalicelib.pickup_points.model import PickupPlace
from chalicelib.settlement.books.model.commission import Earned, rate_of, share
from chalicelib.settlement.books.model.position import OrderFacts


@pytest.mark.parametrize(
    ("amount", "rate", "expected"),
    [
        (99, 750, 7),  # 7.425 fen
        (20, 750, 2),  # 1.5 fen: half goes up
        (19, 750, 1),  # 1.425 fen
        (6, 750, 0),  # 0.45 fen
        (7, 750, 1),  # 0.525 fen
        (10_000, 750, 750),
        (1, 5_000, 1),  # 0.5 fen
        (-20, 750, -2),  # what is taken back is rounded as what was given
        (0, 750, 0),
        (99, 0, 0),
        (10**15, 1, 10**11),
    ],
)
def test_a_rate_is_exact_and_rounded_once_half_up(amount: int, rate: int, expected: int) -> None:
    assert share(amount, rate) == expected


def test_an_order_earns_at_the_rate_of_its_own_pickup_point() -> None:
    places = [
        PickupPlace("east", "East gate", "1 Lilac Road", commission_bps=750),
        PickupPlace("west", "West gate", "9"),
    ]
    assert [rate_of(places, point) for point in ("east", "west", "elsewhere")] == [750, 0, 0]


def test_delivery_and_discounts_earn_nothing() -> None:
    """Goods of ¥30.00 less a discount of ¥5.00, and ¥6.00 for delivery: 7.5 % of ¥25.00 is ¥1.88 (187.5 fen)."""
    facts = OrderFacts(sold=True, goods_minor=2_500, delivery_minor=600)
    assert facts.commission_base_minor == 2_500
    assert facts.commission_minor(750) == 188


def test_a_refund_takes_back_in_proportion_and_the_sums_close() -> None:
    """¥9.90 at 7.5 % earns ¥0.74 (74.25). ¥3.30 goes back: ¥6.60 earns ¥0.50 (49.5), so ¥0.24 is taken back; the rest
    goes back: ¥0.50 is taken back. Computed on each refund alone, ¥0.25 + ¥0.50 would leave a cent too little.
    """
    rest = [OrderFacts(sold=True, goods_minor=990, returned_minor=back).commission_minor(750) for back in (0, 330, 990)]
    assert rest == [74, 50, 0]


def test_delivery_that_is_given_back_takes_no_commission_away() -> None:
    back = OrderFacts(sold=True, goods_minor=1_000, delivery_minor=600, returned_minor=600, delivery_returned_minor=600)
    assert back.commission_minor(750) == 75


def test_an_exchange_at_no_price_earns_nothing() -> None:
    assert OrderFacts(sold=True).commission_minor(750) == 0


def test_what_was_not_handed_over_earns_nothing() -> None:
    assert OrderFacts(goods_minor=1_000).commission_minor(750) == 0
    assert OrderFacts(forfeited=True, goods_minor=1_000).commission_minor(750) == 0
    assert OrderFacts(forfeited=True, goods_minor=1_000, picked_minor=400).commission_minor(750) == 30


def test_before_the_release_the_frozen_part_changes_after_it_the_payable_one_below_zero_if_need_be() -> None:
    frozen = Earned(frozen_minor=75)
    assert frozen.recomputed(50, released=False) == Earned(frozen_minor=50)
    assert Earned(payable_minor=75).recomputed(50, released=True) == Earned(payable_minor=50)


def test_the_longest_window_of_what_was_ordered_counts() -> None:
    """Picked up on 22 November at 18:30 in Shanghai: pears for 7 days back and 15 to exchange, a lamp for 30 days back
    and mended for a year, which nobody waits for. What its campaign lost has the usual windows, as a member sees them.
    """
    picked_up = datetime(2026, 11, 22, 10, 30, tzinfo=UTC)
    pears = Offer("pears", "s1", "Pears", 900, 10)
    lamp = Offer("lamp", "s2", "Lamp", 9_900, 10, return_days=30, exchange_days=0, repair_days=365)
    fish = Offer("fish", "s3", "Fish", 2_000, 10, return_days=0, exchange_days=0)
    offers = [pears, lamp, fish]
    assert last_window(picked_up, offers, ["pears"]) == datetime(2026, 12, 7, 10, 30, tzinfo=UTC)
    assert last_window(picked_up, offers, ["pears", "lamp"]) == datetime(2026, 12, 22, 10, 30, tzinfo=UTC)
    assert last_window(picked_up, offers, ["fish"]) == picked_up
    assert last_window(picked_up, offers, ["gone"]) == datetime(2026, 12, 7, 10, 30, tzinfo=UTC)
