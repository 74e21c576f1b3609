"""What a brand's messages used, by local day, with its keys."""

from datetime import date
from decimal import Decimal

from pynamodb.attributes import NumberAttribute

from chalicelib.db import TenantRecord, key

SHARDS = 8
"""Parts of a day's counter: dozens of workers count an announcement at once, and one item takes one at a time."""

_NO_PRICE = "-"


class UsedMessages(TenantRecord):
    """Messages of one local day by one medium at one price, or a part of them."""

    messages = NumberAttribute(default=0)
    parts = NumberAttribute(default=0)
    refused = NumberAttribute(default=0)
    repeated = NumberAttribute(default=0)

    @staticmethod
    def partition(tenant_id: str) -> str:
        """Where all days of a tenant lie."""
        return key(tenant_id, "message-usage")

    @staticmethod
    def address(tenant_id: str, on: date, channel: str, price: Decimal | None, shard: int) -> tuple[str, str]:
        spelled = _NO_PRICE if price is None else str(price)
        return UsedMessages.partition(tenant_id), f"{on}#{channel}#{spelled}#{shard}"

    @staticmethod
    def between(from_on: date, to_on: date) -> tuple[str, str]:
        """The sort keys of days, both included."""
        return f"{from_on}#", f"{to_on}#~"

    @property
    def on(self) -> date:
        return date.fromisoformat(self.sk.split("#")[0])

    @property
    def channel(self) -> str:
        return str(self.sk.split("#")[1])

    @property
    def price(self) -> Decimal | None:
        """What a part cost on that day, in the brand's currency."""
        spelled = self.sk.split("#")[2]
        return None if spelled == _NO_PRICE else Decimal(spelled)
