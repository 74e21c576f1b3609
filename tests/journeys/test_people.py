"""What the conditions of journeys ask of a member."""

from __future__ import annotations

from datetime import UTC, date, datetime

from chalicelib.journeys.records import WayRecord
from chalicelib.journeys.service.people import known
from chalicelib.members.records import MemberRecord
from chalicelib.tenants.records import Tenant

NOON = datetime(2026, 11, 30, 4, tzinfo=UTC)


def test_a_class_is_by_the_thresholds_of_the_brand() -> None:
    member = MemberRecord(
        "t#member#m", "member", first_ordered_on=date(2026, 9, 1), last_ordered_on=date(2026, 11, 20),
        joined_on=date(2026, 9, 1),
    )  # fmt: skip
    way = WayRecord("t#journey-ways#m", "j")
    usual = Tenant("t#tenant", "tenant", timezone="Asia/Shanghai")
    of_days = Tenant(
        "t#tenant", "tenant", timezone="Asia/Shanghai",
        class_thresholds={"new_days": 2, "dormant_days": 3, "churned_days": 6, "taking_part_counts": False},
    )  # fmt: skip

    assert known(member, usual, way, NOON).member_class == "active"
    assert known(member, of_days, way, NOON).member_class == "churned"
