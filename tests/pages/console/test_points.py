"""Points and tiers at the console: the rules, and what one member has."""

from __future__ import annotations

from datetime import timedelta

from chalicelib.kernel import clock
from tests.builders import made


def rules(shop):
    return made(shop.brand.get("/v1/points-rules"), 200)


def test_what_earns_points_is_typed_in_the_brands_currency(desk, shop):
    page = desk.send(
        desk.get("/points-rules"), "Save", order__points="1", order__amount="1.00", order__valid_days="365",
        check_in__points="5", check_in__per_member="500", spend__points="100", spend__worth="1", spend__most_share="50",
    )  # fmt: skip

    order, check_in = rules(shop)["rules"]
    assert (order["per_amount"], order["valid_days"]) == ({"amount": shop.money(100), "points": 1}, 365)
    assert (check_in["points"], check_in["cap"]["per_member"]) == (5, 500)
    assert rules(shop)["spend"] == {"points": 100, "worth": shop.money(100), "most_share": "50"}
    assert page.soup.select_one("#f-order-amount")["value"] == "1.00"

    desk.send(page, "Save", order__amount="", order__points="7", spend__points="", spend__worth="")
    assert (rules(shop)["rules"][0]["points"], rules(shop)["spend"]) == (7, None)


def test_what_makes_no_sense_stands_beside_its_field(desk):
    refused = desk.send(
        desk.get("/points-rules"), "Save", order__points="1", order__amount="a lot", check_in__points="5",
    )  # fmt: skip
    assert refused.words("#f-order-amount-fault") == "Type an amount such as 12.50."
    refused = desk.send(refused, "Save", order__amount="", check_in__points="many", survey__points="-3")
    assert refused.words("#f-check_in-points-fault")
    assert refused.words("#f-survey-points-fault")
    refused = desk.send(refused, "Save", check_in__points="5", survey__points="3", survey__valid_days="2000")
    assert refused.words("#f-survey-valid_days-fault")
    refused = desk.send(
        refused, "Save", survey__valid_days="", spend__points="1", spend__worth="1", spend__most_share="200"
    )
    assert "100 at most" in refused.words("#f-spend-most_share-fault")


def test_tiers_are_typed_and_kept_by_their_codes(desk, shop):
    typed = {"tiers__0__title": "Silver", "tiers__0__threshold": "500", "tiers__1__title": "Gold"}
    refused = desk.send(desk.get("/tiers"), "Save", **typed, tiers__1__threshold="400")
    assert refused.words("#f-tiers-1-threshold-fault").startswith("'tier-2' begins at")

    page = desk.send(refused, "Save", tiers__1__threshold="2,000", tiers__1__points_factor="1.5", grace_days="14")
    found = made(shop.brand.get("/v1/tiers"), 200)
    assert [(tier["code"], tier["from"]) for tier in found["tiers"]] == [("tier-1", 50_000), ("tier-2", 200_000)]
    assert (found["grace_days"], found["tiers"][1]["privileges"]["points_factor"]) == (14, "1.5")

    desk.send(page, "Save", tiers__0__title="", tiers__0__threshold="", tiers__1__title="Gold card")
    found = made(shop.brand.get("/v1/tiers"), 200)
    assert [(tier["code"], tier["title"]) for tier in found["tiers"]] == [("tier-2", "Gold card")]


def test_a_new_tier_gets_a_code_that_is_free(desk, shop):
    page = desk.send(desk.get("/tiers"), "Save", tiers__1__title="Gold", tiers__1__threshold="50")
    desk.send(page, "Save", tiers__1__title="Platinum", tiers__1__threshold="90")

    codes = [tier["code"] for tier in made(shop.brand.get("/v1/tiers"), 200)["tiers"]]
    assert len(set(codes)) == 2


def test_a_member_is_given_points_and_loses_some_with_a_reason(desk, shop):
    this = f"/members/{shop.shopper.id}/points"
    assert desk.get(f"/members/{shop.shopper.id}").soup.select_one(f'a[href$="{this}"]')

    page = desk.send(desk.get(this), "Book the points", points="100", reason="Fair")
    page = desk.send(page, "Book the points", points="30", takes="true", reason="By mistake")

    assert (page.words(".flash"), page.words("#balance")) == ("The points are taken.", "Points: 70")
    assert "Booked by the team: By mistake" in page.words()
    refused = desk.send(page, "Book the points", points="none", takes="false", reason="x")
    assert refused.words("#f-points-fault")
    entries = made(shop.brand.get("/v1/audit?action=member.points_booked"), 200)["items"]
    assert [each["changes"]["delta"] for each in entries] == [-30, 100]


def test_a_tier_is_given_and_taken_back(desk, shop):
    made(shop.brand.put("/v1/tiers", {"tiers": [{"code": "gold", "title": "Gold", "from": 100_000}]}), 200)
    this = f"/members/{shop.shopper.id}/points"
    until = (clock.now() + timedelta(days=30)).date().isoformat()

    page = desk.send(desk.get(this), "Give the tier", tier="gold", until_on=until, reason="Opening day")
    assert page.words("#tier") == "Tier: Gold"
    refused = desk.send(page, "Give the tier", tier="gold", until_on="2020-01-01", reason="x")
    assert refused.words("#f-until_on-fault")
    page = desk.send(page, "Take the tier back", reason="By mistake")
    assert page.words("#tier") == "Tier: none"


def test_who_may_not_change_it_reads_it(new_desk, desk, shop):
    desk.send(desk.get("/points-rules"), "Save", check_in__points="5")
    analyst = new_desk(shop, "analyst")
    for path in ("/points-rules", "/tiers", f"/members/{shop.shopper.id}/points"):
        page = analyst.get(path)
        assert (page.status, page.soup.select("main form")) == (200, [])
    assert "Checking in, once a day" in analyst.get("/points-rules").words()


def test_who_changes_what_a_colleague_has_changed_is_told(desk, shop):
    for path, put in (("/points-rules", "/v1/points-rules"), ("/tiers", "/v1/tiers")):
        page = desk.get(path)
        made(shop.brand.put(put, {}), 200)
        assert desk.send(page, "Save").words(".refusal strong") == "Somebody was faster"
