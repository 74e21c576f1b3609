"""What a brand sends before an owner has signed in, and messages whose budgets are spent."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import EndpointConnectionError

from chalicelib.db import metered, tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.ids import derived_id
from chalicelib.members.enrolment.service import find_or_enrol_by_phone
from chalicelib.notices.delivery.service import withholding
from chalicelib.notices.delivery.service.addresses import send_once
from chalicelib.notices.model.notices import Destination, Queued
from chalicelib.notices.model.people import Person
from chalicelib.notices.recipients.service import find
from chalicelib.notices.settings.service import message_settings
from chalicelib.orders.notices.model.placing import TeamFilled
from chalicelib.rate_limits.model import Budget
from chalicelib.settings import forget
from chalicelib.tenants.service.confirming import confirm_owner
from tests.builders import made
from tests.members.codes import sign_in
from tests.notices.outbox import NEWS, ORDER, PAID, SERVICE, brandless, outbox
from tests.notices.test_sending import provider

__all__ = ["brandless", "outbox"]

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


def test_orders_and_money_of_who_signed_in_there_take_nothing_of_it_and_all_else_does(outbox, monkeypatch):
    monkeypatch.setattr(withholding, "is_confirmed", lambda _: False)
    arrived = {}
    for proved in (True, False):
        for kind in (ORDER, PAID, SERVICE, NEWS):
            person = Person.member(derived_id(kind.template, str(proved)))
            outbox.person(person, proved=proved)
            outbox.tell(kind, "a", person)
            arrived[kind, proved] = len(outbox.arrived)
            outbox.arrived.clear()
    assert [kind for (kind, proved), came in arrived.items() if proved and came] == [ORDER, PAID, SERVICE, NEWS]
    assert [kind for (kind, proved), came in arrived.items() if not proved and came] == [ORDER], "the third of them"


def test_what_a_member_is_owed_leaves_when_all_that_a_new_brand_sends_has_left(outbox, monkeypatch):
    monkeypatch.setattr(withholding, "is_confirmed", lambda _: False)
    for n in range(4):
        person = Person.member(derived_id(f"stranger {n}"))
        outbox.person(person)
        outbox.tell(ORDER, str(n), person)
    outbox.person(proved=True)
    messages = [outbox.tell(kind, "a") for kind in (ORDER, SERVICE, PAID, PAID)]
    messages.append(outbox.tell(ORDER, "c"))

    assert outbox.texts()[3:] == ["an_order: a", "paid: a"], "of one recipient two"
    assert [outbox.marker(each).status for each in messages[:3]] == ["sent", "withheld", "sent"]
    assert outbox.marker(messages[4]).status == "withheld"


def test_who_signed_in_there_is_owed_what_whom_the_brand_wrote_down_is_not(api, engine, shop, drain):
    phone = "+8613800138000"
    with tenant_scope(shop.tenant_id):
        written = find_or_enrol_by_phone(shop.tenant_id, phone, "Fang", product_clock.now())
        assert not find(shop.tenant_id, Person.member(written)).proved
    assert sign_in(api, shop.slug, phone=phone)["principal"]["id"] == written
    joined = sign_in(api, shop.slug, email="li@people.example")["principal"]["id"]
    with tenant_scope(shop.tenant_id):
        assert [find(shop.tenant_id, Person.member(each)).proved for each in (written, joined)] == [True, True]

    for _ in range(5):
        made(shop.order(shop.member()))
    drain()
    receipts = [mail["to"] for mail in engine.mail() if mail["to"].startswith("member")]
    assert len(set(receipts)) == len(receipts) == 5


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
