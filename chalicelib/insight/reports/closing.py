"""What the closing report of a campaign says: its answer, and what stands in words above its table."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal

from chalicelib.campaigns.model.campaign import Status
from chalicelib.catalog.model.ratings import share
from chalicelib.insight.model.charts import Words
from chalicelib.insight.model.definitions import Definition
from chalicelib.insight.reports.charting import amount, in_percent
from chalicelib.insight.reports.report import DefinitionView, Fact, ReportView, frame
from chalicelib.insight.reports.statements import BREAK_EVEN, PROFIT, BreakEvenView, StatementView
from chalicelib.insight.reports.statements import facts as of_statement
from chalicelib.web import MoneyField, UlidStr, View

if TYPE_CHECKING:
    from chalicelib.campaigns.progress.service import OfferProgress
    from chalicelib.insight.model.reach import Reach
    from chalicelib.insight.reports.service.campaign import Closing

SALES = Definition(
    "campaign_sales", 1,
    "Live orders of the campaign, their members and units, and what they come to with delivery and less "
    "discounts; on a ladder at the step that is reached. These are the figures of the campaign's progress. New "
    "members had never ordered from the brand before the day of their order here. What counts against the budget: "
    "what was taken off prices, goods given for points, and what is booked for the campaign.",
    "活动的有效订单、下单会员数、件数及其总额（含配送、扣除优惠；阶梯价按已达到的档位），与活动进度一致。新会员："
    "在本活动下单当日之前从未在本品牌下单。预算使用：价格优惠、积分礼品及为该活动登记的费用。",
)  # fmt: skip
CARE = Definition(
    "campaign_satisfaction", 1,
    "Of the campaign's orders, from its publishing until 90 days after its close: reviews that are shown and "
    "those of four or five stars; orders complained of, by those handed over; cases of after-sale by what they "
    "ask for. Suggestions: of its members, in that time.",
    "自活动发布至结束后 90 天，针对该活动订单：公开展示的评价及其中四星、五星的评价；被投诉订单及其占已交付订单的"
    "比例；按诉求统计的售后单。建议：同期该活动会员提出的建议。",
)  # fmt: skip
REACH = Definition(
    "campaign_reach", 1,
    "People who visited, looked at or put something of the campaign into their basket on its days, members and "
    "visitors who agreed to be counted, each once; and those of them who ordered in it. A visitor who signs in "
    "later is the member. Robots do not count. Who ordered without having agreed is in the sales and not in the "
    "reach.",
    "活动期间访问、浏览或加购过本活动的人数（同意统计的会员与访客，每人计一次），以及其中在本活动下单的人数。访客后来登录的，"
    "计为该会员。机器人不计。未同意统计而下单者计入销售，不计入触达。",
)  # fmt: skip


class AgainstView(View):
    """What was planned, and how much of it there is, in basis points."""

    planned: MoneyField
    actual: MoneyField
    bps: int


class CampaignSalesView(View):
    """``sold`` are units; ``average`` is of an order; ``refunded`` was given back of the sales."""

    orders: int
    members: int
    new_members: int
    sold: int
    revenue: MoneyField
    average: MoneyField | None
    refunded: MoneyField
    goal: AgainstView | None
    budget: AgainstView | None


class CampaignOfferView(View):
    """An offer: sold and left, at the ``price`` that is reached of the one that it began with; ``to_give_back`` is what
    the step reached so far gives back at the close. ``next_step_from`` is the units at which the next one is reached.
    """

    offer_id: str
    title: str
    sold: int
    left: int
    first_price: MoneyField
    price: MoneyField
    next_step_from: int | None
    to_give_back: MoneyField


class CampaignCareView(View):
    """What was said. Rates have four decimals; null where there is nothing to count of."""

    reviews: int
    praise: int
    praise_rate: str | None
    average_tenths: int | None
    complained_orders: int
    complaint_rate: str | None
    after_sales: dict[str, int]
    suggestions: int


class CampaignReachView(View):
    """How many people it reached, and how many of these ordered; of each kind of event how often it happened and how
    many did it. ``conversion`` has four decimals, null where nobody was reached.
    """

    reached: int
    ordered: int
    conversion: str | None
    events: dict[str, int]
    people: dict[str, int]


class CampaignHandoverView(View):
    """How far it is handed over: orders that the books have seen ended, of those sold; and what is still open there."""

    ended_orders: int
    sold_orders: int
    held: MoneyField
    refunds_under_way: MoneyField
    commission_frozen: MoneyField
    open_cases: int


class CampaignReportView(ReportView):
    """A campaign as things stand; not ``complete`` while it runs, and while anything of it is open."""

    report: Literal["campaign"] = "campaign"
    definitions: list[DefinitionView]
    campaign_id: UlidStr
    title: str
    status: Status
    sales: CampaignSalesView
    offers: list[CampaignOfferView]
    statement: StatementView
    break_even: BreakEvenView
    satisfaction: CampaignCareView
    reach: CampaignReachView
    handover: CampaignHandoverView

    @classmethod
    def of(cls, found: "Closing", locale: str) -> "CampaignReportView":
        campaign, currency = found.campaign, found.campaign.currency
        days = frame(found.horizon, found.timezone, found.span.from_on, found.span.to_on, found.revision)
        return cls(
            **(days | {"complete": found.ended}),
            definitions=[DefinitionView.of(each, locale) for each in (SALES, PROFIT, BREAK_EVEN, CARE, REACH)],
            campaign_id=campaign.id,
            title=campaign.title,
            status=found.progress.status,
            sales=_sales(found),
            offers=[_offer(each, currency) for each in found.progress.offers],
            statement=StatementView.of(found.statement, currency),
            break_even=BreakEvenView.of(found.statement.break_even, currency),
            satisfaction=_care(found),
            reach=_reach(found.reach),
            handover=_handover(found),
        )


def _sales(found: "Closing") -> CampaignSalesView:
    campaign, progress = found.campaign, found.progress
    currency, average = campaign.currency, found.average_minor
    return CampaignSalesView(
        orders=progress.orders,
        members=found.members,
        new_members=found.newcomers,
        sold=progress.sold,
        revenue=MoneyField.of(progress.revenue_minor, currency),
        average=None if average is None else MoneyField.of(average, currency),
        refunded=MoneyField.of(found.refunded_minor, currency),
        goal=_against(int(campaign.goal_minor or 0), progress.revenue_minor, currency),
        budget=_against(int(campaign.budget_minor or 0), found.spent_minor, currency),
    )


def _against(planned: int, actual: int, currency: str) -> AgainstView | None:
    """Nothing where nothing was planned."""
    if not planned:
        return None
    bps = actual * 10_000 // planned
    return AgainstView(planned=MoneyField.of(planned, currency), actual=MoneyField.of(actual, currency), bps=bps)


def _offer(offer: "OfferProgress", currency: str) -> CampaignOfferView:
    step = offer.next_step
    return CampaignOfferView(
        offer_id=offer.offer.offer_id,
        title=offer.offer.full_title,
        sold=offer.sold,
        left=offer.left,
        first_price=MoneyField.of(offer.offer.price_minor, currency),
        price=MoneyField.of(offer.price_minor, currency),
        next_step_from=step.from_quantity if step else None,
        to_give_back=MoneyField.of(offer.to_give_back, currency),
    )


def _care(found: "Closing") -> CampaignCareView:
    said, handed_over = found.satisfaction, found.booked.recognised
    ratings = said.ratings
    return CampaignCareView(
        reviews=ratings.count,
        praise=ratings.praising,
        praise_rate=share(ratings.praising, ratings.count) if ratings.count else None,
        average_tenths=ratings.tenths,
        complained_orders=said.complained,
        complaint_rate=share(said.complained, handed_over) if handed_over else None,
        after_sales=dict(said.after_sales),
        suggestions=said.suggestions,
    )


def _reach(found: "Reach") -> CampaignReachView:
    return CampaignReachView(
        reached=found.reached,
        ordered=found.ordered,
        conversion=share(found.ordered, found.reached) if found.reached else None,
        events=dict(found.events),
        people=dict(found.people),
    )


def _handover(found: "Closing") -> CampaignHandoverView:
    booked, currency = found.booked, found.campaign.currency
    return CampaignHandoverView(
        ended_orders=booked.recognised,
        sold_orders=booked.sold,
        held=MoneyField.of(booked.held, currency),
        refunds_under_way=MoneyField.of(booked.refunds, currency),
        commission_frozen=MoneyField.of(booked.frozen, currency),
        open_cases=booked.cases,
    )


def facts(view: CampaignReportView) -> Sequence[Fact]:
    """Sales against goal and budget, reach, satisfaction, profit, and what is still open."""
    return [*_sold(view), *_said(view), *of_statement(view.statement, view.break_even), *_open(view)]


def _sold(view: CampaignReportView) -> Iterator[Fact]:
    sales, reach = view.sales, view.reach
    yield Fact(Words("Group buy", "团购"), view.title)
    yield Fact(Words("Sales", "销售额"), amount(sales.revenue))
    if sales.goal:
        yield Fact(Words("Of the goal", "目标达成"), _share(sales.goal))
    if sales.budget:
        yield Fact(Words("Of the budget", "预算使用"), _share(sales.budget))
    yield Fact(Words("Orders", "订单数"), f"{sales.orders:,}")
    newcomers = Words(
        f"{sales.members:,}, of whom {sales.new_members:,} new", f"{sales.members:,}，其中新会员 {sales.new_members:,}"
    )
    yield Fact(Words("Members who ordered", "下单会员"), newcomers)
    ordered = Words(
        f"{reach.reached:,} people, of whom {reach.ordered:,} ordered ({in_percent(reach.conversion)})",
        f"{reach.reached:,} 人，其中 {reach.ordered:,} 人下单（{in_percent(reach.conversion)}）",
    )
    yield Fact(
        Words("Reached", "触达"), ordered if reach.reached else Words("nobody who was counted", "无可统计的访问")
    )


def _said(view: CampaignReportView) -> Iterator[Fact]:
    care, none = view.satisfaction, Words("no reviews yet", "暂无评价")
    praise = f"{in_percent(care.praise_rate)} ({care.praise:,} / {care.reviews:,})"
    yield Fact(Words("Reviews that praise", "好评"), praise if care.reviews else none)
    complaints = f"{care.complained_orders:,}" + (
        f" ({in_percent(care.complaint_rate)})" if care.complaint_rate else ""
    )
    yield Fact(Words("Orders complained about", "被投诉订单"), complaints)


def _open(view: CampaignReportView) -> Iterator[Fact]:
    handover = view.handover
    ended = f"{handover.ended_orders:,} / {handover.sold_orders:,}"
    yield Fact(Words("Orders handed over or ended", "已交付或结束的订单"), ended)
    if handover.open_cases:
        yield Fact(Words("Open cases", "未结售后"), f"{handover.open_cases:,}")
    if handover.refunds_under_way.amount_minor:
        yield Fact(Words("Refunds under way", "退款中"), amount(handover.refunds_under_way))


def _share(found: AgainstView) -> Words:
    actual, planned, share = amount(found.actual), amount(found.planned), f"{found.bps / 100:.1f}%"
    return Words(f"{share}: {actual.en} of {planned.en}", f"{share}：{actual.zh} / {planned.zh}")
