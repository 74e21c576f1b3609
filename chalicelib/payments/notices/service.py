"""Owners and managers are told of disputes, and of refunds that were made at the provider itself."""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.campaigns.service.planning import get_campaign
from chalicelib.kernel.language import Language, nearest
from chalicelib.kernel.money import Money
from chalicelib.notices.model.notices import Destination, Notice
from chalicelib.notices.model.order_notices import DisputeLost, DisputeWon, PaymentDisputed, RefundedElsewhere
from chalicelib.notices.telling.service import tell_address
from chalicelib.orders.service.reading import get_order
from chalicelib.payments.model import DisputeState
from chalicelib.payments.records import PaymentRecord
from chalicelib.payments.service.reading import get_payment
from chalicelib.tenants.records import StaffRecord
from chalicelib.tenants.service.brand import get_tenant

_TOLD = frozenset({"owner", "manager"})
_CALLED: Mapping[str, Mapping[Language, str]] = {
    "stripe": {"en": "Stripe", "zh": "Stripe"},
    "wechat": {"en": "WeChat Pay", "zh": "微信支付"},
    "test": {"en": "the test provider", "zh": "测试支付渠道"},
}
_OF_DISPUTES: Mapping[DisputeState, type[PaymentDisputed | DisputeLost | DisputeWon]] = {
    DisputeState.OPEN: PaymentDisputed,
    DisputeState.LOST: DisputeLost,
    DisputeState.WON: DisputeWon,
}


def tell_dispute(tenant_id: str, payment_id: str, reference: str, now: datetime) -> None:
    """Tells how a dispute stands, once for each of its states."""
    payment = get_payment(tenant_id, payment_id)
    dispute = payment.disputes[reference]
    notice = _OF_DISPUTES[dispute.state](*_about(payment, dispute.amount_minor))
    _tell(payment, notice, reference, now)


def tell_refund(tenant_id: str, payment_id: str, of: str, now: datetime) -> None:
    """Tells how much of a payment was given back at the provider itself by now."""
    payment = get_payment(tenant_id, payment_id)
    amount_minor = sum(amount for amount, _ in (payment.elsewhere or {}).values())
    _tell(payment, RefundedElsewhere(*_about(payment, amount_minor)), of, now)


def _about(payment: PaymentRecord, amount_minor: int) -> tuple[str, str, Money, str]:
    """The names of the brand and of the order's campaign, the amount, and what the provider is called."""
    order = get_order(payment.tenant_id, payment.order_id)
    title = get_campaign(payment.tenant_id, order.campaign_id).title
    brand = get_tenant(payment.tenant_id)
    amount, called = Money(amount_minor, payment.currency), _CALLED[payment.provider][nearest(brand.locale)]
    return brand.name, title, amount, called


def _tell(payment: PaymentRecord, notice: Notice, of: str, now: datetime) -> None:
    tenant_id, locale = payment.tenant_id, get_tenant(payment.tenant_id).locale
    for person in StaffRecord.every(StaffRecord.partition(tenant_id)):
        if _TOLD & {*person.roles}:
            to = Destination("email", person.email, locale)
            tell_address(tenant_id, to, notice, (payment.id, of, notice.template, person.id), now)
