"""What the API shows of booked costs."""

from typing import Literal, Self

from chalicelib.insight.costs.records import CostRecord
from chalicelib.web import Instant, LocalDate, MoneyField, UlidStr, View


class CostView(View):
    """A cost of local days, both included, over which it is spread evenly."""

    id: UlidStr
    kind: Literal["goods", "labour", "marketing", "logistics", "other"]
    title: str
    amount: MoneyField
    from_on: LocalDate
    to_on: LocalDate
    campaign_id: UlidStr | None
    product_id: UlidStr | None
    pickup_point_id: UlidStr | None
    channel_id: UlidStr | None
    created_at: Instant
    updated_at: Instant

    @classmethod
    def of(cls, record: CostRecord) -> Self:
        names = set(cls.model_fields) - {"amount"}
        amount = MoneyField.of(int(record.amount_minor), record.currency)
        return cls(amount=amount, **{name: getattr(record, name) for name in names})
