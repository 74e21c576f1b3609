"""Whom a campaign reached."""

from __future__ import annotations

from datetime import UTC, datetime

from chalicelib.insight.model.reach import reach_of
from chalicelib.insight.model.stream import Actor, Event

AT = datetime(2017, 3, 1, tzinfo=UTC)


def did(actor: Actor, kind: str, campaign: str = "a") -> Event:
    return Event(actor, kind, AT, campaign_id=campaign)


def test_people_count_once_and_only_what_they_did_in_this_campaign() -> None:
    found = reach_of(
        [did(1, "view"), did(1, "view"), did("visitor", "visit"), did(2, "view", "b"), did(1, "cart"),
         did(1, "order"), did(3, "order")],
        "a",
    )  # fmt: skip

    assert found.events == {"visit": 1, "view": 2, "cart": 1}
    assert found.people == {"visit": 1, "view": 1, "cart": 1}
    assert (found.reached, found.ordered) == (2, 1)


def test_nothing_reaches_nobody() -> None:
    assert reach_of([], "a").reached == 0
