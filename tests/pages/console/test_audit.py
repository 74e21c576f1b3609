"""The audit log in the console: who changed what, in words."""

from __future__ import annotations

import ast
from pathlib import Path

from chalicelib.pages.console.audit.model import DEEDS
from tests.builders import made


def test_a_deed_is_told_with_what_was_set(desk, shop):
    point = made(shop.brand.post("/v1/pickup-points", {"name": "Gate", "address": "B"}))
    desk.send(desk.get(f"/pickup-points/{point['id']}"), "Save", address="1 Garden Road")
    first = desk.get("/audit").soup.select_one("tbody tr").get_text(" ", strip=True)
    assert "changed a pickup point" in first
    assert "Address: 1 Garden Road" in first


def test_from_what_to_what(desk, shop):
    made(shop.brand.patch("/v1/tenant", {"name": "Green Valley"}), 200)
    told = desk.get("/audit?action=tenant.changed").words("tbody")
    assert f"The {shop.slug} → Green Valley" in told


def test_the_log_is_narrowed_to_a_deed_or_to_one_thing(desk, shop):
    for name in ("One", "Two"):
        made(shop.brand.post("/v1/pickup-points", {"name": name, "address": "B"}))
    page = desk.get("/audit?action=pickup_point.created")
    assert len(page.soup.select("tbody tr")) == 2
    one = desk.get(page.link("All of this one"))
    assert len(one.soup.select("tbody tr")) == 1
    assert desk.get("/audit?action=survey.created").words(".empty").startswith("Nothing was done that fits this.")


def test_a_long_log_goes_on(desk, shop):
    for n in range(25):
        made(shop.brand.post("/v1/pickup-points", {"name": f"Gate {n}", "address": "B"}))
    page = desk.get("/audit")
    assert desk.get(page.link("Show more")).soup.select("tbody tr")


def test_the_log_is_for_managers_and_in_chinese(new_desk, shop):
    assert new_desk(shop, "planner").get("/audit").status == 403
    assert "开通店铺" in new_desk(shop, language="zh").get("/audit").words("table")


def test_every_deed_that_the_product_writes_down_has_words():
    """Of those that are spelled out where they are written down."""
    written = set()
    for path in Path("chalicelib").rglob("*.py"):
        if "pages" not in path.parts:
            written |= _deeds(ast.parse(path.read_text("utf-8")))
    assert written - set(DEEDS) == set()
    assert len(written) > 50


def _deeds(tree):
    calls = [each for each in ast.walk(tree) if isinstance(each, ast.Call) and getattr(each.func, "id", "") == "audit"]
    args = [arg for call in calls for arg in call.args[3:4]]
    return {arg.value for arg in args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)}
