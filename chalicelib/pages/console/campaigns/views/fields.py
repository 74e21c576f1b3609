"""What the form of a group buy's terms shows at first: what is stored, as it is typed."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from chalicelib.campaigns.views.campaigns import CampaignView
from chalicelib.kernel.money import Money
from chalicelib.pages.shell.typed import clock_time, written


def terms_of(campaign: CampaignView, zone: ZoneInfo, currency: str) -> Mapping[str, str]:
    """The fields by name."""
    target, team, balance, caps = campaign.target, campaign.team, campaign.balance, campaign.caps
    delivery, audience, no_show = campaign.delivery, campaign.audience, campaign.no_show
    value = "" if target is None else str(target.value)
    if target is not None and target.measure == "amount":
        value = written(Money(target.value, currency))
    return {
        "opens_at": clock_time(campaign.opens_at, zone),
        "closes_at": clock_time(campaign.closes_at, zone),
        "arrives_on": campaign.arrives_on.isoformat() if campaign.arrives_on else "",
        "target.measure": str(target.measure.value) if target else "",
        "target.value": value,
        "target.on_miss": str(target.on_miss.value) if target else "cancel",
        "target.extend_hours": str(target.extend_hours if target else 24),
        "delivery.fee": written(delivery.fee) if delivery else "",
        "delivery.free_from": written(delivery.free_from) if delivery else "",
        "team.size": str(team.size) if team else "2",
        "team.hours": str(team.hours) if team else "24",
        "balance.hours_after_close": str(balance.hours_after_close) if balance else "72",
        "balance.on_default": balance.on_default if balance else "refund",
        "no_show.hours": str(no_show.hours),
        "no_show.action": no_show.action,
        "caps.orders": str(caps.orders or "") if caps else "",
        "caps.amount": written(caps.amount) if caps else "",
        "audience.joined_within_days": _number(audience.joined_within_days if audience else None),
        "goal": written(campaign.goal),
        "budget": written(campaign.budget),
    }


def words_of(campaign: CampaignView) -> Mapping[str, str]:
    """The kind and the words by name."""
    return {
        "kind": campaign.kind,
        "title": campaign.title,
        "theme": campaign.theme or "",
        "description": campaign.description or "",
        "refund_policy": campaign.refund_policy or "",
    }


def _number(n: int | None) -> str:
    return "" if n is None else str(n)
