"""Jobs as they are stored, with their keys."""

from datetime import datetime

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.jobs.model import (
    NOT_UPLOADED,
    STALLED,
    STALLED_AFTER,
    STARTABLE,
    UNFINISHED,
    UPLOADED_WITHIN,
    Kind,
    Status,
)
from chalicelib.kernel.clock import sortable


class JobRecord(TenantRecord):
    """Long work: what was asked, how far it is, what went wrong. ``cursor`` is where the next slice begins.
    ``upload_key`` names the file that is awaited, ``result_key`` what it has made.

    ``gsi1`` lists the tenant's jobs by their creation. While it is not finished it is due long after its last message;
    one that awaits a file, when it has awaited it long enough.
    """

    kind = UnicodeAttribute()
    status = UnicodeAttribute()
    created_at = InstantAttribute()
    finished_at = InstantAttribute(null=True)
    created_by = UnicodeAttribute()
    params = JsonAttribute()
    cursor = JsonAttribute(null=True)
    done = NumberAttribute(default=0)
    total = NumberAttribute(default=0)
    counts = JsonAttribute(default=dict)
    errors = JsonAttribute(default=list)
    errors_total = NumberAttribute(default=0)
    detail = UnicodeAttribute(null=True)
    stalls = NumberAttribute(default=0)
    upload_key = UnicodeAttribute(null=True)
    result_key = UnicodeAttribute(null=True)

    def arrange(self) -> None:
        """Stands in the list of all, and is due only while there is something left to come."""
        self.gsi1pk = self.partition_of_all(self.tenant_id)
        self.gsi1sk = f"{sortable(self.created_at)}#{self.id}"
        if self.status not in UNFINISHED | STARTABLE:
            self.schedule(None)

    def enqueue(self, kind: Kind, now: datetime) -> None:
        """Has the next write send the message that continues the job, and the sweep ask after it much later."""
        self.emit(kind.message, now, job_id=self.id)
        self.schedule(now + STALLED_AFTER, STALLED, kind.queue)

    def await_upload(self, kind: Kind, key: str, now: datetime) -> None:
        """Waits for a file; the sweep asks after it when it has not come."""
        self.upload_key = key
        self.schedule(now + UPLOADED_WITHIN, NOT_UPLOADED, kind.queue)

    def finish(self, status: Status, now: datetime, detail: str | None = None) -> None:
        """Ends the job with the next write."""
        self.status, self.finished_at, self.detail = status, now, detail
        if status is Status.DONE:
            self.total = self.done

    @property
    def id(self) -> str:
        return str(self.pk).rpartition("#")[2]

    @staticmethod
    def address(tenant_id: str, job_id: str) -> tuple[str, str]:
        return key(tenant_id, "job", job_id), "job"

    @staticmethod
    def partition_of_all(tenant_id: str) -> str:
        """The ``gsi1`` partition with the tenant's jobs, by their creation."""
        return key(tenant_id, "jobs")
