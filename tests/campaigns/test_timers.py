"""The sweep, the stream and the queues move a campaign by themselves, on time or days late."""

from typing import Any

import pytest

from chalicelib.campaigns.model.target import OnMiss
from tests.campaigns.brand import DAY, HOUR, NOW, Brand, target

CLOSES = NOW + 10 * HOUR


@pytest.fixture(autouse=True)
def _on_that_day(clock: Any) -> None:
    clock.set(NOW)


def happened(brand: Brand, campaign: Any) -> list[str]:
    return [entry["type"] for entry in brand.read(campaign).history]


def test_on_time(brand: Brand, clock: Any, sweep: Any) -> None:
    campaign = brand.published(opens_at=NOW + HOUR)
    sweep()
    assert brand.read(campaign).status == "scheduled"
    clock.set(NOW + HOUR)
    sweep()
    assert brand.read(campaign).status == "open"
    clock.set(CLOSES)
    sweep()
    assert happened(brand, campaign) == ["created", "published", "opened", "closed", "locked"]


def test_the_sweep_was_down_for_three_days(brand: Brand, clock: Any, sweep: Any) -> None:
    campaign = brand.published(opens_at=NOW + HOUR, target=target(1, OnMiss.CANCEL))
    clock.set(CLOSES + 3 * DAY)
    sweep()
    assert happened(brand, campaign) == ["created", "published", "opened", "closed", "cancelled"]
    stored = brand.read(campaign)
    assert (stored.due_kind, stored.wound_up_at is not None) == (None, True)


def test_a_late_extension_gives_its_hours_in_full(brand: Brand, clock: Any, sweep: Any) -> None:
    campaign = brand.published(target=target(1, OnMiss.EXTEND, 24))
    clock.set(CLOSES + 3 * DAY)
    sweep()
    assert brand.read(campaign).status == "extended"
    assert brand.read(campaign).closes_at >= CLOSES + 4 * DAY
    clock.set(CLOSES + 5 * DAY)
    sweep()
    assert happened(brand, campaign)[-3:] == ["extended", "closed", "cancelled"]
