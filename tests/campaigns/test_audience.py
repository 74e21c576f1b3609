"""Whom a campaign is for; today is 22 November 2026, in the brand's own zone."""

from datetime import date
from typing import Any

import pytest

from chalicelib.campaigns.model.audience import Audience, Shopper, audience_allows

TODAY = date(2026, 11, 22)


def allowed(audience: Audience | None, **facts: Any) -> bool:
    return audience_allows(audience, Shopper(**{"member_id": "M", "joined_on": date(2026, 11, 15), **facts}), TODAY)


def test_without_an_audience_everyone_may() -> None:
    assert allowed(None)
    assert allowed(Audience())


@pytest.mark.parametrize(("days", "may"), [(6, False), (7, True), (8, True)])
def test_new_members_joined_at_most_so_many_days_ago(days: int, may: bool) -> None:
    assert allowed(Audience(new_members_only=True, joined_within_days=days), has_ordered=True) is may


def test_zero_days_is_today() -> None:
    today_only = Audience(new_members_only=True, joined_within_days=0)
    assert (allowed(today_only, joined_on=TODAY), allowed(today_only)) == (True, False)


def test_without_days_new_is_who_never_ordered() -> None:
    firsts = Audience(new_members_only=True)
    assert firsts.asks_for_orders
    assert (allowed(firsts), allowed(firsts, has_ordered=True)) == (True, False)


@pytest.mark.parametrize(
    ("facts", "may"),
    [({}, False), ({"member_id": "A"}, True), ({"tags": frozenset({"tea", "dogs"})}, True), ({"tags": {"x"}}, False)],
)
def test_one_match_of_members_and_tags_is_enough(facts: dict[str, Any], may: bool) -> None:
    assert allowed(Audience(member_ids=("A", "B"), tags=("tea",)), **facts) is may


@pytest.mark.parametrize(("tier", "may"), [(None, False), ("gold", True), ("silver", False)])
def test_a_tier_is_one_of_those_named(tier: str | None, may: bool) -> None:
    assert allowed(Audience(tiers=("gold", "platinum")), tier=tier) is may


def test_every_limit_must_be_met() -> None:
    both = Audience(new_members_only=True, tags=("tea",))
    assert not allowed(both, tags=frozenset({"tea"}), has_ordered=True)
    assert allowed(both, tags=frozenset({"tea"}))


def test_it_survives_storage() -> None:
    for audience in (Audience(), Audience(True, 7, ("A",), ("tea",), ("gold",))):
        assert Audience.from_json(audience.as_json()) == audience
