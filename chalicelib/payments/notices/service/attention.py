"""Owners and managers are told of payments and refunds that do not go as they should, and what to do.

Where one fault meets many payments, such as an account without money when a whole campaign is paid back, people hear of
it once an hour, or once a day where its cause lies with the account: the list of payments to look at has them all.
"""

from datetime import datetime

from chalicelib.kernel.clock import zone
from chalicelib.notices.model.notices import Notice
from chalicelib.notices.telling.service import tell_team
from chalicelib.orders.records import OrderRecord
from chalicelib.payments.model import RefundState
from chalicelib.payments.notices.model.attention import KeysRefused, PaymentDiffers, PaymentNotAsked, RefundFailed
from chalicelib.payments.notices.service.surroundings import CALLED, about, order_of
from chalicelib.payments.records import KEY_FAULTS, PaymentRecord
from chalicelib.payments.service.reading import get_payment
from chalicelib.tenants.service.brand import get_tenant


def tell_declined(tenant_id: str, payment_id: str, refund_id: str, at: datetime, now: datetime) -> None:
    """Tells that a refund did not go out, unless it has since, by another try or at the provider itself."""
    payment = get_payment(tenant_id, payment_id)
    back = payment.backs.get(refund_id)
    if back is None or back.state is not RefundState.FAILED:
        return
    order = order_of(payment)
    notice = RefundFailed(*about(payment, order, back.amount_minor), order.pickup_code)
    _tell(payment, notice, _in_that_hour(order, notice, at), now)


def tell_differing(tenant_id: str, payment_id: str, at: datetime, now: datetime) -> None:
    """Tells that the provider's word on a payment differs from what was asked, unless it does no more."""
    payment = get_payment(tenant_id, payment_id)
    if not payment.differs:
        return
    order = order_of(payment)
    notice = PaymentDiffers(*about(payment, order, payment.asked_minor), order.pickup_code)
    _tell(payment, notice, _in_that_hour(order, notice, at), now)


def tell_unasked(tenant_id: str, payment_id: str, fault: str, at: datetime, now: datetime) -> None:
    """Tells that the provider could not be asked about money; of keys that it refuses, once a day for an account."""
    payment = get_payment(tenant_id, payment_id)
    tenant = get_tenant(tenant_id)
    if fault in KEY_FAULTS:
        day = f"{at.astimezone(zone(tenant.timezone)).date()}"
        keys = KeysRefused(tenant.name, CALLED[payment.provider])
        _tell(payment, keys, (payment.provider, payment.merchant, keys.template, day), now)
        return
    order = order_of(payment)
    notice = PaymentNotAsked(*about(payment, order, int(payment.amount_minor)), order.pickup_code)
    hour = f"{at:%Y-%m-%dT%H}"
    _tell(payment, notice, (payment.provider, payment.merchant, notice.template, hour), now)


def _in_that_hour(order: OrderRecord, notice: Notice, at: datetime) -> tuple[str, ...]:
    """One cause for what befalls payments of one campaign in the same hour."""
    return order.campaign_id, notice.template, f"{at:%Y-%m-%dT%H}"


def _tell(payment: PaymentRecord, notice: Notice, cause: tuple[str, ...], now: datetime) -> None:
    tell_team(payment.tenant_id, notice, cause, now, subject_id=payment.id)
