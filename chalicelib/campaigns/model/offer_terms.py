"""What an offer may ask for: prices, ladders, deposits. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from chalicelib.campaigns.model.bundles import BundleKind
from chalicelib.campaigns.model.kinds import LADDER_KINDS, Kind
from chalicelib.campaigns.model.ladder import Step, check_ladder
from chalicelib.campaigns.model.offers import Offer
from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.kernel.money import Money


@dataclass(frozen=True, slots=True)
class PartTerms:
    """So many units of a SKU in each bundle."""

    sku_id: str
    quantity: int


@dataclass(frozen=True, slots=True)
class BundleTerms:
    """What a bundle is made of, what it is called, and why its parts are sold together."""

    parts: tuple[PartTerms, ...]
    title: str
    kind: BundleKind = BundleKind.COMPLEMENTARY

    @property
    def content(self) -> frozenset[tuple[str, int]]:
        """What tells it from another bundle."""
        return frozenset((part.sku_id, part.quantity) for part in self.parts)

    def as_json(self) -> dict[str, Any]:
        """As the API takes it of an offer."""
        parts = [{"sku_id": part.sku_id, "quantity": part.quantity} for part in self.parts]
        return {"title": self.title or None, "parts": parts, "bundle_kind": self.kind.value}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self | None:
        """None of an offer that is no bundle."""
        if not stored.get("parts"):
            return None
        parts = tuple(PartTerms(part["sku_id"], part["quantity"]) for part in stored["parts"])
        return cls(parts, stored["title"] or "", BundleKind(stored["bundle_kind"]))


@dataclass(frozen=True, slots=True)
class OfferTerms:
    """An offer of a SKU or of a bundle as staff ask for it: at a price, or at a ladder of ``(from_quantity, price)``.
    A bundle's ``sku_id`` is empty.
    """

    sku_id: str
    price: Money | None
    quantity: int
    per_member_limit: int | None = None
    ladder: tuple[tuple[int, Money], ...] = ()
    deposit: Money | None = None
    bundle: BundleTerms | None = None

    @property
    def sku_ids(self) -> tuple[str, ...]:
        """The SKUs that it sells."""
        return tuple(part.sku_id for part in self.bundle.parts) if self.bundle else (self.sku_id,)

    def amounts(self) -> list[tuple[str, Money]]:
        """Every amount in it, with its place below the offer."""
        steps = [(f"ladder/{n}/price", price) for n, (_, price) in enumerate(self.ladder)]
        single = [("price", self.price), ("deposit", self.deposit)]
        return steps + [(place, money) for place, money in single if money is not None]

    def steps(self) -> tuple[Step, ...]:
        """The ladder in minor units."""
        return tuple(Step(units, price.amount_minor) for units, price in self.ladder)

    def as_json(self) -> dict[str, Any]:
        """As the API takes it, and the template of a series keeps it."""
        bundle = self.bundle.as_json() if self.bundle else {"title": None, "parts": [], "bundle_kind": None}
        return bundle | {
            "sku_id": self.sku_id or None,
            "price": self.price and self.price.as_json(),
            "ladder": [{"from_quantity": units, "price": price.as_json()} for units, price in self.ladder],
            "quantity": self.quantity,
            "per_member_limit": self.per_member_limit,
            "deposit": self.deposit and self.deposit.as_json(),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(
            stored.get("sku_id") or "",
            Money.from_json(stored.get("price")),
            stored["quantity"],
            stored.get("per_member_limit"),
            tuple((step["from_quantity"], Money(**step["price"])) for step in stored.get("ladder", ())),
            Money.from_json(stored.get("deposit")),
            BundleTerms.from_json(stored),
        )


class PriceOrLadder(Invalid):
    """An offer has both a price and a ladder, or neither."""

    code, title, title_zh = "price_or_ladder", "An offer has a price or a ladder", "请填写单价或阶梯价之一"


class NotPositive(Invalid):
    """A price, a deposit, or a step of a ladder is zero or below."""

    code, title, title_zh = "price_not_positive", "A price must be above zero", "价格必须大于零"


class DepositNotBelowPrice(Invalid):
    """A deposit is as high as the price, so nothing would be left for the balance."""

    code, title, title_zh = "deposit_not_below_price", "The deposit must be below the price", "定金须低于价格"


class LadderNotOfKind(Invalid):
    """A ladder in a campaign that sells at one price: a team's, a flash sale's, or one that a deposit is part of."""

    code, title, title_zh = "ladder_not_of_kind", "This kind of campaign has no ladder", "该类型的活动不支持阶梯价"


class MisplacedTerms(Invalid):
    """Terms that the campaign's kind has no use for."""

    code, title, title_zh = "terms_do_not_fit_kind", "These terms do not fit the campaign's kind", "条款与活动类型不符"


REFUSALS = (DepositNotBelowPrice, LadderNotOfKind, MisplacedTerms, NotPositive, PriceOrLadder)


_AT_PICKUP = (
    "With 'pickup' the balance is paid where the goods are collected: leave out balance, or 'pickup' as a method.",
    "支付方式含 pickup 时尾款在取货时支付：请去掉 balance，或去掉 pickup。",
)


def check_amounts(wanted: Sequence[OfferTerms]) -> None:
    """Checks each offer by itself, naming every fault of the first kind found.

    Raises PriceOrLadder, NotPositive, DepositNotBelowPrice, and what ``check_ladder`` does.
    """
    both = [n for n, each in enumerate(wanted) if (each.price is None) == (not each.ladder)]
    _refuse(
        PriceOrLadder,
        [(f"/offers/{n}/price", "Give either a price or a ladder.", "请填写单价或阶梯价之一。") for n in both],
    )
    message, message_zh = "Name an amount above zero.", "请填写大于零的金额。"
    _refuse(
        NotPositive,
        [
            (f"/offers/{n}/{place}/amount_minor", message, message_zh)
            for n, each in enumerate(wanted)
            for place, money in each.amounts()
            if money.amount_minor <= 0
        ],
    )
    for n, each in enumerate(wanted):
        check_ladder(each.steps(), each.quantity, f"/offers/{n}/ladder")
    _refuse(
        DepositNotBelowPrice,
        [
            (
                f"/offers/{n}/deposit",
                f"The deposit must be below the price of {each.price}.",
                f"定金须低于单价（{each.price}）。",
            )
            for n, each in enumerate(wanted)
            if each.price and each.deposit and each.deposit.amount_minor >= each.price.amount_minor
        ],
    )


def check_fit(
    kind: Kind, offers: Sequence[Offer], *, has_team: bool, has_balance: bool, at_pickup: bool = False
) -> None:
    """Refuses terms of another kind: nobody could order by them. So are those of a balance that is to be paid in time
    where it may be paid ``at_pickup`` as well, and nobody could be late. Raises LadderNotOfKind or MisplacedTerms.
    """
    if kind not in LADDER_KINDS:
        ladders = [n for n, offer in enumerate(offers) if offer.ladder]
        said = (
            "A campaign of this kind sells at one price: give the price, or make it a ladder or a group order.",
            "该类型的活动只有单一价格，请填写单价，或改为阶梯价或普通团购。",
        )
        _refuse(LadderNotOfKind, [(f"/offers/{n}/ladder", *said) for n in ladders])
    faults: list[tuple[str, str, str]] = []
    if kind is not Kind.PRE_ORDER:
        deposits = [n for n, offer in enumerate(offers) if offer.deposit_minor]
        said = "A deposit belongs to a pre-order.", "定金只用于预售活动。"
        faults += [(f"/offers/{n}/deposit", *said) for n in deposits]
        said = "A balance belongs to a pre-order.", "尾款只用于预售活动。"
        faults += [("/balance", *said)] if has_balance else []
    elif has_balance and at_pickup:
        faults.append(("/balance", *_AT_PICKUP))
    if kind is not Kind.TEAM_BUY and has_team:
        faults.append(("/team", "Teams belong to a team buy.", "拼团设置只用于拼团活动。"))
    _refuse(MisplacedTerms, faults)


def units_offered(offers: Iterable[Offer]) -> int:
    """How many units of SKUs can be sold in all; those of a stock that several offers sell from count once."""
    return sum(goods.quantity for offer in offers for goods in offer.goods() if not goods.draws_on)


def worth(offers: Sequence[Offer]) -> int:
    """What all units on offer are worth at most, at the prices that they are ordered at, in minor units. A bundle adds
    to that what it brings beyond the units that could be sold alone.
    """
    alone = {offer.offer_id: offer.price_minor for offer in offers}
    return sum(
        max(0, offer.price_minor - sum(part.quantity * alone.get(part.draws_on, 0) for part in offer.parts))
        * offer.quantity
        for offer in offers
    )


def _refuse(error: type[Invalid], faults: Sequence[tuple[str, str, str]]) -> None:
    """Refuses faults of ``(pointer, message, the same in Chinese)``."""
    if faults:
        errors = tuple(FieldError(*fault) for fault in faults)
        raise error(errors[0].message, detail_zh=errors[0].message_zh, errors=errors)
