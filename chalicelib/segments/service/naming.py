"""What a rule names of the brand's own: whether there is such a thing, and what it is called."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from chalicelib.catalog.service.listing import get_cards
from chalicelib.db import fetch_many
from chalicelib.kernel.language import nearest
from chalicelib.loyalty.tiers.service.setting import get_tiers
from chalicelib.pickup_points.records import PickupPointRecord
from chalicelib.pickup_points.service import list_pickup_points
from chalicelib.segments.model.rules import Rule, conditions, located, unknown
from chalicelib.segments.model.words import Speaker
from chalicelib.segments.records import SegmentsRecord
from chalicelib.segments.service.reading import known_ids
from chalicelib.tenants.service.brand import get_tenant

_MOST_SHOWN = 50
"""Things that a refusal lists."""


@dataclass(frozen=True, slots=True)
class _Things:
    """What a brand has of a kind: titles by id or code, in the words that a refusal uses."""

    en: str
    zh: str
    titles: Mapping[str, str]


def check_names(tenant_id: str, rule: Rule) -> None:
    """Raises RuleRefused for a tier, tag, segment, pickup point or product that the brand does not have, with its
    pointer and those that there are.
    """
    named = _named(tenant_id, [rule])
    for condition, pointer in located(rule):
        kind = condition.of.named
        if kind:
            _check(named[kind], condition.values, f"{pointer}/value", kind, tenant_id)
        if condition.scope and condition.scope.product_ids:
            at = f"{pointer}/value/product_ids"
            _check(named["products"], condition.scope.product_ids, at, "products", tenant_id)


def _check(things: _Things, values: Sequence[str], pointer: str, kind: str, tenant_id: str) -> None:
    for at, value in enumerate(values):
        if value not in things.titles:
            there = [things.titles.get(each, each) if kind == "products" else each for each in things.titles]
            if kind == "pickup_points":
                there = [point.id for point in list_pickup_points(tenant_id, limit=_MOST_SHOWN).items]
            raise unknown(f"{pointer}/{at}", things.en, things.zh, [value], there[:_MOST_SHOWN])


def speaker(tenant_id: str, locale: str, rules: Iterable[Rule]) -> Speaker:
    """Who words these rules in the language nearest to a locale: with the titles of what they name, read together."""
    named = _named(tenant_id, list(rules))
    names = {f"{kind}:{value}": title for kind, things in named.items() for value, title in things.titles.items()}
    return Speaker(nearest(locale), get_tenant(tenant_id).currency, names)


def _named(tenant_id: str, rules: Sequence[Rule]) -> dict[str, _Things]:
    """What the brand has of each kind that the rules name; of products and pickup points those that are named."""
    every = [condition for rule in rules for condition in conditions(rule)]
    kinds = {condition.of.named for condition in every}
    found = {}
    if "tiers" in kinds:
        tiers, _ = get_tiers(tenant_id)
        found["tiers"] = _Things("tier", "等级", {tier.code: tier.title for tier in tiers.tiers})
    if "tags" in kinds:
        found["tags"] = _Things("tag", "标签", {tag: tag for tag in SegmentsRecord.at(tenant_id).tags})
    if "segments" in kinds:
        found["segments"] = _Things("segment", "人群", known_ids(tenant_id))
    if "pickup_points" in kinds:
        ids = {value for each in every if each.of.named == "pickup_points" for value in each.values}
        found["pickup_points"] = _Things("pickup point", "自提点", _points(tenant_id, sorted(ids)))
    if products := {value for each in every if each.scope for value in each.scope.product_ids}:
        cards = get_cards(tenant_id, products)
        found["products"] = _Things("product", "商品", {each: str(card.title) for each, card in cards.items()})
    return found


def _points(tenant_id: str, ids: Sequence[str]) -> dict[str, str]:
    found = fetch_many([(PickupPointRecord, *PickupPointRecord.address(tenant_id, each)) for each in ids])
    return {point.id: point.name for point in found if point is not None}
