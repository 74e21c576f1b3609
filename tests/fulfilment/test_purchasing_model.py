"""What is bought from whom, worked by hand."""

from dataclasses import replace

from chalicelib.fulfilment.purchasing.model import (
    Difference,
    Outcome,
    Purchase,
    PurchaseLine,
    Sold,
    Source,
    bought,
    differences,
    needed,
)
from chalicelib.fulfilment.suppliers.model import BelowMinimum, Rounding, Terms

RELEASE = BelowMinimum.RELEASE


def line(sku_id: str, units: int, from_stock: int = 0) -> PurchaseLine:
    return PurchaseLine(sku_id, sku_id.upper(), sku_id.title(), units, {f"o-{sku_id}": units}, from_stock)


def test_offers_of_one_sku_make_one_line_and_unsold_ones_none() -> None:
    sold = [
        Sold("o1", "pears", "Pears", 3, from_stock=2), Sold("o2", "eggs", "Eggs", 0), Sold("o3", "pears", "Box", 4),
    ]  # fmt: skip
    assert needed(sold, {"pears": "P-1"}) == [PurchaseLine("pears", "P-1", "Pears", 7, {"o1": 3, "o3": 4}, 2)]


def test_a_line_is_stored_and_comes_back_and_an_old_one_too() -> None:
    full = replace(line("pears", 7, 3), supplier_id="s", pack_size=2, packs=2, bought=4, cost_minor=400)
    assert PurchaseLine.from_json(full.as_json()) == full
    old = PurchaseLine.from_json(["pears", "P-1", "秋梨", 7, {"o1": 7}])
    assert (old.packs, old.bought, old.available) == (7, 7, 7)


def test_only_what_is_not_on_the_shelf_is_bought() -> None:
    # 23 pears sold, 3 of them from stock: 20 to buy, in packs of 8 that is 24, 4 of them nobody's.
    (bought_line,), (purchase,) = bought(
        [line("pears", 23, 3)], {"pears": Source("s", "A-7", Terms(400, 8))}, {"s": Purchase("s", "Orchard")}, {}
    )
    assert (bought_line.packs, bought_line.bought, bought_line.surplus, bought_line.available) == (3, 24, 4, 27)
    assert (purchase.total_minor, purchase.outcome) == (9_600, Outcome.BOUGHT)


def test_without_a_supplier_it_is_bought_in_single_units_at_the_brands_own_cost() -> None:
    (bought_line,), purchases = bought([line("oil", 5)], {}, {}, {"oil": 300})
    assert (bought_line.supplier_id, bought_line.packs, bought_line.amount_minor, purchases) == (None, 5, 1_500, [])


def test_below_the_minimum_of_a_sku_it_is_bought_anyway_or_released_as_agreed() -> None:
    sources = {
        "pears": Source("s", None, Terms(400, minimum_quantity=10)),
        "eggs": Source("s", None, Terms(400, minimum_minor=5_000, below_minimum=RELEASE)),
        "oil": Source("s", None, Terms(400, 6, Rounding.FLOOR, 1)),
    }
    # 9 of 10 pears; 12 eggs are 48.00 of 50.00; 13 oils are 2 packs of 6, and one is left out.
    lines, (purchase,) = bought(
        [line("pears", 9), line("eggs", 12, 2), line("oil", 13)], sources, {"s": Purchase("s", "Orchard")}, {}
    )
    assert [(each.outcome, each.bought, each.short) for each in lines] == [
        (Outcome.BELOW_MINIMUM, 9, 0), (Outcome.RELEASED, 0, 10), (Outcome.WITHIN_TOLERANCE, 12, 1),
    ]  # fmt: skip
    assert lines[1].available == 2
    assert purchase.total_minor == 21 * 400


def test_a_suppliers_own_minimum_is_over_what_is_left_of_its_lines() -> None:
    sources = {
        "pears": Source("s", None, Terms(1_000, minimum_quantity=10, below_minimum=RELEASE)),
        "eggs": Source("s", None, Terms(400)),
        "oil": Source("t", None, Terms(700)),
    }
    lines = [line("pears", 9), line("eggs", 12, 1), line("oil", 1)]
    # The pears are released, so 11 eggs remain: 44.00 of the 50.00 that the orchard wants. The oil is the other's.
    for below, outcome, eggs in (("buy", Outcome.BELOW_MINIMUM, 11), ("release", Outcome.RELEASED, 0)):
        orchard = Purchase("s", "Orchard", 5_000, below)
        made, (first, second) = bought(lines, sources, {"s": orchard, "t": Purchase("t", "Mill")}, {})
        assert (first.outcome, made[1].bought, made[1].short) == (outcome, eggs, 11 - eggs)
        assert first.total_minor == eggs * 400
        assert (second.total_minor, made[2].bought) == (700, 1)


def test_differences_name_what_changed_came_and_went() -> None:
    pears, eggs = replace(line("pears", 7), bought=8), replace(line("eggs", 2), bought=2)
    changed, oil = replace(pears, quantity=6), replace(line("oil", 1), bought=1)
    assert differences([pears, eggs], [changed, oil]) == [
        Difference("pears", (7, 6), (8, 8)), Difference("eggs", (2, 0), (2, 0)), Difference("oil", (0, 1), (0, 1)),
    ]  # fmt: skip
    assert differences([pears], [pears]) == []
