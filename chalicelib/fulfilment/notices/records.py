"""What a campaign's orders come to at each of its pickup points, as far as they are counted, with its key."""

from collections.abc import Mapping
from datetime import datetime

from pynamodb.attributes import NumberAttribute

from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, Transaction, key
from chalicelib.db.attributes import optional
from chalicelib.fulfilment.notices.model import AtPoint, Occasion

CONTINUE = "points.counting"


class PointsRecord(TenantRecord):
    """How far a campaign's orders are counted by pickup point, on one occasion: the shard of their index, and the key
    to continue after. ``by_point`` goes by the position of the point among those of the campaign; when all leaders were
    told, at ``told_at``, nothing of it is kept.
    """

    shard = NumberAttribute(default=0)
    after = JsonAttribute(null=True)
    stored = JsonAttribute(attr_name="by_point", default=dict)
    told_at = optional(InstantAttribute(null=True))

    @staticmethod
    def address(tenant_id: str, campaign_id: str, occasion: Occasion) -> tuple[str, str]:
        """The key, in the campaign's partition."""
        return key(tenant_id, "campaign", campaign_id), f"points#{occasion.value}"

    @classmethod
    def of(cls, tenant_id: str, campaign_id: str, occasion: Occasion) -> "PointsRecord":
        """The count as it stands; one that has not begun is new, with revision 0."""
        address = cls.address(tenant_id, campaign_id, occasion)
        return cls.fetch(*address, consistent=True) or cls(*address, rev=0)

    @property
    def by_point(self) -> dict[int, AtPoint]:
        return {int(n): AtPoint.from_json(stored) for n, stored in self.stored.items()}

    @by_point.setter
    def by_point(self, counted: Mapping[int, AtPoint]) -> None:
        self.stored = {str(n): at.as_json() for n, at in counted.items()}

    def ask_for_more(self, now: datetime) -> None:
        """Has the count go on with another message."""
        campaign_id, occasion = str(self.pk).rpartition("#")[2], str(self.sk).rpartition("#")[2]
        self.emit(CONTINUE, now, campaign_id=campaign_id, occasion=occasion)

    def write(self, tx: Transaction) -> None:
        """Adds it to a transaction, as ``points``: refused if another write came between."""
        if self.rev == 0:
            self.rev = 1
            tx.create("points", self)
        else:
            tx.replace("points", self)
