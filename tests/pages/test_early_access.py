"""A group buy that is to come, as members with early access see it, and everybody else."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.builders import made

TIERS = {
    "measure": "spend",
    "window_months": 12,
    "tiers": [{"code": "gold", "title": "Gold", "from": 100_000, "privileges": {"early_access_hours": 24}}],
}


@pytest.fixture
def gold(shop, clock):
    """The shop's shopper is of a tier that orders a day earlier."""
    made(shop.brand.put("/v1/tiers", TIERS), 200)
    until = {"tier": "gold", "until_on": f"{clock.now() + timedelta(days=60):%Y-%m-%d}", "reason": "First helper"}
    made(shop.brand.put(f"/v1/members/{shop.shopper.id}/tier", until), 200)
    return shop.shopper


@pytest.mark.usefixtures("gold")
def test_who_has_early_access_orders_from_the_home_on(shop, shopper, visitor, new_visitor):
    coming = shop.campaign(title="Soon", opens_in=timedelta(hours=20))
    offer = coming["offers"][0]["offer_id"]

    page = shopper.get("")
    assert "Open now" in page.words()
    assert "Open for you" in page.words()
    assert "Coming soon" not in page.words()
    page = shopper.get(page.link("Soon"))
    assert "Open for you since" in page.words()
    assert "Opens for everybody" in page.words()
    page = shopper.send(page, "To the basket", **{f"units__{offer}": 2})
    assert page.heading == "Your basket"
    page = shopper.send(page, "Go on and order")
    answer = shopper.send(page, "Order now", follow=False)
    assert "/orders/" in answer.headers["location"]
    order = shopper.get(answer.headers["location"].partition(f"/s/{shop.slug}")[2])
    assert "Ordered" in order.words()
    assert "Cancel" in order.words()

    for other in (visitor, new_visitor(shop).signed_in(shop.member())):
        page = other.get("")
        assert "Coming soon" in page.words()
        assert "for you" not in page.words()
        page = other.get(page.link("Soon"))
        assert page.heading == "Soon"
        assert not page.soup.select("button[form=choose]")
        assert "for you" not in page.words()
        other.cookies["basket"] = f"{offer}.1"
        assert "Go on and order" not in other.get(f"/campaigns/{coming['id']}/basket").words()


@pytest.mark.usefixtures("gold")
def test_before_it_they_see_when_it_opens_for_them(shop, shopper, visitor, new_visitor, clock):
    coming = shop.campaign(title="Later", opens_in=timedelta(hours=30))
    words = shopper.get(shopper.get("").link("Later")).words()
    assert "Opens for you" in words
    assert "Opens for everybody" in words
    assert "Opens for you" in shopper.get("").words()
    assert "Opens for you" not in visitor.get(f"/campaigns/{coming['id']}").words()
    chinese = new_visitor(shop, language="zh").signed_in(shop.shopper)
    assert "为您提前开团" in chinese.get(f"/campaigns/{coming['id']}").words()
    clock.advance(hours=7)
    assert "Open for you since" in shopper.get(f"/campaigns/{coming['id']}").words()
    assert "您可提前下单" in chinese.get("").words()


@pytest.mark.usefixtures("gold")
def test_its_page_is_not_loaded_anew_by_its_progress(shop, shopper, clock):
    coming = shop.campaign(opens_in=timedelta(hours=30))
    path = f"/campaigns/{coming['id']}/progress?was="
    assert shopper.get(path + "scheduled", follow=False, **{"hx-request": "true"}).status == 200
    clock.advance(hours=7)
    opened = shopper.get(path + "scheduled", follow=False, **{"hx-request": "true"})
    assert opened.status != 200 or "hx-redirect" in opened.headers
    page = shopper.get(path + "open", follow=False, **{"hx-request": "true"})
    assert page.status == 200
    assert "was=open" in page.text


@pytest.mark.usefixtures("gold")
def test_the_team_sees_what_may_still_be_changed(shop, desk):
    coming = shop.campaign(opens_in=timedelta(hours=20))
    assert "Opens earlier for the tier gold" in desk.get(f"/campaigns/{coming['id']}").words()
    terms = desk.get(f"/campaigns/{coming['id']}/terms")
    names = {each.get("name") for each in terms.soup.select("input")}
    assert "closes_at" in names
    assert "opens_at" not in names
    later = shop.campaign(opens_in=timedelta(hours=60))
    assert "opens_at" in {each.get("name") for each in desk.get(f"/campaigns/{later['id']}/terms").soup.select("input")}


@pytest.mark.usefixtures("gold")
def test_programs_are_told_when_it_opens_for_whom_and_another_brand_knows_nothing_of_it(shop, new_shop):
    coming = shop.campaign(opens_in=timedelta(hours=20))
    seen = made(shop.caller.call("GET", f"{shop.path}/campaigns/{coming['id']}"), 200)
    [early] = seen["early_access"]
    assert (early["tier"], early["hours"], seen["status"]) == ("gold", 24, "scheduled")
    assert early["opens_at"] < seen["opens_at"]
    assert shop.order(campaign=coming).status == 201
    refused = shop.order(shop.member(), campaign=coming)
    assert (refused.status, refused.json["code"], refused.json["opens_at"]) == (
        409,
        "campaign_not_open",
        seen["opens_at"],
    )
    other = new_shop()
    assert other.campaign(opens_in=timedelta(hours=20))["early_access"] == []
    assert other.order(campaign=other.campaign(opens_in=timedelta(hours=20))).json["code"] == "campaign_not_open"
    theirs = shop.caller.call("GET", f"{other.path}/campaigns/{coming['id']}")
    assert theirs.status == 404
