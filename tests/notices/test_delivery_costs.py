"""The whole path on the engine: what a notice costs, that it arrives by the queue, and that ten thousand at once do."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime
from urllib.parse import urlencode

import pytest

from chalicelib.db import metered, tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.members.enrolment.service import Newcomer, enrol
from chalicelib.members.model.identities import Identity, member_id
from chalicelib.messaging.publish import publish_all
from chalicelib.notices.events import consumer
from chalicelib.notices.model.people import Person
from chalicelib.notices.telling.service import message_to, tell_member
from chalicelib.orders.notices.model.placing import TeamFilled
from chalicelib.surveys.model.notices import SurveyInvitation
from chalicelib.tenants.service.confirming import confirm_owner
from infra.local.engine import Engine
from tests.builders import Shop, made
from tests.conftest import Clock, Drain, Sweep

ORDER = TeamFilled("Linli", "荔枝")
SERVICE = SurveyInvitation("Linli", "Your order", "https://linli.example/s", date(2026, 5, 12))
READS = 2
"""Its reader, and what is suppressed of them."""
NOON = datetime(2026, 5, 5, 4, tzinfo=UTC)


@pytest.fixture
def linli(shop: Shop, clock: Clock) -> Shop:
    """A brand in Shanghai that may send as much as it needs, at noon."""
    clock.set(NOON)
    with tenant_scope(shop.tenant_id):
        confirm_owner(shop.tenant_id, f"owner@{shop.slug}.example", product_clock.now())
    return shop


def to_members(engine: Engine) -> list[dict[str, str]]:
    """What left, but for what a new brand's owner is asked."""
    return [mail for mail in engine.mail() if mail["to"].endswith("@people.example")]


def cost(shop: Shop, notice, cause: str) -> Counter[str]:
    now = product_clock.now()
    member = Person.member(shop.shopper.id)
    message = message_to(shop.tenant_id, member, notice, (cause,), now, subject_id=shop.shopper.id)
    with metered() as meter:
        consumer.handle(message, now)
    return meter.by_operation


def test_what_a_notice_costs(linli: Shop, clock: Clock):
    """Its reader and what is suppressed; its claim with the inbox, its close, its count. The first reads its brand."""
    for notice in (ORDER, SERVICE):
        cost(linli, notice, "the first")

    assert cost(linli, ORDER, "order") == {"GetItem": READS, "TransactWriteItems": 3}
    assert cost(linli, ORDER, "order") == {"GetItem": READS, "TransactWriteItems": 1}, "again"
    assert cost(linli, SERVICE, "service") == {"GetItem": READS + 1, "TransactWriteItems": 3}, "and what is held"
    clock.set(NOON.replace(hour=15))
    assert cost(linli, SERVICE, "at night") == {"GetItem": READS + 1, "TransactWriteItems": 1}


def test_a_notice_comes_by_the_queue_stands_in_the_inbox_and_leaves_as_a_mail_of_the_brand(
    linli: Shop, engine: Engine, drain: Drain, sweep: Sweep, clock: Clock
):
    li = linli.shopper
    with tenant_scope(linli.tenant_id):
        for _ in range(2):
            tell_member(linli.tenant_id, li.id, ORDER, ("once",), product_clock.now(), subject_id=li.id)
    drain()
    clock.set(NOON.replace(hour=15))
    with tenant_scope(linli.tenant_id):
        tell_member(linli.tenant_id, li.id, SERVICE, ("night",), product_clock.now())
    drain()
    assert [mail["to"] for mail in to_members(engine)] == [li.email]
    inbox = made(linli.caller.call("GET", f"{linli.path}/me/inbox", token=li.token), 200)
    assert [each["subject"] for each in inbox["items"]] == ["How was your order from Linli?", "Your team is complete"]

    clock.set(NOON.replace(hour=0, minute=1, day=6))
    sweep()
    sweep()
    assert [mail["subject"] for mail in to_members(engine)][1:] == ["How was your order from Linli?"]


def test_many_at_once_travel_in_bundles_and_each_arrives_once(linli: Shop, engine: Engine, drain: Drain):
    now, many = product_clock.now(), 30
    newcomers = [
        Newcomer(Identity("email", f"p{n}@people.example"), local_date(now, zone(linli.timezone)), "sign_in")
        for n in range(many)
    ]
    with tenant_scope(linli.tenant_id):
        ids = [member_id(linli.tenant_id, ordinal) for ordinal in enrol(linli.tenant_id, newcomers, now).values()]
    messages = [message_to(linli.tenant_id, Person.member(each), ORDER, (each,), now) for each in ids]

    for _ in range(2):
        assert publish_all("notify", messages, {"notify.tell"}) == []
    drain()

    assert Counter(mail["to"] for mail in to_members(engine)) == Counter(f"p{n}@people.example" for n in range(many))


def test_the_team_sees_what_became_of_messages_to_somebody_and_nothing_of_codes(
    linli: Shop, drain: Drain, clock: Clock
):
    li = linli.shopper
    made(
        linli.caller.call(
            "POST", "/v1/auth/code", json={"audience": "member", "tenant": linli.slug, "email": li.email}
        ),
        202,
    )
    clock.set(NOON.replace(hour=14, minute=30))
    with tenant_scope(linli.tenant_id):
        tell_member(linli.tenant_id, li.id, ORDER, ("order",), product_clock.now(), subject_id=li.id)
        for cause in "ab":
            clock.advance(minutes=1)
            tell_member(linli.tenant_id, li.id, SERVICE, (cause,), product_clock.now())
    drain()

    def listed(**query: str) -> list[tuple[str, str, str | None]]:
        asked = urlencode({"recipient": "member", "recipient_id": li.id, **query})
        found = made(linli.brand.get(f"/v1/messages?{asked}"), 200)["items"]
        return [(each["template"], each["status"], each["medium"]) for each in found]

    held, sent = ("survey_invitation", "held", None), ("team_filled", "sent", "email")
    assert listed() == [held, held, sent]
    assert listed(status="held", template="survey_invitation") == [held, held]
    assert listed(status="dead") == []
    assert listed(recipient="staff") == []
    assert linli.brand.get("/v1/messages").status == 422
