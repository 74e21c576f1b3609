"""HTTP routes of scheduled reports."""

from typing import Any

from chalicelib.insight.report_schedules.errors import NotOnTheTeam, TooManySchedules
from chalicelib.insight.report_schedules.forms import NewSchedule, ScheduleChanges, StandardSchedules
from chalicelib.insight.report_schedules.records import ScheduleRecord
from chalicelib.insight.report_schedules.service import recipients, scheduling
from chalicelib.insight.report_schedules.views import ScheduleView, StandardView
from chalicelib.insight.reports.catalogue import UnknownReport
from chalicelib.kernel.errors import NotFound, Stale
from chalicelib.web import Answer, Call, Paged, Router, staff

routes = Router(__name__)

_READERS = staff("manager", "planner", "analyst")
_REFUSED = (NotFound, NotOnTheTeam)


@routes.post(
    "/v1/report-schedules", allow=_READERS, body=NewSchedule, answer=ScheduleView, status=201, tag="insight",
    errors=(UnknownReport, TooManySchedules, *_REFUSED), summary="Have a report sent by e-mail every so often",
)  # fmt: skip
def create_report_schedule(call: Call[NewSchedule]) -> Answer:
    """For who may read the report, and to people of the team who may. It comes once at the brand's wall time, also
    where clocks show that twice or skip it; it waits up to six hours until the figures of its period are complete, and
    says so where they are not."""
    fields = {name: getattr(call.body, name) for name in NewSchedule.model_fields}
    made = scheduling.create_schedule(call.tenant_id, fields, call.locale, call.principal, call.now)
    return _answer(call, made)


@routes.post(
    "/v1/report-schedules/standard", allow=staff("manager", "analyst"), body=StandardSchedules, answer=StandardView,
    status=201, tag="insight", errors=(NotOnTheTeam, TooManySchedules),
    summary="Have the reviews of each day, week, month, quarter and year sent",
)  # fmt: skip
def create_standard_schedules(call: Call[StandardSchedules]) -> StandardView:
    """The sales of each period beside the one before. Asked for again, it changes nothing."""
    made = scheduling.create_standard(call.tenant_id, call.body.recipients, call.locale, call.principal, call.now)
    return StandardView(items=_shown(call, made))


@routes.get(
    "/v1/report-schedules", allow=_READERS, answer=ScheduleView, paged=True, tag="insight",
    summary="List scheduled reports, newest first",
)  # fmt: skip
def list_report_schedules(call: Call[None]) -> Paged:
    page = scheduling.list_schedules(call.tenant_id, limit=call.limit, cursor=call.cursor)
    return Paged(_shown(call, page.items), page.last_key)


@routes.get(
    "/v1/report-schedules/{id}", allow=_READERS, answer=ScheduleView, tag="insight", errors=(NotFound,),
    summary="Read a scheduled report",
)  # fmt: skip
def read_report_schedule(call: Call[None]) -> Answer:
    return _answer(call, scheduling.get_schedule(call.tenant_id, call.path["id"]))


@routes.patch(
    "/v1/report-schedules/{id}", allow=_READERS, body=ScheduleChanges, answer=ScheduleView, tag="insight",
    errors=(*_REFUSED, Stale), summary="Change a scheduled report, pause it or take it up again",
)  # fmt: skip
def edit_report_schedule(call: Call[ScheduleChanges]) -> Answer:
    changes = call.body.changes()
    edited = scheduling.edit_schedule(call.tenant_id, call.path["id"], changes, call.principal, call.now, call.if_match)
    return _answer(call, edited)


@routes.delete(
    "/v1/report-schedules/{id}", allow=_READERS, status=204, tag="insight", errors=(NotFound, Stale),
    summary="Delete a scheduled report",
)  # fmt: skip
def delete_report_schedule(call: Call[None]) -> None:
    scheduling.delete_schedule(call.tenant_id, call.path["id"], call.principal, call.now, call.if_match)


def _answer(call: Call[Any], kept: ScheduleRecord) -> Answer:
    (shown,) = _shown(call, [kept])
    return Answer(shown, etag=int(kept.rev))


def _shown(call: Call[Any], found: list[ScheduleRecord]) -> list[ScheduleView]:
    team = recipients.of_ids(call.tenant_id, [each for kept in found for each in kept.recipients])
    return [ScheduleView.of(kept, team, call.locale) for kept in found]
