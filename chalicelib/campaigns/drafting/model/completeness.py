"""The gaps that keep a draft from being published. Pure."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any, Protocol

from chalicelib.campaigns.model.kinds import AT_PICKUP, Kind, Team
from chalicelib.campaigns.model.offers import Offer
from chalicelib.kernel.errors import FieldError, Invalid


class Draft(Protocol):
    """What publishing looks at in a campaign."""

    @property
    def kind(self) -> str: ...
    @property
    def offers(self) -> Sequence[Offer]: ...
    @property
    def pickup_points(self) -> Any: ...
    @property
    def closes_at(self) -> datetime | None: ...
    @property
    def team(self) -> Team | None: ...
    @property
    def payment_methods(self) -> Sequence[str]: ...


class CampaignIncomplete(Invalid):
    """The draft lacks what a campaign needs to be published; ``errors`` names each gap."""

    code, title, title_zh = "campaign_incomplete", "The campaign is not complete", "活动信息不完整"


def check_complete(campaign: "Draft") -> datetime:
    """Checks that nothing is missing for publishing, and answers with the close.

    Raises CampaignIncomplete with one entry a gap.
    """
    gaps = (
        (not campaign.offers, "/offers", "Offer at least one SKU.", "请至少添加一个商品规格。"),
        (not campaign.pickup_points, "/pickup_point_ids", "Name at least one pickup point.", "请至少指定一个自提点。"),
        (campaign.closes_at is None, "/closes_at", "Say when the campaign closes.", "请填写结束时间。"),
        *_gaps_of_kind(campaign),
    )
    errors = tuple(FieldError(*fault) for missing, *fault in gaps if missing)
    if errors or campaign.closes_at is None:
        message = "Add what is missing, then publish again."
        raise CampaignIncomplete(message, detail_zh="请补全缺少的内容后再发布。", errors=errors)
    return campaign.closes_at


def check_methods(methods: Sequence[str], accepted: Collection[str]) -> None:
    """Checks that orders can be paid in every way that the campaign names: at pickup, or with a provider that the brand
    has an account with. Raises CampaignIncomplete with one entry a way that leads nowhere.
    """
    errors = tuple(
        FieldError(
            f"/payment_methods/{n}",
            f"Set up '{method}' first, with PUT /v1/payment-settings/{method}.",
            f"请先通过 PUT /v1/payment-settings/{method} 开通“{method}”。",
        )
        for n, method in enumerate(methods)
        if method != AT_PICKUP and method not in accepted
    )
    if errors:
        message = "The campaign names a way of paying that the store has not set up."
        raise CampaignIncomplete(message, detail_zh="活动包含店铺尚未开通的支付方式。", errors=errors)


def _gaps_of_kind(campaign: "Draft") -> Iterator[tuple[bool, str, str, str]]:
    kind, offers = Kind(campaign.kind), campaign.offers
    if kind is Kind.LADDER:
        said = "Give at least one offer a ladder.", "请至少为一个商品设置阶梯价。"
        yield not any(offer.ladder for offer in offers), "/offers", *said
    if kind is Kind.TEAM_BUY:
        said = "Say how many make a team, and in how many hours.", "请填写成团人数和限时（小时）。"
        yield campaign.team is None, "/team", *said
    if kind is Kind.PRE_ORDER:
        for n, offer in enumerate(offers):
            said = "Say what is paid at once for each unit.", "请填写每件商品的定金。"
            yield not offer.deposit_minor, f"/offers/{n}/deposit", *said
        unpayable = all(method == AT_PICKUP for method in campaign.payment_methods)
        message = "A deposit is paid online: name such a method. With 'pickup' beside it the balance is due there."
        yield (
            unpayable,
            "/payment_methods",
            message,
            "定金须在线支付，请添加一种在线支付方式；保留 pickup 则尾款可到店付。",
        )
