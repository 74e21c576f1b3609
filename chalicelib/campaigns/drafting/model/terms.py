"""The terms of a campaign as staff ask for them: to draft one, to change one, or as the template of a series. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self

from chalicelib.campaigns.model.audience import Audience
from chalicelib.campaigns.model.kinds import Balance, Kind, NoShow, PaymentMethod, Team
from chalicelib.campaigns.model.offer_terms import OfferTerms
from chalicelib.campaigns.model.target import Target
from chalicelib.kernel.money import Money
from chalicelib.kernel.unnamed import UNNAMED, Unnamed, named


@dataclass(frozen=True, slots=True)
class CapsTerms:
    """The campaign closes early with so many orders, or goods of that worth ordered."""

    orders: int | None = None
    amount: Money | None = None

    def as_json(self) -> dict[str, Any]:
        return {"orders": self.orders, "amount": self.amount and self.amount.as_json()}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(stored.get("orders"), Money.from_json(stored.get("amount")))


@dataclass(frozen=True, slots=True)
class DeliveryTerms:
    """Delivery for a fee; free where the goods are worth so much."""

    fee: Money
    free_from: Money | None = None

    def as_json(self) -> dict[str, Any]:
        return {"fee": self.fee.as_json(), "free_from": self.free_from and self.free_from.as_json()}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(Money(**stored["fee"]), Money.from_json(stored.get("free_from")))


@dataclass(frozen=True, slots=True)
class CampaignTerms:
    """What staff name of a campaign; what is ``UNNAMED`` stays as it is, None takes away."""

    title: str | Unnamed = UNNAMED
    theme: str | Unnamed | None = UNNAMED
    description: str | Unnamed | None = UNNAMED
    refund_policy: str | Unnamed | None = UNNAMED
    kind: Kind | Unnamed = UNNAMED
    opens_at: datetime | Unnamed | None = UNNAMED
    closes_at: datetime | Unnamed | None = UNNAMED
    goal: Money | Unnamed | None = UNNAMED
    budget: Money | Unnamed | None = UNNAMED
    target: Target | Unnamed | None = UNNAMED
    offers: tuple[OfferTerms, ...] | Unnamed = UNNAMED
    pickup_point_ids: tuple[str, ...] | Unnamed = UNNAMED
    peak_orders_per_second: int | Unnamed = UNNAMED
    team: Team | Unnamed | None = UNNAMED
    audience: Audience | Unnamed | None = UNNAMED
    caps: CapsTerms | Unnamed | None = UNNAMED
    delivery: DeliveryTerms | Unnamed | None = UNNAMED
    payment_methods: tuple[PaymentMethod, ...] | Unnamed = UNNAMED
    balance: Balance | Unnamed | None = UNNAMED
    no_show: NoShow | Unnamed | None = UNNAMED

    @property
    def named(self) -> frozenset[str]:
        """The names of the fields that are named."""
        return frozenset(named(self))

    def changed_by(self, changes: "CampaignTerms") -> "CampaignTerms":
        """These terms with what the changes name in their place."""
        return replace(self, **named(changes))

    def as_json(self) -> dict[str, Any]:
        """What is named, as the API takes and shows it; times left aside."""
        return {name: _json_of(value) for name, value in named(self).items() if name not in _TIMES}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(**{name: _from_json(name, value) for name, value in stored.items()})


_TIMES = frozenset({"opens_at", "closes_at"})
_READ: Mapping[str, Callable[[Any], Any]] = {
    "kind": Kind,
    "goal": Money.from_json,
    "budget": Money.from_json,
    "target": Target.from_json,
    "offers": lambda offers: tuple(OfferTerms.from_json(offer) for offer in offers),
    "pickup_point_ids": tuple,
    "team": Team.from_json,
    "audience": Audience.from_json,
    "caps": CapsTerms.from_json,
    "delivery": DeliveryTerms.from_json,
    "payment_methods": tuple,
    "balance": Balance.from_json,
    "no_show": NoShow.from_json,
}


def _json_of(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_json_of(each) for each in value]
    return value.as_json() if hasattr(value, "as_json") else value


def _from_json(name: str, value: Any) -> Any:
    return value if value is None or name not in _READ else _READ[name](value)
