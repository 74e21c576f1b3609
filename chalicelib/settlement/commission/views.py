"""What the API shows of a leader's commission."""

from typing import Any, Self

from chalicelib.settlement.books.records import OrderBook
from chalicelib.settlement.commission.model import HeldFor
from chalicelib.web import Instant, MoneyField, View


class CommissionView(View):
    """What a leader earns on an order: ``rate_bps`` basis points of ``base``, rounded half up, less what is ``borne``
    of complaints that the store charged to the leader. ``status`` is ``frozen`` until ``payable_at``, and after it
    while ``waits_for`` names what has not ended: an after-sale of the order, or a complaint about its leader; a refund
    lowers base and commission whenever it comes.
    """

    order_id: str
    campaign_id: str
    pickup_point_id: str
    handed_over_at: Instant
    base: MoneyField
    rate_bps: int
    borne: MoneyField
    commission: MoneyField
    status: str
    payable_at: Instant
    waits_for: list[HeldFor]

    @classmethod
    def of(cls, book: OrderBook) -> Self:
        times: dict[str, Any] = {"handed_over_at": book.recognised_at, "payable_at": book.releases_at}
        return cls(
            order_id=book.order_id, campaign_id=book.campaign_id, pickup_point_id=str(book.pickup_point_id),
            base=MoneyField.of(int(book.base_minor), book.currency),
            rate_bps=int(book.rate_bps), borne=MoneyField.of(int(book.borne_minor or 0), book.currency),
            commission=MoneyField.of(book.earned.total_minor, book.currency),
            status="payable" if book.released else "frozen", waits_for=book.waits_for or [], **times,
        )  # fmt: skip
