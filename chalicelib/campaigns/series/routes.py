"""Recurring campaigns over HTTP."""

from chalicelib.campaigns.drafting.model.completeness import CampaignIncomplete
from chalicelib.campaigns.routes import LOOKS, PLANS, TERMS
from chalicelib.campaigns.series.forms import NewSeries, SeriesChanges
from chalicelib.campaigns.series.model.recurrence import NoOccurrence, StartsTooFarAhead
from chalicelib.campaigns.series.service import series
from chalicelib.campaigns.series.service.series import SeriesEnded
from chalicelib.campaigns.series.views import SeriesView
from chalicelib.kernel.errors import Stale
from chalicelib.kernel.wall_time import LocalTimeAmbiguous, LocalTimeMissing
from chalicelib.web import Answer, Call, Paged, Router

routes = Router(__name__)

RULES = (CampaignIncomplete, LocalTimeAmbiguous, LocalTimeMissing, NoOccurrence, StartsTooFarAhead, *TERMS)


@routes.post(
    "/v1/campaign-series", allow=PLANS, body=NewSeries, answer=SeriesView, status=201, tag="campaigns", errors=RULES,
    summary="Set up a recurring campaign in the brand's local time",
)  # fmt: skip
def create_series(call: Call[NewSeries]) -> Answer:
    body = call.body
    made = series.create_series(
        call.tenant_id, body.terms(), body.rule.to_rule(), call.principal, call.now,
        hours_ahead=body.hours_ahead, arrives_after_days=body.arrives_after_days, publish=body.publish,
    )  # fmt: skip
    return Answer(SeriesView.of(made, call.now), etag=int(made.rev))


@routes.get(
    "/v1/campaign-series", allow=LOOKS, answer=SeriesView, paged=True, tag="campaigns",
    summary="List recurring campaigns, newest first",
)  # fmt: skip
def list_series(call: Call[None]) -> Paged:
    page = series.list_series(call.tenant_id, limit=call.limit, cursor=call.cursor)
    return Paged([SeriesView.of(each, call.now) for each in page.items], page.last_key)


@routes.get(
    "/v1/campaign-series/{id}", allow=LOOKS, answer=SeriesView, tag="campaigns",
    summary="Read a recurring campaign with its next openings",
)  # fmt: skip
def read_series(call: Call[None]) -> Answer:
    found = series.get_series(call.tenant_id, call.path["id"])
    return Answer(SeriesView.of(found, call.now), etag=int(found.rev))


@routes.patch(
    "/v1/campaign-series/{id}", allow=PLANS, body=SeriesChanges, answer=SeriesView, tag="campaigns",
    errors=(SeriesEnded, Stale, *RULES), summary="Change, pause or resume a recurring campaign",
)  # fmt: skip
def edit_series(call: Call[SeriesChanges]) -> Answer:
    edited = series.edit_series(
        call.tenant_id, call.path["id"], call.body.changes(), call.principal, call.now, call.if_match
    )
    return Answer(SeriesView.of(edited, call.now), etag=int(edited.rev))


@routes.delete(
    "/v1/campaign-series/{id}", allow=PLANS, status=204, tag="campaigns", errors=(Stale,),
    summary="End a recurring campaign; what it made stays",
)  # fmt: skip
def end_series(call: Call[None]) -> None:
    series.end_series(call.tenant_id, call.path["id"], call.principal, call.now, call.if_match)
