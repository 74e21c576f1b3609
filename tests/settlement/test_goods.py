"""What suppliers are owed, from the receipt to the payment."""

from datetime import timedelta

from chalicelib.db import Transaction, metered
from chalicelib.fulfilment.receiving.model.receipts import Arrival
from chalicelib.fulfilment.receiving.records import ReceiptRecord
from chalicelib.fulfilment.suppliers.records import SupplierRecord
from chalicelib.kernel import clock
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.money import Money
from chalicelib.settlement.books.model.parties import Party, Standing
from chalicelib.settlement.books.service import goods
from chalicelib.settlement.campaigns.service import result as campaigns
from chalicelib.settlement.statements.service import statements
from chalicelib.settlement.statements.service.paying import pay
from chalicelib.settlement.statements.service.statements import Asked, Signed
from tests.orders.store import BODY_HASH
from tests.settlement.store_books import StoreBooks


def _supplier(books: StoreBooks) -> str:
    supplier_id = new_id(clock.now())
    tx = Transaction()
    address = SupplierRecord.address(books.tenant_id, supplier_id)
    tx.create("supplier", SupplierRecord(
        *address, id=supplier_id, name="Farm", note="", status="active", currency="CNY", created_at=clock.now()
    ))  # fmt: skip
    tx.commit()
    return supplier_id


def _receipt(books: StoreBooks, supplier_id: str | None, *lines: Arrival) -> str:
    receipt_id = new_id(clock.now())
    receipt = ReceiptRecord(
        *ReceiptRecord.address(books.tenant_id, books.campaign.id, receipt_id),
        id=receipt_id, campaign_id=books.campaign.id, supplier_id=supplier_id, version=1, note="", currency="CNY",
        stored_lines=[line.as_json() for line in lines], at=clock.now(), by="staff", body_hash=BODY_HASH,
    )  # fmt: skip
    tx = Transaction()
    tx.create("receipt", receipt)
    tx.commit()
    return receipt_id


def test_a_supplier_is_owed_what_came_whole_once_and_what_went_to_the_shelf_is_no_cost_of_the_campaign(
    books: StoreBooks,
) -> None:
    """Of 10 at ¥8.00 one is damaged and two go to the shelf; 3 substitutes at ¥5.00: ¥72.00 + ¥15.00, ¥16.00 of it
    for the shelf.
    """
    supplier = _supplier(books)
    lines = Arrival("A", 10, 1, to_stock=2, cost_minor=800), Arrival("B", 0, 0, 3, "C", 3, 0, 600, 500)
    receipt = _receipt(books, supplier, *lines)
    with metered() as cost:
        goods.received(books.tenant_id, books.campaign.id, receipt, clock.now())
    assert (cost.reads, cost.writes) == (1, 1)
    for _ in range(2):
        goods.received(books.tenant_id, books.campaign.id, receipt, clock.now())
    assert books.balances() == {"goods_cost": 7_100, "inventory": 1_600, f"supplier_payable:{supplier}": 8_700}
    assert campaigns.result(books.tenant_id, books.campaign.id).profit == -7_100
    assert books.proof().holds


def test_what_is_put_on_the_shelf_later_is_no_cost_of_the_campaign_either(books: StoreBooks) -> None:
    # Ten at 8.00 came, and two substitutes at 5.00; of an order that has ended since, three and one go to the shelf.
    supplier = _supplier(books)
    came = _receipt(books, supplier, Arrival("A", 10, cost_minor=800), Arrival("B", 0, 0, 0, "C", 2, 0, 600, 500))
    put_away = Arrival("A", to_stock=3, cost_minor=800), Arrival("B", 0, 0, 0, "C", 0, 0, 600, 500, 0, 1)
    for receipt in (came, _receipt(books, supplier, *put_away)) * 2:
        goods.received(books.tenant_id, books.campaign.id, receipt, clock.now())
    assert books.balances() == {"goods_cost": 6_100, "inventory": 2_900, f"supplier_payable:{supplier}": 9_000}
    assert books.proof().holds


def test_what_is_bought_without_a_supplier_is_owed_to_nobody(books: StoreBooks) -> None:
    receipt = _receipt(books, None, Arrival("A", 10, cost_minor=800))
    goods.received(books.tenant_id, books.campaign.id, receipt, clock.now())
    put_away = _receipt(books, None, Arrival("A", to_stock=2, cost_minor=800))
    goods.received(books.tenant_id, books.campaign.id, put_away, clock.now())
    assert books.balances() == {}


def test_a_supplier_is_paid_on_a_statement(books: StoreBooks) -> None:
    supplier, now = _supplier(books), clock.now()
    goods.received(books.tenant_id, books.campaign.id, _receipt(books, supplier, Arrival("A", 5, cost_minor=800)), now)
    asked = Asked(Party.SUPPLIER, supplier, now.date() - timedelta(days=1), now.date() + timedelta(days=1))
    signed = Signed("key", BODY_HASH, books.store.staff)
    frozen = statements.freeze(books.tenant_id, asked, signed, now + timedelta(days=3)).frozen
    assert frozen is not None
    assert frozen.closing == Standing(payable_minor=4_000)
    assert pay(books.tenant_id, frozen.id, Money(4_000, "CNY"), signed, now).unpaid_minor == 0
    assert books.balances() == {"goods_cost": 4_000, "bank": -4_000}


def test_the_result_of_a_campaign_is_read_at_once_and_names_what_is_outstanding(books: StoreBooks) -> None:
    """¥36.00 less ¥0.32 of fees, ¥2.25 of commission and ¥20.00 of goods; ¥5.00 were returned, and ¥0.38 with them."""
    order = books.order(3_000, delivery_minor=600)
    books.book_paid(order, books.pay(order, 3_600, fee=(60, 10)))
    assert campaigns.outstanding(books.tenant_id, books.campaign.id) == {"held": 3_600}
    books.hand_over(order)
    books.book_changed(order)
    books.book_refund(order, books.refund(order, 500, stands=True))
    receipt = _receipt(books, _supplier(books), Arrival("A", 5, cost_minor=400))
    goods.received(books.tenant_id, books.campaign.id, receipt, clock.now())
    with metered() as cost:
        result = campaigns.result(books.tenant_id, books.campaign.id)
    assert (cost.reads, cost.writes) == (3, 0)
    assert (result.sales, result.delivery, result.returns, result.fees, result.commission, result.goods) == (
        3_000, 600, 500, 32, 188, 2_000,
    )  # fmt: skip
    assert result.profit == 3_600 - 500 - 32 - 188 - 2_000
    assert result.outstanding == {"refunds": 500, "commission_frozen": 188}
