"""From the shop's home to an order: what is offered, the basket, the checkout; and what gets in the way of it."""

from __future__ import annotations

from datetime import timedelta
from typing import get_args

import pytest

from chalicelib.campaigns.model.campaign import Status
from chalicelib.campaigns.model.kinds import PaymentMethod
from chalicelib.db import metered, tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.members.sessions.service import sign_out
from chalicelib.orders.teams.model import TeamStatus
from chalicelib.pages.shell import words
from chalicelib.pages.storefront.basket.model import read, written
from chalicelib.pages.storefront.said import CAMPAIGN, METHODS, TEAM
from chalicelib.web.tokens import verify
from tests.builders import made


def basket_of(shop, quantity=2, campaign=None):
    """The cookie of a browser with some units of a campaign's first offer."""
    offer = (campaign or shop.open_campaign)["offers"][0]
    return written({offer["offer_id"]: quantity})


def at_checkout(shopper, shop, quantity=2, campaign=None, query=""):
    shopper.cookies["basket"] = basket_of(shop, quantity, campaign)
    return shopper.get(f"/campaigns/{(campaign or shop.open_campaign)['id']}/checkout{query}")


def orders_of(shop):
    return shop.caller.call("GET", f"{shop.path}/orders", token=shop.shopper.token).json["items"]


def order_now(shopper, page, **typed):
    return shopper.send(page, "Order now", follow=False, **typed)


# --- what is offered


def test_a_neighbour_goes_from_the_home_to_an_order(shop, shopper):
    title = shop.open_campaign["title"]
    page = shopper.get(shopper.get("").link(title))
    page = shopper.send(page, "To the basket", **{f"units__{shop.offer_id}": 3})
    assert page.heading == "Your basket"
    assert "CN¥27.00" in page.words(".stay")

    page = shopper.send(page, "Go on and order")
    answer = order_now(shopper, page)

    [order] = orders_of(shop)
    assert answer.headers["location"] == shopper.at(f"/orders/{order['id']}")
    assert (order["lines"][0]["quantity"], order["totals"]["total"]["amount_minor"]) == (3, 2700)
    assert "basket" not in shopper.cookies


def test_the_home_tells_open_coming_and_past_apart(shop, visitor, clock, sweep):
    shop.campaign(title="Over", closes_in=timedelta(hours=1))
    clock.advance(hours=2)
    sweep()
    shop.campaign(title="Now")
    shop.campaign(title="Soon", opens_in=timedelta(days=1))

    page = visitor.get("")

    found = [(each.name, each.get_text()) for each in page.soup.select("main h2, main h3")]
    assert found == [
        ("h2", "Open now"), ("h3", "Now"), ("h2", "Coming soon"), ("h3", "Soon"), ("h2", "Past group buys"),
        ("h3", "Over"),
    ]  # fmt: skip


def test_a_ladder_says_how_many_more_make_it_cheaper(shop, visitor):
    steps = [{"from_quantity": 1, "price": shop.money(1000)}, {"from_quantity": 10, "price": shop.money(750)}]
    ladder = shop.campaign(kind="ladder", offers=[{"sku_id": shop.sku_id, "ladder": steps, "quantity": 20}])
    shop.order(quantity=4, campaign=ladder)

    page = visitor.get(f"/campaigns/{ladder['id']}")

    assert "6 more, and everybody pays CN¥7.50" in page.words(".card")
    assert page.words("[aria-current=step]") == "from 1: CN¥10.00"


def test_only_a_script_of_the_page_gets_its_live_part(shop, visitor):
    path = f"/campaigns/{shop.campaign_id}"
    part = visitor.get(f"{path}/progress?was=open", hx_request="true")
    assert (part.status, part.soup.select_one("html")) == (200, None)
    assert part.soup.select_one(f"#now-{shop.offer_id}")["hx-swap-oob"] == "true"
    assert visitor.get(f"{path}/progress").heading == shop.open_campaign["title"]


def test_a_page_that_waited_for_the_opening_is_loaded_anew(shop, visitor, clock, sweep):
    coming = shop.campaign(opens_in=timedelta(hours=1))
    path = f"/campaigns/{coming['id']}/progress?was=scheduled"
    assert "hx-redirect" not in visitor.get(path, hx_request="true").headers
    clock.advance(hours=2)
    assert visitor.get(path, hx_request="true").headers["hx-redirect"] == visitor.at(f"/campaigns/{coming['id']}")


def test_a_draft_is_shown_to_nobody(shop, visitor):
    draft = shop.campaign(publish=False)
    for path in ("", "/basket", "/progress"):
        assert visitor.get(f"/campaigns/{draft['id']}{path}", hx_request="true").status == 404


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_state_and_way_to_pay_has_words(language):
    told = words.reading.set(language)
    try:
        states = [*CAMPAIGN.values(), *TEAM.values()]
        said = [words.said(each) for state in states for each in (state.name, state.means) if each]
        said += [words.said(each) for each in METHODS.values()]
    finally:
        words.reading.reset(told)
    assert CAMPAIGN.keys() == set(Status) - {Status.DRAFT}
    assert TEAM.keys() == set(TeamStatus)
    assert METHODS.keys() == set(get_args(PaymentMethod))
    assert all(("一" <= each[0] <= "鿿") == (language == "zh") for each in said)


@pytest.mark.parametrize(
    ("page", "calls"),
    [
        ("", ["GET /campaigns", "GET /campaigns?when=past", "GET /reputation"]),
        ("/campaigns/{id}", ["GET /campaigns/{id}", "GET /me/favourites"]),
        ("/campaigns/{id}/progress", ["GET /campaigns/{id}"]),
        ("/campaigns/{id}/basket", ["GET /campaigns/{id}", "POST /quotes"]),
        ("/campaigns/{id}/checkout", ["GET /campaigns/{id}", "POST /quotes with choices"]),
    ],
)
def test_a_page_asks_the_database_no_more_than_its_calls_and_once(shop, shopper, page, calls):
    path, wanted = page.format(id=shop.campaign_id), [call.format(id=shop.campaign_id).split() for call in calls]
    basket = {"campaign_id": shop.campaign_id, "lines": [{"offer_id": shop.offer_id, "quantity": 2}]}
    shopper.cookies["basket"] = basket_of(shop)
    shopper.get(path, hx_request="true")
    with metered() as theirs:
        for method, where, *more in wanted:
            body = {"json": basket | ({"choices": True} if more else {})} if method == "POST" else {}
            assert shop.caller.call(method, shop.path + where, token=shop.shopper.token, **body).status == 200
    with metered() as ours:
        assert shopper.get(path, hx_request="true").status == 200
    assert 0 < sum(ours.by_operation.values()) <= sum(theirs.by_operation.values()) + 1


# --- the basket


def test_what_cannot_be_read_in_a_cookie_is_nothing():
    offer = "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"
    assert read(f"{offer}.3") == {offer: 3}
    for cookie in ("", "x", f"{offer}.0", f"{offer}.-1", f"{offer}.99999", f"{offer}.1.1", f"<b>{offer}.1", f"{offer}"):
        assert read(cookie) == {}
    assert read(written({offer: 12, offer[:-1] + "B": 0})) == {offer: 12}


def test_who_is_not_signed_in_sees_prices_and_comes_back_to_the_checkout(shop, visitor):
    visitor.cookies["basket"] = basket_of(shop, 2)
    page = visitor.get(f"/campaigns/{shop.campaign_id}/basket")
    assert "CN¥18.00" in page.words("dl")

    answer = visitor.send(page, "Sign in and order")

    assert answer.heading == "Sign in"
    assert answer.soup.select_one("input[name=next]")["value"].endswith(f"/campaigns/{shop.campaign_id}/checkout")
    assert read(visitor.cookies["basket"]) == {shop.offer_id: 2}


def test_nothing_chosen_leads_back(shop, visitor):
    page = visitor.get(f"/campaigns/{shop.campaign_id}")
    page = visitor.send(page, "To the basket")
    assert page.heading == shop.open_campaign["title"]
    assert "Choose how many" in page.words(".flash")


def test_an_offer_of_another_campaign_does_not_get_in(shop, visitor):
    other = shop.campaign()["offers"][0]["offer_id"]
    page = visitor.get(f"/campaigns/{shop.campaign_id}")
    answer = visitor.send(page, "To the basket", **{f"units__{other}": 1})
    assert answer.status == 422
    assert "no such offer" in answer.words(".refusal")
    visitor.cookies["basket"] = written({other: 1})
    assert "nothing in it" in visitor.get(f"/campaigns/{shop.campaign_id}/basket").words()


def test_more_than_a_member_may_have_is_refused_and_stays_in_the_field(shop, visitor):
    campaign = shop.campaign(offers=[shop.offer(per_member_limit=2)])
    offer_id = campaign["offers"][0]["offer_id"]
    page = visitor.get(f"/campaigns/{campaign['id']}")
    answer = visitor.send(page, "To the basket", **{f"units__{offer_id}": 5})
    assert answer.status == 409
    assert "Each member may have 2" in answer.words(".refusal")
    assert answer.soup.select_one(f"[name='units.{offer_id}']")["value"] == "5"


def test_a_page_left_open_over_the_close_keeps_the_basket(shop, visitor, clock):
    page = visitor.get(f"/campaigns/{shop.campaign_id}")
    clock.advance(days=8)

    answer = visitor.send(page, "To the basket", **{f"units__{shop.offer_id}": 3})

    assert answer.status == 409
    assert "closed" in answer.words(".refusal")
    assert read(visitor.cookies["basket"]) == {shop.offer_id: 3}
    assert answer.soup.select_one(".stay") is None


@pytest.mark.parametrize("name", ["units.{}.;", "units.é", "units.01HZZZZZZZZZZZZZZZZZZZZZZZ"])
def test_what_a_campaign_does_not_offer_is_kept_nowhere(shop, visitor, clock, name):
    """A field beside one that can be read, in a form that is refused for the close alone."""
    page = visitor.get(f"/campaigns/{shop.campaign_id}")
    clock.advance(days=8)
    sent = {name.format(shop.offer_id): "2", f"units.{shop.offer_id}": "3"}

    answer = visitor.send(page, "To the basket", **{each.replace(".", "__"): n for each, n in sent.items()})

    assert answer.status in (409, 422)
    assert "basket" not in visitor.cookies or read(visitor.cookies["basket"]) == {shop.offer_id: 3}


def test_a_line_that_runs_short_says_what_is_left(shop, shopper):
    campaign = shop.campaign(offers=[shop.offer(quantity=5)])
    shop.order(shop.member(), quantity=3, campaign=campaign)
    shopper.cookies["basket"] = basket_of(shop, 4, campaign)
    assert shopper.get(f"/campaigns/{campaign['id']}/basket").words(".fault") == "Only 2 are left."


# --- the checkout


def test_two_taps_place_one_order(shop, shopper):
    page = at_checkout(shopper, shop)
    first, second = order_now(shopper, page), order_now(shopper, page)
    assert first.headers["location"] == second.headers["location"]
    assert len(orders_of(shop)) == 1


def test_going_back_after_placing_finds_an_empty_basket(shop, shopper):
    order_now(shopper, at_checkout(shopper, shop))
    page = shopper.get(f"/campaigns/{shop.campaign_id}/checkout")
    assert page.heading == "Your basket"
    assert "nothing in it" in page.words()


def test_a_changed_order_under_the_same_form_is_told_from_the_first(shop, shopper):
    campaign = shop.campaign(payment_methods=["pickup", "test"])
    page = at_checkout(shopper, shop, campaign=campaign)
    order_now(shopper, page)

    answer = order_now(shopper, page, payment_method="test")

    assert answer.status == 422
    assert "placed this order already" in answer.words("[role=alert]")
    assert len(orders_of(shop)) == 1
    order_now(shopper, answer)
    assert len(orders_of(shop)) == 2


def test_what_is_paid_online_goes_on_to_the_payment(shop, shopper):
    campaign = shop.campaign(payment_methods=["test"])
    answer = order_now(shopper, at_checkout(shopper, shop, campaign=campaign))
    assert answer.headers["location"] == shopper.at(f"/orders/{orders_of(shop)[0]['id']}/pay")


def test_another_price_is_shown_and_one_tap_accepts_it(shop, shopper):
    page = at_checkout(shopper, shop)

    answer = order_now(shopper, page, expected_total_minor=1700)

    assert answer.status == 409
    assert "CN¥18.00 now" in answer.words(".refusal")
    assert orders_of(shop) == []
    assert order_now(shopper, answer).status == 303
    assert orders_of(shop)[0]["totals"]["total"]["amount_minor"] == 1800


def test_what_sold_out_meanwhile_is_named_and_the_rest_offered(shop, shopper):
    campaign = shop.campaign(offers=[shop.offer(quantity=5)])
    page = at_checkout(shopper, shop, 4, campaign)
    shop.order(shop.member(), quantity=3, campaign=campaign)

    answer = order_now(shopper, page)
    assert answer.status == 409
    assert "Only 2 of" in answer.words(".refusal")

    page = shopper.send(answer, "Take only 2 of it")
    assert order_now(shopper, page).status == 303
    assert orders_of(shop)[0]["lines"][0]["quantity"] == 2


def test_a_campaign_cancelled_meanwhile_says_so_and_keeps_the_basket(shop, shopper, drain):
    page = at_checkout(shopper, shop)
    shop.brand.post(f"/v1/campaigns/{shop.campaign_id}/cancel", {})
    drain()

    answer = order_now(shopper, page)

    assert answer.status == 409
    assert "does not take place" in answer.words("main")
    assert answer.soup.select_one("#order") is None
    assert "basket" in shopper.cookies


def test_a_checkout_left_open_over_the_close_says_so_and_keeps_the_basket(shop, shopper, clock):
    page = at_checkout(shopper, shop)
    clock.advance(days=8)

    answer = order_now(shopper, page)

    assert answer.status == 409
    assert "still in your basket" in answer.words("main")
    assert answer.soup.select_one("#order") is None
    assert "basket" in shopper.cookies


def test_a_limit_that_earlier_orders_used_up_offers_what_is_left(shop, shopper):
    campaign = shop.campaign(offers=[shop.offer(per_member_limit=3)])
    shop.order(quantity=2, campaign=campaign)
    answer = order_now(shopper, at_checkout(shopper, shop, 2, campaign))
    assert answer.status == 409
    assert "you can take 1 more" in answer.words(".refusal")
    page = shopper.send(answer, "Take only 1 of it")
    assert order_now(shopper, page).status == 303


def test_a_limit_that_is_used_up_is_said_before_anything_is_chosen(shop, shopper, visitor):
    campaign = shop.campaign(kind="flash_sale", offers=[shop.offer(per_member_limit=3)])
    path, offer = f"/campaigns/{campaign['id']}", campaign["offers"][0]["offer_id"]
    assert "You have ordered" not in shopper.get(path).words()

    made(shop.order(quantity=2, campaign=campaign))
    page = shopper.get(path)
    assert "You have ordered 2 of it, and may order 1 more." in page.words()
    assert page.soup.select_one("input[type=number]")["max"] == "1"
    shopper.cookies["basket"] = basket_of(shop, 2, campaign)
    basket = shopper.get(f"{path}/basket")
    assert "You have ordered 2 of it, and may order 1 more." in basket.words()
    assert basket.soup.select_one("input[type=number]")["max"] == "1"

    made(shop.order(quantity=1, campaign=campaign))
    page = shopper.get(path)
    assert "Each may order 3 of it, and you have." in page.words()
    assert not page.soup.select(f'[name="units.{offer}"], .stay')
    assert visitor.get(path).soup.select_one("input[type=number]")["max"] == "3"


def test_what_a_member_has_ordered_is_not_said_to_a_session_that_was_ended(shop, shopper):
    campaign = shop.campaign(offers=[shop.offer(per_member_limit=3)])
    made(shop.order(quantity=2, campaign=campaign))
    with tenant_scope(shop.tenant_id):
        sign_out(verify(shop.shopper.token), product_clock.now())
    page = shopper.get(f"/campaigns/{campaign['id']}")
    assert page.status == 200
    assert "You have ordered" not in page.words()


def test_whoever_it_is_not_for_is_told_and_not_led_on(shop, shopper):
    campaign = shop.campaign(audience={"tags": ["cooks"]})
    shopper.cookies["basket"] = basket_of(shop, 1, campaign)
    page = shopper.get(f"/campaigns/{campaign['id']}/basket")
    assert "not for you" in page.words(".refusal")
    assert page.soup.select_one(".stay") is None
    page = shopper.get(f"/campaigns/{campaign['id']}/checkout")
    assert page.soup.select_one("#order") is None


def test_the_form_of_another_member_does_nothing(shop, shopper):
    page = at_checkout(shopper, shop)
    shopper.signed_in(shop.member())

    answer = order_now(shopper, page)

    assert answer.status == 403
    assert orders_of(shop) == []
    assert order_now(shopper, answer).status == 303


def test_a_team_that_is_no_teams_id_is_refused_as_any_other(shop, shopper):
    page = at_checkout(shopper, shop)
    assert order_now(shopper, page, team_id="x#y").status == 422
    assert orders_of(shop) == []


def test_a_session_that_ended_keeps_the_form(shop, shopper):
    page = at_checkout(shopper, shop)
    del shopper.cookies["session"]
    answer = order_now(shopper, page)
    assert (answer.status, answer.heading) == (401, "Sign in to go on")
    assert shop.offer_id in answer.soup.select_one("input[name=kept]")["value"]


def test_whoever_signed_out_everywhere_is_asked_to_sign_in(shop, shopper):
    assert shop.caller.call("POST", "/v1/auth/sign-out", token=shop.shopper.token).status == 204
    assert at_checkout(shopper, shop).heading == "Sign in"


def test_of_several_pickup_points_one_must_be_chosen(shop, shopper):
    points = [shop.pickup_point_id, shop.pickup_point(name="Far gate")["id"]]
    page = at_checkout(shopper, shop, campaign=shop.campaign(pickup_point_ids=points))
    answer = order_now(shopper, page)
    assert answer.status == 422
    assert answer.words("#point-fault")
    assert order_now(shopper, answer, pickup_point_id=points[1]).status == 303
    assert orders_of(shop)[0]["pickup_point_id"] == points[1]


def test_delivery_is_priced_and_its_address_asked_for(shop, shopper):
    campaign = shop.campaign(delivery={"fee": shop.money(500)})
    page = at_checkout(shopper, shop, campaign=campaign)
    assert "CN¥18.00" in page.words(".stay")
    page = shopper.get(page.link("To my door"))
    assert "CN¥23.00" in page.words(".stay")
    assert "Pay when it is brought" in page.words("#order")

    answer = order_now(shopper, page, delivery__name="Ada", delivery__phone="12", delivery__address="3 Elm Street")
    assert answer.status == 422
    assert answer.soup.select_one("[name='delivery.phone']")["aria-invalid"] == "true"
    assert answer.soup.select_one("[name='delivery.address']").get_text().strip() == "3 Elm Street"

    assert order_now(shopper, answer, delivery__phone="+8613800138000").status == 303
    assert orders_of(shop)[0]["delivery"]["address"] == "3 Elm Street"


def test_a_deposit_is_not_paid_at_the_pickup_point(shop, shopper):
    offers = [shop.offer(price=1000, deposit=shop.money(200))]
    campaign = shop.campaign(kind="pre_order", offers=offers, payment_methods=["pickup", "test"])
    page = at_checkout(shopper, shop, campaign=campaign)
    assert [each["value"] for each in page.soup.select("[name=payment_method]")] == ["test"]
    assert "CN¥4.00" in page.words("main")


def test_a_form_without_its_own_key_places_nothing(shop, shopper):
    page = at_checkout(shopper, shop)
    assert order_now(shopper, page, _key="").status == 400
    assert orders_of(shop) == []


# --- teams


@pytest.fixture
def team_buy(shop):
    return shop.campaign(kind="team_buy", team={"size": 2, "hours": 24}, payment_methods=["pickup"])


def test_a_neighbour_joins_a_team_from_its_page(shop, shopper, team_buy):
    shop.order(shop.member(), campaign=team_buy)
    page = shopper.get(f"/campaigns/{team_buy['id']}")
    assert "1 place left" in page.words("main")
    page = shopper.get(page.link("Join"))
    assert "You join a team with 1 place left." in page.words("main")

    offer_id = team_buy["offers"][0]["offer_id"]
    page = shopper.send(page, "To the basket", **{f"units__{offer_id}": 1})
    page = shopper.send(page, "Go on and order")
    assert order_now(shopper, page).status == 303

    [order] = orders_of(shop)
    assert shopper.get(f"/teams/{order['team_id']}").words(".badge") == "Team complete"


def test_whoever_is_in_a_team_is_asked_to_invite_others_not_to_join_it(shop, shopper, visitor, team_buy):
    order_now(shopper, at_checkout(shopper, shop, 1, team_buy))
    [order] = orders_of(shop)

    mine, theirs = (who.get(f"/teams/{order['team_id']}") for who in (shopper, visitor))

    assert "You are in this team." in mine.words("main")
    assert "Join this team" not in mine.words()
    assert "You are in this team." not in theirs.words()
    assert theirs.link("Join this team")


def test_a_team_that_filled_meanwhile_leaves_a_way_on(shop, shopper, team_buy):
    team_id = shop.order(shop.member(), campaign=team_buy).json["team_id"]
    page = at_checkout(shopper, shop, 1, team_buy, f"?team={team_id}")
    shop.order(shop.member(), campaign=team_buy, team_id=team_id)

    answer = order_now(shopper, page)

    assert answer.status == 409
    page = shopper.get(answer.link("Order without this team"))
    assert order_now(shopper, page).status == 303
    assert orders_of(shop)[0]["team_id"] != team_id


def test_a_team_of_another_campaign_is_not_joined(shop, shopper, team_buy):
    other = shop.campaign(kind="team_buy", team={"size": 2, "hours": 24}, payment_methods=["pickup"])
    team_id = shop.order(shop.member(), campaign=other).json["team_id"]
    page = shopper.get(f"/campaigns/{team_buy['id']}?team={team_id}")
    assert "can no longer be joined" in page.words("main")
    assert page.soup.select_one("#choose input[name=team]")["value"] == ""

    page = at_checkout(shopper, shop, 1, team_buy, f"?team={team_id}")
    assert "no such team" in page.words(".refusal")
    assert page.link("Order without this team")


def test_a_team_of_another_shop_is_not_found(shop, new_shop, visitor, team_buy):
    other = new_shop()
    campaign = other.campaign(kind="team_buy", team={"size": 2, "hours": 24})
    team_id = other.order(campaign=campaign).json["team_id"]
    assert visitor.get(f"/teams/{team_id}").status == 404


# --- texts that would break a page


def test_the_longest_and_the_most_crooked_texts_stay_text(shop, visitor):
    title = "<b>" + "长" * 50 + "\u202eabc"
    product = shop.product(title="W" * 100 + "<script>")
    offers = [shop.offer(sku_id=product["skus"][0]["id"])]
    campaign = shop.campaign(title=title, description="x" * 300, refund_policy="<i>y</i>", offers=offers)
    page = visitor.get(f"/campaigns/{campaign['id']}")
    assert page.soup.select_one("h1 bdi").get_text() == campaign["title"]
    assert page.soup.select("main script, main b, main i") == []
