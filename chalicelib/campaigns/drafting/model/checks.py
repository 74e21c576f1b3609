"""What the terms of a campaign must keep to: its window, its offers, its target, its teams. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from chalicelib.campaigns.drafting.model.bundles import check_stock
from chalicelib.campaigns.model.kinds import Caps, Team
from chalicelib.campaigns.model.offer_terms import units_offered, worth
from chalicelib.campaigns.model.offers import Offer
from chalicelib.campaigns.model.target import Measure, Target
from chalicelib.campaigns.stock.model import MAX_STOCK_OPERATIONS
from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.kernel.money import Money

MAX_WINDOW = timedelta(days=90)
MAX_AHEAD = timedelta(days=366)
MAX_WAIT = timedelta(days=366)
"""So long after the close the goods are there at the latest."""
PAST_TOLERANCE = timedelta(minutes=5)
"""An opening this little in the past means "at once": the client's clock, or the time it took to fill in the form."""


class TimeInPast(Invalid):
    """An instant that had to lie ahead has gone by."""

    code, title, title_zh = "time_in_past", "The time has already passed", "时间已过"


class ClosesBeforeOpening(Invalid):
    """The close does not come after the opening."""

    code, title, title_zh = "closes_before_opening", "The campaign would close before it opens", "结束时间早于开始时间"


class WindowTooLong(Invalid):
    """The window is longer than 90 days, or opens more than a year ahead."""

    code, title, title_zh = "window_too_long", "The campaign's window is too long", "活动时间跨度过长"


class ArrivalMisplaced(Invalid):
    """The goods would be there before the close, or more than a year after it, or on a day that has passed."""

    code, title, title_zh = "arrival_misplaced", "The goods cannot arrive on that day", "到货日期不合理"


class DuplicateOffer(Invalid):
    """One SKU is offered twice in a campaign."""

    code, title, title_zh = "duplicate_offer", "A SKU is offered twice", "同一规格重复上架"


class LimitAboveQuantity(Invalid):
    """A member may take more than there is."""

    code, title, title_zh = "limit_above_quantity", "The member's limit is above the quantity", "限购数量超过可售数量"


class TargetOutOfReach(Invalid):
    """Even when everything on offer is sold, the target is missed."""

    code, title, title_zh = "target_out_of_reach", "The target is above what is offered", "成团目标超过可售总量"


class TeamOutOfReach(Invalid):
    """A team needs more members than there are units on offer."""

    code, title, title_zh = "team_out_of_reach", "The team is larger than what is offered", "成团人数超过可售数量"


class TooManyOffers(Invalid):
    """More offers, or buckets for the expected peak, than one transaction can publish."""

    code, title, title_zh = "too_many_offers", "The campaign has too many offers for its peak", "商品数量超过上限"


REFUSALS = (
    ArrivalMisplaced,
    ClosesBeforeOpening,
    DuplicateOffer,
    LimitAboveQuantity,
    TargetOutOfReach,
    TeamOutOfReach,
    TimeInPast,
    TooManyOffers,
    WindowTooLong,
)


def check_window(opens_at: datetime | None, closes_at: datetime | None, now: datetime) -> None:
    """Checks the times of a campaign that is not open yet; None stands for "on publishing" and "not said yet".

    Raises TimeInPast, ClosesBeforeOpening, WindowTooLong.
    """
    if opens_at is not None and opens_at < now - PAST_TOLERANCE:
        message = "The opening has passed; leave it out to open on publishing."
        raise TimeInPast.at("/opens_at", message, "开始时间已过；不填则发布后立即开始。")
    if opens_at is not None and opens_at > now + MAX_AHEAD:
        message = f"A campaign opens at most {MAX_AHEAD.days} days ahead."
        raise WindowTooLong.at("/opens_at", message, f"开始时间最多提前 {MAX_AHEAD.days} 天设置。")
    if closes_at is not None:
        check_close(opens_at or now, closes_at, now)


def check_close(opens_at: datetime, closes_at: datetime, now: datetime) -> None:
    """Checks a close against an opening that stands. Raises TimeInPast, ClosesBeforeOpening, WindowTooLong."""
    if closes_at <= now:
        raise TimeInPast.at(
            "/closes_at", "The close has passed; name a later time.", "结束时间已过，请改为更晚的时间。"
        )
    if closes_at <= opens_at:
        message = "The close must come after the opening."
        raise ClosesBeforeOpening.at("/closes_at", message, "结束时间必须晚于开始时间。")
    if closes_at - opens_at > MAX_WINDOW:
        message = f"A campaign is open for at most {MAX_WINDOW.days} days."
        raise WindowTooLong.at("/closes_at", message, f"活动最长 {MAX_WINDOW.days} 天。")


def check_arrival(arrives_on: date | None, closes_on: date | None, today: date | None = None) -> None:
    """Checks the day on which the goods are expected against that of the close, and against today where it is newly
    named; all are local days. Raises ArrivalMisplaced.
    """
    earliest = max((day for day in (closes_on, today) if day is not None), default=None)
    if arrives_on is None or earliest is None:
        return
    if arrives_on < earliest:
        message = f"The goods can be there on {earliest} at the earliest, once the campaign has closed; name that day "
        raise ArrivalMisplaced.at(
            "/arrives_on", f"{message}or a later one.", f"到货日期最早为 {earliest}（活动结束当天或之后），请重新填写。"
        )
    latest = earliest + MAX_WAIT
    if arrives_on > latest:
        message = f"The goods are there within a year of the close, on {latest} at the latest; name an earlier day."
        raise ArrivalMisplaced.at(
            "/arrives_on", message, f"到货日期最晚为 {latest}（活动结束后一年内），请改为更早的日期。"
        )


def check_offers(offers: Sequence[Offer]) -> None:
    """Checks offers against each other and against the bound of one transaction.

    Raises DuplicateOffer, LimitAboveQuantity, PartBeyondStock, TooManyOffers, each naming every offer at fault.
    """
    seen = Counter(_content(offer) for offer in offers)
    _refuse(
        DuplicateOffer,
        {
            n: ("This is in the campaign more than once.", "该商品在活动中出现多次，请只保留一次。")
            for n, offer in enumerate(offers)
            if seen[_content(offer)] > 1
        },
        "sku_id",
    )
    _refuse(
        LimitAboveQuantity,
        {
            n: (f"The quantity on offer is {offer.quantity}.", f"可售数量最多 {offer.quantity} 件。")
            for n, offer in enumerate(offers)
            if offer.per_member_limit is not None and offer.per_member_limit > offer.quantity
        },
        "per_member_limit",
    )
    check_stock(offers)
    operations = sum(1 + goods.buckets for offer in offers for goods in offer.goods())
    if operations > MAX_STOCK_OPERATIONS:
        most = MAX_STOCK_OPERATIONS // (1 + max(offer.buckets for offer in offers))
        message = f"With this expected peak a campaign takes at most {most} offers, each part of a bundle counted."
        raise TooManyOffers.at("/offers", message, f"按预计峰值，一个活动最多 {most} 个商品（组合装按内含商品计）。")


def _content(offer: Offer) -> object:
    """What an offer sells: two of the same would be one."""
    return frozenset((part.sku_id, part.quantity) for part in offer.parts) or offer.sku_id


def _refuse(error: type[Invalid], faults: Mapping[int, tuple[str, str]], field: str) -> None:
    if faults:
        errors = tuple(FieldError(f"/offers/{n}/{field}", *said) for n, said in faults.items())
        raise error(errors[0].message, detail_zh=errors[0].message_zh, errors=errors)


def check_target(target: Target | None, offers: Sequence[Offer], caps: Caps | None, currency: str) -> None:
    """Refuses a target that the offers, or the caps which close early, cannot reach; without offers only caps bound it.

    Each participant takes at least one unit in an order of their own, so units and orders bound participants too; a
    ladder's goods are worth its first price, as a target counts them. Raises TargetOutOfReach.
    """
    if target is None:
        return
    most = [_most_offered(target, offers)] if offers else []
    if caps is not None:
        by_cap = {Measure.PARTICIPANTS: caps.orders, Measure.AMOUNT: caps.amount_minor}.get(target.measure)
        most += [by_cap] if by_cap is not None else []
    if most and target.value > min(most):
        reached = str(Money(min(most), currency)) if target.measure is Measure.AMOUNT else str(min(most))
        message = f"The campaign reaches {reached} at most; lower the target or offer more."
        raise TargetOutOfReach.at("/target/value", message, f"最多达到 {reached}，请降低目标或增加商品。")


def _most_offered(target: Target, offers: Sequence[Offer]) -> int:
    return worth(offers) if target.measure is Measure.AMOUNT else units_offered(offers)


def check_team(team: Team | None, offers: Sequence[Offer]) -> None:
    """Refuses teams larger than what is on offer: none could ever fill. Raises TeamOutOfReach."""
    units = units_offered(offers)
    if team is not None and offers and team.size > units:
        message = f"A team of {team.size} takes a unit each, more than the {units} on offer."
        raise TeamOutOfReach.at("/team/size", message, f"成团需 {team.size} 人，仅有 {units} 件可售。")
