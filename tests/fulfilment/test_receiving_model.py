"""What a delivery means for orders, worked by hand: first come, first served."""

import pytest

from chalicelib.fulfilment.purchasing.model import PurchaseLine
from chalicelib.fulfilment.receiving.errors import (
    DamagedAboveReceived,
    NoSurplus,
    NothingReceived,
    NotOrderedHere,
    ReceiptAboveOrder,
    RepeatedSku,
    SubstituteIsTheSame,
)
from chalicelib.fulfilment.receiving.model import (
    Arrival,
    Placed,
    Step,
    Tally,
    Wanted,
    available,
    check,
    cut,
    give,
    substituted,
)

# 23 pears were sold; three packs of ten are bought.
PEARS = PurchaseLine("pears", "P", "Pears", 23, {"o": 23}, supplier_id="s", pack_size=10, packs=3, bought=30, surplus=7)


def order(name: str, *lines: Wanted) -> Placed:
    return Placed(name, lines)


def wanted(offer: str, units: int, sku: str = "pears", picked: int = 0, gets: str = "") -> Wanted:
    return Wanted(offer, sku, gets or sku, units, picked)


def test_what_is_available_is_what_came_whole_and_what_is_still_expected() -> None:
    # 20 came, 2 of them damaged, 3 never will, 1 came as another SKU, 4 go to the shelf; 6 are still expected.
    tally = Tally().plus(Arrival("pears", 12, 2, to_stock=4)).plus(Arrival("pears", 8, 0, 3, "nashi", 1))
    assert (tally, tally.accounted) == (Tally(20, 2, 3, 1, 4), 24)
    assert available(PEARS, tally) == 30 - 2 - 3 - 1 - 4


def test_a_supplier_is_owed_what_came_whole() -> None:
    # 10 of 12 at 4.00, and one substitute at 5.50.
    arrival = Arrival("pears", 12, 2, 3, "nashi", 1, cost_minor=400, substitute_cost_minor=550)
    assert arrival.due_minor == 4_550


@pytest.mark.parametrize(
    ("arrivals", "refusal"),
    [
        ([Arrival("pears", 31)], ReceiptAboveOrder),
        ([Arrival("pears", 20, 0, 11)], ReceiptAboveOrder),
        ([Arrival("pears", 20, 0, 5, "nashi", 6)], ReceiptAboveOrder),
        ([Arrival("pears", 1), Arrival("pears", 1)], RepeatedSku),
        ([Arrival("plums", 1)], NotOrderedHere),
        ([Arrival("pears")], NothingReceived),
        ([Arrival("pears", 2, 3)], DamagedAboveReceived),
        ([Arrival("pears", 2, 0, 0, "pears", 1)], SubstituteIsTheSame),
        ([Arrival("pears", 30, to_stock=8)], NoSurplus),
        ([Arrival("pears", 30, 2, to_stock=6)], NoSurplus),
    ],
)
def test_a_receipt_that_cannot_be_is_refused_by_name(arrivals: list[Arrival], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        check(arrivals, {"pears": PEARS}, {}, "s")


def test_what_was_settled_before_counts() -> None:
    check([Arrival("pears", 10)], {"pears": PEARS}, {"pears": Tally(18, 0, 2)}, "s")
    with pytest.raises(ReceiptAboveOrder) as refused:
        check([Arrival("pears", 11)], {"pears": PEARS}, {"pears": Tally(18, 0, 2)}, "s")
    assert refused.value.extra == {"sku_id": "pears", "ordered": 30, "settled": 20, "left": 10}
    with pytest.raises(NotOrderedHere):
        check([Arrival("pears", 1)], {"pears": PEARS}, {}, "another")


def test_a_shortage_over_three_orders_takes_the_last_come_first() -> None:
    # 3, 4 and 5 pears were ordered in this order; 6 are missing: the last loses all 5, the one before it 1.
    first, second, third = order("a", wanted("o", 3)), order("b", wanted("o", 4)), order("c", wanted("o", 5))
    excess = {"pears": 6}
    assert cut([third, second, first], excess) == [Step("c", {"o": 0}), Step("b", {"o": 3})]
    assert excess == {"pears": 0}


def test_units_handed_over_and_lines_with_a_substitute_are_left_alone() -> None:
    last = order("c", wanted("o", 5, picked=3), wanted("p", 2, gets="nashi"), wanted("q", 9, sku="eggs"))
    excess = {"pears": 6}
    assert cut([last, order("b", wanted("o", 1))], excess) == [Step("c", {"o": 3}), Step("b", {"o": 0})]
    assert excess == {"pears": 3}


def test_two_offers_of_one_sku_in_an_order_give_the_later_line_first() -> None:
    assert cut([order("a", wanted("o", 3), wanted("p", 2))], {"pears": 4}) == [Step("a", {"p": 0, "o": 1})]


def test_substitutes_go_to_whole_lines_of_the_last_come() -> None:
    # 5 nashi came for pears: the last wants 6 and keeps its pears, the one before gets 3, the first 2.
    first, second, third = order("a", wanted("o", 2)), order("b", wanted("o", 3)), order("c", wanted("o", 6))
    left = {"pears": {"nashi": 5}}
    assert give([third, second, first], left) == [
        Step("b", substitutes={"o": "nashi"}), Step("a", substitutes={"o": "nashi"}),
    ]  # fmt: skip
    assert left == {"pears": {"nashi": 0}}


def test_what_orders_get_as_another_sku_is_counted() -> None:
    orders = [
        order("a", wanted("o", 2, gets="nashi")),
        order("b", wanted("o", 3)),
        order("c", wanted("p", 4, gets="nashi")),
    ]
    assert substituted(orders) == {"pears": {"nashi": 6}}


def test_a_step_is_stored_and_comes_back() -> None:
    step = Step("a", {"o": 1}, {"p": "nashi"})
    assert Step.from_json(step.as_json()) == step
