"""What long work looks like from outside."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from chalicelib.kernel.errors import NotFound

ERRORS_SHOWN = 50
"""Row errors that a job itself lists; the complete list is a file."""


MOST_UPLOAD_BYTES = 50 * 1024 * 1024
"""What a file may have that a job works on."""

STALLED = "job.stalled"
"""The message about a job that nobody works on any more."""

STALLED_AFTER = timedelta(hours=3)
"""Longer than the queues deliver a message again before they give it up."""

MOST_STALLS = 3

NOT_UPLOADED = "job.not_uploaded"
"""The message about a job whose file was awaited, and that was not started."""

UPLOADED_WITHIN = timedelta(days=1)
"""Longer than an upload URL is good for."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of job, declared by the package that does the work: its name, the message that continues it, and on which
    queue; ``ended`` is the event that it has come to its end, where anybody waits for that.
    """

    name: str
    message: str
    queue: str
    ended: str | None = None


class Status(StrEnum):
    """``checked``: a file was tried out, nothing of it was written, and the job can be started."""

    AWAITING_UPLOAD = "awaiting_upload"
    CHECKED = "checked"
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


UNFINISHED = frozenset({Status.QUEUED, Status.RUNNING})
STARTABLE = frozenset({Status.AWAITING_UPLOAD, Status.CHECKED})


class JobNotFound(NotFound):
    """There is no such job, or it is another tenant's."""

    code, title, title_zh = "job_not_found", "There is no such job", "没有该任务"


CONTACTS = "contacts"
"""The parameter of a job that says whether its file says how people are reached."""


ROLES = "roles"
"""The parameter of a job that names the roles its file is for; one without is for all who see jobs."""


def names_people(params: Mapping[str, Any]) -> bool:
    """Whether a job's file may say how people are reached: each does that does not state otherwise."""
    return bool(params.get(CONTACTS, True))


def percent(done: int, total: int, status: str) -> int:
    """Whole percents, rounded down; 100 only when the job is done."""
    if status == Status.DONE:
        return 100
    return min(99, done * 100 // total) if total else 0
