"""Campaigns, their stock buckets, their progress, and the pickup points, with their keys."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Self

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.campaigns.model.audience import Audience
from chalicelib.campaigns.model.campaign import ENDED, ON_SHOW, Status, effective_status, has_come, move
from chalicelib.campaigns.model.delivery import Delivery
from chalicelib.campaigns.model.early import ahead_of, first_ahead
from chalicelib.campaigns.model.kinds import AT_PICKUP, Balance, Caps, Kind, NoShow, PaymentMethod, Team
from chalicelib.campaigns.model.offers import Offer
from chalicelib.campaigns.model.target import CloseTotals, Target
from chalicelib.db import DateAttribute, InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.db.attributes import optional, terms
from chalicelib.kernel.clock import instant, sortable
from chalicelib.kernel.ids import dated_id
from chalicelib.pickup_points.model import PickupPlace

DECISION_OVERDUE = timedelta(minutes=15)
"""So long after the fencing, or the last reminder, the orders' totals are asked for again."""

WIND_UP_OVERDUE = timedelta(minutes=5)
"""So long after the end, or the last look, what is left in the buckets is looked at again."""

REFUNDS_OVERDUE = timedelta(minutes=30)
"""So long after the refunds were asked for, or last looked at, they are looked at again."""


class CampaignRecord(TenantRecord):
    """A campaign with everything an order needs to know of it, so that placing one reads a single item.

    ``arrives_on`` is the local day on which its goods are expected at the pickup points.

    ``history`` holds its moves, ``{type, at, by}``, oldest first; ``shards`` the partitions of its order index;
    ``series_id`` the series that made it; ``closed_early_at`` when a cap was reached, or ``closed_by`` closed it by
    hand; ``released_at`` when what an ended campaign still bound was first released, ``wound_up_at`` when nothing was
    left. ``gift_points`` marks a gift: a campaign of one offer, of which each unit costs so many points and no money.
    It stands in the list of gifts, and in no other list of shoppers; its id follows from the Idempotency-Key of the
    request that made it, of which it keeps the ``body_hash``.

    ``early`` are the hours of early access by tier, as they were when it was published: what is announced stands.
    """

    id = UnicodeAttribute()
    title = UnicodeAttribute()
    kind = UnicodeAttribute()
    status = UnicodeAttribute()
    currency = UnicodeAttribute()
    theme = UnicodeAttribute(null=True)
    description = UnicodeAttribute(null=True)
    refund_policy = UnicodeAttribute(null=True)
    opens_at = optional(InstantAttribute(null=True))
    closes_at = optional(InstantAttribute(null=True))
    arrives_on = optional(DateAttribute(null=True))
    goal_minor = optional(NumberAttribute(null=True))
    budget_minor = optional(NumberAttribute(null=True))
    peak_orders_per_second = NumberAttribute()
    shards = NumberAttribute(default=1)
    stored_places = JsonAttribute(attr_name="pickup_points")
    history = JsonAttribute()
    created_at = InstantAttribute()
    updated_at = InstantAttribute()
    published_at = optional(InstantAttribute(null=True))
    extended_at = optional(InstantAttribute(null=True))
    closed_early_at = optional(InstantAttribute(null=True))
    closed_by = optional(UnicodeAttribute(null=True))
    released_at = optional(InstantAttribute(null=True))
    wound_up_at = optional(InstantAttribute(null=True))
    series_id = UnicodeAttribute(null=True)
    gift_points = optional(NumberAttribute(null=True))
    body_hash = optional(UnicodeAttribute(null=True))
    stored_early = JsonAttribute(attr_name="early", null=True)
    team = terms(Team.from_json)
    audience = terms(Audience.from_json)
    caps = terms(Caps.from_json)
    delivery = terms(Delivery.from_json)
    balance = terms(Balance.from_json)
    target = terms(Target.from_json)
    stored_offers = JsonAttribute(attr_name="offers")
    stored_totals = JsonAttribute(attr_name="totals", null=True)
    stored_methods = JsonAttribute(attr_name="payment_methods", null=True)
    stored_no_show = terms(NoShow.from_json, attr_name="no_show")

    @staticmethod
    def address(tenant_id: str, campaign_id: str) -> tuple[str, str]:
        """The key of a campaign."""
        return key(tenant_id, "campaign", campaign_id), "campaign"

    @classmethod
    def at(cls, tenant_id: str, campaign_id: str, *, consistent: bool = False) -> Self | None:
        """The campaign, if there is one."""
        return cls.fetch(*cls.address(tenant_id, campaign_id), consistent=consistent)

    @property
    def offers(self) -> list[Offer]:
        """What is on offer, in the order in which it is shown."""
        return [Offer.from_json(offer) for offer in self.stored_offers]

    @offers.setter
    def offers(self, offers: Sequence[Offer]) -> None:
        self.stored_offers = [offer.as_json() for offer in offers]

    @property
    def goods(self) -> list[Offer]:
        """What is stocked, bought and handed over: the offers, each bundle as its parts."""
        return [goods for offer in self.offers for goods in offer.goods()]

    @property
    def titles(self) -> dict[str, str]:
        """What everything offered is called, by offer id; the parts of bundles as well."""
        offers = self.offers
        return {each.offer_id: each.full_title for offer in offers for each in (offer, *offer.goods())}

    @property
    def pickup_points(self) -> list[PickupPlace]:
        """Where its orders are handed over, as it was when last written here."""
        return [PickupPlace.from_json(place) for place in self.stored_places]

    @pickup_points.setter
    def pickup_points(self, places: Sequence[PickupPlace]) -> None:
        self.stored_places = [place.as_json() for place in places]

    @property
    def payment_methods(self) -> tuple[PaymentMethod, ...]:
        """How its orders may be paid."""
        return (AT_PICKUP,) if self.stored_methods is None else tuple(self.stored_methods)

    @payment_methods.setter
    def payment_methods(self, methods: Sequence[PaymentMethod]) -> None:
        self.stored_methods = list(methods)

    @property
    def balance_terms(self) -> Balance | None:
        """When a pre-order's balance is due online; None where it is due at the pickup point, and for other kinds."""
        online = self.kind == Kind.PRE_ORDER and AT_PICKUP not in self.payment_methods
        return (self.balance or Balance()) if online else None

    @property
    def no_show(self) -> NoShow:
        """What becomes of orders that nobody collects."""
        return self.stored_no_show or NoShow()

    @property
    def window(self) -> tuple[datetime, datetime]:
        """Opening and close. Raises ValueError for a draft without them; a published campaign has both."""
        if self.opens_at is None or self.closes_at is None:
            raise ValueError(f"campaign {self.id} has no window yet")
        return self.opens_at, self.closes_at

    @property
    def early(self) -> dict[str, int]:
        """How many hours before its opening members of a tier may order, by the tier's code."""
        return {tier: int(hours) for tier, hours in (self.stored_early or {}).items()}

    @early.setter
    def early(self, early: Mapping[str, int]) -> None:
        self.stored_early = dict(early) or None

    @property
    def begins_at(self) -> datetime:
        """When it opens for the first members. Raises ValueError for a draft without an opening."""
        return self.window[0] - first_ahead(self.early)

    @property
    def totals(self) -> CloseTotals | None:
        """The exact totals on which the last close was decided; None before."""
        return CloseTotals(**self.stored_totals) if self.stored_totals else None

    def shown_status(self, now: datetime) -> Status:
        """The status a reader is shown at ``now``."""
        return effective_status(self.status, self.opens_at, self.closes_at, now)

    def status_for(self, tier: str | None, now: datetime) -> Status:
        """The status for a member of a tier: open for them before it is for everybody, where they have early access."""
        return self._status_ahead(ahead_of(self.early, tier), now)

    def status_for_first(self, now: datetime) -> Status:
        """The status for the members for whom it opens first: open as soon as it may have orders."""
        return self._status_ahead(first_ahead(self.early), now)

    def _status_ahead(self, ahead: timedelta, now: datetime) -> Status:
        if not ahead or self.opens_at is None:
            return self.shown_status(now)
        return effective_status(self.status, self.opens_at - ahead, self.closes_at, now)

    def opens_for(self, tier: str | None) -> datetime | None:
        """When it opens for the members of a tier."""
        return self.opens_at and self.opens_at - self.ahead_for(tier)

    def ahead_for(self, tier: str | None) -> timedelta:
        """How long before its opening it takes the orders of a member of a tier."""
        return ahead_of(self.early, tier)

    def move_to(self, status: Status, happened: str, at: datetime, by: str) -> None:
        """Moves on and notes it in the history; ``by`` names a principal, or is ``system``. Raises MoveRefused."""
        self.status = move(Status(self.status), status).value
        self.note(happened, at, by)

    def note(self, happened: str, at: datetime, by: str) -> None:
        """Adds an entry to the history."""
        self.history = [*(self.history or []), {"type": happened, "at": instant(at), "by": by}]
        self.updated_at = at

    def is_due(self, now: datetime) -> bool:
        """Whether what it waits for is due: a message that was sent for an earlier wait changes nothing."""
        return has_come(self.due_at, now)

    @property
    def is_extendable(self) -> bool:
        """Whether a missed target may still extend it: not a second time, not beyond a cap that it has reached, and not
        where staff have closed it.
        """
        return self.extended_at is None and self.closed_early_at is None

    @property
    def arrival_moved_at(self) -> str:
        """When the day on which the goods are expected was last moved for those who had ordered; empty before."""
        return next((entry["at"] for entry in reversed(self.history) if entry["type"] == "arrival_moved"), "")

    @property
    def is_winding_up(self) -> bool:
        """Whether the campaign has ended and may still bind stock or orders. A draft never did."""
        running = Status(self.status) in ON_SHOW or self.status in (Status.DRAFT, Status.CLOSING)
        return not running and self.published_at is not None and self.wound_up_at is None

    def arrange(self) -> None:
        """Every campaign stands in its tenant's list; those on show also by the time they close, and those that took
        place by the time they closed; gifts among themselves by the time they end.
        """
        tenant_id, status = self.tenant_id, Status(self.status)
        listed_as = self.id if self.gift_points is None else dated_id(self.created_at, self.id)
        self.gsi1pk, self.gsi1sk = campaign_list(tenant_id), listed_as
        if self.gift_points is not None and self.closes_at is not None:
            self.gsi2pk, self.gsi2sk = gift_list(tenant_id), f"{sortable(self.closes_at)}#{self.id}"
        elif status in ON_SHOW and self.closes_at is not None:
            self.gsi2pk, self.gsi2sk = shop_window(tenant_id), f"{sortable(self.closes_at)}#{self.id}"
        elif status in ENDED and self.closes_at is not None:
            closed_at = self.closed_early_at or self.closes_at
            self.gsi2pk, self.gsi2sk = past_campaigns(tenant_id), f"{sortable(closed_at)}#{self.id}"
        else:
            self.gsi2pk = self.gsi2sk = None
        due_at, kind = self._next_due()
        self.schedule(due_at, kind, "campaigns")

    def _next_due(self) -> tuple[datetime | None, str]:
        status = Status(self.status)
        if status is Status.SCHEDULED and self.closed_early_at is None:
            return self.opens_at, "campaign.open"
        if status in ON_SHOW:
            return self.closed_early_at or self.closes_at, "campaign.close"
        if status is Status.CLOSING:
            return self.updated_at + DECISION_OVERDUE, "campaign.decide"
        if self.is_winding_up:
            return self.updated_at + WIND_UP_OVERDUE, "campaign.wind_up"
        if status is Status.REFUNDING:
            return self.updated_at + REFUNDS_OVERDUE, "campaign.refunds"
        return None, ""


def campaign_list(tenant_id: str) -> str:
    """The gsi1 partition of a tenant's campaigns, by creation."""
    return key(tenant_id, "campaigns")


def shop_window(tenant_id: str) -> str:
    """The gsi2 partition of the campaigns that are open or coming, by close."""
    return key(tenant_id, "campaigns", "on-show")


def gift_list(tenant_id: str) -> str:
    """The gsi2 partition of the gifts for points, by the time they end."""
    return key(tenant_id, "campaigns", "gifts")


def past_campaigns(tenant_id: str) -> str:
    """The gsi2 partition of the campaigns that took place, by close."""
    return key(tenant_id, "campaigns", "past")
