"""Early access: a hand table of who may order when, and what has it."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.campaigns.model.campaign import Status
from chalicelib.campaigns.model.early import early_access, first_ahead, opens_for
from chalicelib.campaigns.model.kinds import Kind
from chalicelib.campaigns.records import CampaignRecord

OPENS = datetime(2026, 3, 1, 10, tzinfo=UTC)
A_MS = timedelta(milliseconds=1)
EARLY = {"silver": 2, "gold": 24}


def hours_before(hours: float) -> datetime:
    return OPENS - timedelta(hours=hours)


def announced(early: dict[str, int]) -> CampaignRecord:
    campaign = CampaignRecord("pk", "sk", status=Status.SCHEDULED.value, opens_at=OPENS)
    campaign.closes_at, campaign.early = OPENS + timedelta(days=2), early
    return campaign


@pytest.mark.parametrize(
    ("tier", "now", "is_open"),
    [
        (None, hours_before(0) - A_MS, False), (None, OPENS, True),
        ("bronze", hours_before(0) - A_MS, False), ("bronze", OPENS, True),
        ("silver", hours_before(2) - A_MS, False), ("silver", hours_before(2), True),
        ("gold", hours_before(24) - A_MS, False), ("gold", hours_before(24), True),
        ("gold", hours_before(2), True), ("silver", hours_before(24), False),
    ],
)  # fmt: skip
def test_a_campaign_opens_for_each_tier_to_the_millisecond(tier: str | None, now: datetime, is_open: bool) -> None:
    campaign = announced(EARLY)
    assert campaign.status_for(tier, now) is (Status.OPEN if is_open else Status.SCHEDULED)
    assert (now >= opens_for(OPENS, EARLY, tier)) is is_open
    assert campaign.shown_status(now) is (Status.OPEN if now >= OPENS else Status.SCHEDULED), "as for everybody"


def test_for_the_team_it_is_open_from_the_first_on() -> None:
    campaign = announced(EARLY)
    assert campaign.status_for_first(hours_before(24) - A_MS) is Status.SCHEDULED
    assert campaign.status_for_first(hours_before(24)) is Status.OPEN
    assert campaign.begins_at == hours_before(24)
    assert (first_ahead({}), announced({}).begins_at) == (timedelta(0), OPENS)
    assert announced({}).status_for_first(hours_before(1)) is Status.SCHEDULED


def test_what_is_no_longer_announced_is_the_same_for_all() -> None:
    campaign = announced(EARLY)
    for status in (Status.DRAFT, Status.CANCELLED, Status.LOCKED):
        campaign.status = status.value
        assert campaign.status_for("gold", hours_before(1)) is status
    campaign.status = Status.SCHEDULED.value
    assert campaign.status_for("gold", OPENS + timedelta(days=2)) is Status.CLOSING


@pytest.mark.parametrize(
    ("kind", "is_gift", "found"),
    [
        (Kind.GROUP_ORDER, False, {"gold": 24}), (Kind.LADDER, False, {"gold": 24}),
        (Kind.PRE_ORDER, False, {"gold": 24}),
        (Kind.FLASH_SALE, False, {}), (Kind.TEAM_BUY, False, {}), (Kind.GROUP_ORDER, True, {}),
    ],
)  # fmt: skip
def test_flash_sales_team_buys_and_gifts_open_for_all_at_once(kind: Kind, is_gift: bool, found: dict[str, int]) -> None:
    assert early_access(kind, [("bronze", 0), ("gold", 24)], is_gift=is_gift) == found
