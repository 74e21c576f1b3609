"""What the API shows of campaigns: to staff everything, to shoppers nothing of goals, costs, or people."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from chalicelib.campaigns.drafting.model.copying import LeftOut
from chalicelib.campaigns.model.campaign import Status
from chalicelib.campaigns.model.early import opens_for
from chalicelib.campaigns.model.target import Measure, OnMiss
from chalicelib.campaigns.progress.service import Progress
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.views.kinds import AudienceView, KindTerms, StoreAudience, kind_terms, store_audience
from chalicelib.campaigns.views.offers import LiveOffer, OfferProgressView, TeamOffer, money
from chalicelib.web import Instant, LocalDate, MoneyField, View

_SHOWN_TO_ALL = ("id", "title", "theme", "description", "kind", "opens_at", "closes_at", "arrives_on", "refund_policy")
_MOMENTS = ("created_at", "updated_at", "published_at", "extended_at", "closed_early_at")
_SHOWN_TO_STAFF = (*_SHOWN_TO_ALL, *_MOMENTS, "series_id", "pickup_points", "history")


class PlaceView(View):
    """A pickup point as shoppers see it."""

    id: str
    name: str
    address: str
    opening_hours: str | None = None


class TargetView(View):
    measure: Measure
    value: int
    on_miss: OnMiss
    extend_hours: int


class TargetProgress(View):
    """How far the target is reached, by the figure that the close decides by; from the lock on, by the one that it did.
    ``reached_bps`` in basis points, 10000 and above is reached.
    """

    measure: Measure
    value: int
    reached: int
    reached_bps: int

    @classmethod
    def of(cls, campaign: CampaignRecord, progress: Progress) -> "TargetProgress | None":
        if campaign.target is None or progress.target_measured is None or progress.target_bps is None:
            return None
        return cls(
            measure=campaign.target.measure,
            value=campaign.target.value,
            reached=progress.target_measured,
            reached_bps=progress.target_bps,
        )


class HistoryEntry(View):
    type: str
    at: Instant
    by: str


class EarlyAccessView(View):
    """From when on the members of a tier may order, so many hours before everybody else."""

    tier: str
    hours: int
    opens_at: Instant


class CampaignView(KindTerms):
    """A campaign as staff see it. One with ``gift_points`` is a gift: each unit costs so many points, and no money."""

    id: str
    title: str
    gift_points: int | None
    theme: str | None
    description: str | None
    kind: str
    status: Status
    opens_at: Instant | None
    early_access: list[EarlyAccessView]
    closes_at: Instant | None
    arrives_on: LocalDate | None
    target: TargetView | None
    offers: list[TeamOffer]
    pickup_point_ids: list[str]
    pickup_points: list[PlaceView]
    refund_policy: str | None
    goal: MoneyField | None
    budget: MoneyField | None
    audience: AudienceView | None
    series_id: str | None
    peak_orders_per_second: int
    history: list[HistoryEntry]
    created_at: Instant
    updated_at: Instant
    published_at: Instant | None
    extended_at: Instant | None
    closed_early_at: Instant | None

    @classmethod
    def of(cls, campaign: CampaignRecord, now: datetime) -> "CampaignView":
        target = campaign.target
        return cls(
            **_fields(campaign, _SHOWN_TO_STAFF),
            gift_points=_whole(campaign.gift_points),
            status=campaign.shown_status(now),
            early_access=_early_access(campaign),
            target=TargetView.model_validate(target) if target else None,
            **kind_terms(campaign),
            audience=AudienceView.model_validate(campaign.audience) if campaign.audience else None,
            offers=[TeamOffer.of(offer, campaign.currency) for offer in campaign.offers],
            pickup_point_ids=[point.id for point in campaign.pickup_points],
            goal=money(campaign.goal_minor, campaign.currency),
            budget=money(campaign.budget_minor, campaign.currency),
            peak_orders_per_second=int(campaign.peak_orders_per_second),
        )


class LeftOutView(View):
    """A term that is not in the copy: where it stood, the code of what would refuse it, and an offer's title."""

    pointer: str
    code: str
    title: str | None


class CopyView(CampaignView):
    """A draft with the terms of another campaign. ``left_out`` are offers of what is on sale no longer, and a target or
    team that the remaining offers do not reach.
    """

    left_out: list[LeftOutView]

    @classmethod
    def copied(cls, campaign: CampaignRecord, left_out: Sequence[LeftOut], now: datetime) -> "CopyView":
        missing = [LeftOutView.model_validate(each) for each in left_out]
        return cls(**dict(CampaignView.of(campaign, now)), left_out=missing)


class ProgressView(View):
    """How far a campaign has come at ``as_of``; ``seconds_left`` until it opens or closes, whichever is next.

    ``ordered`` is the goods' value at the prices that they are ordered at: a target by amount and a cap count it, and
    another unit always adds to it. ``revenue`` is what the orders come to by now, and what ``goal`` is held against:
    with delivery, less discounts, and on a ladder at the price that it has reached.
    """

    campaign_id: str
    status: Status
    as_of: Instant
    seconds_left: int
    sold: int
    left: int
    orders: int
    participants: int
    ordered: MoneyField
    revenue: MoneyField
    goal: MoneyField | None
    goal_bps: int | None
    target: TargetProgress | None
    offers: list[OfferProgressView]

    @classmethod
    def of(cls, campaign: CampaignRecord, progress: Progress) -> "ProgressView":
        return cls(
            **_fields(
                progress, ("status", "as_of", "seconds_left", "sold", "left", "orders", "participants", "goal_bps")
            ),
            campaign_id=campaign.id,
            ordered=MoneyField.of(progress.ordered_minor, campaign.currency),
            revenue=MoneyField.of(progress.revenue_minor, campaign.currency),
            goal=money(campaign.goal_minor, campaign.currency),
            target=TargetProgress.of(campaign, progress),
            offers=[OfferProgressView.of(each, campaign.currency) for each in progress.offers],
        )


class StoreProgress(View):
    """How far a campaign has come, as shoppers see it: units sold and left, and members who ordered."""

    as_of: Instant
    seconds_left: int
    sold: int
    left: int
    participants: int
    target: TargetProgress | None


class StoreCampaignView(KindTerms):
    """A campaign as shoppers see it, with its live progress; ``arrives_on`` is the day on which its goods are expected
    at the pickup points. One with ``gift_points`` is a gift: each unit costs so many points, and no money.
    """

    id: str
    title: str
    gift_points: int | None
    theme: str | None
    description: str | None
    kind: str
    status: Status
    opens_at: Instant
    early_access: list[EarlyAccessView]
    closes_at: Instant
    arrives_on: LocalDate | None
    refund_policy: str | None
    on_miss: OnMiss | None
    audience: StoreAudience | None
    offers: list[LiveOffer]
    pickup_points: list[PlaceView]
    progress: StoreProgress

    @classmethod
    def of(cls, campaign: CampaignRecord, progress: Progress) -> "StoreCampaignView":
        shown = StoreProgress(
            **_fields(progress, ("as_of", "seconds_left", "sold", "left", "participants")),
            target=TargetProgress.of(campaign, progress),
        )
        return cls(
            **_fields(campaign, _SHOWN_TO_ALL),
            gift_points=_whole(campaign.gift_points),
            status=progress.status,
            early_access=_early_access(campaign),
            on_miss=campaign.target.on_miss if campaign.target else None,
            **kind_terms(campaign),
            audience=store_audience(campaign),
            offers=[LiveOffer.live(each, campaign.currency) for each in progress.offers],
            pickup_points=[PlaceView.model_validate(place) for place in campaign.pickup_points],
            progress=shown,
        )


def _early_access(campaign: CampaignRecord) -> list[EarlyAccessView]:
    """The earliest first. Of a draft nothing is known yet."""
    opens_at = campaign.opens_at
    if opens_at is None:
        return []
    by_hours = sorted(campaign.early.items(), key=lambda each: -each[1])
    return [
        EarlyAccessView(tier=tier, hours=hours, opens_at=opens_for(opens_at, campaign.early, tier))
        for tier, hours in by_hours
    ]


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)


def _fields(source: Any, names: Sequence[str]) -> dict[str, Any]:
    return {name: getattr(source, name) for name in names}
