"""What the API shows of offers: their price or ladder, and how far they have sold."""

from typing import Any

from chalicelib.campaigns.model.bundles import BundleKind, Part
from chalicelib.campaigns.model.ladder import Step
from chalicelib.campaigns.model.offers import Offer
from chalicelib.campaigns.model.struck import struck
from chalicelib.campaigns.progress.service import OfferProgress
from chalicelib.campaigns.views.struck import PriorPriceView, struck_out
from chalicelib.kernel.percent import percent_text
from chalicelib.web import MoneyField, View


class StepView(View):
    """A step of a price ladder: from so many units sold on, everyone pays this price for each."""

    from_quantity: int
    price: MoneyField


class NextStep(View):
    """How many more units must be ordered by whomever until everyone pays that price."""

    units: int
    price: MoneyField


class PartView(View):
    """So many units of a SKU in each bundle. ``price`` is what one of them costs alone; of the bundle's price its share
    includes tax at ``tax_rate``.
    """

    sku_id: str
    product_id: str
    title: str
    quantity: int
    price: MoneyField
    tax_rate: str | None


class OfferView(View):
    """A SKU or a bundle on offer. ``id`` is what order lines name as ``offer_id``; both are here: either reads
    naturally.

    With a ladder ``price`` is its first step's, which all pay when they order; ``final_price`` is what the close made
    of it, and what was paid above that is paid back. ``deposit`` is what a pre-order pays at once for a unit.
    ``tax_rate`` is the rate of the tax that the price includes, in per cent, fixed at publishing; null for none, and of
    a bundle, whose parts have their own. That has ``parts`` instead of a SKU; ``price_alone`` is what they would cost
    alone.
    """

    id: str
    offer_id: str
    sku_id: str | None
    product_id: str | None
    title: str
    parts: list[PartView]
    bundle_kind: BundleKind | None
    price_alone: MoneyField | None
    price: MoneyField
    list_price: MoneyField | None
    prior_price: PriorPriceView | None
    ladder: list[StepView]
    final_price: MoneyField | None
    deposit: MoneyField | None
    quantity: int
    per_member_limit: int | None
    return_days: int
    exchange_days: int
    repair_days: int
    tax_rate: str | None

    @property
    def product_ids(self) -> list[str]:
        """The products that it sells."""
        return [self.product_id] if self.product_id else [part.product_id for part in self.parts]

    @property
    def saved(self) -> MoneyField | None:
        """What a bundle costs less than its parts alone; None where that is nothing, and for others."""
        if self.price_alone is None or self.price_alone.amount_minor <= self.price.amount_minor:
            return None
        return MoneyField.of(self.price_alone.amount_minor - self.price.amount_minor, self.price.currency)

    @property
    def dearer(self) -> bool:
        """Whether a bundle costs more than its parts alone."""
        return self.price_alone is not None and self.price_alone.amount_minor < self.price.amount_minor

    @classmethod
    def of(cls, offer: Offer, currency: str) -> "OfferView":
        return cls(**_offer(offer, currency))


class TeamOffer(OfferView):
    """A SKU or a bundle on offer as the team sees it. ``id`` is what order lines name as ``offer_id``; both are here.

    ``list_price`` is what may be struck out beside the price, with ``prior_price`` beside it; both are null where the
    price is no reduction from the lowest of the 30 days before. With a ladder ``price`` is its first step's, which all
    pay when they order; ``final_price`` is what the close made of it, and what was paid above that is paid back.
    ``deposit`` is what a pre-order pays at once for a unit. ``tax_rate`` is the rate of the tax that the price
    includes, in per cent, fixed at publishing; null for none, and of a bundle, whose parts have their own. That has
    ``parts`` instead of a SKU; ``price_alone`` is what they would cost alone. ``floor`` is the price that keeps the
    margin asked for, null where none is: promotions and coupons stop there. ``below_floor`` says that the price is
    lower already.
    """

    floor: MoneyField | None
    below_floor: bool

    @classmethod
    def of(cls, offer: Offer, currency: str) -> "TeamOffer":
        lowest = min([offer.price_minor, *(step.price_minor for step in offer.ladder)])
        return cls(
            **_offer(offer, currency),
            floor=money(offer.floor_minor or None, currency),
            below_floor=lowest < offer.floor_minor,
        )


class LiveOffer(OfferView):
    """A SKU on offer with what was sold of it and what is left, in units, and the price that it has come to so far.

    ``list_price`` is what may be struck out beside the price, with ``prior_price`` beside it; both are null where the
    price is no reduction from the lowest of the 30 days before.
    """

    sold: int
    left: int
    current_price: MoneyField
    to_next_step: NextStep | None

    @classmethod
    def live(cls, each: OfferProgress, currency: str) -> "LiveOffer":
        return cls(**_offer(each.offer, currency), sold=each.sold, left=each.left, **_step(each, currency))


class OfferProgressView(View):
    """Units of an offer: on offer, sold, held by unpaid orders, and left; and the price it has come to so far."""

    offer_id: str
    sku_id: str | None
    title: str
    quantity: int
    sold: int
    held: int
    left: int
    current_price: MoneyField
    to_next_step: NextStep | None

    @classmethod
    def of(cls, each: OfferProgress, currency: str) -> "OfferProgressView":
        named = {name: getattr(each.offer, name) for name in ("offer_id", "title", "quantity")}
        units = {name: getattr(each, name) for name in ("sold", "held", "left")}
        return cls(**named, sku_id=each.offer.sku_id or None, **units, **_step(each, currency))


def _offer(offer: Offer, currency: str) -> dict[str, Any]:
    names = ("offer_id", "title", "quantity", "per_member_limit")
    days = ("return_days", "exchange_days", "repair_days")
    return {
        "id": offer.offer_id,
        "sku_id": offer.sku_id or None,
        "product_id": offer.product_id or None,
        "parts": [_part(part, currency) for part in offer.parts],
        "bundle_kind": offer.bundle_kind or None,
        "price_alone": MoneyField.of(offer.alone_minor, currency) if offer.parts else None,
        **{name: getattr(offer, name) for name in (*names, *days)},
        "price": MoneyField.of(offer.price_minor, currency),
        **struck_out(struck(offer), currency),
        "ladder": [_step_view(step, currency) for step in offer.ladder],
        "final_price": money(offer.final_price_minor, currency),
        "deposit": money(offer.deposit_minor or None, currency),
        "tax_rate": None if offer.tax_bps is None else percent_text(offer.tax_bps),
    }


def _part(part: Part, currency: str) -> PartView:
    names = ("sku_id", "product_id", "title", "quantity")
    return PartView(
        **{name: getattr(part, name) for name in names},
        price=MoneyField.of(part.unit_alone_minor, currency),
        tax_rate=None if part.tax_bps is None else percent_text(part.tax_bps),
    )


def _step_view(step: Step, currency: str) -> StepView:
    return StepView(from_quantity=step.from_quantity, price=MoneyField.of(step.price_minor, currency))


def _step(each: OfferProgress, currency: str) -> dict[str, Any]:
    step, ahead = each.next_step, None
    if step is not None:
        ahead = NextStep(units=step.from_quantity - each.sold, price=MoneyField.of(step.price_minor, currency))
    return {"current_price": MoneyField.of(each.price_minor, currency), "to_next_step": ahead}


def money(amount_minor: float | None, currency: str) -> MoneyField | None:
    """An amount, or nothing."""
    return None if amount_minor is None else MoneyField.of(int(amount_minor), currency)
