"""What was found, and what is asked for."""

from typing import Self

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.db import DateAttribute, InsightRecord, InstantAttribute, TenantRecord, key
from chalicelib.db.attributes import optional
from chalicelib.insight.associations.model import ItemUnit


class AssociationRecord(InsightRecord):
    """What was found by a unit in the orders of some local days, both included, by figures of a revision; see
    ``insight.model.association_results`` for ``content``, ``associations.model`` for ``marks``.
    """

    version = NumberAttribute(attr_name="v")
    figures_rev = NumberAttribute(attr_name="r")
    from_on = DateAttribute(attr_name="a")
    to_on = DateAttribute(attr_name="z")
    mined_at = InstantAttribute(attr_name="f")
    marks = BinaryAttribute(legacy_encoding=False, attr_name="m")
    content = BinaryAttribute(legacy_encoding=False, attr_name="c")

    @classmethod
    def address(cls, tenant_id: str, unit: ItemUnit) -> tuple[str, str]:
        return key(tenant_id, "associations"), unit.value

    @classmethod
    def of(cls, tenant_id: str, unit: ItemUnit) -> Self | None:
        return cls.fetch(*cls.address(tenant_id, unit), consistent=True)


class AssociationState(TenantRecord):
    """On which local day the report was read last, which job looks and when it was begun, and in how many orders, by
    figures of which revision, one looked last.
    """

    used_on = optional(DateAttribute(null=True))
    asked_at = optional(InstantAttribute(null=True))
    job_id = optional(UnicodeAttribute(null=True))
    looked_orders = NumberAttribute(default=0)
    looked_rev = optional(NumberAttribute(null=True))

    @staticmethod
    def address(tenant_id: str) -> tuple[str, str]:
        return key(tenant_id, "associations"), "state"
