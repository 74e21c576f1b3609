"""Jobs as they are stored, with their keys."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.jobs.model import QUEUES, STALLED, UNFINISHED
from chalicelib.kernel.clock import sortable


class JobRecord(TenantRecord):
    """Long work: what was asked, how far it is, what went wrong. ``cursor`` is where the next slice begins."""

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

    def arrange(self) -> None:
        self.gsi1pk = self.partition_of_all(self.tenant_id)
        self.gsi1sk = f"{sortable(self.created_at)}#{self.id}"
        self.schedule(self.due_at if self.status in UNFINISHED else None, STALLED, QUEUES[self.kind])
