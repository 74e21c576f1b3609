"""Segments at the console: a rule put together without JSON, counted, saved, changed; lists, tags, and why."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import made
from tests.pages.site import fields


def listed(shop: Any) -> list[Any]:
    return made(shop.brand.get("/v1/segments"), 200)["items"]


def with_condition(desk: Any, page: Any, field: str, **typed: str) -> Any:
    """The form with a condition more, and what was typed before."""
    return desk.send(page, "Add the condition", add=field, **typed)


def test_a_rule_is_put_together_counted_and_saved(desk: Any, shop: Any, drain: Any) -> None:
    ann = shop.member()
    shop.member()
    made(shop.order(ann))
    drain()
    page = desk.get("/segments")
    assert "There are no segments yet" in page.words()
    page = desk.get(page.link("Make the first segment").removeprefix("/console"))
    page = with_condition(desk, page, "orders")
    page = with_condition(desk, page, "purchases", **{"rows.0.number": "1"})
    assert page.soup.select_one("#f-rows-0-number")["value"] == "1"
    page = with_condition(desk, page, "language", **{"rows.1.within_days": "30", "rows.1.op": "bought"})
    assert [each.get_text(strip=True) for each in page.soup.select("legend")] == [
        "Number of orders", "Bought something, or not", "Language",
    ]  # fmt: skip
    page = desk.send(page, "Count them now", **{"rows.2.picks.1": "en", "rows.2.picks.0": "zh"})
    assert "1 of 2 members" in page.words("#count")
    assert listed(shop) == []
    page = desk.send(page, "Save the segment", title="Buyers", **{"rows.2.picks.1": "en"})
    drain()
    (found,) = listed(shop)
    assert found["rule"] == {"all": [
        {"field": "orders", "op": "at_least", "value": {"number": 1}},
        {"field": "purchases", "op": "bought", "value": {"within_days": 30}},
        {"field": "language", "op": "any_of", "value": ["zh", "en"]},
    ]}  # fmt: skip
    assert (found["title"], found["count"]) == ("Buyers", 1)
    page = desk.get(f"/segments/{found['id']}")
    assert found["words"] in page.words()
    page = desk.get(page.link("Why they are in it").removeprefix("/console"))
    assert page.heading == "Why they are in it"
    assert "orders at least 1 1 yes" in page.words(".data")


def test_a_condition_is_taken_out_and_others_are_grouped(desk: Any, shop: Any, drain: Any) -> None:
    page = desk.get("/segments/new")
    for field in ("points", "recency", "frequency", "days_since_joined"):
        page = with_condition(desk, page, field)
    form = page.form("Add the condition")
    page = desk.post(form["action"], fields(form) | {"step": "remove.1"})
    assert len(page.soup.select("fieldset")) == 3
    page = desk.send(page, "Save the segment", title="Grouped", **{
        "rows.0.number": "5", "rows.1.number": "6", "rows.2.number": "7", "rows.1.group": "1", "rows.2.group": "1",
    })  # fmt: skip
    (found,) = listed(shop)
    assert found["rule"] == {"all": [
        {"field": "points", "op": "at_least", "value": 5},
        {"any": [
            {"field": "frequency", "op": "at_least", "value": 6},
            {"field": "days_since_joined", "op": "at_least", "value": 7},
        ]},
    ]}  # fmt: skip
    page = desk.get(f"/segments/{found['id']}/edit")
    assert [each["value"] for each in page.soup.select("input[name$=number]")] == ["5", "6", "7"]
    desk.send(page, "Save the segment", title="Changed", **{"rows.0.number": "50"})
    (found,) = listed(shop)
    assert (found["title"], found["rule"]["all"][0]["value"]) == ("Changed", 50)
    assert "any" in found["rule"]["all"][1]


@pytest.mark.parametrize(
    ("field", "typed", "beside"),
    [
        ("recency", {"rows.0.number": "a lot"}, "rows-0-number"),
        ("joined_on", {"rows.0.day": ""}, "rows-0-day"),
        ("monetary", {"rows.0.number": "x"}, "rows-0-number"),
        ("orders", {"rows.0.number": "1", "rows.0.within_days": "99999"}, "rows-0-within_days"),
        ("occupation", {"rows.0.text": ""}, "rows-0-text"),
    ],
)
def test_what_is_wrong_stands_beside_its_condition(
    desk: Any, shop: Any, field: str, typed: dict[str, str], beside: str
) -> None:
    page = with_condition(desk, desk.get("/segments/new"), field)
    page = desk.send(page, "Save the segment", title="Kept", **typed)
    assert page.status == 422
    assert page.soup.select_one(f"#f-{beside}-fault"), page.words()
    assert page.soup.select_one("#f-title")["value"] == "Kept"
    assert listed(shop) == []


def test_a_rule_asks_for_scores(desk: Any, shop: Any, drain: Any) -> None:
    shop.member()
    page = with_condition(desk, desk.get("/segments/new"), "rfm_recency")
    assert [each["value"] for each in page.soup.select("#f-rows-0-number option")] == ["5", "4", "3", "2", "1"]
    page = desk.send(page, "Count them now", **{"rows.0.op": "at_most", "rows.0.number": "2"})
    assert "0 of 1 members" in page.words("#count")
    refused = desk.send(page, "Save the segment", title="Leaving", **{"rows.0.number": "6"})
    assert (refused.status, "1 to 5" in refused.words("#f-rows-0-number-fault")) == (422, True)
    desk.send(page, "Save the segment", title="Leaving")
    drain()
    (found,) = listed(shop)
    assert found["rule"] == {"all": [{"field": "rfm_recency", "op": "at_most", "value": 2}]}
    assert found["scores_as_of"]
    assert "Scores are as of" in desk.get(f"/segments/{found['id']}").words()
    chosen = desk.get(f"/segments/{found['id']}/edit").soup.select_one("#f-rows-0-number option[selected]")
    assert chosen["value"] == "2"


def test_a_rule_without_conditions_is_refused(desk: Any, shop: Any) -> None:
    page = with_condition(desk, desk.get("/segments/new"), "points")
    refused = desk.send(page, "Save the segment", title="", **{"rows.0.number": "1"})
    assert (refused.status, bool(refused.soup.select_one("#f-title-fault"))) == (422, True)


def test_a_rule_that_is_deeper_than_the_form_is_said_in_words(desk: Any, shop: Any) -> None:
    deep = {"not": {"any": [{"field": "points", "op": "at_least", "value": 1}]}}
    made(shop.brand.post("/v1/segments", {"title": "Deep", "rule": deep}))
    (found,) = listed(shop)
    page = desk.get(f"/segments/{found['id']}/edit")
    assert "not (points at least 1)" in page.words()
    desk.send(page, "Save", title="Deeper")
    (found,) = listed(shop)
    assert (found["title"], found["rule"]) == ("Deeper", deep)


def test_a_list_is_filled_tagged_and_deleted(desk: Any, shop: Any, drain: Any) -> None:
    ann, bob = shop.member(), shop.member()
    page = desk.send(desk.get("/segments"), "Add the tag", tag="kind")
    assert "kind" in page.words("#tags ~ ul")
    page = desk.send(desk.get("/segments/new?kind=list"), "Make the list", title="Testers")
    page = desk.send(page, "Take them in", text=f"{ann.email}\nnobody@else.example")
    drain()
    (found,) = listed(shop)
    assert found["count"] == 1
    page = desk.get(f"/segments/{found['id']}")
    assert "1 came in" in page.words(".note")
    assert "line 2" in page.words(".note")
    desk.send(page, "Give them the tag", tag="kind")
    drain()
    page = desk.get(f"/members/{ann.id}")
    assert "Testers" in page.words("#belongs ~ ul")
    page = desk.send(page, "Take away")
    assert "kind" not in [each.get_text(strip=True) for each in page.soup.select(".badge")]
    page = desk.send(desk.get(f"/members/{bob.id}"), "Give it", add="kind")
    assert made(shop.brand.get(f"/v1/members/{bob.id}"), 200)["tags"] == ["kind"]
    desk.send(desk.get(f"/segments/{found['id']}"), "Delete the segment")
    assert listed(shop) == []
    page = desk.send(desk.get("/segments"), "Delete")
    assert made(shop.brand.get("/v1/tags"), 200)["tags"] == []


def test_who_only_looks_finds_no_buttons(new_desk: Any, shop: Any) -> None:
    made(shop.brand.post("/v1/segments", {"title": "Testers", "kind": "list"}))
    (found,) = listed(shop)
    looking = new_desk(shop, "analyst")
    for path in ("/segments", f"/segments/{found['id']}"):
        assert not looking.get(path).soup.select("main form button:not([value])"), path
    assert looking.get("/segments/new").status == 403
