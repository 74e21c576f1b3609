"""How far a brand's members have been looked at for what a new day makes of them."""

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.db import DateAttribute, TenantRecord, key
from chalicelib.db.attributes import optional


class AgeingRecord(TenantRecord):
    """``through_on`` is the last local day that was dealt with whole; of the one after it everything before ``step``
    was, and of that the ordinals up to ``after``.
    """

    through_on = optional(DateAttribute(null=True))
    step = optional(UnicodeAttribute(null=True))
    after = optional(NumberAttribute(null=True))

    @staticmethod
    def address(tenant_id: str) -> tuple[str, str]:
        """The key, one for each tenant."""
        return key(tenant_id, "ageing"), "state"
