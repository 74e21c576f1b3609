"""How the terms that make a campaign's kind come into its record."""

from collections.abc import Sequence
from dataclasses import replace

from chalicelib.campaigns.drafting.model.terms import CampaignTerms, CapsTerms, DeliveryTerms
from chalicelib.campaigns.model.audience import Audience
from chalicelib.campaigns.model.delivery import Delivery
from chalicelib.campaigns.model.kinds import AT_PICKUP, FLASH_PEAK, Caps, Kind, PaymentMethod
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.stock.model import ORDERS_PER_BUCKET
from chalicelib.catalog.model.products import WrongCurrency
from chalicelib.db import fetch_many
from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.kernel.money import Money
from chalicelib.kernel.unset import UNSET
from chalicelib.members.records import MemberRecord
from chalicelib.settings import settings


class UnknownMember(Invalid):
    """An audience lists somebody who is not a member of this community."""

    code, title, title_zh = "unknown_member", "There is no such member", "会员不存在"


class UnknownTier(Invalid):
    """An audience names a tier; the store has none, so nobody could order."""

    code, title, title_zh = "unknown_tier", "There is no such tier", "会员等级不存在"


def default_methods() -> tuple[PaymentMethod, ...]:
    """How orders may be paid where a campaign does not say: at pickup, and on the embedded stack, where every store
    has it, by the test provider. Others only by name, since a store has to sign up with them first.
    """
    return ("pickup", "test") if settings().local else ("pickup",)


def apply_kind_terms(campaign: CampaignRecord, terms: CampaignTerms) -> None:
    """Puts the terms that make a campaign's kind into the record, where they are named; None takes one away.

    An audience that limits nothing is none. Raises WrongCurrency, UnknownMember, UnknownTier.
    """
    if terms.audience is not UNSET:
        _check_tiers(campaign.tenant_id, terms.audience.tiers if terms.audience else ())
        _check_members(campaign.tenant_id, terms.audience.member_ids if terms.audience else ())
        campaign.audience = None if terms.audience == Audience() else terms.audience
    if terms.team is not UNSET:
        campaign.team = terms.team
    if terms.balance is not UNSET:
        campaign.balance = terms.balance
    if terms.no_show is not UNSET:
        campaign.stored_no_show = terms.no_show
    if terms.payment_methods is not UNSET:
        campaign.payment_methods = tuple(dict.fromkeys(terms.payment_methods))
    elif terms.kind is not UNSET:
        campaign.payment_methods = _usual_methods(campaign)
    if terms.caps is not UNSET:
        campaign.caps = _caps(terms.caps, campaign.currency)
    if terms.delivery is not UNSET:
        campaign.delivery = _delivery(terms.delivery, campaign.currency)


def _usual_methods(campaign: CampaignRecord) -> tuple[PaymentMethod, ...]:
    """A pre-order's deposit is paid online: where nobody chose the methods, the one at pickup drops out."""
    methods = campaign.payment_methods
    if campaign.kind != Kind.PRE_ORDER or methods != default_methods():
        return methods
    return tuple(method for method in methods if method != AT_PICKUP)


def _check_tiers(tenant_id: str, wanted: Sequence[str]) -> None:
    if not wanted:
        return
    from chalicelib.loyalty.tiers.service.setting import get_tiers  # few campaigns are for tiers

    tiers, _ = get_tiers(tenant_id)
    known = [tier.code for tier in tiers.tiers]
    if not known:
        message = "Members of this store have no tiers, so nobody could order; name tags or members instead."
        raise UnknownTier.at("/audience/tiers", message, "本店会员尚无等级，无人可下单；请改用标签或指定会员。")
    unknown = [each for each in wanted if each not in known]
    if unknown:
        raise UnknownTier.at(
            "/audience/tiers", f"There is no tier '{unknown[0]}'; there are {', '.join(known)}.",
            f"没有等级“{unknown[0]}”；现有等级：{'、'.join(known)}。",
        )  # fmt: skip


def _check_members(tenant_id: str, member_ids: Sequence[str]) -> None:
    found = fetch_many([(MemberRecord, *MemberRecord.address(tenant_id, each)) for each in member_ids])
    errors = tuple(
        FieldError(f"/audience/member_ids/{n}", "There is no such member.", "该会员不存在。")
        for n, member in enumerate(found)
        if member is None
    )
    if errors:
        raise UnknownMember(errors[0].message, detail_zh="有会员不存在，详见 errors。", errors=errors)


def make_flash_sale(campaign: CampaignRecord, terms: CampaignTerms) -> None:
    """Gives a flash sale what it has unless told otherwise: one unit a member, and buckets for a rush."""
    if campaign.kind != Kind.FLASH_SALE:
        return
    campaign.offers = [replace(offer, per_member_limit=offer.per_member_limit or 1) for offer in campaign.offers]
    unsaid = terms.peak_orders_per_second is UNSET and campaign.peak_orders_per_second == ORDERS_PER_BUCKET
    if terms.kind is not UNSET and unsaid:
        campaign.peak_orders_per_second = FLASH_PEAK


def _caps(asked: CapsTerms | None, currency: str) -> Caps | None:
    if asked is None:
        return None
    return Caps(asked.orders, minor(asked.amount, currency, "/caps/amount"))


def _delivery(asked: DeliveryTerms | None, currency: str) -> Delivery | None:
    if asked is None:
        return None
    fee = minor(asked.fee, currency, "/delivery/fee")
    return Delivery(fee or 0, minor(asked.free_from, currency, "/delivery/free_from"))


def minor(money: Money | None, currency: str, pointer: str) -> int | None:
    """An amount in the store's currency, in minor units. Raises WrongCurrency."""
    if money is None:
        return None
    if money.currency != currency:
        message = f"Amounts of this store are in {currency}, not {money.currency}."
        raise WrongCurrency.at(f"{pointer}/currency", message, f"本店金额须为 {currency}，而非 {money.currency}。")
    return money.amount_minor
