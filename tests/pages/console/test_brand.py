"""The brand's own pages of the console: its face, its legal texts, its rules, and what is left to set up."""

from __future__ import annotations

import json

from chalicelib.pages.console.brand.model import SoFar, steps
from tests.builders import made
from tests.pictures import png
from tests.uploads import send


def tenant(shop):
    return shop.brand.get("/v1/tenant").json


def test_the_face_of_the_brand_is_changed(desk, shop):
    page = desk.get("/brand")
    saved = desk.send(
        page, "Save", name="Green Valley", brand__slogan="Fresh on Fridays", brand__values="no waste\nfair prices",
        brand__story="# We\nTwo sisters.", brand__colours__primary="#123456", country="cn",
    )  # fmt: skip
    assert saved.words(".flash") == "It is saved. Neighbours see it within a minute."
    now = tenant(shop)
    assert (now["name"], now["country"]) == ("Green Valley", "CN")
    assert now["brand"]["values"] == ["no waste", "fair prices"]
    assert now["brand"]["colours"] == {"primary": "#123456"}
    assert desk.send(saved, "Save", brand__slogan="").status == 200
    assert tenant(shop)["brand"]["slogan"] is None


def test_what_is_refused_stands_beside_its_field_with_what_was_typed(desk):
    refused = desk.send(desk.get("/brand"), "Save", brand__logo="not an address", brand__values="x" * 200, name="Barn")
    assert refused.status == 422
    assert refused.words("#f-brand-logo-fault")
    assert refused.words("#f-brand-values-fault")
    assert refused.soup.select_one("#f-name")["value"] == "Barn"


def test_who_was_slower_sees_what_the_other_left_and_can_send_again(desk, shop):
    page = desk.get("/brand")
    made(shop.brand.patch("/v1/tenant", {"brand": {"slogan": "Theirs"}}), 200)
    refused = desk.send(page, "Save", brand__slogan="Mine")
    assert refused.status == 412
    assert "Theirs" in refused.words(".refusal")
    assert refused.soup.select_one("#f-brand-slogan")["value"] == "Mine"
    desk.send(refused, "Save")
    assert tenant(shop)["brand"]["slogan"] == "Mine"


def test_a_logo_is_uploaded_and_shown(desk, shop):
    content, page = png(), desk.get("/brand")
    asked = {"_csrf": page.soup.select_one("input[name=_csrf]")["value"], "content_type": "image/png"}
    granted = json.loads(desk.post("/console/brand/uploads", asked | {"size": str(len(content))}).text)
    assert send(granted, content) == 204
    desk.send(page, "Save", brand__logo=granted["address"])
    assert tenant(shop)["brand"]["logo"] == granted["address"]
    assert desk.get("/brand").soup.select_one(".logo img")["src"] == granted["address"]


def test_who_may_not_change_the_brand_reads_it(new_desk, shop):
    page = new_desk(shop, "analyst").get("/brand")
    assert "An owner or manager changes this." in page.words()
    assert not page.soup.select_one("main form")


def test_a_legal_text_begins_as_a_template_and_is_published(desk, shop):
    page = desk.get("/legal-texts?name=imprint")
    assert "[[" in page.words("#f-texts-en")
    refused = desk.send(page, "Publish")
    assert refused.status == 422
    assert refused.words("#f-texts-en-fault").startswith("Fill in the blank")
    desk.send(refused, "Publish", texts__en="Green Valley, 1 Hill Road", texts__zh="")
    assert shop.brand.get("/v1/legal-texts/imprint").json["texts"] == {"en": "Green Valley, 1 Hill Road"}
    assert "Version 1 is in your shop" in desk.get("/legal-texts?name=imprint").words()
    desk.send(desk.get("/legal-texts?name=imprint"), "Publish", texts__en="")
    assert shop.brand.get("/v1/legal-texts/imprint").json["texts"] == {}


def test_orders_may_wait_for_the_terms(desk, shop):
    desk.send(desk.get("/legal-texts?name=terms"), "Publish", texts__en="Pay first.", texts__zh="", must_accept="true")
    assert shop.brand.get("/v1/legal-texts/terms").json["must_accept"] is True


def test_refund_rules_are_typed_in_the_brands_currency(desk, shop):
    page = desk.send(
        desk.get("/refund-rules"), "Save", returns__refund="on_approval", goodwill_caps__service="12.50",
        goodwill_caps__manager="",
    )  # fmt: skip
    rules = shop.brand.get("/v1/refund-rules").json
    assert rules["returns"] == {"refund": "on_approval"}
    assert rules["goodwill_caps"]["service"] == shop.money(1250)
    refused = desk.send(page, "Save", goodwill_caps__service="a lot")
    assert refused.words("#f-goodwill_caps-service-fault") == "Type an amount such as 12.50."


def test_only_an_owner_changes_refund_rules(new_desk, shop):
    page = new_desk(shop, "manager").get("/refund-rules")
    assert "An owner changes this." in page.words()
    assert not page.soup.select_one("main form")


def test_words_of_the_brands_own_make_a_complaint_urgent(desk, shop):
    page = desk.get("/complaint-rules")
    last = len(page.soup.select("details")) - 1
    new = {
        f"rules__{last}__cause": "Sick",
        f"rules__{last}__words__zh": "拉肚子，过敏",
        f"rules__{last}__urgency": "critical",
    }
    saved = desk.send(page, "Save", usual="false", categories__payment="high", **new)
    rules = shop.brand.get("/v1/complaint-rules").json
    assert rules["standard"] is False
    assert rules["categories"]["payment"] == "high"
    assert rules["rules"][-1]["words"] == {"en": [], "zh": ["拉肚子", "过敏"]}
    assert len(rules["rules"]) == last + 1
    refused = desk.send(
        saved, "Save", rules__0__cause="", rules__0__words__en="", rules__0__words__zh="", rules__1__words__en="*"
    )
    assert refused.status == 422
    assert refused.words("#f-rules-1-words-en-fault")


def test_the_usual_words_come_back_with_a_tick(desk, shop):
    desk.send(desk.get("/complaint-rules"), "Save", usual="true")
    assert shop.brand.get("/v1/complaint-rules").json["standard"] is True


def test_a_new_shop_is_led_through_what_it_needs(desk, shop):
    page = desk.get("/brand/setup")
    assert "6 things are left." in page.words()
    assert page.link("A pickup point") == "/console/pickup-points"
    made(shop.brand.post("/v1/pickup-points", {"name": "East gate", "address": "1 Garden Road"}))
    assert "5 things are left." in desk.get("/brand/setup").words()


def test_the_way_to_set_up_is_in_chinese_too(new_desk, shop):
    assert new_desk(shop, language="zh").get("/brand/setup").heading == "设置店铺"


def test_a_role_is_shown_the_steps_that_it_sees(new_desk, shop):
    page = new_desk(shop, "technical").get("/brand/setup")
    assert [each.get_text(" ", strip=True) for each in page.soup.select(".setup h2")] == [
        "Privacy notice, terms and imprint",
        "Your e-mail address is confirmed",
    ]


def test_what_there_is_is_done():
    every = SoFar(True, True, True, True, frozenset({"privacy", "terms", "imprint"}), True)
    assert all(step.done for step in steps(every))
    assert [step.done for step in steps(SoFar(True, None, False, None, frozenset({"terms"}), None))] == [
        False,
        False,
        True,
    ]


def test_causes_of_complaints_are_added_and_paused(desk, new_desk, shop):
    page = desk.get("/complaint-causes")
    refused = desk.send(page, "Add the cause", category="quality", cause="unripe", zh="未成熟", en="")
    assert (refused.status, bool(refused.words("#f-en-fault"))) == (422, True)
    saved = desk.send(refused, "Add the cause", en="Not ripe")
    assert saved.words(".flash") == "It is saved. It holds for complaints from now on."
    assert "Not ripe unripe · our own" in saved.words()
    paused = desk.send(saved, "Pause")
    causes = {each["cause"]: each for each in shop.brand.get("/v1/complaint-causes").json["causes"]}
    assert (causes["unripe"]["zh"], causes["damaged"]["paused"]) == ("未成熟", True)
    assert "Damaged damaged paused" in paused.words()
    desk.send(paused, "Take up again")
    assert not any(each["paused"] for each in shop.brand.get("/v1/complaint-causes").json["causes"])
    assert not new_desk(shop, "analyst").get("/complaint-causes").soup.select_one("main form")
