"""Each time that somebody left, as it is stored, with its key."""

from datetime import date, datetime

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.db import DateAttribute, InstantAttribute, TenantRecord, key
from chalicelib.db.attributes import optional
from chalicelib.kernel.clock import sortable

LEFT, REJOINED = "member.left", "member.rejoined"


class LeavingRecord(TenantRecord):
    """That a member, by ordinal, left on a local day, why, and in their own words: ``by`` is ``member`` or ``staff``.
    ``back_at`` and ``back_by`` once they came back. Those of a local month stand together, by time.
    """

    ordinal = NumberAttribute()
    left_on = DateAttribute()
    left_at = InstantAttribute()
    reason = UnicodeAttribute()
    note = optional(UnicodeAttribute(null=True))
    by = UnicodeAttribute()
    back_at = optional(InstantAttribute(null=True))
    back_by = optional(UnicodeAttribute(null=True))

    @staticmethod
    def partition(tenant_id: str, on: date) -> str:
        """The partition of the month of a local day."""
        return key(tenant_id, "leavings", f"{on:%Y-%m}")

    @classmethod
    def address(cls, tenant_id: str, on: date, at: datetime, ordinal: int) -> tuple[str, str]:
        return cls.partition(tenant_id, on), f"{sortable(at)}#{ordinal:012d}"
