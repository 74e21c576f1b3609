"""Whoever has a case hears of it: once, whoever gave it to them, and not where they took it themselves."""

from __future__ import annotations

import pytest

from chalicelib.aftersales.events import consumer as of_aftersales
from chalicelib.complaints.events import consumer
from chalicelib.complaints.records import ComplaintRecord
from chalicelib.db import tenant_scope
from chalicelib.kernel import clock
from chalicelib.messaging import Message
from chalicelib.web.tokens import issue
from tests.builders import made
from tests.customer_care import CustomerCare
from tests.notices.hearing import Hearing, events_of, hand_over


@pytest.fixture
def hearing(care: CustomerCare, monkeypatch: pytest.MonkeyPatch) -> Hearing:
    people = {role: care.hire(role) for role in ("service", "manager")}
    return Hearing.begin(monkeypatch, **people)


def handed(care: CustomerCare, complaint_id: str, owner: str, token: str | None = None) -> list[Message]:
    """The complaint is given to somebody, by the brand's key or by whoever the token is; its events."""
    options = {"token": token} if token else {}
    made(care.brand.patch(f"/v1/complaints/{complaint_id}", {"owner": owner}, **options), 200)
    with tenant_scope(care.id):
        found = ComplaintRecord.fetch(*ComplaintRecord.address(care.id, complaint_id), consistent=True)
    assert found is not None
    return events_of(found)


def test_who_is_given_a_complaint_hears_of_it_once_also_before_the_message_of_its_opening(
    care: CustomerCare, hearing: Hearing
) -> None:
    service, manager = hearing.names
    complaint_id = made(care.store("POST", "/complaints", care.shop.shopper, json={"text": "late again"}))["id"]
    opened = Message("O1", "complaint.opened", care.id, clock.now(), {"complaint_id": complaint_id})
    hand_over(consumer, [*handed(care, complaint_id, manager), opened], clock.now())
    assert hearing.who() == [("manager", "complaint_opened")]

    hand_over(consumer, handed(care, complaint_id, service), clock.now())
    hand_over(consumer, handed(care, complaint_id, manager), clock.now())
    assert hearing.who() == [
        ("manager", "complaint_opened"),
        ("manager", "complaint_opened"),
        ("service", "complaint_opened"),
    ]


def test_who_takes_a_complaint_knows(care: CustomerCare, hearing: Hearing) -> None:
    _, manager = hearing.names
    complaint_id = made(care.store("POST", "/complaints", care.shop.shopper, json={"text": "late again"}))["id"]
    token = issue("staff", care.id, care.shop.slug, manager, frozenset(), clock.now(), 3600)
    assert handed(care, complaint_id, manager, token) == []
    assert of_aftersales.event_types >= {"aftersale.assigned"}
