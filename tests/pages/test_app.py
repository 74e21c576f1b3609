"""The shop as an app of the phone: what a browser is told of it, and whose orders the worker may keep."""

from __future__ import annotations

import json

import pytest

from chalicelib.pages.storefront.app.model import icon, initial


def test_the_manifest_names_the_brand_and_begins_at_its_home(visitor):
    seen = visitor.get("/manifest.webmanifest")

    found = json.loads(seen.text)
    assert seen.headers["content-type"] == "application/manifest+json"
    assert found["name"] == f"The {visitor.slug}"
    assert found["start_url"] == found["scope"] == f"/s/{visitor.slug}"
    assert {each["purpose"] for each in found["icons"]} == {"any", "maskable"}
    assert visitor.get(found["icons"][0]["src"]).headers["content-type"] == "image/svg+xml"


@pytest.mark.parametrize(
    ("name", "letter"), [("邻里鲜果", "邻"), ("  corner", "C"), ("\u202e<b>", "<"), ("👩‍🌾 farm", "👩‍🌾"), ("…", "团")]
)
def test_the_icon_shows_the_first_character_that_can_be_seen(name, letter):
    assert initial(name) == letter


def test_the_icon_holds_no_markup_of_the_name():
    assert "&lt;</text>" in icon("<script>", "#0b6b57", "#ffffff")


def test_the_worker_is_for_this_shop_alone_and_another_in_another_language(visitor):
    english = visitor.get("/worker.js")
    visitor.language = "zh"
    chinese = visitor.get("/worker.js")

    assert english.headers["service-worker-allowed"] == f"/s/{visitor.slug}"
    assert "connect-src 'self'" in english.headers["content-security-policy"]
    assert english.text != chinese.text


def test_what_the_worker_fetches_at_once_is_there(visitor):
    shop = json.loads(visitor.get("/worker.js").text.partition("const SHOP = ")[2].partition(";\n")[0])
    assert [visitor.get(path).status for path in shop["shell"]] == [200] * 5


def test_an_answer_says_whose_it_is_without_naming_them(shop, new_visitor):
    ada, bob = (new_visitor(shop).signed_in(shop.member()) for _ in range(2))

    marks = [each.get(path).headers["x-session"] for each in (ada, bob) for path in ("", "/icon.svg")]

    assert marks[0] == marks[1] != marks[2] == marks[3]
    assert new_visitor(shop).get("").headers["x-session"] == "nobody"
    assert shop.shopper.id not in "".join(marks)
