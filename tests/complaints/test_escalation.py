"""Overdue complaints: handed up once, whatever the timing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from chalicelib.complaints.records import ComplaintRecord
from chalicelib.complaints.service import handling as service
from chalicelib.db import tenant_scope
from chalicelib.kernel import clock as product_clock
from tests.builders import made


@pytest.fixture
def manager(desk):
    """A manager above whoever answers complaints."""
    desk.hire("service")
    return desk.hire("manager")


def complain(desk):
    body = {"text": "late again"}
    return made(desk.store("POST", "/complaints", desk.shop.shopper, json=body))


def read(desk, complaint):
    return made(desk.brand.get(f"/v1/complaints/{complaint['id']}"), 200)


def types(desk, complaint):
    return [entry["type"] for entry in read(desk, complaint)["history"]]


def escalate(desk, complaint, after=timedelta(hours=73)):
    """What a worker does with a message that the complaint is due, ``after`` so long."""
    address = ComplaintRecord.address(desk.id, complaint["id"])
    with tenant_scope(desk.id):
        service.escalate(desk.id, *address, product_clock.now() + after)


def test_the_sweep_hands_an_overdue_complaint_up_once(desk, manager, clock, sweep, engine):
    mine = complain(desk)
    clock.advance(hours=71)
    sweep()
    assert types(desk, mine) == ["opened"]

    clock.advance(hours=2)
    sweep(times=3)

    found = read(desk, mine)
    assert [(entry["type"], entry["by"]) for entry in found["history"][1:]] == [("escalated", "system")]
    assert (found["owner"], found["status"]) == (manager, "open")
    assert found["escalated_at"] >= found["resolution_due_at"]
    told = [mail["subject"] for mail in engine.mail() if mail["to"] == f"manager@{desk.shop.slug}.example"]
    assert told == ["Overdue complaint p3: pickup"]


def test_an_escalated_complaint_leaves_the_due_index(desk, manager, clock, sweep):
    mine = complain(desk)
    clock.advance(hours=73)
    sweep()
    revision = desk.brand.get(f"/v1/complaints/{mine['id']}").headers["ETag"]

    made(desk.brand.patch(f"/v1/complaints/{mine['id']}", {"urgency": "critical"}), 200)
    sweep(times=2)

    assert types(desk, mine) == ["opened", "escalated", "changed"]
    assert revision == '"2"'


def test_a_late_sweep_still_finds_it(desk, manager, clock, sweep):
    mine = complain(desk)
    clock.advance(days=90)
    sweep()

    assert types(desk, mine) == ["opened", "escalated"]


def test_twenty_workers_at_once_escalate_once(desk, manager):
    mine = complain(desk)

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda _: escalate(desk, mine), range(20)))

    assert types(desk, mine) == ["opened", "escalated"]


def test_a_resolved_complaint_is_not_escalated(desk, manager, clock, sweep):
    mine = complain(desk)
    made(desk.brand.post(f"/v1/complaints/{mine['id']}/resolve", {"outcome": "done"}), 200)
    clock.advance(hours=73)
    sweep()
    escalate(desk, mine)

    assert types(desk, mine) == ["opened", "resolved"]


def test_a_resolution_that_comes_first_wins(desk, manager, monkeypatch):
    mine = complain(desk)
    real = service.assign

    def meanwhile(*arguments):
        made(desk.brand.post(f"/v1/complaints/{mine['id']}/resolve", {"outcome": "done"}), 200)
        return real(*arguments)

    monkeypatch.setattr(service, "assign", meanwhile)
    escalate(desk, mine)

    assert types(desk, mine) == ["opened", "resolved"]


def test_a_resolution_that_comes_second_keeps_the_escalation(desk, manager, monkeypatch):
    mine = complain(desk)
    real, raced = service.get_complaint, []

    def meanwhile(*arguments, **options):
        found = real(*arguments, **options)
        if not raced:
            raced.append(True)
            escalate(desk, mine)
        return found

    monkeypatch.setattr(service, "get_complaint", meanwhile)
    made(desk.brand.post(f"/v1/complaints/{mine['id']}/resolve", {"outcome": "done"}), 200)

    assert types(desk, mine) == ["opened", "escalated", "resolved"]


def test_more_time_given_in_the_meantime_is_respected(desk, manager, clock, sweep):
    mine = complain(desk)
    made(desk.brand.patch(f"/v1/complaints/{mine['id']}", {"urgency": "low"}), 200)
    escalate(desk, mine, after=timedelta(hours=73))
    clock.advance(hours=119)
    sweep()
    assert types(desk, mine) == ["opened", "changed"]

    clock.advance(hours=2)
    sweep()
    assert types(desk, mine) == ["opened", "changed", "escalated"]


def test_an_owner_alone_keeps_what_is_overdue(desk, clock, sweep):
    mine = complain(desk)
    clock.advance(hours=73)
    sweep()

    assert (read(desk, mine)["owner"], types(desk, mine)) == (mine["owner"], ["opened", "escalated"])


def test_a_message_about_a_complaint_that_is_gone_is_harmless(desk):
    with tenant_scope(desk.id):
        service.escalate(desk.id, *ComplaintRecord.address(desk.id, desk.id), product_clock.now())
