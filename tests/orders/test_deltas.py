"""What changes in an order's lines, worked out by hand."""

from chalicelib.orders.changes.model import extend, lessen, lowered, priced, wanted
from chalicelib.orders.model import Line, Take

PEARS = Line("pears", "s1", 5, 1_250, (Take(0, 2), Take(3, 3)))
EGGS = Line("eggs", "s2", 1, 900, (Take(1, 1),), limited=True)


def test_the_units_of_the_last_bucket_go_back_first() -> None:
    lessened = lessen((PEARS, EGGS), {"pears": 1})
    assert lessened.kept == (Line("pears", "s1", 1, 1_250, (Take(0, 1),)), EGGS)
    assert lessened.returned == (Line("pears", "s1", 4, 1_250, (Take(0, 1), Take(3, 3))),)


def test_a_line_without_units_drops_out_and_gives_all_of_them_back() -> None:
    lessened = lessen((PEARS, EGGS), {"eggs": 0})
    assert lessened.kept == (PEARS,)
    assert lessened.returned == (EGGS,)


def test_what_is_not_lowered_stays() -> None:
    lessened = lessen((PEARS, EGGS), {"pears": 5, "eggs": 3})
    assert (lessened.kept, lessened.returned) == ((PEARS, EGGS), ())


def test_added_units_join_their_line_and_new_offers_come_last() -> None:
    more = Line("pears", "s1", 2, 1_200, (Take(3, 1), Take(4, 1)))
    oil = Line("oil", "s3", 1, 4_000, (Take(0, 1),))
    assert extend((PEARS, EGGS), (more, oil)) == (
        Line("pears", "s1", 7, 1_200, (Take(0, 2), Take(3, 4), Take(4, 1))),
        EGGS,
        oil,
    )


def test_taking_and_giving_back_the_same_units_ends_where_it_began() -> None:
    more = Line("pears", "s1", 2, 1_250, (Take(4, 2),))
    assert lessen(extend((PEARS,), (more,)), {"pears": 5}).kept == (PEARS,)


def test_prices_change_where_they_are_named() -> None:
    assert [line.total_minor for line in priced((PEARS, EGGS), {"pears": 1_000})] == [5_000, 900]


def test_quantities_are_absolute_and_what_is_not_named_stays() -> None:
    assert wanted((PEARS, EGGS), (("eggs", 0), ("oil", 2))) == {"pears": 5, "oil": 2}


def test_a_discount_falls_with_its_goods_and_the_last_line_takes_the_residue() -> None:
    """1.00 off 30.00: with 20.00 left 0.66 stay, with 10.00 left 0.33 of those, with nothing left nothing."""
    assert lowered(100, 3_000, 2_000) == 66
    assert lowered(66, 2_000, 1_000) == 33
    assert lowered(33, 1_000, 0) == 0
    assert lowered(0, 0, 0) == 0
