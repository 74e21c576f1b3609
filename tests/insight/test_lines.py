"""Neighbouring rows of one reference are one order; a wrong one leaves it out whole."""

from datetime import UTC, datetime

from chalicelib.insight.activity.model import lines
from chalicelib.insight.activity.model.csv import Row
from chalicelib.insight.activity.model.reasons import Reason
from chalicelib.insight.activity.model.rows import OrderRow, parse
from chalicelib.kernel.clock import zone

COLUMNS = ("order_ref", "member", "ordered_on", "quantity", "amount", "currency", "product_code")
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


def row(number: int, *values: str) -> Row:
    given = [*values, *("A", "ann", "2026-01-05", "1", "10.00", "USD", "")[len(values) :]]
    return Row(number, given, 10 * number)


def torn(number: int) -> Row:
    return Row(number, [], 10 * number, Reason("torn", "无法读取"))


def taken(*rows: Row, before: str | None = None) -> lines.Orders:
    return lines.orders(rows, 0, before, parsed)


def parsed(values: object, follows: bool) -> OrderRow:
    return parse(list(values), COLUMNS, zone("UTC"), NOW, follows=follows)  # type: ignore[call-overload]


def test_quantities_and_amounts_of_an_orders_rows_add_up() -> None:
    found = taken(row(2), row(3, "A", "ann", "2026-01-05", "2", "5.50"), row(4, "B"))

    assert [(number, order.order_ref, order.quantity, order.amount_minor) for number, order in found.good] == [
        (2, "A", 3, 1550),
        (4, "B", 1, 1000),
    ]
    assert (found.numbers, found.bad) == ({2: [2, 3], 4: [4]}, [])


def test_an_amount_may_stand_in_the_first_row_alone() -> None:
    found = taken(row(2), row(3, "A", "ann", "2026-01-05", "2", ""))

    assert [(order.quantity, order.amount_minor) for _, order in found.good] == [(3, 1000)]
    assert taken(row(2, "A", "ann", "2026-01-05", "2", "")).good == []


def test_the_lines_in_another_order_are_the_same_order() -> None:
    pear, apple = (("A", "ann", "2026-01-05", "1", price, "USD", code) for price, code in (("10.00", "P"), ("2", "Q")))
    [[_, one]], [[_, other]] = taken(row(2, *pear), row(3, *apple)).good, taken(row(2, *apple), row(3, *pear)).good
    [[_, more]] = taken(row(2, *pear), row(3, "A", "ann", "2026-01-05", "1", "2", "USD", "R")).good

    assert (one.fingerprint, one.product_code, one.rows) == (other.fingerprint, "", 2)
    assert one.fingerprint != more.fingerprint


def test_a_row_that_contradicts_its_order_leaves_it_out_whole() -> None:
    for contradiction in (("A", "bob"), ("A", "ann", "2026-01-06")):
        found = taken(row(2), row(3, *contradiction), row(4), row(5, "B"))

        assert [number for number, _ in found.good] == [5]
        assert [number for number, _ in found.bad] == [2, 3, 4]
        assert "differs from that of the rows before it" in found.bad[1][1].en
        assert found.bad[0][1] == Reason(
            "the order is left out, because its row 3 is wrong", "同一订单的第 3 行有误，整单未导入"
        )


def test_a_row_that_cannot_be_read_belongs_to_the_order_around_it_or_to_none() -> None:
    inside = taken(row(2), torn(3), row(4), row(5, "B"))
    between = taken(row(2), torn(3), row(4, "B"))

    assert ([number for number, _ in inside.good], [number for number, _ in inside.bad]) == ([5], [2, 3, 4])
    assert ([number for number, _ in between.good], [number for number, _ in between.bad]) == ([2, 4], [3])


def test_rows_without_a_reference_are_no_order_together() -> None:
    found = taken(row(2, ""), row(3, ""))

    assert [reason.en for _, reason in found.bad] == ["order_ref is empty"] * 2


def test_slices_divide_no_order_and_begin_at_the_same_rows_again() -> None:
    refs = ["A", "A", "B", "B", "B", "C", "D"]
    rows = [row(number, ref) for number, ref in enumerate(refs, 2)]

    parts = [[each.number for each in part] for part in lines.slices(rows, 3, 0)]

    assert parts == [[2, 3, 4, 5, 6], [7, 8]]
    assert [[each.number for each in part] for part in lines.slices(rows[5:], 3, 0)] == [[7, 8]]


def test_an_order_of_more_rows_than_it_may_have_is_left_out_whole() -> None:
    rows = [row(number) for number in range(2, 2 + lines.MOST_LINES + 50)]

    first, second = lines.slices(rows, 10, 0)
    before = lines.last_ref(first, 0)

    assert (taken(*first).good, taken(*second, before=before).good) == ([], [])
    assert len(taken(*first).bad) + len(taken(*second, before=before).bad) == len(rows)


def test_a_reference_with_which_a_slice_ended_may_come_again_further_down() -> None:
    found = taken(row(4, "B"), row(5), before="A")
    assert ([order.order_ref for _, order in found.good], found.bad) == (["B", "A"], [])


def test_a_reference_is_the_same_whatever_is_around_it() -> None:
    for spelled in ("A\u200b", '="A"', "A \u200b"):
        found = taken(row(2), row(3, spelled, "ann", "2026-01-05", "2", "5.50"))
        assert [(order.order_ref, order.amount_minor) for _, order in found.good] == [("A", 1550)], spelled
        assert taken(row(2), row(3, spelled, "bob")).good == []


def test_an_order_with_a_torn_row_is_not_divided_where_a_slice_ends() -> None:
    rows = [row(2, "B"), row(3), torn(4), row(5), row(6, "C")]
    parts = list(lines.slices(rows, 2, 0))
    assert [[each.number for each in part] for part in parts] == [[2, 3, 4, 5], [6]]
    assert [order.order_ref for _, order in taken(*parts[0]).good] == ["B"]
