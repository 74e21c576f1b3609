"""Asking a provider on behalf of a payer: what has become of their payment, and who it is that pays inside WeChat."""

from datetime import datetime

from chalicelib.payments.accounts import service as accounts
from chalicelib.payments.errors import NOT_ASKED, ProviderNotSetUp, ProviderRefused
from chalicelib.payments.model import OPEN
from chalicelib.payments.providers.wechat import WeChat
from chalicelib.payments.records import PaymentRecord
from chalicelib.payments.service import reconciling
from chalicelib.rate_limits.model import Budget, LimitReached
from chalicelib.rate_limits.service import take


def what_became_of(payment: PaymentRecord, now: datetime) -> PaymentRecord:
    """The payment as its provider has it now, so that a payer who comes back need not wait for the message; one whose
    time is up is ended on the way. Where the provider was asked often enough, or does not say, it stays as it is known.
    """
    if payment.state not in OPEN:
        return payment
    try:
        take([Budget.of("questions_a_payment", payment.tenant_id, payment.id)], now)
        return reconciling.reconcile(payment, now, close="over")
    except (LimitReached, *NOT_ASKED, ProviderRefused):
        return payment


def who_asks_payers(tenant_id: str) -> WeChat | None:
    """The store's WeChat Pay account for new payments, where it can find out who pays; else None."""
    try:
        account, _ = accounts.for_new(tenant_id, "wechat")
    except ProviderNotSetUp:
        return None
    return account if isinstance(account, WeChat) and account.app_secret else None
