"""Webhooks on the console: endpoints, their secrets, and what was sent to them."""

from __future__ import annotations

import pytest

from chalicelib.db import tenant_scope
from chalicelib.kernel import clock
from chalicelib.kernel.ids import new_id
from chalicelib.webhooks.model.emission import Emission
from chalicelib.webhooks.service.emitting import emit
from tests.builders import made
from tests.pages.site import fields

URL = "https://erp.example.com/hooks"


@pytest.fixture
def endpoint(shop):
    """An endpoint of the shop that nobody answers at."""
    return made(shop.brand.post("/v1/webhook-endpoints", {"url": URL, "description": "Stock"}))


def listed(shop):
    return made(shop.brand.get("/v1/webhook-endpoints"), 200)["items"]


def test_an_endpoint_is_added_and_its_secret_shown_once(desk, shop):
    page = desk.get(desk.get("/webhook-endpoints").link("Add an endpoint"))
    issued = desk.send(page, "Add it", url=URL, description="Stock")
    secret = issued.words(".code")
    assert secret.startswith("whsec_")
    page = desk.get(issued.link("I have kept it"))
    assert page.heading == "Stock"
    assert secret not in page.text
    assert [each["event_types"] for each in listed(shop)] == [["*"]]


def test_single_events_are_ticked_by_what_they_mean(desk, shop):
    page = desk.get("/webhook-endpoints/new")
    box = page.soup.select_one('input[value="order.placed"]')
    assert "order.placed" not in " ".join(box.parent.select_one("span").find(string=True).split())
    sent = {"url": URL, "which": "some"}
    refused = desk.send(page, "Add it", **sent)
    assert refused.words(".fault") == "Tick at least one event, or choose every event."
    assert fields(refused.form("Add it"))["url"] == URL
    desk.send(refused, "Add it", **sent, **{str(box["name"]).replace(".", "__", 1): "order.placed"})
    assert [each["event_types"] for each in listed(shop)] == [["order.placed"]]


def test_an_address_that_is_not_public_is_refused_beside_it(desk):
    page = desk.send(desk.get("/webhook-endpoints/new"), "Add it", url="https://127.0.0.1/hooks")
    assert page.status == 422
    assert page.soup.select_one("#f-url-fault")


def test_an_endpoint_is_changed_disabled_and_enabled(desk, shop, endpoint):
    at = f"/webhook-endpoints/{endpoint['id']}"
    desk.send(desk.get(f"{at}/edit"), "Save", description="Our stock")
    assert listed(shop)[0]["description"] == "Our stock"
    page = desk.send(desk.get(at), "Disable")
    assert page.words(".badge") == "Disabled by hand"
    assert desk.send(page, "Enable").words(".badge") == "Active"


def test_a_new_secret_is_shown_once(desk, endpoint):
    issued = desk.send(desk.get(f"/webhook-endpoints/{endpoint['id']}"), "Give it a new secret", overlap_hours="2")
    assert issued.words(".code") != endpoint["secret"]
    assert "The earlier secret signs beside it" in issued.words()
    wrong = desk.send(desk.get(f"/webhook-endpoints/{endpoint['id']}"), "Give it a new secret", overlap_hours="1000")
    assert wrong.soup.select_one("#f-overlap_hours-fault")


def test_a_test_event_says_what_came_of_it(desk, endpoint):
    page = desk.send(desk.get(f"/webhook-endpoints/{endpoint['id']}"), "Send a test event")
    assert page.status == 200
    said = page.words("main [role=status]")
    assert said.startswith("The test event: ")
    assert "delivered" not in said


def test_what_was_sent_is_listed_and_sent_again(desk, shop, endpoint, drain):
    now = clock.now()
    with tenant_scope(shop.tenant_id):
        emit(shop.tenant_id, [Emission(new_id(now), "order.placed", now, {"version": 1, "order": {}})], now)
    drain()
    at = f"/webhook-endpoints/{endpoint['id']}"
    page = desk.get(at)
    assert page.words("table .badge") == "Being sent"
    assert "1 attempt" in page.words("table")
    assert "No event is in this state." in desk.get(f"{at}?status=sent").words()


def test_deleting_says_first_what_is_lost(desk, shop, endpoint):
    page = desk.get(desk.get(f"/webhook-endpoints/{endpoint['id']}").link("Delete"))
    assert "gone for good" in page.words()
    assert desk.send(page, "Delete it").words(".flash") == "The endpoint is deleted."
    assert listed(shop) == []


def test_the_team_that_connects_systems_finds_them_and_others_do_not(shop, new_desk, endpoint):
    technical = new_desk(shop, "technical")
    technical.language = "zh"
    assert technical.get("/webhook-endpoints").heading.startswith("事件推送")
    assert new_desk(shop, "service").get("/webhook-endpoints").status == 403
