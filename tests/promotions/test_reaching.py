"""What is missing in a basket to the next step of a full reduction."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.pricing.model import Item, Reduction, Scope, quote
from chalicelib.promotions.model.promotion import Audience, Buyer, Promotion
from chalicelib.promotions.model.reaching import NextStep, next_steps
from chalicelib.promotions.model.terms import GiftTerms, Kind, PriceTerms, ReductionTerms

NOW = datetime(2030, 6, 1, tzinfo=UTC)
EGGS = Item("o-eggs", "s-eggs", 3, 1_000, "p-eggs", "eggs")
OIL = Item("o-oil", "s-oil", 1, 5_000, "p-oil", "oil")
STEPS = ReductionTerms((Reduction(5_000, 500), Reduction(10_000, 1_500)))
HARVEST = Promotion("p-2", "Harvest", Kind.FULL_REDUCTION, NOW, NOW + timedelta(days=7), STEPS)


def missing(*promotions: Promotion, bought: tuple[Item, ...] = (EGGS,)) -> list[NextStep]:
    rules = [each.rule("c-1", Buyer(), "CNY", lambda _: replace(OIL, quantity=1), NOW) for each in promotions]
    priced = quote(bought, "CNY", [rule for rule in rules if rule is not None])
    return next_steps(promotions, priced, bought, "c-1", NOW)


@pytest.mark.parametrize(
    ("quantity", "step"),
    [(3, (2_000, 500)), (5, (5_000, 1_500)), (9, (1_000, 1_500)), (10, None)],
)
def test_it_is_the_next_step_that_takes_more_off(quantity: int, step: tuple[int, int] | None) -> None:
    found = missing(HARVEST, bought=(replace(EGGS, quantity=quantity),))
    assert [(each.missing_minor, each.off_minor) for each in found] == ([step] if step else [])


def test_only_goods_that_it_is_for_count() -> None:
    for_eggs = replace(HARVEST, scope=Scope(categories=frozenset({"eggs"})))
    assert missing(for_eggs, bought=(EGGS, OIL)) == [NextStep("Harvest", 2_000, 500, in_part=True)]
    assert missing(for_eggs, bought=(OIL,)) == []


def test_what_comes_before_has_lowered_them_and_a_gift_does_not_count() -> None:
    week = (NOW, NOW + timedelta(days=7))
    tenth = Promotion("p-3", "Fruit week", Kind.TIMED_PRICE, *week, PriceTerms(percent_bps=1_000))
    gift = Promotion(
        "p-1", "Gift", Kind.GIFT, *week, GiftTerms("s-oil", 1, from_quantity=1, title="Oil", worth_minor=1)
    )
    assert missing(HARVEST, tenth, gift) == [NextStep("Harvest", 2_300, 500, in_part=False)]


def test_an_earlier_reduction_has_lowered_them_too() -> None:
    earlier = replace(HARVEST, id="p-1", title="First", terms=ReductionTerms((Reduction(3_000, 300),)))
    assert missing(HARVEST, earlier) == [NextStep("Harvest", 2_300, 500, in_part=False)]


@pytest.mark.parametrize(
    "other",
    [
        replace(HARVEST, audience=Audience(tiers=frozenset({"gold"}))),
        replace(HARVEST, campaign_ids=frozenset({"c-2"})),
        replace(HARVEST, starts_at=NOW + timedelta(days=1)),
    ],
)
def test_nothing_is_said_of_what_may_not_apply(other: Promotion) -> None:
    assert missing(other) == []


@pytest.mark.parametrize("limited", [replace(HARVEST, parts=1, budgeted=True), replace(HARVEST, per_member=1)])
def test_limited_ones_are_named_with_their_promotion_so_that_they_can_be_asked(limited: Promotion) -> None:
    assert [each.promotion_id for each in missing(limited)] == ["p-2"]


def test_one_for_a_tier_is_said_to_who_has_that() -> None:
    for_gold = replace(HARVEST, audience=Audience(tiers=frozenset({"gold"})))
    priced = quote([EGGS], "CNY")
    assert next_steps([for_gold], priced, [EGGS], "c-1", NOW, Buyer(tier="gold"))
    assert not next_steps([for_gold], priced, [EGGS], "c-1", NOW, Buyer(tier="silver"))


def test_nothing_is_said_of_what_another_of_its_group_excludes() -> None:
    group = replace(HARVEST, exclusive_group="week")
    tenth = replace(
        HARVEST, id="p-3", kind=Kind.TIMED_PRICE, terms=PriceTerms(percent_bps=1_000), exclusive_group="week"
    )
    assert missing(group, tenth) == []
    assert missing(group) == [NextStep("Harvest", 2_000, 500, in_part=False)]


def test_the_price_of_a_unit_is_not_that_of_a_bundle_of_several() -> None:
    """Else three things at 9.90 each would be had together for 9.90."""
    terms = PriceTerms(price_minor=990)
    each = Promotion("p-3", "Fruit week", Kind.TIMED_PRICE, NOW, NOW + timedelta(days=7), terms)
    rule = each.rule("c-1", Buyer(), "CNY", lambda _: None, NOW)
    assert rule is not None
    bundle = Item("o-set", "", 2, 7_000, parts=(replace(EGGS, quantity=2), replace(OIL, quantity=1)))
    assert quote((bundle, EGGS), "CNY", [rule]).payable_minor == (14_000, 2_970)
