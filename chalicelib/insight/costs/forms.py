"""What the API takes of booked costs."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from chalicelib.insight.activity.model.rows import EARLIEST_ON
from chalicelib.insight.costs.model import Cost, CostKind
from chalicelib.insight.costs.service import CostFilter
from chalicelib.kernel.errors import InvalidField
from chalicelib.web import Body, LocalDate, PriceField, Query, Title, UlidStr

Kind = Literal["goods", "labour", "marketing", "logistics", "other"]
BookedDate = Annotated[LocalDate, Field(ge=EARLIEST_ON, le=date(2999, 12, 31))]


class NewCost(Body):
    """A cost of one local day, or with ``to_on`` of several, over which it is spread evenly. What it is for may be left
    out: it then stands under no campaign, product, pickup point or channel of its own.
    """

    EXAMPLES = {
        "wages of a month": {
            "kind": "labour",
            "title": "仓库工资",
            "amount": {"amount_minor": 620000, "currency": "CNY"},
            "from_on": "2026-10-01",
            "to_on": "2026-10-31",
        }
    }

    kind: Kind
    title: Title
    amount: PriceField
    from_on: BookedDate
    to_on: BookedDate | None = None
    campaign_id: UlidStr | None = None
    product_id: UlidStr | None = None
    pickup_point_id: UlidStr | None = None
    channel_id: UlidStr | None = None

    def cost(self) -> Cost:
        """As rules see it."""
        return Cost(
            CostKind(self.kind), self.title, self.amount.amount_minor, self.from_on, self.to_on or self.from_on,
            self.campaign_id, self.product_id, self.pickup_point_id, self.channel_id,
        )  # fmt: skip


class CostChanges(Body):
    """What is absent stays; null takes away what it is for. A cost always has an amount and days."""

    kind: Kind = "other"
    title: Title = Field(default_factory=str)
    amount: PriceField | None = None
    from_on: BookedDate | None = None
    to_on: BookedDate | None = None
    campaign_id: UlidStr | None = None
    product_id: UlidStr | None = None
    pickup_point_id: UlidStr | None = None
    channel_id: UlidStr | None = None

    @field_validator("amount", "from_on", "to_on")
    @classmethod
    def _stays(cls, value: object) -> object:
        if value is None:
            raise InvalidField(
                "this cannot be taken away; leave it out, or say another", "此项不可清空，请省略或填写新值"
            )
        return value

    def changes(self) -> dict[str, Any]:
        """The values that were sent."""
        said = {name: getattr(self, name) for name in self.model_fields_set}
        said |= {"kind": CostKind(self.kind)} if "kind" in said else {}
        said |= {"amount": self.amount.money()} if self.amount else {}
        return said


class CostQuery(Query):
    """Costs of which a day is among these local days, both included; of a kind; of a campaign."""

    from_on: BookedDate | None = None
    to_on: BookedDate | None = None
    kind: Kind | None = None
    campaign_id: UlidStr | None = None

    def filter(self) -> CostFilter:
        kind = CostKind(self.kind) if self.kind else None
        return CostFilter(self.from_on, self.to_on, kind, self.campaign_id)
