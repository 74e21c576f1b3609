"""When a brand's figures were recounted last."""

from pynamodb.attributes import UnicodeAttribute

from chalicelib.db import DateAttribute, TenantRecord, key
from chalicelib.db.attributes import optional


class RecomputeState(TenantRecord):
    """The job that recounts, or did so last, and the day, in UTC, on which one was begun by itself."""

    job_id = optional(UnicodeAttribute(null=True))
    weekly_on = optional(DateAttribute(null=True))

    @staticmethod
    def address(tenant_id: str) -> tuple[str, str]:
        """The key, one for each tenant."""
        return key(tenant_id, "recompute"), "state"
