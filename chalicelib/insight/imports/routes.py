"""HTTP routes of imports."""

from chalicelib.insight.activity.model.columns import BadHeader
from chalicelib.insight.imports.errors import (
    AlreadyStarted,
    BadWorkbook,
    FileReplaced,
    FileTooLarge,
    NotUndoable,
    NotUploaded,
)
from chalicelib.insight.imports.forms import MOST_BODY_BYTES, LookAtFile, NewImport, StartImport, UndoImport
from chalicelib.insight.imports.model.mapping import FIELDS
from chalicelib.insight.imports.service import starting, undoing
from chalicelib.insight.imports.views import PreviewView
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
    errors=(BadHeader, FileTooLarge),
    most_body_bytes=MOST_BODY_BYTES,
)
def create_import(call: Call[NewImport]) -> Answer:
    """Each order reference counts once, in whatever file and however often it comes; a bad row spoils only itself."""
    job = starting.start_import(call.tenant_id, call.body.kind, call.body.csv, call.principal, call.now, call.locale)
    return JobAnswer.of(job, call).accepted()


@routes.post(
    "/v1/imports/{id}/preview",
    allow=_MANAGERS,
    body=LookAtFile,
    answer=PreviewView,
    tag="insight",
    summary="Look at the columns and first rows of an uploaded file",
    errors=(JobNotFound, NotUploaded, AlreadyStarted, FileReplaced, BadHeader, BadWorkbook, FileTooLarge),
)
def preview_import(call: Call[LookAtFile]) -> PreviewView:
    """Nothing is imported; a workbook is read as its first sheet."""
    kind, found = starting.look_at(call.tenant_id, call.path["id"], call.body.header_row)
    return PreviewView.of(found, FIELDS[kind].names)


@routes.post(
    "/v1/imports/{id}/start",
    allow=_MANAGERS,
    body=StartImport,
    answer=JobAnswer,
    status=202,
    tag="insight",
    summary="Start an import whose file was uploaded, or try it out",
    errors=(JobNotFound, NotUploaded, FileReplaced, BadHeader, BadWorkbook, FileTooLarge),
)
def start_import(call: Call[StartImport]) -> Answer:
    """An import that is under way already is answered as it stands."""
    job = starting.start_uploaded(
        call.tenant_id, call.path["id"], call.principal, call.now, call.body.asked, dry_run=call.body.dry_run
    )
    return JobAnswer.of(job, call).accepted()


@routes.post(
    "/v1/imports/{id}/undo",
    allow=_MANAGERS,
    body=UndoImport,
    answer=JobAnswer,
    status=202,
    tag="insight",
    summary="Undo an import of products or members",
    errors=(JobNotFound, NotUndoable),
)
def undo_import(call: Call[UndoImport]) -> Answer:
    """What it made is removed, but for what was used or changed since: a product that a campaign offers or whose stock
    has moved, a member who has signed in or ordered. The job counts both, and its `errors` say why a row stays. It
    takes some minutes, during which nothing can begin with what is about to go.
    """
    job = undoing.start_undo(
        call.tenant_id, call.path["id"], call.principal, call.now, call.locale, dry_run=call.body.dry_run
    )
    return JobAnswer.of(job, call).accepted()
