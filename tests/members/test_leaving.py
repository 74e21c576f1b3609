"""Members leave and come back: at once, nothing is taken away, and the brand sees why."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.db import tenant_scope
from chalicelib.insight.activity.service import leaves
from chalicelib.insight.records import LeaveRecord
from chalicelib.kernel import clock as kernel_clock
from chalicelib.kernel.ids import new_id
from chalicelib.members.enrolment.service import find_or_enrol_by_phone
from chalicelib.members.leaving.events import consumer
from chalicelib.members.linking.service.uniting import unite
from chalicelib.members.records import MemberRecord
from chalicelib.messaging import Message
from chalicelib.orders.records import OrderRecord
from tests.builders import Member, Shop, made
from tests.conftest import Clock, Drain


def mine(shop: Shop, member: Member, method: str = "GET", of: str = "", status: int = 200, **body: Any) -> Any:
    json = body if method != "GET" else None
    return made(shop.caller.call(method, f"{shop.path}/me{of}", json=json, token=member.token), status)


def record(shop: Shop, member_id: str) -> MemberRecord:
    with tenant_scope(shop.tenant_id):
        found = MemberRecord.at(shop.tenant_id, member_id, consistent=True)
    assert found is not None
    return found


def report(shop: Shop, query: str = "") -> Any:
    return made(shop.brand.get(f"/v1/reports/leaving{query}"), 200)


@pytest.fixture
def ada(shop: Shop) -> Member:
    return shop.member()


class TestLeaving:
    def test_it_is_noted_at_once_and_news_end(self, shop: Shop, ada: Member):
        mine(shop, ada, "PATCH", consent={"marketing": True, "analytics": True})
        left = mine(shop, ada, "POST", "/leave", reason="prices", note="Cheaper at the corner")
        assert (left["left_reason"], left["left_at"] is not None) == ("prices", True)
        assert {name: each["granted"] for name, each in left["consent"].items()} == {
            "marketing": False, "analytics": True,
        }  # fmt: skip
        assert mine(shop, ada, of="/consents")["items"][0]["by"] == "leaving"
        assert [each["t"] for each in record(shop, ada.id).outbox] == ["member.left"]

    def test_sent_again_it_changes_nothing(self, shop: Shop, ada: Member):
        first = mine(shop, ada, "POST", "/leave", reason="prices")
        assert mine(shop, ada, "POST", "/leave", reason="quality") == first
        assert report(shop)["left"] == 1

    def test_who_never_answered_about_news_has_still_not(self, shop: Shop, ada: Member):
        assert mine(shop, ada, "POST", "/leave")["consent"] == {}
        assert record(shop, ada.id).left_reason == "not_said"

    @pytest.mark.parametrize(("wrong", "pointer"), [
        ({"reason": "bored"}, "/reason"), ({"note": "x" * 501}, "/note"), ({"why": "x"}, "/why"),
    ])  # fmt: skip
    def test_what_is_no_reason_is_refused_beside_its_field(self, shop, ada, wrong, pointer):
        refused = mine(shop, ada, "POST", "/leave", status=422, **wrong)
        assert [each["pointer"] for each in refused["errors"]] == [pointer]

    def test_open_orders_go_on_and_points_stay(self, shop: Shop, ada: Member):
        made(shop.brand.post(f"/v1/members/{ada.id}/points", {"delta": 40, "reason": "Thanks"},
                             headers={"Idempotency-Key": "thanks"}), 201)  # fmt: skip
        order = made(shop.order(ada))
        mine(shop, ada, "POST", "/leave")
        stands = made(shop.caller.call("GET", f"{shop.path}/orders/{order['id']}", token=ada.token), 200)
        assert (stands["status"], mine(shop, ada)["points"]) == (order["status"], 40)

    def test_they_are_told_what_becomes_of_it(self, shop: Shop, ada: Member, drain: Drain):
        mine(shop, ada, "POST", "/leave")
        drain()
        told = mine(shop, ada, of="/inbox")["items"]
        assert [each["subject"] for each in told] == [f"You have left The {shop.slug}"]


class TestComingBack:
    def test_by_a_word(self, shop: Shop, ada: Member):
        mine(shop, ada, "PATCH", consent={"marketing": True})
        mine(shop, ada, "POST", "/leave", reason="prices")
        back = mine(shop, ada, "POST", "/rejoin")
        assert (back["left_at"], back["left_reason"]) == (None, None)
        assert back["consent"]["marketing"]["granted"] is False, "news are asked for anew"
        assert [each["t"] for each in record(shop, ada.id).outbox] == ["member.rejoined"]
        assert mine(shop, ada, "POST", "/rejoin") == back

    def test_by_an_order(self, shop: Shop, ada: Member, drain: Drain):
        mine(shop, ada, "POST", "/leave")
        made(shop.order(ada))
        drain()
        assert mine(shop, ada)["left_at"] is None
        assert [(each["left"], each["back"]) for each in report(shop)["reasons"]] == [(1, 1)]

    def test_a_message_that_comes_twice_brings_back_nobody_who_left_since(
        self, shop: Shop, ada: Member, drain: Drain, clock: Clock
    ):
        mine(shop, ada, "POST", "/leave", reason="prices")
        made(shop.order(ada))
        at = kernel_clock.now()
        drain()
        assert record(shop, ada.id).left_at is None
        clock.advance(minutes=5)
        mine(shop, ada, "POST", "/leave", reason="privacy")
        message = Message(new_id(at), "member.returning", shop.tenant_id, at, {"member_id": ada.id})
        consumer.handle(message, kernel_clock.now())
        assert record(shop, ada.id).left_reason == "privacy"

        made(shop.order(ada))
        drain()
        assert record(shop, ada.id).left_at is None

    def test_who_did_not_leave_costs_an_order_nothing(self, shop: Shop, ada: Member):
        order = made(shop.order(ada))
        with tenant_scope(shop.tenant_id):
            stored = OrderRecord.fetch(*OrderRecord.address(shop.tenant_id, order["id"]))
        assert stored is not None
        assert [each["t"] for each in stored.outbox] == ["order.placed"]

    def test_leaving_twice_is_counted_twice(self, shop: Shop, ada: Member, clock):
        for _ in range(2):
            mine(shop, ada, "POST", "/leave", reason="prices")
            mine(shop, ada, "POST", "/rejoin")
            clock.advance(minutes=1)
        found = report(shop)
        assert (found["left"], found["back"]) == (2, 2)


class TestTheTeam:
    def test_notes_it_for_who_calls(self, shop: Shop, ada: Member, drain: Drain):
        left = made(shop.brand.post(f"/v1/members/{ada.id}/leave", {"reason": "moved_away", "note": "To Wuxi"}), 200)
        assert left["left_reason"] == "moved_away"
        drain()
        assert len(mine(shop, ada, of="/inbox")["items"]) == 1
        log = made(shop.brand.get(f"/v1/audit?target=member:{ada.id}"), 200)["items"]
        assert [(each["action"], each["changes"]) for each in log] == [("member.left", {"reason": "moved_away"})]
        assert made(shop.brand.post(f"/v1/members/{ada.id}/rejoin"), 200)["left_at"] is None

    def test_who_never_signed_in_stays_so(self, shop: Shop):
        with tenant_scope(shop.tenant_id):
            who = find_or_enrol_by_phone(shop.tenant_id, "+8613800138077", "Bo", kernel_clock.now())
        made(shop.brand.post(f"/v1/members/{who}/leave", {}), 200)
        assert record(shop, who).unclaimed

    def test_an_analyst_does_not(self, shop: Shop, ada: Member):
        token = shop.team_token("analyst")
        for way in ("leave", "rejoin"):
            refused = shop.caller.call("POST", f"/v1/members/{ada.id}/{way}", json={}, token=token)
            assert refused.status == 403


class TestTheReport:
    @pytest.fixture
    def gone(self, shop: Shop) -> list[Member]:
        members = [shop.member() for _ in range(4)]
        for member, reason, note in zip(
            members, ("prices", "prices", "quality", "not_said"), ("Dear", None, "Bruised pears", None), strict=True
        ):
            mine(shop, member, "POST", "/leave", reason=reason, **({"note": note} if note else {}))
        mine(shop, members[1], "POST", "/rejoin")
        return members

    def test_reasons_months_and_words(self, shop: Shop, gone: list[Member]):
        found = report(shop)
        assert (found["left"], found["back"], found["revision"]) == (4, 1, 5)
        assert [(each["reason"], each["left"], each["back"], each["share"]) for each in found["reasons"]] == [
            ("prices", 2, 1, "0.5000"), ("not_said", 1, 0, "0.2500"), ("quality", 1, 0, "0.2500"),
        ]  # fmt: skip
        assert sum(each["left"] for each in found["rows"]) == 4
        assert [(each["text"], each["member_id"]) for each in found["words"]] == [
            ("Bruised pears", gone[2].id), ("Dear", gone[0].id),
        ]  # fmt: skip
        assert found["definition"]["name"] == "leaving"

    def test_the_members_behind_a_figure_are_as_many_as_it_says(self, shop: Shop, gone: list[Member]):
        for row in report(shop)["rows"]:
            cell = f"{row['month']}:{row['reason']}"
            assert len(report(shop, f"?members={cell}")["members"]) == row["left"]
        month = report(shop)["rows"][0]["month"]
        first = report(shop, f"?members={month}:prices&limit=1")
        rest = report(shop, f"?members={month}:prices&limit=1&cursor={first['next_cursor']}")
        assert [each["id"] for each in first["members"] + rest["members"]] == [gone[0].id, gone[1].id]
        assert rest["next_cursor"] is None
        assert (rest["members"][0]["back_at"] is not None, first["members"][0]["text"]) == (True, "Dear")

    def test_an_analyst_reads_no_words_of_people(self, shop: Shop, gone: list[Member]):
        reply = shop.caller.call("GET", "/v1/reports/leaving", token=shop.team_token("analyst"))
        assert [each["text"] for each in made(reply, 200)["words"]] == [None, None]

    def test_days_before_the_brand_and_after_today_are_empty_and_cheap(self, shop: Shop, gone: list[Member]):
        tomorrow = (kernel_clock.now() + timedelta(days=2)).date()
        assert report(shop, f"?from_on={tomorrow}&to_on={tomorrow}")["rows"] == []
        assert report(shop, "?from_on=2000-01-01&to_on=2999-12-31")["left"] == 4

    @pytest.mark.parametrize(("query", "pointer"), [
        ("?from_on=2026-05-02&to_on=2026-05-01", "?to_on"), ("?members=2026-13:prices", "?members"),
        ("?members=2026-11:bored", "?members"), ("?members=x", "?members"),
    ])  # fmt: skip
    def test_what_cannot_be_is_refused(self, shop: Shop, query: str, pointer: str):
        refused = made(shop.brand.get(f"/v1/reports/leaving{query}"), 422)
        assert [each["pointer"] for each in refused["errors"]] == [pointer]

    def test_it_is_a_table_too(self, shop: Shop, gone: list[Member]):
        lines = shop.brand.get("/v1/reports/leaving?format=csv").text.splitlines()
        assert lines[0].lstrip("\ufeff").startswith("month,reason,left,back,")
        assert len(lines) == 4


class TestTwoRecordsOfOnePerson:
    """The team noted a leaving of somebody who called; later they turn out to be who signs in with another address."""

    @pytest.fixture
    def caller(self, shop: Shop) -> str:
        with tenant_scope(shop.tenant_id):
            return find_or_enrol_by_phone(shop.tenant_id, "+8613900000000", "Li", kernel_clock.now())

    def unite(self, shop: Shop, gone: str, stays: Member) -> None:
        ordinals = [int(record(shop, each).ordinal) for each in (gone, stays.id)]
        with tenant_scope(shop.tenant_id):
            assert unite(shop.tenant_id, *ordinals, kernel_clock.now())

    def test_they_have_left_and_come_back(self, shop: Shop, ada: Member, caller: str, drain: Drain, clock: Clock):
        mine(shop, ada, "PATCH", consent={"marketing": True})
        clock.advance(days=1)
        made(shop.brand.post(f"/v1/members/{caller}/leave", {"reason": "prices"}), 200)
        drain()
        self.unite(shop, caller, ada)
        drain()
        me = mine(shop, ada)
        assert (me["left_reason"], me["consent"]["marketing"]["granted"]) == ("prices", False)
        assert report(shop)["left"] == 1
        with tenant_scope(shop.tenant_id):
            noted = [(each.ordinal, each.back_on) for each in LeaveRecord.of_tenant(shop.tenant_id)]
        assert noted == [(int(record(shop, ada.id).ordinal), None)], "one person has left"

        mine(shop, ada, "POST", "/rejoin")
        assert [(each["left"], each["back"]) for each in report(shop)["reasons"]] == [(1, 1)]

    @pytest.mark.parametrize("since", ["ordered", "agreed"])
    def test_who_came_back_since_is_with_the_brand(
        self, shop: Shop, ada: Member, caller: str, drain: Drain, clock: Clock, since: str
    ):
        clock.advance(days=1)
        made(shop.brand.post(f"/v1/members/{caller}/leave", {"reason": "prices"}), 200)
        clock.advance(days=1)
        if since == "ordered":
            made(shop.order(ada))
        else:
            mine(shop, ada, "PATCH", consent={"marketing": True})
        drain()
        self.unite(shop, caller, ada)
        drain()
        with tenant_scope(shop.tenant_id):
            assert [each.back_on is None for each in LeaveRecord.of_tenant(shop.tenant_id)] == [False]
        assert mine(shop, ada)["left_at"] is None
        assert [(each["left"], each["back"]) for each in report(shop)["reasons"]] == [(1, 1)]

    def test_a_leaving_that_is_written_after_the_union_is_the_others(
        self, shop: Shop, ada: Member, caller: str, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ):
        """Two workers: of the leaving, who has read the member before, and of the union."""
        clock.advance(days=1)
        made(shop.brand.post(f"/v1/members/{caller}/leave", {"reason": "prices"}), 200)
        read = leaves.get_member

        def slow(*args: Any, **named: Any) -> Any:
            found = read(*args, **named)
            monkeypatch.setattr(leaves, "get_member", read)
            self.unite(shop, caller, ada)
            leaves.note_united(shop.tenant_id, caller, kernel_clock.now())
            return found

        monkeypatch.setattr(leaves, "get_member", slow)
        with tenant_scope(shop.tenant_id):
            leaves.note_leave(shop.tenant_id, caller, kernel_clock.now())
            noted = [(each.ordinal, each.back_on) for each in LeaveRecord.of_tenant(shop.tenant_id)]
        assert noted == [(int(record(shop, ada.id).ordinal), None)]


def test_a_leaving_that_is_read_before_and_written_after_a_return_does_not_stay_open(
    shop: Shop, ada: Member, monkeypatch: pytest.MonkeyPatch
):
    """Two workers: of the leaving and of the return."""
    mine(shop, ada, "POST", "/leave", reason="prices")
    read = leaves.get_member

    def slow(*args: Any, **named: Any) -> Any:
        found = read(*args, **named)
        monkeypatch.setattr(leaves, "get_member", read)
        mine(shop, ada, "POST", "/rejoin")
        leaves.note_leave(shop.tenant_id, ada.id, kernel_clock.now())
        return found

    monkeypatch.setattr(leaves, "get_member", slow)
    with tenant_scope(shop.tenant_id):
        leaves.note_leave(shop.tenant_id, ada.id, kernel_clock.now())
        noted = list(LeaveRecord.of_member(shop.tenant_id, int(record(shop, ada.id).ordinal)))
    assert [each.back_on is None for each in noted] == [False]
