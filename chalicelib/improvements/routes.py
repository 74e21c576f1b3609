"""HTTP routes of improvements and reports: the team works on them, the shop tells of them."""

from typing import Any

from chalicelib.improvements.errors import AlreadyPublished, NotDone, NothingToShow, TooFewAnswers
from chalicelib.improvements.forms import ImprovementEdit, NewImprovement, NewReport, ReportEdit
from chalicelib.improvements.records import ImprovementRecord, ReportRecord
from chalicelib.improvements.service import improving, reporting
from chalicelib.improvements.views import (
    ImprovementView,
    PublishedImprovementView,
    PublishedReportEntryView,
    PublishedReportView,
    ReportEntryView,
    ReportFiguresView,
    ReportView,
)
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import NotFound, Stale
from chalicelib.kernel.local_day import local_date
from chalicelib.surveys.errors import PublishedTooOften, TooManyAnswers
from chalicelib.tenants.service.brand import get_tenant
from chalicelib.web import Answer, Call, Paged, Router, anyone, staff

routes = Router(__name__)

_TEAM = staff("manager", "planner", "service")
_READERS = staff("manager", "planner", "service", "analyst")


@routes.post(
    "/v1/improvements", allow=_TEAM, body=NewImprovement, answer=ImprovementView, status=201, tag="service",
    summary="Write down what is to become better", errors=(TooManyAnswers,),
)  # fmt: skip
def create_improvement(call: Call[NewImprovement]) -> Answer:
    """Its figure as it is now is kept with it."""
    body = call.body
    return _answer(improving.create_improvement(call.tenant_id, body.followed(), body.task(), call.principal, call.now))


@routes.get(
    "/v1/improvements", allow=_READERS, answer=ImprovementView, paged=True, tag="service",
    summary="List what is to become better, newest first",
)  # fmt: skip
def list_improvements(call: Call[None]) -> Paged:
    page = improving.list_improvements(call.tenant_id, call.limit, call.cursor)
    return Paged([ImprovementView.of(each) for each in page.items], page.last_key)


@routes.get(
    "/v1/improvements/{id}", allow=_READERS, answer=ImprovementView, tag="service", summary="Show an improvement",
    errors=(NotFound,),
)  # fmt: skip
def get_improvement(call: Call[None]) -> Answer:
    return _answer(improving.get_improvement(call.tenant_id, call.path["id"]))


@routes.patch(
    "/v1/improvements/{id}", allow=_TEAM, body=ImprovementEdit, answer=ImprovementView, tag="service",
    summary="Change an improvement, say what was done, publish it",
    errors=(NotFound, Stale, NotDone, PublishedTooOften, TooManyAnswers),
)  # fmt: skip
def edit_improvement(call: Call[ImprovementEdit]) -> Answer:
    return _answer(
        improving.edit_improvement(
            call.tenant_id, call.path["id"], call.body.changes(), call.if_match, call.principal, call.now
        )
    )


@routes.post(
    "/v1/improvements/{id}/measure", allow=_TEAM, answer=ImprovementView, tag="service",
    summary="Measure an improvement's figure anew",
    errors=(NotFound, NotDone, TooFewAnswers, PublishedTooOften, TooManyAnswers),
)  # fmt: skip
def measure_improvement(call: Call[None]) -> Answer:
    """Over the answers since it was done."""
    return _answer(improving.measure(call.tenant_id, call.path["id"], call.principal, call.now))


@routes.get(
    "/v1/stores/{slug}/improvements", allow=anyone(), answer=PublishedImprovementView, paged=True, tag="service",
    summary="Read what members said and what became better, the latest first",
)  # fmt: skip
def published_improvements(call: Call[None]) -> Paged:
    tz = zone(get_tenant(call.tenant_id).timezone)
    page = improving.list_published(call.tenant_id, call.limit, call.cursor)
    items = [PublishedImprovementView.of(each, local_date(each.done_at, tz)) for each in page.items if each.done_at]
    return Paged(items, page.last_key)


@routes.post(
    "/v1/survey-reports", allow=_TEAM, body=NewReport, answer=ReportView, status=201, tag="service",
    summary="Make a report of a survey ready to be published", errors=(TooManyAnswers,),
)  # fmt: skip
def create_survey_report(call: Call[NewReport]) -> Answer:
    """Nobody but the team sees it until it is published; its figures are as they would be now."""
    body = call.body
    made = reporting.create_report(call.tenant_id, body.reported(), body.texts.words(), call.principal, call.now)
    return _report(call, made)


@routes.get(
    "/v1/survey-reports", allow=_READERS, answer=ReportEntryView, paged=True, tag="service",
    summary="List reports of surveys, newest first",
)  # fmt: skip
def list_survey_reports(call: Call[None]) -> Paged:
    page = reporting.list_reports(call.tenant_id, call.limit, call.cursor)
    return Paged([ReportEntryView.of(each) for each in page.items], page.last_key)


@routes.get(
    "/v1/survey-reports/{id}", allow=_READERS, answer=ReportView, tag="service",
    summary="Show a report of a survey with its figures", errors=(NotFound, TooManyAnswers),
)  # fmt: skip
def get_survey_report(call: Call[None]) -> Answer:
    """As they were published or, of a draft, as they would be now."""
    return _report(call, reporting.get_report(call.tenant_id, call.path["id"]))


@routes.patch(
    "/v1/survey-reports/{id}", allow=_TEAM, body=ReportEdit, answer=ReportView, tag="service",
    summary="Change the words of a report, and until it is published its questions",
    errors=(NotFound, Stale, AlreadyPublished, TooManyAnswers),
)  # fmt: skip
def edit_survey_report(call: Call[ReportEdit]) -> Answer:
    changes, principal = call.body.changes(), call.principal
    return _report(
        call, reporting.edit_report(call.tenant_id, call.path["id"], changes, call.if_match, principal, call.now)
    )


@routes.post(
    "/v1/survey-reports/{id}/publish", allow=_TEAM, answer=ReportView, tag="service",
    summary="Publish a report of a survey in the shop",
    errors=(NotFound, NothingToShow, PublishedTooOften, TooManyAnswers),
)  # fmt: skip
def publish_survey_report(call: Call[None]) -> Answer:
    """Its figures are counted now, and stay. What fewer than five answered is hidden, and what would tell it by
    comparison with anything that was published of the survey before, also where that was withdrawn. One that was
    withdrawn shows again what it did.
    """
    return _report(call, reporting.publish_report(call.tenant_id, call.path["id"], call.principal, call.now))


@routes.post(
    "/v1/survey-reports/{id}/withdraw", allow=_TEAM, answer=ReportView, tag="service",
    summary="Take a report of a survey out of the shop", errors=(NotFound, TooManyAnswers),
)  # fmt: skip
def withdraw_survey_report(call: Call[None]) -> Answer:
    return _report(call, reporting.withdraw_report(call.tenant_id, call.path["id"], call.principal, call.now))


@routes.get(
    "/v1/stores/{slug}/survey-reports", allow=anyone(), answer=PublishedReportEntryView, paged=True, tag="service",
    summary="List what surveys came to, the latest first",
)  # fmt: skip
def published_survey_reports(call: Call[None]) -> Paged:
    tz = zone(get_tenant(call.tenant_id).timezone)
    page = reporting.list_published_reports(call.tenant_id, call.limit, call.cursor)
    listed = [(each, each.published_at) for each in page.items]
    items = [PublishedReportEntryView.of(each, local_date(at, tz)) for each, at in listed if at]
    return Paged(items, page.last_key)


@routes.get(
    "/v1/stores/{slug}/survey-reports/{id}", allow=anyone(), answer=PublishedReportView, tag="service",
    summary="Read what a survey came to, and what became better since", errors=(NotFound,),
)  # fmt: skip
def published_survey_report(call: Call[None]) -> PublishedReportView:
    """Figures of at least five people, that together with any others that were published tell of no fewer."""
    found = reporting.published_report(call.tenant_id, call.path["id"])
    tz = zone(get_tenant(call.tenant_id).timezone)
    better = [
        PublishedImprovementView.of(each, local_date(each.done_at, tz))
        for each in reporting.improvements_of(found)
        if each.done_at
    ]
    shown = reporting.figures_of(found, call.now)
    entry = PublishedReportEntryView.of(found, local_date(found.published_at or shown.at, tz))
    return PublishedReportView.model_validate(
        {
            **entry.model_dump(),
            "source": found.source,
            "wave": found.wave,
            "figures": ReportFiguresView.of(shown),
            "improvements": better,
        }
    )


def _report(call: Call[Any], record: ReportRecord) -> Answer:
    return Answer(ReportView.with_figures(record, reporting.figures_of(record, call.now)), etag=int(record.rev))


def _answer(record: ImprovementRecord) -> Answer:
    return Answer(ImprovementView.of(record), etag=int(record.rev))
