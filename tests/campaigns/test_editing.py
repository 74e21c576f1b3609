"""What each state of a campaign lets staff change."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.campaigns.editing import (
    EVERYTHING,
    CampaignIncomplete,
    ClosesOnlyLater,
    NotEditable,
    check_complete,
    check_edit,
    check_prolonged,
)
from chalicelib.campaigns.model import Status

CLOSES = datetime(2026, 11, 22, 20, tzinfo=UTC)
HOUR = timedelta(hours=1)

STILL_EDITABLE = {
    Status.DRAFT: EVERYTHING,
    Status.SCHEDULED: {"title", "theme", "description", "refund_policy", "opens_at", "closes_at"},
    Status.OPEN: {"title", "theme", "description", "refund_policy", "closes_at"},
}


@pytest.mark.parametrize("status", list(Status))
@pytest.mark.parametrize("field", sorted(EVERYTHING))
def test_a_field_in_a_state(status: Status, field: str) -> None:
    if field in STILL_EDITABLE.get(status, ()):
        check_edit(status, [field])
        return
    with pytest.raises(NotEditable) as refused:
        check_edit(status, [field, "title"])
    assert f"/{field}" in [error.pointer for error in refused.value.errors]
    assert refused.value.extra == {"campaign_status": status.value}


def test_an_open_campaign_closes_only_later() -> None:
    check_prolonged(Status.OPEN, CLOSES, CLOSES + HOUR)
    check_prolonged(Status.SCHEDULED, CLOSES, CLOSES - HOUR)
    with pytest.raises(ClosesOnlyLater):
        check_prolonged(Status.OPEN, CLOSES, CLOSES - HOUR)
    with pytest.raises(ClosesOnlyLater, match="needs a close"):
        check_prolonged(Status.SCHEDULED, CLOSES, None)


def test_every_gap_is_named_before_publishing() -> None:
    assert check_complete(1, 1, CLOSES) == CLOSES
    with pytest.raises(CampaignIncomplete) as refused:
        check_complete(0, 0, None)
    assert [error.pointer for error in refused.value.errors] == ["/offers", "/pickup_point_ids", "/closes_at"]
