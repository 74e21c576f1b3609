"""Owners and managers are told of what happens to a store's money that a person has to see to.

Where one fault meets many payments, such as an account without money when a whole campaign is paid back, people hear of
it once an hour, or once a day where its cause lies with the account: the list of payments to look at has them all.
"""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.campaigns.service.planning import get_campaign
from chalicelib.kernel.clock import zone
from chalicelib.kernel.money import Money
from chalicelib.notices.model.facts import InWords
from chalicelib.notices.model.notices import Notice
from chalicelib.notices.telling.service import tell_team
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.reading import get_order
from chalicelib.payments.model import DisputeState, RefundState
from chalicelib.payments.notices.model import (
    DisputeLost,
    DisputeWon,
    KeysRefused,
    PaymentDiffers,
    PaymentDisputed,
    PaymentNotAsked,
    RefundedElsewhere,
    RefundFailed,
)
from chalicelib.payments.records import KEY_FAULTS, PaymentRecord
from chalicelib.payments.service.reading import get_payment
from chalicelib.tenants.service.brand import get_tenant

_CALLED: Mapping[str, InWords] = {
    "stripe": InWords("Stripe", "Stripe"),
    "wechat": InWords("WeChat Pay", "微信支付"),
    "test": InWords("the test provider", "测试支付渠道"),
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
    notice = _OF_DISPUTES[dispute.state](*_about(payment, _order(payment), dispute.amount_minor))
    _tell(payment, notice, (payment.id, reference, notice.template), now)


def tell_refund(tenant_id: str, payment_id: str, of: str, now: datetime) -> None:
    """Tells how much of a payment was given back at the provider itself by now."""
    payment = get_payment(tenant_id, payment_id)
    amount_minor = sum(amount for amount, _ in (payment.elsewhere or {}).values())
    notice = RefundedElsewhere(*_about(payment, _order(payment), amount_minor))
    _tell(payment, notice, (payment.id, of, notice.template), now)


def tell_declined(tenant_id: str, payment_id: str, refund_id: str, at: datetime, now: datetime) -> None:
    """Tells that a refund did not go out, unless it has since, by another try or at the provider itself."""
    payment = get_payment(tenant_id, payment_id)
    back = payment.backs.get(refund_id)
    if back is None or back.state is not RefundState.FAILED:
        return
    order = _order(payment)
    notice = RefundFailed(*_about(payment, order, back.amount_minor), order.pickup_code)
    _tell(payment, notice, _in_that_hour(order, notice, at), now)


def tell_differing(tenant_id: str, payment_id: str, at: datetime, now: datetime) -> None:
    """Tells that the provider's word on a payment differs from what was asked, unless it does no more."""
    payment = get_payment(tenant_id, payment_id)
    if not payment.differs:
        return
    order = _order(payment)
    notice = PaymentDiffers(*_about(payment, order, payment.asked_minor), order.pickup_code)
    _tell(payment, notice, _in_that_hour(order, notice, at), now)


def tell_unasked(tenant_id: str, payment_id: str, fault: str, at: datetime, now: datetime) -> None:
    """Tells that the provider could not be asked about money; of keys that it refuses, once a day for an account."""
    payment = get_payment(tenant_id, payment_id)
    tenant = get_tenant(tenant_id)
    if fault in KEY_FAULTS:
        day = f"{at.astimezone(zone(tenant.timezone)).date()}"
        keys = KeysRefused(tenant.name, _CALLED[payment.provider])
        _tell(payment, keys, (payment.provider, payment.merchant, keys.template, day), now)
        return
    order = _order(payment)
    notice = PaymentNotAsked(*_about(payment, order, int(payment.amount_minor)), order.pickup_code)
    hour = f"{at:%Y-%m-%dT%H}"
    _tell(payment, notice, (payment.provider, payment.merchant, notice.template, hour), now)


def _in_that_hour(order: OrderRecord, notice: Notice, at: datetime) -> tuple[str, ...]:
    """One cause for what befalls payments of one campaign in the same hour."""
    return order.campaign_id, notice.template, f"{at:%Y-%m-%dT%H}"


def _order(payment: PaymentRecord) -> OrderRecord:
    return get_order(payment.tenant_id, payment.order_id)


def _about(payment: PaymentRecord, order: OrderRecord, amount_minor: int) -> tuple[str, str, Money, InWords]:
    """The names of the brand and of the order's campaign, the amount, and what the provider is called."""
    title = get_campaign(payment.tenant_id, order.campaign_id).title
    brand = get_tenant(payment.tenant_id).name
    return brand, title, Money(amount_minor, payment.currency), _CALLED[payment.provider]


def _tell(payment: PaymentRecord, notice: Notice, cause: tuple[str, ...], now: datetime) -> None:
    tell_team(payment.tenant_id, notice, cause, now, subject_id=payment.id)
