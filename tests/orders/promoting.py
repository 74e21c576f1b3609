"""Promotions for tests of orders: published at once, for a week."""

from datetime import timedelta
from typing import Any

from chalicelib.db import fetch_many
from chalicelib.kernel import clock
from chalicelib.kernel.money import Money
from chalicelib.promotions.model.asking import Asked
from chalicelib.promotions.model.promotion import Promotion
from chalicelib.promotions.model.terms import Kind
from chalicelib.promotions.records import BudgetPart, MemberUse
from chalicelib.promotions.service import planning, publishing
from chalicelib.promotions.service.planning import Details
from tests.orders.store import Store


def yuan(amount_minor: int) -> Money:
    return Money(amount_minor, "CNY")


def promote(store: Store, kind: Kind, *, budget: int | None = None, **fields: Any) -> Promotion:
    """A promotion of a kind whose terms are among the fields; they are told from its other fields by their names."""
    terms = {name: fields.pop(name) for name in list(fields) if name in Asked.__dataclass_fields__}
    now = clock.now()
    details = Details(
        title=fields.pop("title", "Harvest"),
        kind=kind,
        starts_at=now,
        ends_at=now + timedelta(days=7),
        budget=None if budget is None else yuan(budget),
        terms=Asked(frozenset(_names(terms)), **terms),
        **fields,
    )
    drafted = planning.create_promotion(store.tenant_id, details, store.staff, now)
    return publishing.publish_promotion(store.tenant_id, drafted.id, None, store.staff, now).promotion


def _names(terms: dict[str, Any]) -> set[str]:
    """The fields as the API calls them."""
    known = {"percent_bps": "percent_off", "from_amount": "from"}
    return {known.get(name, name) for name in terms}


def percent(store: Store, bps: int, **fields: Any) -> Promotion:
    """So many basis points off everything."""
    return promote(store, Kind.TIMED_PRICE, percent_bps=bps, **fields)


def reduction(store: Store, from_minor: int, off_minor: int, **fields: Any) -> Promotion:
    """So much off from so much on."""
    return promote(store, Kind.FULL_REDUCTION, steps=((yuan(from_minor), yuan(off_minor)),), **fields)


def left(store: Store, promotion: Promotion) -> int:
    """What the budget has left, in minor units."""
    addresses = [(BudgetPart, *BudgetPart.address(store.tenant_id, promotion.id, n)) for n in range(promotion.parts)]
    return sum(int(part.left_minor or 0) for part in fetch_many(addresses, consistent=True))


def used(store: Store, promotion: Promotion, member: int = 0) -> int:
    """In how many of a member's orders it applies."""
    found = MemberUse.fetch(*MemberUse.address(store.tenant_id, promotion.id, store.member(member)), consistent=True)
    return int(found.used) if found else 0
