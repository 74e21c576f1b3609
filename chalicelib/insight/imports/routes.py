"""HTTP routes of imports."""

from chalicelib.insight.activity.model.columns import BadHeader
from chalicelib.insight.imports.errors import FileTooLarge, NotUploaded, NotYetAvailable
from chalicelib.insight.imports.forms import MOST_BODY_BYTES, NewImport
from chalicelib.insight.imports.service import starting
from chalicelib.jobs.model import JobNotFound
from chalicelib.jobs.views import JobAnswer
from chalicelib.web import Answer, Call, Router, staff

routes = Router(__name__)

_MANAGERS = staff("manager")


@routes.post(
    "/v1/imports",
    allow=_MANAGERS,
    body=NewImport,
    answer=JobAnswer,
    status=202,
    tag="insight",
    summary="Import a CSV file in the background",
    errors=(BadHeader, NotYetAvailable, FileTooLarge),
    most_body_bytes=MOST_BODY_BYTES,
)
def create_import(call: Call[NewImport]) -> Answer:
    """Each order reference counts once, in whatever file and however often it comes; a bad row spoils only itself."""
    job = starting.start_import(call.tenant_id, call.body.kind, call.body.csv, call.principal, call.now, call.locale)
    return JobAnswer.of(job, call).accepted()


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
    job = starting.start_uploaded(call.tenant_id, call.path["id"], call.principal, call.now)
    return JobAnswer.of(job, call).accepted()
