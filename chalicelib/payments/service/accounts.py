"""A store's accounts at payment providers: set up by its owner, opened only where a provider is called."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Literal

from chalicelib.db import Refused, Transaction
from chalicelib.kernel.errors import NotFound, Unavailable
from chalicelib.payments import vault
from chalicelib.payments.errors import ProviderNotSetUp
from chalicelib.payments.model import Fees
from chalicelib.payments.providers.port import Provider
from chalicelib.payments.providers.stripe import Stripe
from chalicelib.payments.providers.test import TestProvider
from chalicelib.payments.providers.wechat import WeChat
from chalicelib.payments.records import PaymentRecord, ProviderSettings
from chalicelib.settings import settings
from chalicelib.tenants import payment_methods
from chalicelib.tenants.audit import audit
from chalicelib.web.principal import Principal

Name = Literal["test", "stripe", "wechat"]
_MAKERS: Mapping[str, type[Stripe] | type[WeChat]] = {"stripe": Stripe, "wechat": WeChat}
_TRIES = 5
_HINT_LETTERS = 4


@dataclass(frozen=True, slots=True)
class Account:
    """What an owner states: the account's id at the provider, what may be shown, the secrets, which never are, and
    the provider's rates as agreed.
    """

    merchant: str
    enabled: bool
    open_part: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    fees: Fees = field(default_factory=Fees)


def set_up(tenant_id: str, name: Name, account: Account, by: Principal, now: datetime) -> ProviderSettings:
    """Stores an account in place of any earlier one; the audit log names what was set, without secrets.

    Raises ProviderNotSetUp for the test provider where there is none: it takes no money.
    """
    if name == "test" and not settings().local:
        raise not_set_up(name)
    for _ in range(_TRIES):
        earlier = ProviderSettings.fetch(*ProviderSettings.address(tenant_id, name), consistent=True)
        record = earlier or ProviderSettings(*ProviderSettings.address(tenant_id, name))
        record.merchant, record.enabled, record.changed_at = account.merchant, account.enabled, now
        record.open_part = dict(account.open_part)
        record.sealed = vault.seal(dict(account.secrets), tenant_id, name)
        record.hints = {each: _hint(secret) for each, secret in account.secrets.items()}
        record.fee_bps, record.fee_fixed_minor = account.fees.bps, account.fees.fixed_minor
        tx = Transaction()
        if earlier is None:
            tx.create("settings", record)
        else:
            tx.replace("settings", record)
        payment_methods.note(tx, tenant_id, name, accepted=account.enabled)
        stated = {"merchant": account.merchant, "enabled": account.enabled, **asdict(account.fees)}
        audit(tx, tenant_id, by, "payment_settings.changed", f"payment_settings:{name}", now, stated)
        try:
            tx.commit()
        except Refused:
            continue
        return record
    raise Unavailable("Others changed these settings at the same time; please send it again.", retry_after=1)


def remove(tenant_id: str, name: Name, by: Principal, now: datetime) -> None:
    """Forgets an account and its keys; one that is not there needs no forgetting."""
    tx = Transaction()
    address = ProviderSettings.address(tenant_id, name)
    tx.delete("settings", ProviderSettings, *address, condition=ProviderSettings.pk.exists())
    payment_methods.note(tx, tenant_id, name, accepted=False)
    audit(tx, tenant_id, by, "payment_settings.removed", f"payment_settings:{name}", now)
    try:
        tx.commit()
    except Refused:
        return


def listed(tenant_id: str) -> list[ProviderSettings]:
    """Every account of the tenant, by provider."""
    return list(ProviderSettings.every(ProviderSettings.partition(tenant_id), consistent=True))


def read(tenant_id: str, name: Name) -> ProviderSettings:
    """One account, to be shown. Raises NotFound where the store has not set it up."""
    found = _stored(tenant_id, name)
    if found is None:
        raise NotFound(f"'{name}' is not set up; send its settings with PUT.", detail_zh="该支付方式尚未设置。")
    return found


def provider(tenant_id: str, name: str) -> Provider:
    """The tenant's account as it is set up now, ready to be called, also one that is switched off: what was begun is
    brought to its end. Raises ProviderNotSetUp, also for a provider that does not exist.
    """
    if name == "test" and settings().local:
        return TestProvider(tenant_id)
    found = _stored(tenant_id, name) if name in _MAKERS else None
    if found is None:
        raise not_set_up(name)
    return _opened(found)


def provider_of(payment: PaymentRecord) -> Provider:
    """The account that a payment went to. Raises ProviderNotSetUp where the store has another one by now: the new
    account knows nothing of the payment, and must not be asked to give its money back.
    """
    found = provider(payment.tenant_id, payment.provider)
    if found.merchant != payment.merchant:
        raise not_set_up(payment.provider)
    return found


def for_new(tenant_id: str, name: str) -> tuple[Provider, Fees]:
    """The account for a new payment, and what the provider takes of it. Raises ProviderNotSetUp, also when it is
    switched off.
    """
    found = _stored(tenant_id, name)
    if found is not None and not found.enabled:
        raise not_set_up(name)
    fees = found.fees if found is not None else Fees()
    if found is None or name not in _MAKERS:
        return provider(tenant_id, name), fees
    return _opened(found), fees


def _stored(tenant_id: str, name: str) -> ProviderSettings | None:
    return ProviderSettings.fetch(*ProviderSettings.address(tenant_id, name), consistent=True)


def _opened(found: ProviderSettings) -> Provider:
    secrets = vault.unseal(found.sealed, found.tenant_id, found.provider)
    return _MAKERS[found.provider](merchant=found.merchant, **found.open_part, **secrets)


def not_set_up(name: str) -> ProviderNotSetUp:
    """The refusal of a provider that the store does not use."""
    return ProviderNotSetUp(
        f"The store has not set up '{name[:20]}'; choose another way of paying.",
        detail_zh="店铺未开通该支付方式，请更换支付方式。",
    )


def _hint(secret: str) -> str:
    """The end of a secret, where what is left over is long enough to be safe; a PEM's end says nothing."""
    return "…" + secret[-_HINT_LETTERS:] if len(secret) >= 16 and "-----" not in secret else "…"
