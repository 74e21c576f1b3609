"""A group buy as neighbours will see it, before anybody can: what the shop's page of it is made from."""

from dataclasses import dataclass
from datetime import datetime
from typing import Self

from chalicelib.campaigns.model.campaign import ACCEPTING, Status
from chalicelib.campaigns.views.campaigns import CampaignView, StoreCampaignView, StoreProgress, TargetProgress
from chalicelib.campaigns.views.kinds import StoreAudience
from chalicelib.campaigns.views.offers import LiveOffer, NextStep, OfferView
from chalicelib.pages.console.campaigns.model import METHODS
from chalicelib.pages.console.said import State
from chalicelib.pages.shell.words import N_

_OPEN = State(N_("Open for orders"), "good")
_COMING = State(N_("Coming soon"), "warn", N_("Orders are taken from the opening on."))
_SAME = (
    "id", "gift_points", "title", "theme", "description", "kind", "arrives_on", "refund_policy", "pickup_points",
    "team", "caps",
    "delivery", "payment_methods", "balance", "no_show",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Windows:
    """For how many days after pickup something can be returned and exchanged; 0 where it cannot."""

    returns: int
    exchanges: int


@dataclass(frozen=True, slots=True)
class Access:
    """When it opens for who looks: to the team as to everybody."""

    opens_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Preview:
    """What the shop's templates of a campaign ask for."""

    campaign: StoreCampaignView
    state: State
    accepting: bool
    closed_at: datetime
    methods: list[str]
    windows: Windows | None
    access: Access = Access()

    @classmethod
    def of(cls, draft: CampaignView, now: datetime) -> Self | None:
        """The draft as it will stand once it is published; None without a close, which every page of one says."""
        if draft.closes_at is None:
            return None
        opens_at = draft.opens_at if draft.opens_at and draft.opens_at > now else now
        status = Status.SCHEDULED if opens_at > now else Status.OPEN
        view = StoreCampaignView(
            **{name: getattr(draft, name) for name in _SAME},
            status=status,
            opens_at=opens_at,
            early_access=[],
            closes_at=draft.closes_at,
            on_miss=draft.target.on_miss if draft.target else None,
            audience=_audience(draft),
            offers=[_untouched(offer) for offer in draft.offers],
            progress=_no_progress(draft, opens_at if status is Status.SCHEDULED else draft.closes_at, now),
        )
        windows = {Windows(offer.return_days, offer.exchange_days) for offer in view.offers}
        return cls(
            view,
            _COMING if status is Status.SCHEDULED else _OPEN,
            status in ACCEPTING,
            draft.closes_at,
            [METHODS[each] for each in draft.payment_methods],
            windows.pop() if len(windows) == 1 else None,
        )


def _audience(draft: CampaignView) -> StoreAudience | None:
    who = draft.audience
    if who is None:
        return None
    return StoreAudience(
        new_members_only=who.new_members_only,
        joined_within_days=who.joined_within_days,
        selected_members=bool(who.member_ids),
        tags=who.tags,
        tiers=who.tiers,
        classes=who.classes,
    )


def _untouched(offer: OfferView) -> LiveOffer:
    ahead = offer.ladder[1] if len(offer.ladder) > 1 else None
    return LiveOffer(
        **dict(offer),
        sold=0,
        left=offer.quantity,
        current_price=offer.price,
        to_next_step=NextStep(units=ahead.from_quantity, price=ahead.price) if ahead else None,
    )


def _no_progress(draft: CampaignView, until: datetime, now: datetime) -> StoreProgress:
    target = draft.target
    return StoreProgress(
        as_of=now,
        seconds_left=max(0, int((until - now).total_seconds())),
        sold=0,
        left=sum(offer.quantity for offer in draft.offers),
        participants=0,
        target=None
        if target is None
        else TargetProgress(measure=target.measure, value=target.value, reached=0, reached_bps=0),
    )
