"""The same once more: into the basket of a campaign that has it now; what cannot be had is said."""

from __future__ import annotations

from tests.builders import made

AGAIN = "Order it again"


def basket_of(answer):
    (cookie,) = [each for each in answer.set_cookies if each.startswith("basket=")]
    return cookie


def test_the_goods_go_into_the_basket_of_a_later_campaign(shop, shopper, order, clock):
    clock.advance(days=8)
    later = shop.campaign()

    answer = shopper.send(shopper.get(f"/orders/{order['id']}"), AGAIN, follow=False)
    answer = shopper.get(answer.headers["location"], follow=False)

    assert answer.headers["location"] == shopper.at(f"/campaigns/{later['id']}/basket")
    cookie = basket_of(answer)
    assert cookie.startswith(f"basket={later['offers'][0]['offer_id']}.3;")
    assert f"Path={shopper.at('/campaigns/' + later['id'])};" in cookie


def test_what_is_not_on_offer_now_is_said_first(shop, shopper, online, clock):
    lines = [{"offer_id": each["offer_id"], "quantity": 2} for each in online["offers"]]
    order = made(shop.order(campaign=online, lines=lines))
    clock.advance(days=8)
    later = shop.campaign(offers=[shop.offer(quantity=1)])

    answer = shopper.send(shopper.get(f"/orders/{order['id']}"), AGAIN)

    assert basket_of(answer).startswith(f"basket={later['offers'][0]['offer_id']}.1;")
    assert "only 1 left" in answer.words("ul.rows")
    assert "not on offer now" in answer.words("ul.rows")
    assert answer.link("Go to the basket") == shopper.at(f"/campaigns/{later['id']}/basket")


def test_a_basket_that_holds_something_else_is_not_replaced_unasked(shop, shopper, order, clock):
    clock.advance(days=8)
    tea = shop.product(title="Tea")["skus"][0]["id"]
    later = shop.campaign(offers=[shop.offer(), shop.offer(sku_id=tea)])
    ordered, other = (each["offer_id"] for each in later["offers"])
    shopper.cookies["basket"] = f"{other}.2"

    page = shopper.send(shopper.get(f"/orders/{order['id']}"), AGAIN)

    assert page.status == 200
    assert "Tea · One × 2" in page.words("ul.rows")
    assert shopper.cookies["basket"] == f"{other}.2"
    assert page.link("Keep my basket as it is") == shopper.at(f"/campaigns/{later['id']}/basket")
    page = shopper.send(page, "Put this in instead")
    assert page.words(".flash") == "The same goods are in your basket."
    assert shopper.cookies["basket"] == f"{ordered}.3"


def test_a_basket_that_holds_the_same_is_left_as_it_is(shopper, order, shop, clock):
    clock.advance(days=8)
    later = shop.campaign()
    shopper.cookies["basket"] = f"{later['offers'][0]['offer_id']}.3"
    page = shopper.send(shopper.get(f"/orders/{order['id']}"), AGAIN)
    assert page.heading == "Your basket"


def test_what_is_gone_by_the_time_it_is_asked_for_leads_back_to_the_order(shopper, order, shop, clock):
    clock.advance(days=8)
    later = shop.campaign()
    answer = shopper.send(shopper.get(f"/orders/{order['id']}"), AGAIN, follow=False)
    clock.advance(days=8)
    page = shopper.get(answer.headers["location"])
    assert later["id"] in answer.headers["location"]
    assert page.words(".flash") == "Nothing from this order is on offer at the moment."


def test_where_nothing_is_on_offer_nothing_is_put_anywhere(shopper, order, clock):
    clock.advance(days=8)
    answer = shopper.send(shopper.get(f"/orders/{order['id']}"), AGAIN)
    assert "Nothing from this order is on offer at the moment." in answer.words()
    assert not [each for each in answer.set_cookies if each.startswith("basket=")]


def test_a_campaign_that_is_not_for_the_member_is_none(shop, shopper, order, clock):
    clock.advance(days=8)
    shop.campaign(audience={"new_members_only": True})
    answer = shopper.send(shopper.get(f"/orders/{order['id']}"), AGAIN)
    assert "Nothing from this order is on offer at the moment." in answer.words()
