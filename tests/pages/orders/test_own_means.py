"""An order with a coupon and points, or of a gift, as its member and the team read it."""

from __future__ import annotations

import csv
import io

import pytest

from tests.builders import made
from tests.coupons.shops import batch, entered, own, shared
from tests.gifts.shops import balance, book, gift, redeem
from tests.pages.orders.test_changing import CHANGE, LOOK, current, units


@pytest.fixture
def points_pay(shop):
    """A point pays 0.01."""
    rules = {"rules": [], "spend": {"points": 1, "worth": shop.money(1), "most_share": "100"}}
    made(shop.brand.put("/v1/points-rules", rules), 200)
    book(shop, 300)


@pytest.fixture
def order(shop, points_pay):
    """Two of 9.00, less a coupon of 5.00 from 18.00 on, and 100 points."""
    batch(shop, codes=shared("FIVE"), title="Mid-autumn", minimum=shop.money(1_800))
    return made(shop.order(quantity=2, coupon_id=entered(shop, "FIVE")["id"], points=100))


def letter(engine, subject):
    return next(mail["text"] for mail in engine.mail()[::-1] if mail["subject"] == subject)


def test_its_page_says_what_each_took_off(shop, shopper, order, new_visitor, desk):
    costs = "Goods CN¥18.00 Mid-autumn: CN¥5.00 off −CN¥5.00 100 points used −CN¥1.00 Total CN¥12.00"
    assert costs in shopper.get(f"/orders/{order['id']}").words()
    zh = new_visitor(shop, language="zh").signed_in(shop.shopper).get(f"/orders/{order['id']}").words()
    assert "Mid-autumn：立减 ¥5.00 −¥5.00 使用 100 积分抵扣 −¥1.00" in zh
    assert "Mid-autumn: CN¥5.00 off −CN¥5.00 100 points used −CN¥1.00" in desk.get(f"/orders/{order['id']}").words()


def test_a_change_says_what_is_taken_off_then(shop, shopper, order, drain):
    page = shopper.send(shopper.get(f"/orders/{order['id']}/change"), LOOK, **units(order, 3))
    assert "Mid-autumn: CN¥5.00 off −CN¥5.00 100 points used −CN¥1.00 New total CN¥21.00" in page.words("dl")

    page = shopper.send(shopper.get(f"/orders/{order['id']}/change"), LOOK, **units(order, 1))
    assert "Total so far CN¥12.00 100 points used −CN¥1.00 New total CN¥8.00" in page.words("dl")
    assert "Your coupon cannot be used for this any more." in page.words(".note")
    shopper.send(page, CHANGE)
    drain()
    assert current(shop, order)["totals"]["total"] == shop.money(800)
    assert [each["status"] for each in own(shop, show="usable")] == ["returned"]
    assert balance(shop) == 200


def test_a_cancel_says_what_comes_back_before_and_after(shop, shopper, order, drain, engine):
    page = shopper.get(f"/orders/{order['id']}")
    assert "You have your coupon again, until its time is over. 100 points come back." in page.words()
    assert "nothing to give back" not in page.words()
    shopper.send(page, "Yes, cancel the order")
    drain()
    assert (balance(shop), len(own(shop, show="usable"))) == (300, 1)
    said = letter(engine, "Your order is cancelled")
    assert "You have your coupon again, until its time is over. 100 points come back." in said


def test_its_receipt_says_what_they_took_off(shop, order, drain, engine):
    drain()
    said = letter(engine, "Your order is placed")
    assert "CN¥12.00 in all. Your coupon took CN¥5.00 off. You used 100 points for CN¥1.00. You pay CN¥12.00" in said


def test_paid_online_it_costs_what_is_left(shop, points_pay, online, pay):
    batch(shop, codes=shared("FIVE"))
    ordered = {"campaign": online, "quantity": 2, "payment_method": "test"}
    held = made(shop.order(coupon_id=entered(shop, "FIVE")["id"], points=100, **ordered))
    assert (held["status"], held["totals"]["due"]) == ("held", shop.money(1_200))
    assert [each["status"] for each in own(shop)] == ["held"]
    pay(held)
    paid = current(shop, held)
    assert (paid["totals"]["paid"], [each["status"] for each in own(shop)]) == (shop.money(1_200), ["used"])


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Mid-autumn: CN¥5.00 off (CN¥5.00); 100 points used (CN¥1.00)"),
        ("zh", "Mid-autumn：立减 ¥5.00 (¥5.00)；使用 100 积分抵扣 (¥1.00)"),
    ],
)
def test_the_table_of_orders_has_both_in_words(shop, order, language, said):
    answer = shop.brand.get("/v1/orders?format=csv", headers={"Accept-Language": language})
    head, row = list(csv.reader(io.StringIO(answer.text.lstrip("\ufeff"))))
    found = dict(zip(head, row, strict=True))
    names = ("Discounts", "Points used") if language == "en" else ("优惠说明", "使用积分")
    assert [found[name] for name in names] == [said, "100"]


def test_a_gift_is_told_and_shown_as_one(shop, shopper, desk, drain, engine):
    book(shop, 500)
    order = made(redeem(shop, gift(shop)))
    page = shopper.get(f"/orders/{order['id']}")
    assert "Until then you can cancel it, and your points come back." in page.words()
    assert "Gift for 500 points −CN¥10.00 Total CN¥0.00" in page.words()
    assert "500 points come back." in page.words()
    assert "Order it again" not in page.words()
    assert "Change the order" not in page.words()
    assert "With points, as a gift" in desk.get(f"/orders/{order['id']}").words()
    drain()
    assert "You redeemed 500 points for it. There is nothing to pay." in letter(engine, "Your order is placed")
