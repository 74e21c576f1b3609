"""What a brand says of a gift, as campaigns take it. Pure."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from chalicelib.campaigns.drafting.model.terms import CampaignTerms
from chalicelib.campaigns.model.kinds import AT_PICKUP, Kind
from chalicelib.campaigns.model.offer_terms import OfferTerms
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.money import Money
from chalicelib.kernel.unset import UNSET, Unset

MOST_POINTS = 10_000_000


@dataclass(frozen=True, slots=True)
class NewGift:
    """A gift as it is asked for: ``quantity`` units of a SKU for ``points`` each, to be had until ``closes_at``."""

    title: str
    points: int
    sku_id: str
    quantity: int
    closes_at: datetime
    pickup_point_ids: tuple[str, ...]
    description: str | None = None
    per_member_limit: int | None = None
    opens_at: datetime | None = None
    arrives_on: date | None = None

    def terms(self, worth: Money) -> CampaignTerms:
        """The campaign that it is: of one offer, at what a unit is ``worth``, which points pay for whole."""
        offer = OfferTerms(self.sku_id, worth, self.quantity, self.per_member_limit)
        return CampaignTerms(
            title=self.title, description=self.description, kind=Kind.GROUP_ORDER, opens_at=self.opens_at,
            closes_at=self.closes_at, arrives_on=self.arrives_on, offers=(offer,),
            pickup_point_ids=self.pickup_point_ids, payment_methods=(AT_PICKUP,),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class GiftEdit:
    """What of a gift is to change; what is ``UNSET`` stays. Units and the limit only rise."""

    title: str | Unset = UNSET
    description: str | Unset | None = UNSET
    points: int | Unset = UNSET
    closes_at: datetime | Unset = UNSET
    arrives_on: date | Unset | None = UNSET
    quantity: int | Unset = UNSET
    per_member_limit: int | Unset | None = UNSET

    @property
    def terms(self) -> CampaignTerms:
        """What of it the campaign's own terms have."""
        return CampaignTerms(
            title=self.title, description=self.description, closes_at=self.closes_at, arrives_on=self.arrives_on
        )  # fmt: skip

    @property
    def raises(self) -> bool:
        """Whether it is about the units."""
        return self.quantity is not UNSET or self.per_member_limit is not UNSET


def as_gifts_say_it(refused: Invalid) -> Invalid:
    """What refused the campaign's one offer, said of the gift: a fault in ``/offers/0/sku_id`` is in ``/sku_id``."""
    errors = tuple(replace(each, pointer=each.pointer.replace("/offers/0", "", 1)) for each in refused.errors)
    return type(refused)(refused.detail, detail_zh=refused.detail_zh, errors=errors, extra=refused.extra)
