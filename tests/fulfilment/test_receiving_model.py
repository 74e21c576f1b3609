"""What a delivery says about a purchase list, worked by hand."""

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
from chalicelib.fulfilment.receiving.model.receipts import Arrival, Tally, available, check

# 23 pears were sold; three packs of ten are bought.
PEARS = PurchaseLine("pears", "P", "Pears", 23, {"o": 23}, supplier_id="s", pack_size=10, packs=3, bought=30, surplus=7)


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
