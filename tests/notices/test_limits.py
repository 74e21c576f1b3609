"""What a brand sends before an owner has signed in, and messages whose budgets are spent."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import EndpointConnectionError

from chalicelib.db import metered, tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.ids import derived_id
from chalicelib.notices.delivery.service import withholding
from chalicelib.notices.delivery.service.addresses import send_once
from chalicelib.notices.model.notices import Destination, Queued
from chalicelib.notices.settings.service import message_settings
from chalicelib.orders.notices.model.placing import TeamFilled
from chalicelib.rate_limits.model import Budget
from chalicelib.settings import forget
from chalicelib.tenants.service.confirming import confirm_owner
from tests.notices.outbox import brandless
from tests.notices.test_sending import provider

__all__ = ["brandless"]

BRAND = derived_id("a new brand")


@pytest.fixture(autouse=True)
def few(engine, brandless, monkeypatch):
    """Small numbers, soon reached."""
    monkeypatch.setenv("LIMITS", json.dumps({"messages_a_new_brand": 3, "messages_of_new_brands_a_recipient": 2}))
    forget()
    yield
    monkeypatch.undo()
    forget()


def send(cause, to="li@people.example", brand=BRAND, ways=()):
    medium = "email" if "@" in to else "sms"
    queued = Queued.of(TeamFilled("鲜果", "荔枝"), Destination(medium, to, "zh"), ways)
    with tenant_scope(brand):
        send_once(brand, derived_id(cause), Queued.from_json(queued.as_json()), product_clock.now())


def receivers(engine):
    return [mail["to"] for mail in engine.mail()]


def test_a_brand_sends_few_messages_a_day_until_an_owner_has_signed_in(engine, clock):
    for n in range(5):
        send(f"m{n}", f"p{n}@people.example")
    assert receivers(engine) == [f"p{n}@people.example" for n in range(3)]

    with tenant_scope(BRAND):
        confirm_owner(BRAND, "owner@brand.example", product_clock.now())
    for n in range(5, 10):
        send(f"m{n}", f"p{n}@people.example")
    send("m4", "p4@people.example")
    assert receivers(engine)[3:] == [f"p{n}@people.example" for n in range(5, 10)], "what was withheld stays so"


def test_texts_of_brands_that_anybody_made_leave_those_of_others_their_share(engine, clock, monkeypatch):
    monkeypatch.setenv("LIMITS", json.dumps({"texts_a_day": 2}))
    forget()
    for n in range(4):
        send(f"t{n}", f"+861380013800{n}", derived_id(f"brand {n}"))
    assert len(receivers(engine)) == 2

    confirmed = derived_id("a brand with an owner")
    with tenant_scope(confirmed):
        confirm_owner(confirmed, "owner@brand.example", product_clock.now())
    send("t9", "+8613900139000", confirmed)

    assert receivers(engine)[2:] == ["+8613900139000"]


def test_the_next_day_it_sends_again(engine, clock):
    other = derived_id("another new brand")
    for n in range(4):
        send(f"m{n}", f"p{n}@people.example", other)
    clock.advance(days=1)
    send("m5", brand=other)
    assert len(receivers(engine)) == 4


def test_new_brands_together_send_few_messages_to_one_person(engine):
    for n in range(4):
        send(f"m{n}", f"vera+{n}@people.example", derived_id(f"brand {n}"))
    assert len(receivers(engine)) == 2


def test_a_message_that_is_tried_again_counts_once(engine, monkeypatch):
    brand = derived_id("brand with an outage")
    sent = provider(monkeypatch, EndpointConnectionError(endpoint_url="x"))
    with pytest.raises(EndpointConnectionError):
        send("m1", brand=brand)
    for cause in ("m1", "m2", "m3"):
        send(cause, brand=brand)
    assert len(sent) == 2, "of one recipient"


def test_the_first_way_that_is_open_is_taken(engine, monkeypatch):
    monkeypatch.setenv("LIMITS", json.dumps({"messages_a_recipient": 1, "messages_a_known_person": 1}))
    forget()
    ways = [[Budget.of("messages_a_recipient", "li")], [Budget.of("messages_a_known_person", "li")]]
    for n in range(3):
        send(f"m{n}", ways=ways)
    assert len(receivers(engine)) == 2


def test_a_used_up_platform_is_counted_for_its_alarm(engine, monkeypatch):
    found = []
    monkeypatch.setattr(withholding, "count", lambda *metric: found.append(metric))
    monkeypatch.setenv("LIMITS", json.dumps({"texts_a_day": 1}))
    forget()
    for n in range(2):
        send(f"m{n}", ways=[[Budget.of("texts_a_day", "newcomers"), Budget.of("messages_a_recipient", "li")]])
    assert found == [("MessagesWithheld", 1), ("TextsUsedUp", 1)]


def test_all_texts_of_the_platform_end_with_the_days_number_whoever_sends_them(engine, monkeypatch):
    brand = derived_id("a texting brand")
    with tenant_scope(brand):
        confirm_owner(brand, "owner@brand.example", product_clock.now())
    monkeypatch.setenv("LIMITS", json.dumps({"texts_a_day": 2}))
    forget()
    for n in range(4):
        send(f"m{n}", f"+861380013800{n}", brand)
    send("mail", "li@people.example", brand)
    assert sorted(receivers(engine)) == ["+8613800138000", "+8613800138001", "li@people.example"]


def test_a_confirmed_brand_is_looked_up_once_and_then_costs_nothing(engine):
    brand = derived_id("a confirmed brand")
    with tenant_scope(brand):
        confirm_owner(brand, "owner@brand.example", product_clock.now())
    with tenant_scope(brand):
        message_settings(brand)  # which the counting of what leaves asks for
    counted = []
    for n in range(2):
        with metered() as meter:
            send(f"m{n}", brand=brand)
        counted.append((meter.reads, meter.writes))
    assert counted == [(1, 3), (0, 3)], "marked, closed, counted"
