"""Members hear that their money has come back, or that it could not be sent.

Why money comes back is told when that is decided, with the way it goes (``orders.notices``). A minute later, when the
provider has sent it, the same would be told again; so its arrival is told only where it adds something: where nobody
was told before, where it took longer than ``AT_ONCE``, where it had failed first, and of cash, since another person
says that it was given.
"""

from datetime import datetime, timedelta

from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.kernel.money import Money
from chalicelib.notices.telling.service import tell_member
from chalicelib.orders.model import PAY_AT_PICKUP, RefundStatus
from chalicelib.orders.notices.model.phrases import way_back
from chalicelib.orders.notices.service.refunds import is_announced
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refunds.records import RefundRecord
from chalicelib.orders.service.reading import get_order
from chalicelib.payments.notices.model.refunds import MoneyBack, PaidOutInCash, RefundRefused
from chalicelib.tenancy import brand_of

AT_ONCE = timedelta(hours=1)


def tell_arrived(tenant_id: str, order_id: str, refund_id: str, now: datetime) -> None:
    """Tells a member, once, that a refund was made and where to, where that is news."""
    refund = _refund(tenant_id, order_id, refund_id)
    if refund is None or refund.status != RefundStatus.SUCCEEDED:
        return
    order = get_order(tenant_id, order_id)
    if refund.method == PAY_AT_PICKUP:
        _tell(order, refund, PaidOutInCash(*_about(order, refund)), now)
    elif _is_news(refund):
        _tell(order, refund, MoneyBack(*_about(order, refund), way_back(refund.method)), now)


def tell_refused(tenant_id: str, order_id: str, refund_id: str, now: datetime) -> None:
    """Tells a member, once, that a refund was declined and that the brand sees to it; not where it was made by now."""
    refund = _refund(tenant_id, order_id, refund_id)
    if refund is not None and refund.status == RefundStatus.FAILED:
        order = get_order(tenant_id, order_id)
        _tell(order, refund, RefundRefused(*_about(order, refund)), now)


def _is_news(refund: RefundRecord) -> bool:
    took = (refund.settled_at or refund.requested_at) - refund.requested_at
    return not is_announced(refund.cause) or took > AT_ONCE or refund.declined_at is not None


def _refund(tenant_id: str, order_id: str, refund_id: str) -> RefundRecord | None:
    return RefundRecord.fetch(*RefundRecord.address(tenant_id, order_id, refund_id), consistent=True)


def _about(order: OrderRecord, refund: RefundRecord) -> tuple[str, str, Money]:
    title = get_campaign(order.tenant_id, order.campaign_id).title
    return brand_of(order.tenant_id).name, title, Money(int(refund.amount_minor), refund.currency)


def _tell(
    order: OrderRecord, refund: RefundRecord, notice: MoneyBack | PaidOutInCash | RefundRefused, now: datetime
) -> None:
    tell_member(order.tenant_id, order.member_id, notice, (refund.id,), now, subject_id=order.id)
