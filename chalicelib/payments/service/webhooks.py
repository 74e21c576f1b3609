"""A provider's message: proven first, then taken as a reason to ask the provider, and as nothing more."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime

from chalicelib.kernel.ids import is_id
from chalicelib.kernel.text import forbidden
from chalicelib.payments.accounts import service as accounts
from chalicelib.payments.errors import ProviderNotSetUp, ProviderRefused, ProviderUnavailable, WebhookRefused
from chalicelib.payments.providers.hmac_signature import refused
from chalicelib.payments.providers.port import Notice, Provider
from chalicelib.payments.records import PaymentRecord
from chalicelib.payments.service import elsewhere, reconciling
from chalicelib.telemetry import count

_MOST_BYTES = 256 * 1024


def take(tenant_id: str, name: str, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """Raises WebhookRefused unless an account of this store at the provider proves the message: the present one, or an
    earlier one, whose payments are still under way.

    A message about a payment that is not ours is answered as any other, so that the provider sends it no more. Raises
    ProviderUnavailable where the provider cannot be asked: it will send the message again.
    """
    if len(body) > _MOST_BYTES:
        raise refused()
    provider, notice = _proven(tenant_id, name, headers, body, now)
    try:
        payment = _about(tenant_id, provider, notice, now)
        if notice is None or payment is None or payment.provider != name:
            count("WebhooksOfNoInterest", 1)
            return
        payment = reconciling.reconcile(payment, now, provider=provider)
        if notice.money_back:
            elsewhere.look(payment, now, provider=provider, refund=notice.refund)
    except (ProviderRefused, ProviderNotSetUp) as declined:
        # Money may have come in that we cannot ask about now; an answer that sounds like success would lose it.
        message = "The provider could not be asked about this payment; send the message again later."
        raise ProviderUnavailable(message, retry_after=60) from declined


def _about(tenant_id: str, provider: Provider, notice: Notice | None, now: datetime) -> PaymentRecord | None:
    """The payment that a message is about; where it names it by the provider's id alone, the provider is asked."""
    if notice is None:
        return None
    payment_id = notice.payment_id or (provider.payment_of(notice.reference, now) if notice.reference else "")
    if not is_id(payment_id):
        return None
    return PaymentRecord.fetch(*PaymentRecord.address(tenant_id, payment_id), consistent=True)


def _proven(
    tenant_id: str, name: str, headers: Mapping[str, str], body: bytes, now: datetime
) -> tuple[Provider, Notice | None]:
    """The account that proves a message, and what it is about. Raises WebhookRefused."""
    for provider in accounts.all_of(tenant_id, name):
        with suppress(WebhookRefused):
            notice = provider.verify(headers, body, now)
            if notice is not None and forbidden(notice.payment_id + notice.reference + notice.refund):
                raise refused()
            return provider, notice
    raise refused()
