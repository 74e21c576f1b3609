"""The tax in what was sold, in the books: taken out of the income, owed by rate, reversed with what comes back."""

from typing import Any

from chalicelib.kernel import clock
from chalicelib.orders.model import Line, Take
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds.model import DELIVERY, Goodwill
from chalicelib.pricing.model.tax import Tax
from chalicelib.settlement.books.model.parties import Party
from chalicelib.settlement.books.records import PartyLine
from chalicelib.settlement.books.service import orders as order_books
from chalicelib.settlement.campaigns.service import result as campaigns
from tests.settlement.store_books import StoreBooks


def taxed(books: StoreBooks, *lines: tuple[int, int | None], **fields: Any) -> OrderRecord:
    """An order of lines of an amount at a rate in basis points, paid online and booked."""
    stored = [
        Line(f"offer-{n}", f"sku-{n}", 1, amount, (Take(0, 1),), rates=() if rate is None else ((rate, 1),)).as_json()
        for n, (amount, rate) in enumerate(lines)
    ]
    total = sum(amount for amount, _ in lines) + fields.get("delivery_minor", 0)
    order = books.order(0, paid=total, **fields)
    order = books.change(order, stored_lines=stored)
    books.book_paid(order, books.pay(order, total))
    return order


def sold(books: StoreBooks, order: OrderRecord) -> OrderRecord:
    order = books.hand_over(order)
    books.book_changed(order)
    return order


def of_tax(books: StoreBooks) -> dict[str, int]:
    return {
        name: amount
        for name, amount in books.balances().items()
        if name.startswith(("taxed_sales", "net_sales", "tax_payable"))
    }


def shown(tax: Tax) -> list[tuple[str, int, int]]:
    return [(each.rate, each.base_minor, each.tax_minor) for each in tax]


def give_back(books: StoreBooks, order: OrderRecord, parts: dict[str, int], **fields: Any) -> None:
    """So much of each part went back while the total stands, and is booked."""
    refund = books.refund(order, sum(parts.values()), stands=True)
    books.change(order, refunded_lines=parts, **fields)
    books.book_refund(order, refund)
    books.book_changed(order)


def test_with_the_handover_the_tax_is_owed_by_rate_and_the_rest_is_as_without(books: StoreBooks) -> None:
    order = taxed(books, (11_300, 1_300), (10_900, 900), (500, None), delivery_minor=600, delivery_tax_bps=600)
    assert of_tax(books) == {}, "nothing is sold yet"
    sold(books, order)
    assert of_tax(books) == {
        "taxed_sales": 22_800, "net_sales:1300": 10_000, "tax_payable:1300": 1_300, "net_sales:900": 10_000,
        "tax_payable:900": 900, "net_sales:600": 566, "tax_payable:600": 34,
    }  # fmt: skip
    assert (books.balance("sales"), books.balance("delivery_income")) == (22_700, 600)
    result = campaigns.result(books.tenant_id, books.campaign.id)
    assert shown(result.tax) == [("13", 10_000, 1_300), ("9", 10_000, 900), ("6", 566, 34)]
    commission = books.balance("commission_expense")
    assert commission == (22_700 * books.rate_bps + 5_000) // 10_000, "on what is paid for goods, with its tax"
    assert result.profit == 22_700 + 600 - 2_234 - commission
    assert books.proof().holds


def test_an_order_without_rates_books_nothing_of_tax(books: StoreBooks) -> None:
    sold(books, taxed(books, (11_300, None)))
    assert of_tax(books) == {}
    assert campaigns.result(books.tenant_id, books.campaign.id).tax == ()


def test_what_comes_back_takes_its_tax_back_to_the_last_cent(books: StoreBooks) -> None:
    order = sold(books, taxed(books, (3_333, 1_300), (3_333, 1_300), delivery_minor=600, delivery_tax_bps=1_300))
    assert of_tax(books) == {"taxed_sales": 7_266, "net_sales:1300": 6_430, "tax_payable:1300": 836}
    give_back(books, order, {"offer-0": 1_111})
    assert of_tax(books) == {"taxed_sales": 6_155, "net_sales:1300": 5_447, "tax_payable:1300": 708}
    again = books.again(order)
    refund = books.refund(again, 7_266 - 1_111, stands=True)
    books.change(order, refunded_lines={"offer-0": 3_333, "offer-1": 3_333, DELIVERY: 600})
    books.book_refund(order, refund)
    books.book_changed(order)
    assert of_tax(books) == {}
    assert campaigns.result(books.tenant_id, books.campaign.id).tax == ()
    assert books.proof().holds


def test_goodwill_lowers_the_tax_and_not_the_commission(books: StoreBooks) -> None:
    order = sold(books, taxed(books, (11_300, 1_300)))
    commission = books.balance("commission_expense")
    give_back(books, order, {"offer-0": 1_130}, goodwill=Goodwill().plus({"offer-0": 1_130}).as_json())
    assert of_tax(books) == {"taxed_sales": 10_170, "net_sales:1300": 9_000, "tax_payable:1300": 1_170}
    assert books.balance("commission_expense") == commission


def test_what_is_kept_of_goods_that_nobody_collected_bears_no_tax(books: StoreBooks) -> None:
    order = taxed(books, (11_300, 1_300))
    books.change(order, forfeited_at=clock.now(), status="cancelled")
    books.book_changed(order)
    assert books.balance("forfeited") == 11_300
    assert of_tax(books) == {}


def test_a_message_that_comes_twice_books_its_tax_once(books: StoreBooks) -> None:
    order = sold(books, taxed(books, (11_300, 1_300)))
    for _ in range(3):
        books.book_changed(order)
    assert of_tax(books) == {"taxed_sales": 11_300, "net_sales:1300": 10_000, "tax_payable:1300": 1_300}


def test_a_leaders_statement_has_the_tax_behind_its_lines(books: StoreBooks) -> None:
    order = sold(books, taxed(books, (11_300, 1_300), (10_900, 900)))
    give_back(books, order, {"offer-1": 10_900})
    partition = PartyLine.partition(books.tenant_id, Party.LEADER, books.store.leader_id)
    lines = [each.line for each in PartyLine.every(partition, consistent=True) if each.line.tax]
    assert sorted(each for line in lines for each in shown(line.tax)) == [
        ("13", 10_000, 1_300), ("9", -10_000, -900), ("9", 10_000, 900),
    ]  # fmt: skip
    assert all(type(line).from_json(line.as_json()) == line for line in lines)


def test_ten_orders_of_many_rates_fit_their_transactions(books: StoreBooks) -> None:
    """What does not fit one transaction is booked by the next."""
    orders = []
    for n in range(10):
        rates = [100 * (3 * n + k) for k in range(3)]
        order = taxed(books, *((11_300, rate) for rate in rates))
        orders.append(books.hand_over(order))
    order_books.bring_all_up_to_date(books.tenant_id, [(each.id, order_books.CHANGED) for each in orders], clock.now())
    tax = campaigns.result(books.tenant_id, books.campaign.id).tax
    assert [each.gross_minor for each in tax] == [11_300] * 30
    assert sum(of_tax(books)[f"tax_payable:{each.rate_bps}"] for each in tax if each.tax_minor) == sum(
        each.tax_minor for each in tax
    )
    assert books.proof().holds
