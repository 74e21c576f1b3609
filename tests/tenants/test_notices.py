"""Owners, and who keeps a brand's programs running, hear what they alone can put right: each person once."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from chalicelib.db import TenantRecord, tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.messaging import Message
from chalicelib.notices.telling import service as telling
from chalicelib.tenants.notices.events import consumer
from chalicelib.tenants.records import AuditEntry, Tenant
from chalicelib.tenants.service.confirming import confirm_owner
from infra.local.engine import Engine
from tests.calls import Api
from tests.conftest import Drain
from tests.members.codes import ask
from tests.notices.hearing import Hearing, events_of, hand_over
from tests.tenants.brands import Brand, sign_up


@pytest.fixture
def hearing(brand: Brand, monkeypatch: pytest.MonkeyPatch) -> Hearing:
    """An owner, and somebody technical."""
    people = {"owner": brand.owner_id(), "tech": brand.hire("tech@linli.example", "technical")}
    brand.hire("m@linli.example", "manager")
    return Hearing.begin(monkeypatch, **people)


def hear(record: TenantRecord | None) -> None:
    assert record is not None
    hand_over(consumer, events_of(record), product_clock.now())


def test_whoever_signs_a_brand_up_is_asked_to_confirm_it_until_they_have(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    brand = sign_up(api)
    hearing = Hearing.begin(monkeypatch, owner=brand.owner_id())
    with tenant_scope(brand.id):
        created = Tenant.fetch(*Tenant.address(brand.id), consistent=True)
        hear(created)
        ((who, subject, text),) = hearing.texts()
        assert (who, subject) == ("owner", "Confirm 邻里鲜果")
        assert "Sign in once with a code, as staff of “linli”, to confirm that it is yours" in text

        hearing.messages.clear()
        confirm_owner(brand.id, "owner@linli.example", product_clock.now())
        hear(created)
        assert hearing.who() == []


def test_the_request_and_its_event_ask_once_and_before_the_code_that_is_asked_for_next(
    api: Api, engine: Engine, drain: Drain
) -> None:
    sign_up(api)
    assert ask(api, audience="staff", email="owner@linli.example").status == 202
    drain()
    assert [mail["to"] for mail in engine.mail()] == ["owner@linli.example"] * 2
    assert [mail["subject"].startswith("请确认 邻里鲜果") for mail in engine.mail()] == [True, False]


def test_a_queue_that_is_away_keeps_no_brand_from_being_signed_up(
    api: Api, engine: Engine, drain: Drain, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise RuntimeError("away")

    with monkeypatch.context() as patched:
        patched.setattr(telling, "publish", away)
        sign_up(api)
    drain()
    assert [mail["subject"] for mail in engine.mail()] == ["请确认 邻里鲜果"]


def left(brand: Brand, staff_id: str) -> AuditEntry:
    """The entry of somebody's leaving."""
    assert brand.delete(f"/v1/staff/{staff_id}").status == 204
    with tenant_scope(brand.id):
        page = AuditEntry.page(AuditEntry.partition(brand.id), newest_first=True, limit=1, consistent=True)
    return page.items[0]


def test_the_keys_of_whoever_left_are_named_to_those_who_can_take_them_over(brand: Brand, hearing: Hearing) -> None:
    mei = brand.hire("mei@linli.example", "technical", "manager")
    token = brand.token_of(mei)
    keys = [
        brand.post("/v1/api-keys", {"name": name, "scopes": ["manager"]}, token=token).json["id"]
        for name in ("Till", "Warehouse", "Reports")
    ]
    assert brand.post(f"/v1/api-keys/{keys[1]}/take-over").status == 200
    hear(left(brand, mei))

    assert hearing.texts() == [
        (
            who,
            "API keys have stopped: Somebody has left",
            (
                "Somebody has left 邻里鲜果, and with them these API keys stopped: Till, Reports. What uses them is "
                "refused now. Take over those that are still needed, in the list of API keys, and their secrets stay "
                "as they are; revoke the others."
            ),
        )
        for who in ("owner", "tech")
    ]


def entries(brand: Brand) -> list[AuditEntry]:
    """Newest first."""
    with tenant_scope(brand.id):
        return AuditEntry.page(AuditEntry.partition(brand.id), newest_first=True, limit=3, consistent=True).items


def test_the_keys_that_fewer_roles_stop_are_told_to_their_keeper_and_the_owners_once(
    brand: Brand, hearing: Hearing
) -> None:
    mei = brand.hire("mei@linli.example", "technical", "manager", "editor")
    hearing.names[mei] = "mei"
    token = brand.token_of(mei)
    wanted = {"Till": ["manager"], "Warehouse": ["manager"], "Shelf": ["manager", "editor"], "Gate": ["technical"]}
    keys = {
        name: brand.post("/v1/api-keys", {"name": name, "scopes": scopes}, token=token).json["id"]
        for name, scopes in wanted.items()
    }
    assert brand.post(f"/v1/api-keys/{keys['Warehouse']}/take-over").status == 200
    assert brand.patch(f"/v1/staff/{mei}", {"roles": ["editor", "technical"]}).status == 200
    fewer = entries(brand)[0]
    hear(fewer)

    assert hearing.texts() == [
        (
            who,
            "API keys have stopped: fewer roles of Somebody",
            (
                "邻里鲜果: Somebody holds fewer roles now, and with that these API keys stopped: Till. What uses "
                "them is refused now. Give the roles back, or have somebody who holds them take the keys over; revoke "
                "the others."
            ),
        )
        for who in ("mei", "owner")
    ]
    hearing.messages.clear()
    assert brand.patch(f"/v1/staff/{mei}", {"roles": ["editor"]}).status == 200
    hear(entries(brand)[0])
    assert {text.partition("stopped: ")[2].partition(".")[0] for _, _, text in hearing.texts()} == {"Gate"}

    hearing.messages.clear()
    assert brand.patch(f"/v1/staff/{mei}", {"roles": ["editor", "manager"]}).status == 200
    assert entries(brand)[0].outbox is None, "no role fewer"
    hear(fewer)
    assert hearing.who() == [], "the key runs again"


def test_whoever_is_put_on_the_team_hears_how_they_sign_in(brand: Brand, hearing: Hearing) -> None:
    mei = brand.hire("mei@linli.example", "planner", "service")
    hearing.names[mei] = "mei"
    (entry, *_) = entries(brand)
    hear(entry)
    ((who, subject, text),) = hearing.texts()
    assert (who, subject) == ("mei", "You are on the team of 邻里鲜果")
    assert "your roles: planner, service. Sign in with a code that is sent to this address, as staff of “linli”" in text
    assert "角色：活动策划、客服。" in hearing.texts(language="zh")[0][2]
    hearing.messages.clear()
    assert brand.delete(f"/v1/staff/{mei}").status == 204
    hear(entry)
    assert hearing.who() == []


def test_who_has_no_name_is_not_named_by_their_address(brand: Brand, hearing: Hearing) -> None:
    mei = brand.post("/v1/staff", {"email": "mei@linli.example", "roles": ["manager"]}).json["id"]
    brand.post("/v1/api-keys", {"name": "Till", "scopes": ["manager"]}, token=brand.token_of(mei))
    hear(left(brand, mei))
    assert {subject for _, subject, _ in hearing.texts()} == {"API keys have stopped: Somebody of your team has left"}
    assert "mei@linli.example" not in str(hearing.texts())


def test_whoever_leaves_without_keys_leaves_no_event(brand: Brand, hearing: Hearing) -> None:
    entry = left(brand, brand.hire("ana@linli.example", "analyst"))
    assert (entry.action, entry.outbox) == ("staff.removed", None)


def test_keys_that_were_taken_over_before_the_message_came_are_told_to_nobody(brand: Brand, hearing: Hearing) -> None:
    mei = brand.hire("mei@linli.example", "manager")
    key = brand.post("/v1/api-keys", {"name": "Till", "scopes": ["manager"]}, token=brand.token_of(mei)).json["id"]
    entry = left(brand, mei)
    assert brand.post(f"/v1/api-keys/{key}/take-over").status == 200
    hear(entry)
    assert hearing.who() == []


@pytest.mark.parametrize(
    ("reason", "template", "named", "said"),
    [
        (
            "failing",
            "webhook_disabled",
            {"description": "Our ERP"},
            "Our ERP (hooks.example) has taken none of our webhooks since Sun 22 Nov 2026, 16:00, so",
        ),
        (
            "gone",
            "webhook_gone",
            {"description": "Our ERP"},
            "Our ERP (hooks.example) answered that it is gone for good, so",
        ),
        ("gone", "webhook_gone", {"description": ""}, ": hooks.example answered that it is gone for good, so"),
        ("gone", "webhook_gone", {}, ": hooks.example answered that it is gone for good, so"),
    ],
)
def test_webhooks_that_stopped_are_told_as_they_are_called_with_the_host_and_no_secret_of_the_address(
    brand: Brand, hearing: Hearing, reason: str, template: str, named: dict[str, str], said: str
) -> None:
    data = {
        "endpoint_id": "E1", "url": "https://user:pass@hooks.example/secret?token=t", "reason": reason,
        "since": "2026-11-22T08:00:00+00:00",
    } | named  # fmt: skip
    message = Message("M1", "webhook_endpoint.disabled", brand.id, product_clock.now(), data)
    for _ in range(2):
        consumer.handle(message, product_clock.now())

    assert hearing.who() == [("owner", template), ("tech", template)]
    for _, subject, text in hearing.texts():
        assert subject in ("Webhooks have stopped: Our ERP (hooks.example)", "Webhooks have stopped: hooks.example")
        assert subject.endswith(said.removeprefix(": ").partition(" has taken")[0].partition(" answered")[0])
        assert said in text
        assert "secret" not in text


def test_owners_hear_once_a_day_that_something_waits_for_our_people(brand: Brand, hearing: Hearing) -> None:
    for n, (queue, hour) in enumerate((("payments", 8), ("payments", 9), ("orders", 9), ("unheard", 9))):
        at = datetime(2026, 11, 22, hour, tzinfo=UTC)
        consumer.handle(Message(f"M{n}", "work.stuck", brand.id, at, {"queue": queue}), at)

    assert [(who, subject) for who, subject, _ in hearing.texts()] == [
        ("owner", "Something waits for us: a payment or a refund"),
        ("owner", "Something waits for us: a step of some orders"),
    ]
    assert "waits since Sun 22 Nov 2026, 16:00. Nothing is lost;" in hearing.texts()[0][2]
