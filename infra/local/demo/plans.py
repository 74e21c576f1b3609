"""The campaigns of the demo: one of each kind, on what is on the shelf."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

_TARGET = {"target": {"measure": "quantity", "value": 10, "on_miss": "lock"}}
_ONLINE = {"payment_methods": ["test"]}
# Parts of the price on the shelf, in percent.
_REDUCED, _STEPS, _DEPOSIT, _TOGETHER = 90, {1: 90, 10: 80, 30: 70}, 20, 80
_BUNDLED = 3


@dataclass(frozen=True)
class Plan:
    """A campaign of the demo: which rows of the shelf it offers, how many units of each, and for how long; at once, or
    ``later``. A ``bundle`` of that title has the first of them once more, each once, for less.
    """

    title: str
    kind: str
    lasts: timedelta
    shelf: slice
    quantity: int
    terms: Mapping[str, Any] = field(default_factory=dict)
    later: timedelta | None = None
    bundle: str = ""

    def wanted(self, skus: Sequence[Mapping[str, Any]], point_id: str, now: datetime) -> dict[str, Any]:
        """The campaign as the interface takes it."""
        offers = [{"sku_id": sku["id"], "quantity": self.quantity, **self._price(sku["price"])} for sku in skus]
        if self.bundle:
            offers.append(self._bundled(skus[:_BUNDLED]))
        return {
            "title": self.title,
            "kind": self.kind,
            "closes_at": f"{now + self.lasts:%Y-%m-%dT%H:%M:%SZ}",
            "offers": offers,
            "pickup_point_ids": [point_id],
            **({} if self.later is None else {"opens_at": f"{now + self.later:%Y-%m-%dT%H:%M:%SZ}"}),
            **self.terms,
        }

    def _bundled(self, skus: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        alone = {
            "amount_minor": sum(sku["price"]["amount_minor"] for sku in skus),
            "currency": skus[0]["price"]["currency"],
        }
        return {
            "title": self.bundle,
            "bundle_kind": "complementary",
            "parts": [{"sku_id": sku["id"], "quantity": 1} for sku in skus],
            "price": _part(alone, _TOGETHER),
            "quantity": self.quantity // 3,
        }

    def _price(self, price: Mapping[str, Any]) -> dict[str, Any]:
        if self.kind == "ladder":
            steps = [{"from_quantity": units, "price": _part(price, percent)} for units, percent in _STEPS.items()]
            return {"ladder": steps}
        deposit = {"deposit": _part(price, _DEPOSIT)} if self.kind == "pre_order" else {}
        return {"price": _part(price, _REDUCED), **deposit}


def _part(price: Mapping[str, Any], percent: int) -> dict[str, Any]:
    """So many percent of an amount, in whole cents."""
    return {"amount_minor": price["amount_minor"] * percent // 100, "currency": price["currency"]}


FIRST = Plan("Fruit and vegetables of the week", "group_order", timedelta(days=7), slice(0, 6), 40, _TARGET)
BREAKFAST = Plan(
    "Breakfast for the whole street", "group_order", timedelta(days=14), slice(14, 20), 60, _TARGET,
    bundle="Breakfast for two",
)  # fmt: skip
FLASH = Plan("Avocados, until they are gone", "flash_sale", timedelta(hours=3), slice(13, 14), 20)
LADDER = Plan("Apples and potatoes: more orders, lower price", "ladder", timedelta(days=5), slice(10, 12), 60)
CAMPAIGNS = (
    FIRST,
    BREAKFAST,
    LADDER,
    Plan(
        "Sugar and chocolate milk, together with a neighbour", "team_buy", timedelta(days=6), slice(20, 22), 40,
        {"team": {"size": 2, "hours": 24}},
    ),
    Plan(
        "Meat for the holidays: a fifth now, the rest later", "pre_order", timedelta(days=10), slice(22, 24), 30,
        {**_ONLINE, "balance": {"hours_after_close": 48, "on_default": "refund"}},
    ),
    FLASH,
    Plan(
        "Vegetables of next week, friends of the farm first", "group_order", timedelta(days=8), slice(6, 10), 40,
        later=timedelta(hours=40),
    ),
)  # fmt: skip

_DOLLAR = {"amount_minor": 100, "currency": "USD"}
POINTS: Mapping[str, Any] = {
    "rules": [
        {"action": "order", "per_amount": {"amount": _DOLLAR, "points": 1}, "valid_days": 365},
        {"action": "participation", "points": 10, "valid_days": 365},
        {"action": "check_in", "points": 2, "valid_days": 90},
        {"action": "survey", "points": 20, "valid_days": 365},
        {"action": "review", "points": 30, "valid_days": 365},
        {"action": "birthday", "points": 50, "valid_days": 365},
    ],
    "spend": {"points": 100, "worth": _DOLLAR},
}
"""What earns points at the demo brand, and what they pay."""

GIFT_TITLE, CODE = "A bag of avocados", "WELCOME-5"
COUPONS: Mapping[str, Any] = {
    "title": "Welcome", "kind": "amount", "purpose": "holiday", "value": {"amount_minor": 500, "currency": "USD"},
    "minimum": {"amount_minor": 1_500, "currency": "USD"}, "codes": {"mode": "shared", "code": CODE},
    "limits": {"per_member": 1},
}  # fmt: skip
"""Its coupons: five dollars off from fifteen on, by a code that all enter."""


AWARD: Mapping[str, Any] = {
    "title": {"zh": "月度好邻居", "en": "Neighbour of the month"}, "by": "spend", "every": "month", "top": 3,
    "reward": {"points": 300},
}  # fmt: skip
"""What the three of its members who spend most in a month win."""


def gift(sku_id: str, point_id: str, now: datetime) -> dict[str, Any]:
    """What points are redeemed for, as the interface takes it."""
    return {
        "title": GIFT_TITLE, "points": 150, "sku_id": sku_id, "quantity": 30, "per_member_limit": 2,
        "closes_at": f"{now + timedelta(days=14):%Y-%m-%dT%H:%M:%SZ}", "pickup_point_ids": [point_id],
    }  # fmt: skip


TIERS: Mapping[str, Any] = {
    "measure": "spend",
    "window_months": 12,
    "tiers": [
        {"code": "neighbour", "title": "Good neighbour", "from": 5_000, "privileges": {"points_factor": "1.2"}},
        {
            "code": "friend",
            "title": "Friend of the farm",
            "from": 20_000,
            "privileges": {"points_factor": "1.5", "early_access_hours": 24},
        },
    ],
}
"""Its tiers, by what was spent in a year, in cents."""
