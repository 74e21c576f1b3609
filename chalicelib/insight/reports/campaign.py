"""The closing report of a campaign: its sales against goal and budget, profit, satisfaction, and what is still open."""

from collections.abc import Sequence
from decimal import Decimal

from chalicelib.campaigns.model.campaign import IN_WORDS
from chalicelib.insight.model.charts import Chart, Kind, Series, Words
from chalicelib.insight.reports.closing import SALES, CampaignReportView, facts
from chalicelib.insight.reports.report import FRAME, Asked, FormQuery, Report
from chalicelib.insight.reports.statements import LINES, cells
from chalicelib.kernel.currencies import CURRENCIES
from chalicelib.kernel.errors import Invalid
from chalicelib.web import Csv, UlidStr, columns


class CampaignReportQuery(FormQuery):
    """Which campaign."""

    id: UlidStr | None = None


def _run(asked: Asked[CampaignReportQuery]) -> CampaignReportView:
    from chalicelib.insight.reports.service.campaign import closing  # it reads campaigns and books

    if asked.query.id is None:
        raise Invalid.at("?id", "Name the campaign whose report it is: its id.", "请选择团购，即填写其编号。")
    return CampaignReportView.of(closing(asked.tenant_id, asked.query.id, asked.now), asked.locale)


_WHAT = columns(
    campaign_id=("Campaign id", "团购编号"), title=("Campaign", "团购"),
    status=("State", "状态", {str(status): said for status, said in IN_WORDS.items()}),
    members=("Members", "下单会员数"), new_members=("New members", "新会员数"), reached=("Reached", "触达人数"),
    reached_ordered=("Of them ordered", "其中下单人数"),
)  # fmt: skip


def _table(view: CampaignReportView) -> Csv:
    made_of = [SALES.name, SALES.version, view.timezone, view.as_of, view.revision]
    what = [view.campaign_id, view.title, view.status.value, view.sales.members, view.sales.new_members]
    what += [view.reach.reached, view.reach.ordered]
    return Csv("campaign.csv", (*_WHAT, *LINES, *FRAME), [[*what, *cells(view.statement), *made_of]])


_PARTS = (
    ("revenue", Words("Revenue", "收入")), ("tax", Words("Tax", "税额")), ("goods", Words("Goods", "商品")),
    ("labour", Words("Labour", "人工")), ("marketing", Words("Marketing", "营销")),
    ("logistics", Words("Logistics", "物流")), ("other", Words("Other", "其他")),
)  # fmt: skip


def _charts(view: CampaignReportView) -> Sequence[Chart]:
    said = view.statement
    unit = Words(said.gross.currency, said.gross.currency)
    amounts = [(words, getattr(said, name)) for name, words in _PARTS]
    values = [Decimal(each.amount_minor).scaleb(-CURRENCIES[each.currency]) for _, each in amounts]
    running = frozenset(() if view.complete else range(len(values)))
    labels = [words for words, _ in amounts]
    sold = [each.sold for each in view.offers]
    units, titles = Words("Units", "件"), [each.title for each in view.offers]
    return [
        Chart(
            Kind.BARS,
            Words("Revenue and costs", "收入与成本"),
            unit,
            labels,
            [Series(Words("Campaign", "活动"), values)],
            running,
        ),
        Chart(Kind.BARS, Words("Sold by offer", "各商品销量"), units, titles, [Series(Words("Sold", "已售"), sold)]),
    ]


CAMPAIGN = Report(
    "campaign",
    CampaignReportQuery,
    CampaignReportView,
    _run,
    _table,
    charts=_charts,
    facts=facts,
    title=Words("Closing report of a campaign", "团购总结"),
    tells=Words(
        "What a campaign came to: sales against its goal and budget, reach, satisfaction, cost and profit.",
        "一次团购的结果：销售与目标、预算的对比，触达、满意度、成本与利润。",
    ),
)
"""The closing report."""
