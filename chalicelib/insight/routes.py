"""HTTP routes of insight: imports, rollups and reports."""

from typing import Annotated, Literal

from pydantic import Field

from chalicelib.insight.activity.model.rows import BadHeader
from chalicelib.insight.imports.service import starting as imports
from chalicelib.insight.reports import routes as reports
from chalicelib.insight.reports.views import AnyReport, ReportedDate
from chalicelib.insight.rollups.service import jobs as rollup_jobs
from chalicelib.jobs.model import FileTooLarge, JobNotFound, NotUploaded, NotYetAvailable
from chalicelib.jobs.views import JobAnswer
from chalicelib.web import Answer, Body, Call, Router, staff

routes = Router(__name__)

_MANAGERS = staff("manager")
_READERS = staff("manager", "analyst")
_MOST_BODY_BYTES = 10 * 1024 * 1024


class NewImport(Body):
    """A file to import. Without ``csv`` the answer holds an ``upload_url`` for files of up to 50 MB.

    Columns of an order file: ``order_ref``, ``member``, ``ordered_at`` (an instant) or ``ordered_on`` (a local date),
    ``quantity``, ``amount_minor``, ``currency``; optional: ``product_code``, ``category``, ``channel``,
    ``pickup_point``.
    """

    kind: Literal["orders", "members", "products"]
    csv: Annotated[str | None, Field(min_length=1, description="The file itself, UTF-8, up to 5 MB.")] = None


class NewRollup(Body):
    """Local days to roll up again, both included."""

    from_on: Annotated[ReportedDate, Field(strict=False)]
    to_on: Annotated[ReportedDate, Field(strict=False)]


@routes.post(
    "/v1/imports",
    allow=_MANAGERS,
    body=NewImport,
    answer=JobAnswer,
    status=202,
    tag="insight",
    summary="Import a CSV file in the background",
    errors=(BadHeader, NotYetAvailable, FileTooLarge),
    most_body_bytes=_MOST_BODY_BYTES,
)
def create_import(call: Call[NewImport]) -> Answer:
    """Each order reference counts once, in whatever file and however often it comes; a bad row spoils only itself."""
    job = imports.start_import(call.tenant_id, call.body.kind, call.body.csv, call.principal.label, call.now)
    return _accepted(JobAnswer.of(job))


@routes.post(
    "/v1/imports/{id}/start",
    allow=_MANAGERS,
    answer=JobAnswer,
    status=202,
    tag="insight",
    summary="Start an import whose file was uploaded",
    errors=(JobNotFound, NotUploaded, BadHeader, FileTooLarge),
)
def start_import(call: Call[None]) -> Answer:
    """An import that is under way already is answered as it stands."""
    return _accepted(JobAnswer.of(imports.start_uploaded(call.tenant_id, call.path["id"], call.now)))


@routes.post(
    "/v1/rollups",
    allow=_READERS,
    body=NewRollup,
    answer=JobAnswer,
    status=202,
    tag="insight",
    summary="Roll up a range of days again",
)
def create_rollup(call: Call[NewRollup]) -> Answer:
    """Reads those days again and overwrites their aggregates; what is unchanged keeps its revision. A day that has not
    ended is rolled up as far as it has come and does not count as complete."""
    by = call.principal.label
    job = rollup_jobs.start_rollup(call.tenant_id, call.body.from_on, call.body.to_on, by, call.now)
    return _accepted(JobAnswer.of(job))


@routes.get(
    "/v1/reports/{name}",
    allow=_READERS,
    query=reports.ReportQuery,
    answer=AnyReport,
    csv=True,
    tag="insight",
    summary="Read a report",
    errors=(reports.UnknownReport,),
)
def read_report(call: Call[None]) -> object:
    """`summary` (from_on, to_on, by) or `retention` (from_on, to_on, unit, mode, brackets, periods, members); as CSV
    with `format=csv` or `Accept: text/csv`. Days are the tenant's local days."""
    return reports.answer(call)


def _accepted(answer: JobAnswer) -> Answer:
    return Answer(answer, headers={"Location": f"/v1/jobs/{answer.id}"})
