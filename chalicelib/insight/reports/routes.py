"""HTTP routes of reports."""

from chalicelib.insight.reports.catalogue import AnyReport, ReportQuery, UnknownReport, named, query_of
from chalicelib.insight.reports.picture import NoChart, picture
from chalicelib.insight.reports.report import Asked, check_reader
from chalicelib.kernel.clock import zone
from chalicelib.kernel.cursor import BadCursor
from chalicelib.kernel.errors import NotFound
from chalicelib.media.service.downloads import hand_out
from chalicelib.web import Call, Router, Svg, staff

routes = Router(__name__)


@routes.get(
    "/v1/reports/{name}", allow=staff("manager", "planner", "analyst"), query=ReportQuery, answer=AnyReport, csv=True,
    xlsx=True, svg=True, tag="insight", summary="Read a report",
    errors=(BadCursor, NoChart, NotFound, UnknownReport),
)  # fmt: skip
def read_report(call: Call[None]) -> object:
    """`summary` (from_on, to_on, by, exclude, compare), `today`, `leaving` (from_on, to_on, members); `retention`
    (from_on, to_on, unit, mode, brackets, days, window_days, periods, measure, group_by, segment_id, group, members)
    and `lifecycle` (from_on, to_on, unit, members); `heatmap` and `periodicity` (from_on, to_on, members), `best-time`
    (from_on, to_on, slot_hours), when members order; `classes` (as_of, members) and `rfm` (from_on, as_of, of_class,
    members); `distribution` (from_on, to_on, of, bin_width, members), mean, quantiles and histogram; `funnel` (from_on,
    to_on, steps, window_hours, order, entry, per, channel, campaign, split, members), how far people come; `personas`
    (to_on, members) and `preferences` (from_on, to_on), who members are and what they prefer; `lifetime-value` (as_of,
    members), what members will bring; `data-quality` (from_on, to_on), what is doubtful; `service-rates` (from_on,
    to_on), how many praise and complain; what growth costs and brings: `promotion` and `coupon-batch` (id, from_on,
    to_on), `points` and `tiers` (from_on, to_on), `growth`; and `wanted`, what members wait for, are to be told of, and
    keep. Planners read the latter, from `promotion` on, alone. As CSV or a workbook by `format` or Accept; `format=svg`
    draws one of its charts. Days are the tenant's local days."""
    report = named(call.path["name"])
    check_reader(report, call.principal)
    query = query_of(report, call.query)
    view = report.run(Asked(call.tenant_id, query, call.locale, call.now))
    if query.format == "svg":
        return Svg(picture(report, view, query, call.locale))
    if not call.wants_table:
        return view
    return hand_out(call, report.table(view), zone(view.timezone))
