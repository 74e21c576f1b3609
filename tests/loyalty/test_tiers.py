"""Tiers on the engine: set by the brand, reached at once, lost after the grace, given by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.builders import made
from tests.letters import news
from tests.loyalty.conftest import GOLD, SILVER, Loyalty


class TestSetting:
    def test_what_is_set_is_read_back(self, loyalty: Loyalty) -> None:
        assert made(loyalty.brand.get("/v1/tiers"), 200)["tiers"] == []

        loyalty.tiers(SILVER, GOLD, measure="orders", window_months=6, grace_days=10)

        found = loyalty.brand.get("/v1/tiers")
        assert (found.json["measure"], found.json["window_months"], found.json["grace_days"]) == ("orders", 6, 10)
        assert [(tier["code"], tier["from"]) for tier in found.json["tiers"]] == [("silver", 1_000), ("gold", 3_000)]
        assert [tier["privileges"]["points_factor"] for tier in found.json["tiers"]] == ["1", "1.5"]
        assert loyalty.brand.put("/v1/tiers", {}, headers={"If-Match": '"7"'}).status == 412
        (entry,) = made(loyalty.brand.get("/v1/audit?action=tiers.changed"), 200)["items"]
        assert entry["changes"]["to"]["months"] == 6

    @pytest.mark.parametrize(
        ("body", "code", "pointer"),
        [
            ({"tiers": [GOLD, SILVER]}, "thresholds_must_rise", "/tiers/1/from"),
            ({"tiers": [SILVER, {**GOLD, "from": 1_000}]}, "thresholds_must_rise", "/tiers/1/from"),
            ({"tiers": [SILVER, {**GOLD, "code": "silver"}]}, "invalid", ""),
            ({"tiers": [{**SILVER, "from": -1}]}, "invalid", "/tiers/0/from"),
            (
                {"tiers": [{**SILVER, "privileges": {"points_factor": "0.5"}}]},
                "invalid", "/tiers/0/privileges/points_factor",
            ),
            ({"window_months": 37}, "invalid", "/window_months"),
            ({"measure": "visits"}, "invalid", "/measure"),
        ],
    )  # fmt: skip
    def test_what_makes_no_sense_is_refused_by_name(self, loyalty: Loyalty, body: Any, code: str, pointer: str) -> None:
        refused = loyalty.brand.put("/v1/tiers", body)

        assert (refused.status, refused.json["code"]) == (422, code)
        assert [each["pointer"] for each in refused.json["errors"]] == [pointer]


@pytest.mark.usefixtures("noon")
def test_a_tier_is_reached_at_once_and_the_member_hears_of_it(loyalty: Loyalty, engine: Any) -> None:
    """From noon on, so that the news waits for no morning, on which it would share a message with others."""
    loyalty.tiers()
    assert (loyalty.tier(), loyalty.standing()["next"]["missing"]) == (None, 1_000)

    loyalty.collected(1)
    assert (loyalty.tier(), loyalty.standing()["value"], loyalty.standing()["next"]["missing"]) == (None, 900, 100)
    loyalty.collected(3)

    standing = loyalty.standing()
    assert (loyalty.tier(), standing["value"], standing["next"]) == ("gold", 3_600, None)
    loyalty.wait_until(loyalty.today + timedelta(days=1), hour=12)
    assert [mail["subject"] for mail in news(engine) if "Gold" in mail["subject"]] == [
        f"You are now Gold at The {loyalty.shop.slug}"
    ]


def test_a_refund_that_falls_short_takes_the_tier_at_the_end_of_the_month_after_the_grace(loyalty: Loyalty) -> None:
    loyalty.tiers(SILVER)
    order = loyalty.collected(2)
    assert loyalty.tier() == "silver"

    loyalty.give_back(order, 801)
    short_on = loyalty.today
    grace_over = short_on + timedelta(days=30)
    lost = grace_over if grace_over.day == 1 else (grace_over.replace(day=1) + timedelta(days=32)).replace(day=1)
    assert (loyalty.tier(), loyalty.standing()["lost_on"]) == ("silver", lost.isoformat())

    loyalty.wait_until(lost - timedelta(days=1), hour=23)
    assert loyalty.tier() == "silver"
    loyalty.wait_until(lost)
    assert (loyalty.tier(), loyalty.standing()["lost_on"]) == (None, None)


def test_tiers_that_are_set_later_count_what_was_done_before(loyalty: Loyalty) -> None:
    members = [loyalty.shop.member() for _ in range(3)]
    for units, member in enumerate(members, 1):
        loyalty.collected(units, member)

    loyalty.tiers(SILVER, {**GOLD, "from": 2_000})

    assert [loyalty.tier(member) for member in members] == [None, "silver", "gold"]


def test_more_members_than_one_message_looks_at_are_all_looked_at(
    loyalty: Loyalty, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.loyalty.tiers.service.setting.SLICE", 2)
    members = [loyalty.shop.member() for _ in range(5)]
    loyalty.care.collected(*members, quantity=2)

    loyalty.tiers(SILVER)
    assert [loyalty.tier(member) for member in members] == ["silver"] * 5
    loyalty.tiers({**SILVER, "title": "Silber", "from": 900}, GOLD)

    assert [loyalty.standing(member)["tier"]["title"] for member in members] == ["Silber"] * 5


class TestByHand:
    def give(self, loyalty: Loyalty, tier: str, days: int, **more: Any) -> Any:
        until = (loyalty.today + timedelta(days=days)).isoformat()
        path = f"/v1/members/{loyalty.shop.shopper.id}/tier"
        return loyalty.brand.put(path, {"tier": tier, "until_on": until, "reason": "Opening day", **more})

    def test_it_is_had_up_to_and_including_its_day(self, loyalty: Loyalty) -> None:
        loyalty.tiers()
        given = made(self.give(loyalty, "gold", 10), 200)
        last = loyalty.today + timedelta(days=10)
        assert (given["tier"]["code"], given["given"]["until_on"]) == ("gold", last.isoformat())
        assert (loyalty.tier(), given["next"]) == ("gold", None)
        (entry,) = made(loyalty.brand.get("/v1/audit?action=member.tier_given"), 200)["items"]
        assert entry["changes"] == {"tier": "gold", "until_on": last.isoformat(), "reason": "Opening day"}

        loyalty.wait_until(last, hour=23)
        assert loyalty.tier() == "gold"
        loyalty.wait_until(last + timedelta(days=1))
        assert (loyalty.tier(), loyalty.standing()["given"]) == (None, None)

    def test_what_leads_on_is_above_the_one_that_was_given(self, loyalty: Loyalty) -> None:
        loyalty.tiers()
        given = made(self.give(loyalty, "silver", 10), 200)
        assert (given["tier"]["code"], given["value"], given["next"]["tier"]["code"]) == ("silver", 0, "gold")

    def test_it_is_taken_back_and_what_was_reached_stays(self, loyalty: Loyalty) -> None:
        loyalty.tiers()
        loyalty.collected(2)
        made(self.give(loyalty, "gold", 10), 200)
        path = f"/v1/members/{loyalty.shop.shopper.id}/tier/end"
        made(loyalty.brand.post(path, {"reason": "By mistake"}), 200)

        assert loyalty.tier() == "silver"

    def test_what_cannot_be_is_refused(self, loyalty: Loyalty) -> None:
        assert self.give(loyalty, "gold", 10).json["code"] == "unknown_tier"
        loyalty.tiers()
        assert self.give(loyalty, "platinum", 10).json["code"] == "unknown_tier"
        assert self.give(loyalty, "gold", -1).status == 422
        loyalty.collected(4)
        lower = self.give(loyalty, "silver", 10)
        assert (lower.status, lower.json["code"]) == (409, "lower_than_reached")
