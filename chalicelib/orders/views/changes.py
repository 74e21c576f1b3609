"""What the API shows of what was changed in an order."""

from typing import Any, Self

from chalicelib.orders.bundles.model import part_named
from chalicelib.orders.changes.service.history import Entry
from chalicelib.orders.model import Line, Status
from chalicelib.orders.views.lines import LineView, line_views
from chalicelib.orders.views.orders import DeliveryView, unnamed
from chalicelib.web import Instant, MoneyField, View


class OrderStateView(View):
    """An order's lines, money and place before or after a change; older changes did not keep the place."""

    status: Status
    pickup_point_id: str | None
    delivery: DeliveryView | None
    lines: list[LineView]
    total: MoneyField
    paid: MoneyField
    refunded: MoneyField

    @property
    def units(self) -> dict[str, int]:
        """Units by offer, of a bundle by part (``bundles.part_named``)."""
        units = {line.offer_id: line.quantity for line in self.lines if not line.parts}
        for line in self.lines:
            units |= {part_named(line.offer_id, part.sku_id): part.quantity for part in line.parts}
        return units

    @classmethod
    def of(cls, stored: dict[str, Any], currency: str) -> Self:
        lines = [Line.from_json(line) for line in stored["stored_lines"]]
        goods = sum(line.total_minor for line in lines)
        total = goods - stored.get("discount_minor", 0) + stored.get("delivery_minor", 0)
        amounts = {"total": total, "paid": stored.get("paid_minor", 0), "refunded": stored.get("refunded_minor", 0)}
        return cls(
            status=stored["status"],
            pickup_point_id=stored.get("pickup_point_id"),
            delivery=DeliveryView(**stored["delivery_to"]) if stored.get("delivery_to") else None,
            lines=line_views(lines, currency),
            **{name: MoneyField.of(int(amount), currency) for name, amount in amounts.items()},
        )


class HistoryView(View):
    """Something that happened to an order. ``by`` is ``member``, ``staff`` or ``system`` to the member; the
    brand's people see who it was.
    """

    type: str
    at: Instant
    by: str
    reason: str | None
    before: OrderStateView | None
    after: OrderStateView | None

    @classmethod
    def of(cls, entry: Entry, currency: str, *, with_names: bool) -> Self:
        return cls(
            type=entry.type,
            at=entry.at,
            by=entry.by if with_names else unnamed(entry.by),
            reason=entry.reason,
            before=OrderStateView.of(entry.before, currency) if entry.before else None,
            after=OrderStateView.of(entry.after, currency) if entry.after else None,
        )
