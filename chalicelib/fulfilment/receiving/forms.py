"""What the receipt routes take."""

from typing import Annotated

from pydantic import Field

from chalicelib.campaigns.lifecycle.service.advancing import Later
from chalicelib.fulfilment.receiving.model.receipts import Arrival
from chalicelib.web import Body, LongText, Query, RecordedDate, UlidStr

MAX_UNITS = 10_000_000
MAX_LINES = 100
Units = Annotated[int, Field(ge=0, le=MAX_UNITS)]


class RateQuery(Query):
    """Local days, both included; the last 90 where they are left out."""

    from_on: RecordedDate | None = None
    to_on: RecordedDate | None = None


class SubstituteForm(Body):
    """Units of another SKU that came in place of the ordered one; of those that no order needs, also of an earlier
    receipt, ``to_stock`` go to the brand's own shelf and ``written_off`` are given up.
    """

    sku_id: UlidStr
    quantity: Units = 0
    to_stock: Units = 0
    written_off: Units = 0


class ReceivedLine(Body):
    """One SKU of a delivery, in units of what was ordered.

    ``received`` came, ``damaged`` of them cannot be given out; ``short`` will never come. Of good ones that no order
    needs, also of an earlier receipt, ``to_stock`` go to the brand's own shelf and ``written_off`` are given up. What
    is not named is still expected.
    """

    sku_id: UlidStr
    received: Units = 0
    damaged: Units = 0
    short: Units = 0
    substitute: SubstituteForm | None = None
    to_stock: Units = 0
    written_off: Units = 0

    def arrival(self) -> Arrival:
        """As the rules take it."""
        other = self.substitute
        return Arrival(
            self.sku_id,
            received=self.received,
            damaged=self.damaged,
            short=self.short,
            substitute=other.sku_id if other else None,
            substituted=other.quantity if other else 0,
            to_stock=self.to_stock,
            written_off=self.written_off,
            substitutes_to_stock=other.to_stock if other else 0,
            substitutes_written_off=other.written_off if other else 0,
        )


class NewReceipt(Body):
    """What came from a supplier; without ``supplier_id`` it is about what is bought without one."""

    EXAMPLES = {
        "seven came, one of them damaged, one never will": {
            "supplier_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A",
            "lines": [{"sku_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A", "received": 7, "damaged": 1, "short": 1}],
        },
        "six of another SKU came instead": {
            "supplier_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A",
            "lines": [
                {
                    "sku_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A",
                    "substitute": {"sku_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0B", "quantity": 6},
                }
            ],
        },
    }

    supplier_id: UlidStr | None = None
    lines: Annotated[list[ReceivedLine], Field(min_length=1, max_length=MAX_LINES)]
    note: LongText = ""


class Advance(Body):
    """A later state of a campaign that is locked, or further on; up to ``at_pickup`` it passes those between.

    With ``everything_arrived`` all that is still expected is recorded as received first.
    """

    EXAMPLES = {
        "the list went to the suppliers": {"to": "purchasing"},
        "all came and lies at the pickup points": {"to": "at_pickup", "everything_arrived": True},
    }

    to: Later
    everything_arrived: bool = False
