"""A member's ledger of points on the engine: by hand, by checking in, and until it expires."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.db import Transaction, metered, tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.ids import derived_id
from chalicelib.kernel.principal import Principal
from chalicelib.loyalty.points.errors import NotEnoughPoints
from chalicelib.loyalty.points.events import consumer
from chalicelib.loyalty.points.records import PointsRecord
from chalicelib.loyalty.points.service import spending
from chalicelib.loyalty.points.service.by_hand import give_or_take
from chalicelib.loyalty.points.service.ledger import read_account
from chalicelib.members.enrolment.service import Newcomer, enrol
from chalicelib.members.linking.service.uniting import unite
from chalicelib.members.model.identities import Identity, member_id
from chalicelib.members.model.status import IMPORTED
from chalicelib.messaging import Message
from tests.builders import made
from tests.letters import news
from tests.loyalty.conftest import A_POINT_A_YUAN, CHECK_IN, Loyalty


class TestRules:
    def test_what_is_set_is_read_back(self, loyalty: Loyalty) -> None:
        capped = {"cap": {"per_day": 100, "per_member": None}, "valid_days": 365}
        spend = {"points": 100, "worth": loyalty.shop.money(100), "most_share": "50"}
        assert made(loyalty.brand.get("/v1/points-rules"), 200) == {"rules": [], "spend": None}

        loyalty.rules({**A_POINT_A_YUAN, **capped}, CHECK_IN, spend=spend)

        found = loyalty.brand.get("/v1/points-rules")
        assert found.json["rules"][0] == {"points": None, **A_POINT_A_YUAN, **capped}
        assert found.json["rules"][1]["points"] == 5
        assert (found.json["spend"], found.headers["ETag"]) == (spend, '"1"')
        stale = loyalty.brand.put("/v1/points-rules", {}, headers={"If-Match": '"7"'})
        assert stale.status == 412
        (entry,) = made(loyalty.brand.get("/v1/audit?action=points_rules.changed"), 200)["items"]
        assert entry["changes"]["from"] == {"rules": []}

    @pytest.mark.parametrize(
        ("body", "code", "pointer"),
        [
            ({"rules": [{"action": "post", "points": 5}]}, "action_not_offered", "/rules/0/action"),
            ({"rules": [CHECK_IN, CHECK_IN]}, "two_rules_for_one_action", "/rules/1/action"),
            ({"rules": [{"action": "check_in"}]}, "invalid", "/rules/0"),
            ({"rules": [{**A_POINT_A_YUAN, "action": "survey"}]}, "invalid", "/rules/0"),
            ({"rules": [{**CHECK_IN, "valid_days": 0}]}, "invalid", "/rules/0/valid_days"),
            ({"rules": [{**CHECK_IN, "points": -5}]}, "invalid", "/rules/0/points"),
            (
                {"spend": {"points": 1, "worth": {"amount_minor": 1, "currency": "CNY"}, "most_share": "200"}},
                "invalid",
                "/spend/most_share",
            ),
            (
                {"spend": {"points": 1, "worth": {"amount_minor": 1, "currency": "USD"}}},
                "invalid",
                "/spend/worth/currency",
            ),
        ],
    )
    def test_what_makes_no_sense_is_refused_by_name(self, loyalty: Loyalty, body: Any, code: str, pointer: str) -> None:
        refused = loyalty.brand.put("/v1/points-rules", body)

        assert (refused.status, refused.json["code"]) == (422, code)
        assert [each["pointer"] for each in refused.json["errors"]] == [pointer]


class TestByHand:
    def test_points_are_given_and_taken_with_a_reason(self, loyalty: Loyalty) -> None:
        given = made(loyalty.book(100, reason="参加品鉴会"))
        taken = made(loyalty.book(-130))

        assert (given["balance"], given["expiring"], given["items"][0]["reason"]) == (100, [], "参加品鉴会")
        assert (taken["balance"], taken["items"][0]["delta"]) == (-30, -130)
        assert loyalty.deltas() == [("staff", 100), ("staff", -130)]
        entry, _ = made(loyalty.brand.get("/v1/audit?action=member.points_booked"), 200)["items"]
        assert entry["changes"] == {"delta": -130, "reason": "Thanks"}

    def test_a_key_books_once(self, loyalty: Loyalty) -> None:
        first = made(loyalty.book(100, key="k"))
        again = made(loyalty.book(100, key="k"))
        other = loyalty.book(50, key="k")

        assert first["items"] == again["items"]
        assert (other.status, other.json["code"]) == (422, "idempotency_mismatch")
        assert loyalty.deltas() == [("staff", 100)]

    def test_of_ten_at_once_under_one_key_one_is_booked_and_under_ten_all(self, loyalty: Loyalty) -> None:
        with ThreadPoolExecutor(10) as pool:
            same = list(pool.map(lambda _: loyalty.book(7, key="same"), range(10)))
            each = list(pool.map(lambda n: loyalty.book(n, key=f"own-{n}"), range(1, 11)))

        assert {reply.status for reply in (*same, *each)} == {201}
        assert sorted(delta for _, delta in loyalty.deltas()) == sorted([7, *range(1, 11)])

    @pytest.mark.parametrize("delta", [0, 1_000_001, 1.5, "5"])
    def test_what_are_no_points_is_refused(self, loyalty: Loyalty, delta: Any) -> None:
        assert loyalty.book(delta).status == 422

    def test_nobody_else_has_a_ledger(self, loyalty: Loyalty) -> None:
        sent = {"Idempotency-Key": "k"}
        absent = loyalty.brand.post(f"/v1/members/{derived_id('x')}/points", {"delta": 1, "reason": "x"}, headers=sent)
        assert absent.status == 404
        assert loyalty.brand.get(f"/v1/members/{derived_id('x')}/points").status == 404


class TestCheckIn:
    def test_once_a_local_day(self, loyalty: Loyalty) -> None:
        loyalty.rules({**CHECK_IN, "valid_days": 30})
        loyalty.wait_until(loyalty.today + timedelta(days=1), hour=23)

        first, again = made(loyalty.check_in()), made(loyalty.check_in())
        loyalty.clock.advance(hours=1)
        following = made(loyalty.check_in())

        assert first == again
        assert (following["balance"], following["cause"]["id"]) == (10, loyalty.today.isoformat())
        assert following["expires_on"] == (loyalty.today + timedelta(days=30)).isoformat()
        assert loyalty.deltas() == [("check_in", 5), ("check_in", 5)]

    def test_of_twenty_at_once_one_counts(self, loyalty: Loyalty) -> None:
        loyalty.rules(CHECK_IN)
        with ThreadPoolExecutor(20) as pool:
            replies = list(pool.map(lambda _: loyalty.check_in(), range(20)))

        assert {reply.status for reply in replies} == {201}
        assert loyalty.deltas() == [("check_in", 5)]

    def test_not_where_nothing_is_given_for_it_nor_beyond_a_cap(self, loyalty: Loyalty) -> None:
        assert loyalty.check_in().json["code"] == "no_points_for_this"
        loyalty.rules({**CHECK_IN, "cap": {"per_member": 7}})

        deltas = []
        for _ in range(3):
            reply = loyalty.check_in()
            deltas.append(reply.json["delta"] if reply.status == 201 else reply.json["code"])
            loyalty.clock.advance(days=1)

        assert deltas == [5, 2, "no_points_for_this"]


class TestExpiry:
    def test_points_expire_after_their_last_day_and_their_owner_hears_of_it_once_before(
        self, loyalty: Loyalty, engine: Any
    ) -> None:
        loyalty.rules({**CHECK_IN, "valid_days": 40})
        earned_on = loyalty.today
        made(loyalty.check_in())
        made(loyalty.book(100))
        last = earned_on + timedelta(days=40)
        assert loyalty.points()["expiring"] == [{"points": 5, "expires_on": last.isoformat()}]

        loyalty.wait_until(last - timedelta(days=14), hour=9)
        assert news(engine) == []
        loyalty.wait_until(last - timedelta(days=14), hour=11)
        loyalty.wait_until(last - timedelta(days=13), hour=11)
        (mail,) = news(engine)
        assert "5 of your points" in mail["subject"]

        loyalty.wait_until(last, hour=23)
        assert loyalty.points()["balance"] == 105
        loyalty.wait_until(last + timedelta(days=1))

        assert loyalty.deltas() == [("check_in", 5), ("staff", 100), ("expiry", -5)]
        assert loyalty.points()["items"][0]["cause"]["id"] == last.isoformat()
        assert loyalty.points()["expiring"] == []
        assert len(news(engine)) == 1

    def test_what_is_booked_before_the_sweep_finds_what_can_still_be_used(self, loyalty: Loyalty) -> None:
        loyalty.rules({**CHECK_IN, "valid_days": 1})
        made(loyalty.check_in())
        loyalty.clock.advance(days=3)

        made(loyalty.book(-2))

        assert loyalty.deltas() == [("check_in", 5), ("expiry", -5), ("staff", -2)]
        loyalty.sweep()
        assert loyalty.points()["balance"] == -2

    def test_fifty_deliveries_expire_once(self, loyalty: Loyalty) -> None:
        loyalty.rules({**CHECK_IN, "valid_days": 1})
        made(loyalty.check_in())
        loyalty.clock.advance(days=3)
        tenant, now = loyalty.shop.tenant_id, product_clock.now()
        address = PointsRecord.address(tenant, loyalty.shop.shopper.id)
        due = Message(derived_id("due"), "points.due", tenant, now, dict(zip(("pk", "sk"), address, strict=True)))

        with ThreadPoolExecutor(10) as pool:
            list(pool.map(lambda _: consumer.handle(due, now), range(50)))

        assert loyalty.deltas() == [("check_in", 5), ("expiry", -5)]


class TestSpending:
    """Points of an order: held with it, given back in parts. What orders do with it is theirs."""

    def hold(self, loyalty: Loyalty, points: int, order: str = "order") -> None:
        with tenant_scope(loyalty.shop.tenant_id):
            cause = spending.cause_of(derived_id(order))
            account = read_account(loyalty.shop.tenant_id, loyalty.shop.shopper.id, (cause,))
            tx = Transaction()
            spending.hold(tx, account, derived_id(order), points, product_clock.now())
            if len(tx):
                tx.commit()

    def give_back(self, loyalty: Loyalty, points: int, kept: int) -> None:
        tenant, order = loyalty.shop.tenant_id, derived_id("order")
        with tenant_scope(tenant):
            causes = spending.causes_of(order, spending.return_id(order, 1, kept))
            account = read_account(tenant, loyalty.shop.shopper.id, causes)
            tx = Transaction()
            spending.give_back_rest(tx, account, order, 1, kept, points, product_clock.now())
            if len(tx):
                tx.commit()

    def test_they_are_taken_once_and_come_back_in_parts_once_each(self, loyalty: Loyalty) -> None:
        loyalty.rules({**CHECK_IN, "valid_days": 40})
        made(loyalty.check_in())
        made(loyalty.book(100))
        last = loyalty.points()["expiring"][0]

        self.hold(loyalty, 60)
        self.hold(loyalty, 60)
        assert (loyalty.points()["balance"], loyalty.points()["expiring"]) == (45, [])

        self.give_back(loyalty, 55, kept=5)
        self.give_back(loyalty, 55, kept=5)
        assert loyalty.points()["expiring"] == []
        self.give_back(loyalty, 5, kept=0)

        assert loyalty.points()["expiring"] == [last]
        assert loyalty.deltas()[2:] == [("spending", -60), ("spending_returned", 55), ("spending_returned", 5)]

    def test_no_more_than_there_are_without_those_that_have_expired(self, loyalty: Loyalty) -> None:
        loyalty.rules({**CHECK_IN, "valid_days": 1})
        made(loyalty.check_in())
        made(loyalty.book(10))
        with pytest.raises(NotEnoughPoints, match="You have 15 points, and wanted to use 16"):
            self.hold(loyalty, 16)
        loyalty.clock.advance(days=2)
        with pytest.raises(NotEnoughPoints, match="You have 10 points"):
            self.hold(loyalty, 11)


def test_the_points_of_who_turns_out_to_be_another_member_go_along(loyalty: Loyalty) -> None:
    loyalty.rules({**CHECK_IN, "valid_days": 40})
    tenant, shopper = loyalty.shop.tenant_id, loyalty.shop.shopper
    made(loyalty.check_in())
    with tenant_scope(tenant):
        who = Identity("ref", "C-1")
        gone = enrol(tenant, [Newcomer(who, loyalty.today, IMPORTED)], product_clock.now())[who]
    path = f"/v1/members/{member_id(tenant, gone)}/points"
    made(loyalty.brand.post(path, {"delta": 30, "reason": "x"}, headers={"Idempotency-Key": "k"}))

    with tenant_scope(tenant):
        assert unite(tenant, gone, 0, product_clock.now())
    loyalty.drain()

    assert loyalty.deltas() == [("check_in", 5), ("merge", 30)]
    assert made(loyalty.brand.get(path), 200)["balance"] == 35
    event = Message(
        derived_id("again"), "member.united", tenant, product_clock.now(), {"member_id": member_id(tenant, gone)}
    )
    consumer.handle(event, product_clock.now())
    assert loyalty.deltas(shopper) == [("check_in", 5), ("merge", 30)]


def test_a_booking_costs_one_read_and_one_transaction(loyalty: Loyalty) -> None:
    made(loyalty.book(1))
    tenant, shopper = loyalty.shop.tenant_id, loyalty.shop.shopper.id
    by = Principal("staff", tenant, "someone")
    with tenant_scope(tenant), metered() as meter:
        give_or_take(tenant, shopper, 5, "x", "k", "h", by, product_clock.now())
    assert (meter.by_operation["BatchGetItem"], meter.reads, meter.writes) == (1, 1, 1)
