"""The list of the chat group on the leader's page: at their own point, without other members, and for nobody else."""

from __future__ import annotations

import pytest

from tests.builders import made
from tests.pages.site import fields

LIST = "1. Ada, pears 2\n2. Nobody Known, pears 1\n3. 13800138000 pears 3"


@pytest.fixture
def leader(shop):
    return shop.member()


@pytest.fixture
def point(shop, leader):
    return shop.pickup_point(name="East gate", leader_id=leader.id)["id"]


@pytest.fixture
def campaign(shop, point):
    sku = shop.product(title="Pears")["skus"][0]["id"]
    made(shop.caller.call("PATCH", f"{shop.path}/me", json={"profile": {"name": "Ada"}}, token=shop.shopper.token), 200)
    return shop.campaign(title="Pears of the week", offers=[shop.offer(sku_id=sku)], pickup_point_ids=[point])


@pytest.fixture
def phone(shop, leader, new_visitor):
    return new_visitor(shop).signed_in(leader)


def look(phone, campaign, text=LIST):
    return phone.send(phone.get(f"/leader/campaigns/{campaign['id']}/chat-list"), "Read it", text=text)


def orders(shop, campaign):
    return made(shop.brand.get(f"/v1/orders?campaign_id={campaign['id']}"), 200)["items"]


def test_the_list_is_reached_from_what_is_passed_on_and_placed_at_the_own_point(phone, shop, leader, point, campaign):
    page = phone.get(phone.get("/leader/sharing").link("Orders from the chat group"))
    page = phone.send(page, "Read it", text=LIST)
    assert "Collected at East gate" in page.words()
    sent = fields(page.form("Order what is ticked"))
    assert [sent[f"entries.{n}.take"] for n in range(3)] == ["true", "false", "true"]

    page = phone.send(page, "Order what is ticked")
    assert page.heading == "2 orders stand"
    placed = orders(shop, campaign)
    assert sorted(each["lines"][0]["quantity"] for each in placed) == [2, 3]
    assert {(each["pickup_point_id"], each["placed_by"]) for each in placed} == {(point, f"member:{leader.id}")}
    assert not page.soup.select('main a[href*="/orders/"]')

    page = phone.send(page, "Look at the rest of the list")
    assert "2 lines were ordered before" in page.words()
    chosen = {"entries__0__take": "true", "entries__0__phone": "+8613900139000"}
    assert phone.send(page, "Order what is ticked", **chosen).heading == "1 order stands"
    assert len(orders(shop, campaign)) == 3


def test_a_list_sent_twice_orders_once(phone, shop, campaign):
    page = look(phone, campaign)
    for _ in range(2):
        assert phone.send(page, "Order what is ticked").heading == "2 orders stand"
    assert len(orders(shop, campaign)) == 2


def test_a_leader_is_shown_no_member_to_choose(phone, shop, campaign):
    page = look(phone, campaign, "1. Ad, pears 2")
    assert "No member has this name. Type a phone number." in page.words()
    assert shop.shopper.id not in page.text
    assert not page.soup.select('[name="entries.0.member_id"]')


def test_a_number_in_a_line_says_whom_it_is_for_whatever_the_name(phone, shop, campaign):
    phone.send(look(phone, campaign, "1. Wang 13800138000 pears 3"), "Order what is ticked")
    [wang] = {each["member_id"] for each in orders(shop, campaign)}
    page = look(phone, campaign, "1. Auntie 13800138000 pears 2")
    assert wang not in page.text
    assert phone.send(page, "Order what is ticked", entries__0__take="true").heading == "1 order stands"
    assert [each["member_id"] for each in orders(shop, campaign)] == [wang, wang]


def test_a_line_for_another_member_than_its_name_means_is_refused_beside_it(phone, shop, campaign):
    page = look(phone, campaign)
    page = phone.send(page, "Order what is ticked", entries__0__member_id=shop.member().id)
    assert page.status == 422
    assert "The name “Ada” does not mean this member" in page.soup.select("fieldset")[0].select_one(".fault").get_text()
    assert orders(shop, campaign) == []


def test_a_line_that_changed_is_named_without_a_way_into_the_order(phone, shop, campaign):
    phone.send(look(phone, campaign, "1. Ada, pears 2"), "Order what is ticked")
    page = look(phone, campaign, "1. Ada, pears 5")
    assert "Ask the member or the shop to change that order." in page.words(".note")
    assert orders(shop, campaign)[0]["id"] not in page.text


def test_what_is_wrong_stands_beside_its_line_and_what_was_typed_is_kept(phone, shop, campaign):
    page = look(phone, campaign)
    wrong = {"entries__0__take": "false", "entries__1__take": "true", "entries__1__phone": "12"}
    page = phone.send(page, "Order what is ticked", **wrong, entries__2__lines__0__quantity="a few")
    assert page.status == 422
    entries = page.soup.select("fieldset")
    assert not entries[0].select(".field ~ .fault")
    assert entries[1].select_one("[name$=phone]")["value"] == "12"
    assert entries[1].select(".pick + .fault")
    assert entries[2].select_one("[name$=quantity]")["value"] == "a few"
    assert entries[2].select(".filters + .fault")
    assert orders(shop, campaign) == []


def test_whom_an_entry_is_for_has_to_be_said(phone, campaign):
    page = phone.send(look(phone, campaign), "Order what is ticked", entries__1__take="true")
    assert "Say whose it is" in page.soup.select("fieldset")[1].select_one(".pick + .fault").get_text()


def test_an_empty_list_is_told_of(phone, campaign):
    assert look(phone, campaign, " ").words(".fault") == "Paste the list of your group here."


def test_who_leads_several_points_says_which_and_stays_there(phone, shop, leader, point, campaign):
    shop.pickup_point(name="West gate", leader_id=leader.id)
    page = phone.get(f"/leader/campaigns/{campaign['id']}/chat-list")
    assert page.heading == "Which pickup point?"
    page = phone.send(phone.get(page.link("East gate")), "Read it", text=LIST)
    assert f"pickup_point_id={point}" in page.link("Paste another list")
    phone.send(page, "Order what is ticked")
    assert {each["pickup_point_id"] for each in orders(shop, campaign)} == {point}


def test_a_group_buy_that_does_not_come_to_the_point_is_not_there(phone, shop, point, campaign):
    other = shop.campaign()
    assert phone.get(f"/leader/campaigns/{other['id']}/chat-list").status == 404
    sent = fields(look(phone, campaign).form("Order what is ticked"))
    read = {"_csrf": sent["_csrf"], "text": LIST, "pickup_point_id": point}
    assert phone.post(f"/leader/campaigns/{other['id']}/chat-list/read", read).status == 404
    assert phone.post(f"/leader/campaigns/{other['id']}/chat-list", sent).status == 404
    assert orders(shop, other) == []


@pytest.mark.parametrize("whose", ["who leads nothing", "the leader of another point"])
def test_to_who_does_not_lead_the_point_it_is_not_there(shop, campaign, phone, new_visitor, whose):
    stranger = shop.member()
    if whose == "the leader of another point":
        shop.pickup_point(leader_id=stranger.id)
    other = new_visitor(shop).signed_in(stranger)
    path = f"/leader/campaigns/{campaign['id']}/chat-list"
    sent = fields(look(phone, campaign).form("Order what is ticked"))
    token = fields(other.get("/me").form("Sign out here"))["_csrf"]
    assert other.get(path).status == 404
    assert (
        other.post(f"{path}/read", {"_csrf": token, "text": LIST, "pickup_point_id": sent["pickup_point_id"]}).status
        == 404
    )
    assert other.post(path, sent | {"_csrf": token}).status == 404
    assert orders(shop, campaign) == []


def test_to_the_leader_of_another_shop_it_is_not_there(shop, campaign, point, new_shop, new_visitor):
    elsewhere = new_shop()
    theirs = elsewhere.member()
    own = elsewhere.pickup_point(leader_id=theirs.id)["id"]
    phone = new_visitor(elsewhere).signed_in(theirs)
    token = fields(phone.get("/me").form("Sign out here"))["_csrf"]
    path = f"/leader/campaigns/{campaign['id']}/chat-list"
    assert phone.get(path).status == 404
    for named in (own, point):
        sent = {"_csrf": token, "text": LIST, "pickup_point_id": named}
        assert phone.post(f"{path}/read", sent).status == 404
    at_ours = phone.get(f"/s/{shop.slug}{path}", follow=False)
    assert at_ours.status == 303
    assert "/sign-in" in at_ours.headers["location"]


def test_it_is_in_chinese_too(shop, leader, campaign, new_visitor):
    phone = new_visitor(shop, language="zh").signed_in(leader)
    page = phone.get(phone.get("/leader/sharing").link("群接龙下单"))
    assert page.heading == "群接龙下单"
    page = phone.send(page, "识别", text="1. Nobody, pears 2")
    assert "没有会员使用此名称，请填写手机号。" in page.words()
