"""What a payment is for, as the team knows it."""

from collections.abc import Mapping

from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.kernel.money import Money
from chalicelib.notices.model.facts import InWords
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.reading import get_order
from chalicelib.payments.records import PaymentRecord
from chalicelib.tenants.service.brand import get_tenant

CALLED: Mapping[str, InWords] = {
    "stripe": InWords("Stripe", "Stripe"),
    "wechat": InWords("WeChat Pay", "微信支付"),
    "test": InWords("the test provider", "测试支付渠道"),
}
"""What a provider is called, by its name in the API."""


def order_of(payment: PaymentRecord) -> OrderRecord:
    """The order that a payment is for."""
    return get_order(payment.tenant_id, payment.order_id)


def about(payment: PaymentRecord, order: OrderRecord, amount_minor: int) -> tuple[str, str, Money, InWords]:
    """The names of the brand and of the order's campaign, the amount, and what the provider is called."""
    title = get_campaign(payment.tenant_id, order.campaign_id).title
    brand = get_tenant(payment.tenant_id).name
    return brand, title, Money(amount_minor, payment.currency), CALLED[payment.provider]
