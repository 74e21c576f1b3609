"""HTTP routes of reports."""

from chalicelib.insight.reports.catalogue import AnyReport, ReportQuery, UnknownReport, named, query_of
from chalicelib.insight.reports.report import Asked
from chalicelib.kernel.clock import zone
from chalicelib.kernel.cursor import BadCursor
from chalicelib.media.service.downloads import hand_out
from chalicelib.web import Call, Router, staff

routes = Router(__name__)


@routes.get(
    "/v1/reports/{name}", allow=staff("manager", "analyst"), query=ReportQuery, answer=AnyReport, csv=True,
    xlsx=True, tag="insight", summary="Read a report", errors=(BadCursor, UnknownReport),
)  # fmt: skip
def read_report(call: Call[None]) -> object:
    """`summary` (from_on, to_on, by), `today` or `retention` (from_on, to_on, unit, mode, brackets, periods, members);
    as CSV or a workbook by `format` or Accept. Days are the tenant's local days."""
    report = named(call.path["name"])
    view = report.run(Asked(call.tenant_id, query_of(report, call.query), call.locale, call.now))
    if not call.wants_table:
        return view
    return hand_out(call, report.table(view), zone(view.timezone))
