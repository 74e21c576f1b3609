"""The terms of a campaign as staff ask for them: to draft one, to change one, or as the template of a series. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Self

from chalicelib.campaigns.model.audience import Audience
from chalicelib.campaigns.model.kinds import Balance, Kind, NoShow, PaymentMethod, Team
from chalicelib.campaigns.model.offer_terms import OfferTerms
from chalicelib.campaigns.model.target import Target
from chalicelib.kernel.money import Money
from chalicelib.kernel.unset import UNSET, Unset, fields_set


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
    """What staff name of a campaign; what is ``UNSET`` stays as it is, None takes away."""

    title: str | Unset = UNSET
    theme: str | Unset | None = UNSET
    description: str | Unset | None = UNSET
    refund_policy: str | Unset | None = UNSET
    kind: Kind | Unset = UNSET
    opens_at: datetime | Unset | None = UNSET
    closes_at: datetime | Unset | None = UNSET
    arrives_on: date | Unset | None = UNSET
    goal: Money | Unset | None = UNSET
    budget: Money | Unset | None = UNSET
    target: Target | Unset | None = UNSET
    offers: tuple[OfferTerms, ...] | Unset = UNSET
    pickup_point_ids: tuple[str, ...] | Unset = UNSET
    peak_orders_per_second: int | Unset = UNSET
    team: Team | Unset | None = UNSET
    audience: Audience | Unset | None = UNSET
    caps: CapsTerms | Unset | None = UNSET
    delivery: DeliveryTerms | Unset | None = UNSET
    payment_methods: tuple[PaymentMethod, ...] | Unset = UNSET
    balance: Balance | Unset | None = UNSET
    no_show: NoShow | Unset | None = UNSET

    @property
    def named(self) -> frozenset[str]:
        """The names of the fields that are named."""
        return frozenset(fields_set(self))

    def changed_by(self, changes: "CampaignTerms") -> "CampaignTerms":
        """These terms with what the changes name in their place."""
        return replace(self, **fields_set(changes))

    def as_json(self) -> dict[str, Any]:
        """What is named, as the API takes and shows it; times left aside."""
        return {name: _json_of(value) for name, value in fields_set(self).items() if name not in _TIMES}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(**{name: _from_json(name, value) for name, value in stored.items()})


_TIMES = frozenset({"opens_at", "closes_at", "arrives_on"})
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
