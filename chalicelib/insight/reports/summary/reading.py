"""The summary is asked for."""

from chalicelib.insight.model.charts import Words
from chalicelib.insight.model.comparison import Compare
from chalicelib.insight.model.slices import Dimension
from chalicelib.insight.model.summary import By
from chalicelib.insight.reports.excluding import rules_of
from chalicelib.insight.reports.report import Asked, Report
from chalicelib.insight.reports.service.conversion import conversions_of
from chalicelib.insight.reports.service.summary import summarise
from chalicelib.insight.reports.summary.answer import SummaryQuery, SummaryView
from chalicelib.insight.reports.summary.drawn import charts
from chalicelib.insight.reports.summary.tables import table

_DIMENSIONS = frozenset(Dimension)


def _run(asked: Asked[SummaryQuery]) -> SummaryView:
    query = asked.query
    by = None if query.by is None else Dimension(query.by) if query.by in _DIMENSIONS else By(query.by)
    compare = Compare(query.compare) if query.compare else None
    found = summarise(asked.tenant_id, query.from_on, query.to_on, by, asked.now, rules_of(query.exclude), compare)
    return SummaryView.of(found, conversions_of(asked.tenant_id, found.dated), asked.locale)


SUMMARY = Report(
    "summary",
    SummaryQuery,
    SummaryView,
    _run,
    table,
    charts=charts,
    title=Words("Sales and orders", "销售与订单"),
    tells=Words(
        "What days came to: sales, orders, units and members, beside the days before if you like.",
        "所选日期的销售额、订单、件数与会员数，可与之前对比。",
    ),
)
