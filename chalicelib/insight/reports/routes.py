"""HTTP routes of reports."""

from chalicelib.insight.reports.catalogue import GivenQuery, UnknownReport, named, query_of
from chalicelib.insight.reports.picture import NoChart, picture
from chalicelib.insight.reports.report import Asked, check_reader, state_of
from chalicelib.kernel.clock import zone
from chalicelib.kernel.cursor import BadCursor
from chalicelib.kernel.errors import NotFound
from chalicelib.media.service.downloads import hand_out
from chalicelib.web import Answer, Call, Documented, Router, Svg, View, staff

routes = Router(__name__)


def _documented() -> Documented:
    from chalicelib.insight.reports.whole import AnyReport, ReportQuery  # a request asks for one report

    return Documented(ReportQuery, AnyReport)


class CampaignReportLink(View):
    """Where the report is read."""

    url: str


@routes.get(
    "/v1/reports/{name}", allow=staff("manager", "planner", "analyst"), query=GivenQuery, documented=_documented,
    csv=True, xlsx=True, svg=True, tag="insight", summary="Read a report",
    errors=(BadCursor, NoChart, NotFound, UnknownReport),
)  # fmt: skip
def read_report(call: Call[None]) -> object:
    """`summary` (from_on, to_on, by, exclude, compare) and `today`, what days came to; `retention` (from_on,
    to_on, unit, mode, brackets, days, window_days, periods, figure, group_by, segment_id, group, members), `lifecycle`
    (from_on, to_on, unit, members), `classes` (as_of, members), `rfm` (from_on, as_of, of_class, members),
    `lifetime-value` (as_of, members) and `leaving` (from_on, to_on, members), who comes back and who does not;
    `heatmap` (from_on, to_on, exclude), `best-time` (from_on, to_on, slot_hours, member_id) and `periodicity`
    (from_on, to_on, goods), when members order; `funnel` (steps, window_hours, order, entry, per, channel, campaign,
    product, split, from_on, to_on, members), how far people come; `personas` (to_on, members) and `preferences`
    (from_on, to_on), who members are and what they prefer; `distribution` (measure, bin_width, from_on, to_on,
    exclude, members), how a measure of members is distributed; `profit` (from_on, to_on, by, allocate, exclude) and
    `campaign` (id), a campaign's closing report; `service` (from_on, to_on, cases_by), how soon cases are answered and
    ended, and `service-rates` (from_on, to_on), how many praise and complain; `associations` (unit, min_count,
    min_confidence, max_items), what is bought together; `data-quality` (from_on, to_on), what is doubtful; what growth
    costs and brings: `promotion` and `coupon-batch` (id, from_on, to_on), `points` and `tiers` (from_on, to_on),
    `growth`; and `wanted`, what members wait for, are to be told of, and keep. Planners read the last six alone. As
    CSV or a workbook by `format` or Accept; `format=svg` draws one of its charts. Days are the tenant's local days.
    The ETag changes with the answer, also where its `revision` stays: weeks, tiers, segments and classes are as the
    brand has them now."""
    report = named(call.path["name"])
    check_reader(report, call.principal)
    query = query_of(report, call.query.model_dump(exclude_unset=True), call.locale)
    view = report.run(Asked(call.tenant_id, query, call.locale, call.now))
    if query.format == "svg":
        return Svg(picture(report, view, query, call.locale))
    if not call.wants_table:
        return Answer(view, headers={"ETag": f'"{state_of(view, "next_cursor")}"'})
    return hand_out(call, report.table(view), zone(view.timezone))


@routes.get(
    "/v1/campaigns/{id}/report", allow=staff("manager", "analyst"), answer=CampaignReportLink, status=303,
    tag="insight", summary="Find the closing report of a campaign", errors=(NotFound,),
)  # fmt: skip
def find_campaign_report(call: Call[None]) -> Answer:
    """Leads to `/v1/reports/campaign?id=…`."""
    from chalicelib.campaigns.service.reading import get_campaign  # no report by its name needs it

    campaign = get_campaign(call.tenant_id, call.path["id"])
    url = f"{call.base_url}/v1/reports/campaign?id={campaign.id}"
    return Answer(CampaignReportLink(url=url), headers={"Location": url})
