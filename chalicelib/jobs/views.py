"""Jobs as they are shown over HTTP."""

from typing import Any

from pydantic import Field

from chalicelib.jobs import service as jobs
from chalicelib.jobs.model import ROLES, names_people, percent
from chalicelib.jobs.records import JobRecord
from chalicelib.kernel.context import contacts_shown
from chalicelib.web import Answer, Call, Contact, Instant, View

MAY_IMPORT = ("manager",)
"""Besides owners: what is uploaded with a job's form is imported in the name of who announced it."""


class RowErrorView(View):
    """A row that was refused. Rows are numbered as in a spreadsheet: the header is row 1. ``message`` says what stands
    there, so it is null for who is not shown how people are reached.
    """

    row: int
    message: Contact[str] = Field(description="It may quote the row; null where that may say how people are reached.")


class DifferenceView(View):
    """A figure that stands otherwise than its records come to. ``period`` is a local day, a month or a cohort, ``cell``
    names the number in it; null where there is none on that side.
    """

    check: str
    period: str
    cell: str
    stored: int | None = None
    recounted: int | None = None


class JobView(View):
    """Long work. ``errors`` lists the first fifty; ``result_url`` leads to all of them, as a CSV, or to the file that
    an export has made, for an hour; it is null once the file is gone, at ``result_expires_at``, where it may say how
    people are reached and you are not shown that, and where your role does not read the report that it is of.
    ``rows`` are those of the file, which was ``begun_anew`` so often since its figures changed meanwhile;
    ``encoding`` is that in which an import was read; of a ``dry_run`` nothing was written, and ``imported`` and
    ``duplicates`` say what would be. The undoing of the import ``import_id`` has removed what so many of its rows
    made (``undone``); what others made has ``stayed``. ``added`` are those imported rows that are variants of
    products that stood before. ``undo_id`` is the latest such job of an import.
    """

    id: str
    kind: str
    status: str
    done: int
    total: int
    percent: int
    imported: int | None = None
    added: int | None = None
    duplicates: int | None = None
    changed_days: int | None = None
    undone: int | None = None
    stayed: int | None = None
    compared: int | None = Field(None, description="Of a recount: how many stored figures were counted again.")
    differing: int | None = Field(None, description="Of a recount: how many stand otherwise than they were counted.")
    differences: list[DifferenceView] | None = Field(None, description="The first hundred of those.")
    waiting_days: int | None = Field(
        None, description="Of a recount: days that were left out, since they wait for their rollup."
    )
    import_id: str | None = None
    undo_id: str | None = None
    rows: int | None = None
    begun_anew: int | None = None
    encoding: str | None = None
    dry_run: bool = False
    errors: list[RowErrorView]
    errors_total: int
    result_url: str | None = None
    result_expires_at: Instant | None = None
    upload_url: str | None = None
    upload_fields: dict[str, str] | None = None
    detail: str | None = None
    created_at: Instant
    finished_at: Instant | None = None

    @classmethod
    def of(cls, job: JobRecord, call: Call[Any]) -> "JobView":
        form = jobs.upload_form(job) if call.principal.has(*MAY_IMPORT) else None
        return cls(
            id=job.id,
            kind=job.kind,
            status=job.status,
            done=int(job.done),
            total=int(job.total),
            percent=percent(int(job.done), int(job.total), job.status),
            errors=[RowErrorView(row=row, message=said[-1 if call.locale == "zh" else 0]) for row, *said in job.errors],
            errors_total=int(job.errors_total),
            dry_run=bool(job.params.get("dry")),
            import_id=job.params.get("import"),
            undo_id=job.params.get("undo"),
            encoding=job.params.get("dialect", {}).get("encoding"),
            result_url=jobs.result_url(job, call.now) if _may_open(job, call) else None,
            result_expires_at=jobs.result_expires_at(job),
            upload_url=form.url if form else None,
            upload_fields=form.fields if form else None,
            detail=job.detail,
            created_at=job.created_at,
            finished_at=job.finished_at,
            **job.counts,
        )


def _may_open(job: JobRecord, call: Call[Any]) -> bool:
    """Whether its file is for who asks: for the roles that it is of, and what it says of people."""
    if ROLES in job.params and not call.principal.has(*job.params[ROLES]):
        return False
    return contacts_shown.get() or not names_people(job.params)


class JobAnswer(View):
    """A job that was accepted; ask for it at ``/v1/jobs/{id}``."""

    id: str
    status: str
    upload_url: str | None = Field(
        None,
        description="Where to POST the file, when it was not sent along: a multipart form with all `upload_fields` "
        "and, last, the `file`. It works for an hour.",
    )
    upload_fields: dict[str, str] | None = None
    job: JobView

    @classmethod
    def of(cls, job: JobRecord, call: Call[Any]) -> "JobAnswer":
        shown = JobView.of(job, call)
        return cls(
            id=shown.id,
            status=shown.status,
            upload_url=shown.upload_url,
            upload_fields=shown.upload_fields,
            job=shown,
        )

    def accepted(self) -> Answer:
        """The answer with the place where the job is to be asked for."""
        return Answer(self, headers={"Location": f"/v1/jobs/{self.id}"})
