"""Awards: decided once a period, handed out once a winner, and recounted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.boards.events import consumer, counting
from chalicelib.boards.records import DECIDED, PERIOD_OVER
from chalicelib.boards.service import awards
from chalicelib.db import Transaction, tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.ids import derived_id
from chalicelib.members.enrolment.service import find_or_enrol_by_phone
from chalicelib.members.linking.service.uniting import unite
from chalicelib.members.service.members import get_member
from chalicelib.messaging import Message
from tests.builders import Member, Reply, made
from tests.conftest import Clock
from tests.loyalty.conftest import Loyalty, new_loyalty
from tests.memory import Memory

__all__ = ["new_loyalty"]

NOVEMBER = datetime(2028, 11, 15, 2, tzinfo=UTC)
LAST_DAY, DECIDED_ON = date(2028, 11, 30), date(2028, 12, 8)


@pytest.fixture
def shop(new_loyalty: Callable[..., Loyalty], clock: Clock, memory: Memory) -> Loyalty:
    """A shop in Shanghai, in the middle of November 2028."""
    clock.set(NOVEMBER)
    memory.begins_at("15 November 2028, for awards")
    return new_loyalty()


def asked(shop: Loyalty, **fields: Any) -> Reply:
    usual = {"title": {"zh": "购物达人", "en": "Shopper of the month"}, "by": "spend", "every": "month", "top": 1}
    body = {name: each for name, each in (usual | fields).items() if each is not None}
    return shop.brand.post("/v1/awards", body)


def award(shop: Loyalty, **fields: Any) -> Any:
    return made(asked(shop, **fields))


def read(shop: Loyalty, of: Any) -> Any:
    return made(shop.brand.get(f"/v1/awards/{of['id']}"), 200)


def result(shop: Loyalty, of: Any, to_on: date = LAST_DAY) -> Any:
    return made(shop.brand.get(f"/v1/awards/{of['id']}/results/{to_on.isoformat()}"), 200)


def won(shop: Loyalty, of: Any) -> list[tuple[int, str, int]]:
    return [(each["rank"], each["member"]["id"], each["value"]) for each in result(shop, of)["winners"]]


def decide(shop: Loyalty) -> None:
    """To the morning on which November is decided."""
    shop.wait_until(DECIDED_ON, hour=9)
    shop.drain()


def inbox(shop: Loyalty, member: Member) -> list[str]:
    """What a member was told about awards."""
    items = made(shop.care.store("GET", "/me/inbox?limit=100", member), 200)["items"]
    return [each["text"] for each in items if "Shopper of the month" in each["subject"]]


def test_the_one_who_leads_wins_once_and_is_told(shop: Loyalty) -> None:
    me, other = shop.shop.shopper, shop.shop.member()
    made_one = award(shop, reward={"points": 500})
    assert made_one["next_period"] == {"name": "2028-11", "from_on": "2028-11-01", "to_on": "2028-11-30"}
    assert made_one["decides_at"] == "2028-12-08T01:00:00Z"
    shop.collected(3, me)
    shop.collected(1, other)
    shop.drain()

    shop.wait_until(DECIDED_ON, hour=8)
    assert made(shop.brand.get(f"/v1/awards/{made_one['id']}/results"), 200)["items"] == []
    decide(shop)

    assert won(shop, made_one) == [(1, me.id, 2_700)]
    assert shop.deltas(me)[-1] == ("award", 500)
    assert "award" not in [cause for cause, _ in shop.deltas(other)]
    [text] = inbox(shop, me)
    assert "number 1" in text
    assert "500 points" in text
    assert inbox(shop, other) == []
    assert read(shop, made_one)["next_period"]["name"] == "2028-12"
    assert result(shop, made_one)["handed_out"] == 1


def test_messages_that_come_again_bring_nothing_more(shop: Loyalty) -> None:
    me = shop.shop.shopper
    made_one = award(shop, reward={"points": 500})
    shop.collected(3, me)
    decide(shop)
    before = shop.deltas(me), inbox(shop, me), won(shop, made_one)
    tenant_id, now = shop.shop.tenant_id, product_clock.now()
    over = {"pk": f"{tenant_id}#award#{made_one['id']}", "sk": "award"}
    again = {"award_id": made_one["id"], "to_on": LAST_DAY.isoformat(), "after": 0}
    for _ in range(2):
        counting.handle(Message(derived_id("a"), PERIOD_OVER, tenant_id, now, over), now)
        consumer.handle(Message(derived_id("b"), DECIDED, tenant_id, now, again), now)
    shop.drain()
    assert (shop.deltas(me), inbox(shop, me), won(shop, made_one)) == before


def test_what_is_returned_in_time_counts_for_nobody_and_later_shows_in_the_recount(shop: Loyalty) -> None:
    me, other = shop.shop.shopper, shop.shop.member()
    made_one = award(shop, reward={"points": 500})
    mine, theirs = shop.collected(3, me), shop.collected(2, other)
    shop.give_back(mine, 1_000)  # 17.00 are left, less than 18.00

    decide(shop)
    assert won(shop, made_one) == [(1, other.id, 1_800)]
    assert result(shop, made_one)["winners"][0]["now"] == {"rank": 1, "value": 1_800}

    shop.give_back(theirs, 900)
    assert won(shop, made_one) == [(1, other.id, 1_800)]
    assert result(shop, made_one)["winners"][0]["now"] == {"rank": 2, "value": 900}
    assert shop.deltas(other)[-1] == ("award", 500)
    shop.give_back(theirs, 900)
    assert result(shop, made_one)["winners"][0]["now"] is None


def test_who_shares_the_last_rank_wins_too_and_a_coupon_is_given_once(shop: Loyalty) -> None:
    members = [shop.shop.shopper, *(shop.shop.member() for _ in range(2))]
    batch = made(
        shop.brand.post(
            "/v1/coupon-batches",
            {"title": "Thanks", "kind": "amount", "purpose": "holiday", "value": shop.shop.money(100)},
        )
    )
    made_one = award(shop, reward={"coupon_batch_id": batch["id"]}, by="orders")
    for each in members:
        shop.collected(1, each)
    decide(shop)
    assert {(rank, value) for rank, _, value in won(shop, made_one)} == {(1, 1)}
    for each in members:
        coupons = made(shop.care.store("GET", "/me/coupons", each), 200)["items"]
        assert [coupon["title"] for coupon in coupons] == ["Thanks"]
        assert "coupon" in inbox(shop, each)[0]


def test_a_coupon_that_cannot_be_given_is_said_and_the_title_stays(shop: Loyalty) -> None:
    me = shop.shop.shopper
    batch = made(
        shop.brand.post(
            "/v1/coupon-batches",
            {"title": "Thanks", "kind": "amount", "purpose": "holiday", "value": shop.shop.money(100)},
        )
    )
    made_one = award(shop, reward={"coupon_batch_id": batch["id"]})
    shop.collected(1, me)
    made(shop.brand.patch(f"/v1/coupon-batches/{batch['id']}", {"status": "paused"}), 200)
    decide(shop)
    [winner] = result(shop, made_one)["winners"]
    assert "paused" in winner["missed"]
    assert "coupon" not in inbox(shop, me)[0]


def test_members_read_who_has_won_by_name_where_they_agree(shop: Loyalty) -> None:
    me, other = shop.shop.shopper, shop.shop.member()
    made(shop.care.store("PATCH", "/me", me, json={"profile": {"name": "Ada"}}), 200)
    award(shop)
    shop.collected(1, me)
    decide(shop)

    def shown() -> Any:
        [each] = made(shop.care.store("GET", "/awards", other), 200)["items"]
        return each["title"], each["winners"]

    assert shown() == (
        "Shopper of the month", [{"rank": 1, "member": {"name": "A**", "is_me": False}, "value": 900}]
    )  # fmt: skip
    made(shop.care.store("PATCH", "/me", me, json={"consent": {"leaderboards": True}}), 200)
    assert shown()[1][0]["member"]["name"] == "Ada"


def test_a_winner_who_turns_out_to_be_another_is_that_other_from_then_on(shop: Loyalty) -> None:
    """Who won was known to the brand by a phone number alone."""
    me, tenant_id = shop.shop.shopper, shop.shop.tenant_id
    made(shop.care.store("PATCH", "/me", me, json={"profile": {"name": "Ada"}}), 200)
    award(shop)
    shop.collected(1, me)
    decide(shop)
    with tenant_scope(tenant_id):
        gone = get_member(tenant_id, find_or_enrol_by_phone(tenant_id, "+8613900000000", "Li", product_clock.now()))
        [stored] = awards.list_all_results(tenant_id, 1, None).items
        stored.winners = [replace(winner, ordinal=int(gone.ordinal)) for winner in stored.winners]
        tx = Transaction()
        tx.replace("result", stored)
        tx.commit()

        def shown() -> Any:
            return made(shop.care.store("GET", "/awards", me), 200)["items"][0]["winners"][0]["member"]

        assert shown() == {"name": "L**", "is_me": False}
        stays = get_member(tenant_id, me.id)
        assert unite(tenant_id, int(gone.ordinal), int(stays.ordinal), product_clock.now())
        assert shown() == {"name": "Ada", "is_me": True}


def test_a_period_that_nobody_won_is_decided_all_the_same(shop: Loyalty) -> None:
    made_one = award(shop, top=None, at_least=100_000)
    shop.collected(1)
    decide(shop)
    assert won(shop, made_one) == []
    assert made(shop.care.store("GET", "/awards", shop.shop.shopper), 200)["items"] == []
    assert read(shop, made_one)["next_period"]["name"] == "2028-12"


def test_weeks_follow_one_another_after_a_long_silence(shop: Loyalty) -> None:
    made_one = award(shop, every="week", grace_days=0, by="activity")
    shop.wait_until(LAST_DAY + timedelta(days=1), hour=12)
    for _ in range(3):
        shop.sweep()
        shop.drain()
    items = made(shop.brand.get(f"/v1/awards/{made_one['id']}/results"), 200)["items"]
    assert [each["period"]["name"] for each in items] == ["2028-W47", "2028-W46"]
    assert read(shop, made_one)["next_period"]["name"] == "2028-W48"


def test_an_award_is_changed_for_what_is_to_come_and_ended(shop: Loyalty) -> None:
    made_one = award(shop)
    path = f"/v1/awards/{made_one['id']}"
    changed = made(
        shop.brand.patch(path, {"top": None, "at_least": 900, "grace_days": 0, "title": {"en": "Star"}}), 200
    )
    assert (changed["top"], changed["at_least"], changed["decides_at"]) == (None, 900, "2028-12-01T01:00:00Z")
    assert changed["title"] == {"zh": None, "en": "Star"}
    assert made(shop.brand.patch(path, {"top": 1}, headers={"If-Match": '"1"'}), 412)["code"] == "stale"

    ended = made(shop.brand.post(f"{path}/end"), 200)
    assert (ended["status"], ended["next_period"], ended["decides_at"]) == ("ended", None, None)
    assert made(shop.brand.post(f"{path}/end"), 200)["status"] == "ended"
    assert made(shop.brand.patch(path, {"top": 2}), 409)["code"] == "award_ended"
    shop.collected(1)
    decide(shop)
    assert made(shop.brand.get(f"{path}/results"), 200)["items"] == []
    actions = [each["action"] for each in made(shop.brand.get("/v1/audit?limit=100"), 200)["items"]]
    assert [each for each in actions if each.startswith("award.")] == ["award.ended", "award.changed", "award.created"]


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"top": None}, "/top"),
        ({"top": 0}, "/top"),
        ({"top": 101}, "/top"),
        ({"at_least": 0}, "/at_least"),
        ({"title": {}}, "/title/zh"),
        ({"by": "luck"}, "/by"),
        ({"every": "year"}, "/every"),
        ({"grace_days": 61}, "/grace_days"),
        ({"reward": {"points": 0}}, "/reward/points"),
        ({"reward": {"coupon_batch_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"}}, "/reward/coupon_batch_id"),
        ({"reward": {"points": 5, "coupon_batch_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"}}, "/reward/coupon_batch_id"),
    ],
)
def test_what_is_no_award_is_refused_at_its_field(shop: Loyalty, fields: dict[str, Any], pointer: str) -> None:
    body = {"title": {"en": "Star"}, "by": "spend", "every": "month", "top": 1} | fields
    answer = shop.brand.post("/v1/awards", {name: each for name, each in body.items() if each is not None})
    assert made(answer, 422)["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize("to_on", ["2028-11-30", "2028-11-31", "tomorrow", "0001-01-01", "9999-12-31"])
def test_a_period_that_was_not_decided_has_no_result(shop: Loyalty, to_on: str) -> None:
    made_one = award(shop)
    assert shop.brand.get(f"/v1/awards/{made_one['id']}/results/{to_on}").status == 404
