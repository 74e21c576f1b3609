"""Group buys at the console: drafted step by step, published, changed, ended, copied; and who may."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib.kernel import clock
from tests.builders import made

SHANGHAI = ZoneInfo("Asia/Shanghai")


def typed(**ahead):
    """A moment ahead as the browser types it, by the shop's clock."""
    return f"{(clock.now() + timedelta(**ahead)).astimezone(SHANGHAI):%Y-%m-%dT%H:%M}"


def started(desk, kind="group_order", title="Pears for Friday"):
    return desk.send(desk.get("/campaigns/new"), "Store the draft and go on", kind=kind, title=title)


def stored(shop, campaign_id):
    return made(shop.brand.get(f"/v1/campaigns/{campaign_id}"), 200)


def only(shop):
    return made(shop.brand.get("/v1/campaigns"), 200)["items"][0]


def test_a_group_buy_is_made_step_by_step_seen_as_neighbours_will_and_published(desk, shop, visitor):
    assert "There is no group buy yet" in desk.get("/campaigns").words()
    shop.product(title="Pears", price=1250)
    point = shop.pickup_point(name="East gate")
    page = started(desk)
    assert only(shop)["status"] == "draft"
    page = desk.send(page, "Look for it", q="pear")
    page = desk.send(page, "Add Pears One")
    assert page.soup.select_one("#f-offers-0-price")["value"] == "12.50"  # as in the catalogue
    assert only(shop)["offers"] == []
    page = desk.send(page, "Save and go on", offers__0__price="9.90", offers__0__quantity="40")
    assert page.heading == "Time, place and payment"
    target = {"target__measure": "amount", "target__value": "99", "target__on_miss": "extend"}
    page = desk.send(page, "Save and go on", closes_at=typed(days=2), **target)
    assert page.heading == "As your neighbours see it"
    seen = page.words(".frame")
    assert all(each in seen for each in ("Pears for Friday", "CN¥9.90", "East gate", "CN¥99.00 more", "40 left"))
    page = desk.send(page, "Publish")
    assert "It is open" in page.words(".flash")
    campaign = only(shop)
    assert (campaign["status"], campaign["pickup_point_ids"]) == ("open", [point["id"]])
    assert campaign["offers"][0]["price"] == shop.money(990)
    assert campaign["target"]["value"] == 9900
    in_shop = visitor.get(f"/campaigns/{campaign['id']}").words()
    assert all(each in in_shop for each in ("CN¥9.90", "East gate", "CN¥99.00 more", "40 left"))


def test_what_a_draft_lacks_is_said_with_the_way_to_add_it(desk, shop):
    draft = shop.campaign(publish=False, offers=[], pickup_point_ids=[])
    page = desk.get(f"/campaigns/{draft['id']}")
    assert page.link("Choose what is sold").endswith("/goods")
    assert page.link("Choose at least one pickup point").endswith("/terms")
    assert "Publish" not in [each.get_text() for each in page.soup.select("button")]


def test_a_way_to_pay_that_the_shop_has_not_is_said_on_publishing(desk, shop):
    draft = shop.campaign(publish=False, payment_methods=["pickup", "wechat", "test"])
    page = desk.get(f"/campaigns/{draft['id']}/terms")
    assert "Not set up yet" in page.words("#f-methods-wechat-hint")
    assert page.soup.select_one("#f-methods-test-hint") is None, "the test provider needs no account"
    page = desk.send(desk.get(f"/campaigns/{draft['id']}/preview"), "Publish")
    assert page.status == 422
    assert page.link("One of the ways to pay is not set up").endswith("/terms")
    assert stored(shop, draft["id"])["status"] == "draft"


def test_price_steps_are_typed_with_empty_ones_between_and_refused_beside_the_step(desk, shop):
    draft = shop.campaign(publish=False, kind="ladder", offers=[])
    shop.product(title="Pears")
    page = desk.send(desk.get(f"/campaigns/{draft['id']}/goods"), "Add Pears One")
    steps = {"offers__0__ladder__0__price": "10", "offers__0__ladder__3__from_quantity": "20"}
    page = desk.send(page, "Save and go on", offers__0__quantity="50", offers__0__ladder__3__price="12", **steps)
    assert page.status == 422
    wrong = page.soup.select(".wrong input")
    assert [each["value"] for each in wrong] == ["12"]
    assert "lower" in page.words(".fault")
    page = desk.send(page, "Save and go on", **{wrong[0]["name"].replace(".", "__"): "8"})
    assert page.heading == "Time, place and payment"
    assert [each["price"]["amount_minor"] for each in stored(shop, draft["id"])["offers"][0]["ladder"]] == [1000, 800]


def test_what_is_no_amount_or_missing_stands_beside_its_field_and_the_rest_is_kept(desk, shop):
    draft = shop.campaign(publish=False)
    page = desk.get(f"/campaigns/{draft['id']}/goods")
    page = desk.send(page, "Save and go on", offers__0__price="nine", offers__0__quantity="41")
    assert page.status == 422
    assert page.words(".wrong .fault") == "Type an amount such as 12.50."
    assert page.soup.select_one("#f-offers-0-quantity")["value"] == "41"
    page = desk.send(page, "Save and go on", offers__0__price="9", offers__0__quantity="")
    assert page.soup.select_one(".wrong input")["name"] == "offers.0.quantity"
    assert stored(shop, draft["id"])["offers"] == draft["offers"]


def test_goods_are_left_out_again(desk, shop):
    draft = shop.campaign(publish=False)
    page = desk.get(f"/campaigns/{draft['id']}/goods")
    page = desk.send(page, f"Leave it out {draft['offers'][0]['title']}")
    desk.send(page, "Save and go on")
    assert stored(shop, draft["id"])["offers"] == []


@pytest.mark.parametrize(
    ("kind", "terms", "kept"),
    [
        ("team_buy", {"team__size": "3", "team__hours": "12"}, {"team": {"size": 3, "hours": 12}}),
        (
            "pre_order",
            {"methods__pickup": "false", "methods__wechat": "true", "balance__hours_after_close": "48"},
            {"balance": {"hours_after_close": 48, "on_default": "refund"}},
        ),
    ],
)
def test_each_kind_is_asked_for_its_own_terms(desk, shop, kind, terms, kept):
    draft = shop.campaign(publish=False, kind=kind, offers=[])
    desk.send(desk.get(f"/campaigns/{draft['id']}/terms"), "Save and go on", **terms)
    after = stored(shop, draft["id"])
    assert {name: after[name] for name in kept} == kept


def test_who_changes_what_somebody_has_changed_meanwhile_is_told_and_may_send_again(desk, shop):
    campaign = shop.open_campaign
    page = desk.get(f"/campaigns/{campaign['id']}/words")
    made(shop.brand.patch(f"/v1/campaigns/{campaign['id']}", {"title": "Pears, fresh"}), 200)
    page = desk.send(page, "Save the changes", title="Sweet pears")
    assert page.status == 412
    assert page.words(".refusal strong") == "Somebody was faster"
    assert page.soup.select_one("#f-title")["value"] == "Sweet pears"
    assert "Stored now: Pears, fresh" in page.words("#f-title-hint")
    assert stored(shop, campaign["id"])["title"] == "Pears, fresh"
    assert desk.send(page, "Save the changes").heading == "Sweet pears"


def test_what_a_state_lets_change_is_all_that_is_asked(desk, shop):
    campaign = shop.open_campaign
    page = desk.get(f"/campaigns/{campaign['id']}/terms")
    assert page.soup.select_one("#f-closes_at")
    assert not page.soup.select_one("#f-opens_at")
    assert not page.soup.select_one("[name^='points.']")
    page = desk.send(page, "Save the changes", goal="500")  # its close, which has seconds, is left as it is
    assert page.heading == campaign["title"]
    after = stored(shop, campaign["id"])
    assert (after["closes_at"], after["goal"]) == (campaign["closes_at"], shop.money(50_000))
    page = desk.send(desk.get(f"/campaigns/{campaign['id']}/terms"), "Save the changes", closes_at=typed(days=1))
    assert page.status == 409
    assert page.soup.select_one("#f-closes_at-fault")
    assert "stand" in desk.get(f"/campaigns/{campaign['id']}/goods").words(".note")


def test_more_is_put_on_sale_and_never_less(desk, shop):
    page = desk.get(f"/campaigns/{shop.campaign_id}/offers/{shop.offer_id}")
    refused = desk.send(page, "Put it on sale", quantity="10")
    assert refused.status == 409
    assert refused.soup.select_one("#f-quantity-fault")
    desk.send(refused, "Put it on sale", quantity="75")
    assert stored(shop, shop.campaign_id)["offers"][0]["quantity"] == 75


def test_closing_says_first_what_it_means(desk, shop, drain):
    target = {"measure": "quantity", "value": 5, "on_miss": "extend"}
    campaign = shop.campaign(target=target)
    made(shop.order(campaign=campaign, quantity=2))
    drain()
    page = desk.get(f"/campaigns/{campaign['id']}/close")
    assert "The target is not reached, so it does not take place" in page.words()
    assert "1 order worth CN¥18.00 counts." in page.words()
    assert stored(shop, campaign["id"])["status"] == "open"
    page = desk.send(page, "Close it now")
    assert "Nobody can order any more" in page.words(".flash")
    drain()
    assert stored(shop, campaign["id"])["status"] in ("cancelled", "refunding", "refunded")


def test_cancelling_says_first_how_many_it_touches(desk, shop, drain):
    campaign = shop.campaign()
    made(shop.order(campaign=campaign))
    drain()
    page = desk.get(f"/campaigns/{campaign['id']}/cancel")
    assert "1 order worth CN¥9.00 is released." in page.words()
    page = desk.send(page, "Cancel this group buy", reason="The harvest failed")
    assert page.words(".badge") in ("Cancelled", "Being refunded", "Refunded")
    assert "no longer be cancelled" in desk.get(f"/campaigns/{campaign['id']}/cancel").words()


def test_a_copy_is_a_draft_that_asks_for_its_time(desk, shop):
    page = desk.send(desk.get(f"/campaigns/{shop.campaign_id}"), "Copy it", title="Second round")
    assert page.heading == "Time, place and payment"
    copy = only(shop) if only(shop)["title"] == "Second round" else None
    assert copy
    assert (copy["status"], copy["closes_at"]) == ("draft", None)
    assert copy["offers"][0]["price"] == shop.money(900)


def test_what_happened_is_told_in_words(desk, shop, sweep, clock):
    campaign = shop.campaign(closes_in=timedelta(hours=1))
    made(shop.order(campaign=campaign))
    clock.advance(hours=2)
    sweep()
    page = desk.get(f"/campaigns/{campaign['id']}")
    assert page.words(".badge") == "Takes place"
    told = [each.get_text() for each in page.soup.select("details .rows li span:first-child")]
    assert told == ["it takes place", "closed", "opened", "published", "drafted"]


def test_the_teams_of_a_team_buy_are_seen(desk, new_desk, shop):
    campaign = shop.campaign(kind="team_buy", team={"size": 3, "hours": 24})
    made(shop.order(campaign=campaign))
    page = desk.get(f"/campaigns/{campaign['id']}")
    assert "Waiting for more" in page.words()
    assert "1 of 3" in page.words()
    assert "Waiting for more" not in new_desk(shop, "editor").get(f"/campaigns/{campaign['id']}").words()


def test_the_list_shows_how_far_each_is_and_is_narrowed(desk, shop):
    sold = shop.campaign(title="Pears", target={"measure": "quantity", "value": 4, "on_miss": "cancel"})
    made(shop.order(campaign=sold, quantity=3))
    shop.campaign(title="Plums", publish=False)
    page = desk.get("/campaigns")
    assert "3 of 50" in page.words(".data")
    assert page.soup.select_one(".data progress")["value"] == "3"
    drafts = desk.get("/campaigns?status=draft&kind=").words(".data")
    assert "Plums" in drafts
    assert "Pears" not in drafts
    assert "No group buy is like that" in desk.get("/campaigns?status=settled").words()


def test_a_long_list_has_more_pages(desk, shop):
    for number in range(21):
        shop.campaign(title=f"Basket {number}", publish=False)
    first = desk.get("/campaigns")
    assert len(first.soup.select(".data tbody tr")) == 20
    second = desk.get(first.link("Show more"))
    assert [each.get_text() for each in second.soup.select(".data tbody strong")] == ["Basket 0"]


def test_who_only_looks_finds_no_way_to_change(new_desk, shop):
    analyst = new_desk(shop, "analyst")
    page = analyst.get(f"/campaigns/{shop.campaign_id}")
    assert not page.soup.select("main form")
    assert "New group buy" not in analyst.get("/campaigns").text
    assert analyst.get(f"/campaigns/{shop.campaign_id}/terms").status == 403
    assert analyst.get("/campaigns/new").status == 403
    planner = new_desk(shop, "planner")
    assert planner.get(f"/campaigns/{shop.campaign_id}/terms").status == 200
    technical = new_desk(shop, "technical")
    assert technical.get("/campaigns").status == 403
    assert "Group buys" not in technical.get("/menu").text


def test_a_published_one_leads_to_the_shop_and_to_what_is_passed_on(desk, shop, visitor):
    page = desk.get(f"/campaigns/{shop.campaign_id}")
    for text in ("See it in the shop", "Text for the chat group", "Poster", "Notice with codes to tear off"):
        assert visitor.get(page.link(text)).status == 200


def test_group_buys_are_read_in_chinese(desk, shop):
    desk.language = "zh"
    assert desk.get("/campaigns/new").heading == "新建团购"
    draft = shop.campaign(publish=False, opens_in=timedelta(hours=3))
    assert "即将开团" in desk.get(f"/campaigns/{draft['id']}/preview").words(".frame")
