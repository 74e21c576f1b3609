"""What the closing report of a campaign says above its table: what came of it, beside what was planned."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from chalicelib.insight.model.charts import Words
from chalicelib.insight.reports.charting import amount, in_percent
from chalicelib.insight.reports.report import Fact
from chalicelib.insight.reports.statements import facts as of_statement

if TYPE_CHECKING:
    from chalicelib.insight.reports.campaign import AgainstView, CampaignReportView


def facts(view: "CampaignReportView") -> Sequence[Fact]:
    """Sales against goal and budget, reach, satisfaction, profit, and what is still open."""
    return [*_sold(view), *_said(view), *of_statement(view.statement, view.break_even), *_open(view)]


def _sold(view: "CampaignReportView") -> Iterator[Fact]:
    sales, reach = view.sales, view.reach
    yield Fact(Words("Group buy", "团购"), view.title)
    yield Fact(Words("Sales", "销售额"), amount(sales.revenue))
    if sales.goal:
        yield Fact(Words("Of the goal", "目标达成"), _against(sales.goal))
    if sales.budget:
        yield Fact(Words("Of the budget", "预算使用"), _against(sales.budget))
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


def _said(view: "CampaignReportView") -> Iterator[Fact]:
    care, none = view.satisfaction, Words("no reviews yet", "暂无评价")
    praise = f"{in_percent(care.praise_rate)} ({care.praise:,} / {care.reviews:,})"
    yield Fact(Words("Reviews that praise", "好评"), praise if care.reviews else none)
    complaints = f"{care.complained_orders:,}" + (
        f" ({in_percent(care.complaint_rate)})" if care.complaint_rate else ""
    )
    yield Fact(Words("Orders complained about", "被投诉订单"), complaints)


def _open(view: "CampaignReportView") -> Iterator[Fact]:
    handover = view.handover
    ended = f"{handover.ended_orders:,} / {handover.sold_orders:,}"
    yield Fact(Words("Orders handed over or ended", "已交付或结束的订单"), ended)
    if handover.open_cases:
        yield Fact(Words("Open cases", "未结售后"), f"{handover.open_cases:,}")
    if handover.refunds_under_way.amount_minor:
        yield Fact(Words("Refunds under way", "退款中"), amount(handover.refunds_under_way))


def _against(found: "AgainstView") -> Words:
    actual, planned, share = amount(found.actual), amount(found.planned), f"{found.bps / 100:.1f}%"
    return Words(f"{share}: {actual.en} of {planned.en}", f"{share}：{actual.zh} / {planned.zh}")
