"""Where purchases are kept: in the InsightTable, in the partition of their member."""

from collections.abc import Iterator
from datetime import date
from typing import Self

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.db import InsightRecord, JsonAttribute, key
from chalicelib.db.attributes import optional
from chalicelib.histories.model import Part, Purchase


class PurchaseRecord(InsightRecord):
    """A purchase of a member, by ordinal. Short names: a history is read whole. It is absent where nothing stands."""

    amount_minor = NumberAttribute(attr_name="a")
    currency = UnicodeAttribute(attr_name="c")
    units = NumberAttribute(attr_name="q")
    campaign_id = optional(UnicodeAttribute(attr_name="g", null=True))
    pickup_point_id = optional(UnicodeAttribute(attr_name="p", null=True))
    channel_id = optional(UnicodeAttribute(attr_name="l", null=True))
    stored_parts = optional(JsonAttribute(attr_name="i", null=True))

    @staticmethod
    def partition(tenant_id: str, ordinal: int) -> str:
        """The partition with all purchases of a member."""
        return key(tenant_id, "purchases", f"{ordinal:012d}")

    @classmethod
    def address(cls, tenant_id: str, ordinal: int, on: date, source: str, *, imported: bool = False) -> tuple[str, str]:
        """The key of what stands of an order, or of an imported reference, which no order can overwrite."""
        return cls.partition(tenant_id, ordinal), f"{on.isoformat()}#{'ref' if imported else 'order'}#{source}"

    @classmethod
    def of(cls, tenant_id: str, ordinal: int, purchase: Purchase) -> Self:
        return cls(
            *cls.address(tenant_id, ordinal, purchase.on, purchase.source, imported=purchase.imported),
            amount_minor=purchase.amount_minor,
            currency=purchase.currency,
            units=purchase.units,
            campaign_id=purchase.campaign_id,
            pickup_point_id=purchase.pickup_point_id,
            channel_id=purchase.channel_id,
            stored_parts=[each.as_json() for each in purchase.parts] or None,
        )

    @property
    def on(self) -> date:
        """The local day of placing."""
        return date.fromisoformat(str(self.sk).partition("#")[0])

    @property
    def purchase(self) -> Purchase:
        _, kind, source = str(self.sk).split("#", 2)
        return Purchase(
            source,
            self.on,
            str(self.currency),
            int(self.amount_minor),
            int(self.units),
            kind == "ref",
            self.campaign_id,
            self.pickup_point_id,
            self.channel_id,
            tuple(Part.from_json(each) for each in self.stored_parts or ()),
        )

    @classmethod
    def of_member(
        cls, tenant_id: str, ordinal: int, from_on: date | None = None, to_on: date | None = None
    ) -> Iterator[Self]:
        """A member's purchases of a period, both days included, oldest first, read consistently."""
        between = ((from_on or date.min).isoformat(), f"{(to_on or date.max).isoformat()}#~")
        return cls.every(cls.partition(tenant_id, ordinal), between=between, consistent=True)
