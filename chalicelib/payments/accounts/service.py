"""A store's accounts at payment providers: set up by its owner, opened only where a provider is called."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Literal

from chalicelib.db import Transaction, change
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.principal import Principal
from chalicelib.payments.accounts.records import ProviderSettings
from chalicelib.payments.errors import ProviderNotSetUp
from chalicelib.payments.model import Fees
from chalicelib.payments.providers.port import Provider
from chalicelib.payments.providers.stripe import Stripe, check_currency
from chalicelib.payments.providers.test import TestProvider
from chalicelib.payments.providers.wechat import WeChat
from chalicelib.payments.records import PaymentRecord
from chalicelib.payments.vault import service as vault
from chalicelib.settings import settings
from chalicelib.tenants.service import payment_methods
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.brand import get_tenant

Name = Literal["test", "stripe", "wechat"]
_MAKERS: Mapping[str, type[Stripe] | type[WeChat]] = {"stripe": Stripe, "wechat": WeChat}
KEPT = timedelta(days=400)
"""How long an account that was replaced or removed is kept: WeChat Pay gives money back for a year after the payment,
cards for less.
"""

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
    """Stores an account for new payments; the audit log names what was set, without secrets. New keys of the same
    account replace its earlier ones; an earlier account that another one replaces is kept for its payments.

    Raises ProviderNotSetUp for the test provider where there is none: it takes no money; and CurrencyNotTaken.
    """
    if name == "test" and not settings().local:
        raise not_set_up(name)
    if name == "stripe":
        check_currency(get_tenant(tenant_id).currency)

    def decide(earlier: ProviderSettings | None, tx: Transaction) -> ProviderSettings:
        record = _stated(tenant_id, name, account, now)
        record.emit("payment_settings.changed", now, provider=name, merchant=account.merchant)
        _put(tx, record, earlier, now)
        payment_methods.note(tx, tenant_id, name, accepted=account.enabled)
        stated = {"merchant": account.merchant, "enabled": account.enabled, **asdict(account.fees)}
        audit(tx, tenant_id, by, "payment_settings.changed", f"payment_settings:{name}", now, stated)
        return record

    return change(partial(_stored, tenant_id, name), decide)


def remove(tenant_id: str, name: Name, by: Principal, now: datetime) -> None:
    """Starts no more payments with an account, which is kept for those that went to it; one that is not there needs no
    removing.
    """

    def decide(found: ProviderSettings | None, tx: Transaction) -> None:
        if found is None:
            return
        address = ProviderSettings.address(tenant_id, name)
        tx.delete("settings", ProviderSettings, *address, condition=ProviderSettings.rev == int(found.rev))
        _keep(tx, found, now)
        payment_methods.note(tx, tenant_id, name, accepted=False)
        audit(tx, tenant_id, by, "payment_settings.removed", f"payment_settings:{name}", now)

    change(partial(_stored, tenant_id, name), decide)


def _stated(tenant_id: str, name: Name, account: Account, now: datetime) -> ProviderSettings:
    """The record of what an owner states, its secrets sealed."""
    return ProviderSettings(
        *ProviderSettings.address(tenant_id, name),
        merchant=account.merchant,
        enabled=account.enabled,
        open_part=dict(account.open_part),
        sealed=vault.seal(dict(account.secrets), tenant_id, name),
        hints={each: _hint(secret) for each, secret in account.secrets.items()},
        fee_bps=account.fees.bps,
        fee_fixed_minor=account.fees.fixed_minor,
        changed_at=now,
    )


def _put(tx: Transaction, record: ProviderSettings, earlier: ProviderSettings | None, now: datetime) -> None:
    """Puts an account in its place, and another one that was there aside; of one account there is one set of keys."""
    if earlier is None:
        tx.create("settings", record)
    else:
        record.rev = earlier.rev
        tx.replace("settings", record)
    if earlier is not None and earlier.merchant == record.merchant:
        return
    if earlier is not None:
        _keep(tx, earlier, now)
    kept = ProviderSettings.kept_address(record.tenant_id, record.provider, record.merchant)
    tx.delete("regained", ProviderSettings, *kept)


def _keep(tx: Transaction, account: ProviderSettings, now: datetime) -> None:
    """Puts an account aside until no payment of it can be given back any more."""
    kept = ProviderSettings(
        *ProviderSettings.kept_address(account.tenant_id, account.provider, account.merchant),
        merchant=account.merchant,
        enabled=False,
        open_part=account.open_part,
        sealed=vault.sealed_anew(account.sealed, account.tenant_id, account.provider),
        hints=account.hints,
        changed_at=account.changed_at,
        expires_at=int((now + KEPT).timestamp()),
    )
    tx.put("kept", kept)


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
    brought to its end. Raises ProviderNotSetUp, also for a provider that does not exist, and for keys that do not open.
    """
    if name == "test" and settings().local:
        return TestProvider(tenant_id)
    found = _stored(tenant_id, name) if name in _MAKERS else None
    if found is None:
        raise not_set_up(name)
    return _opened(found)


def provider_of(payment: PaymentRecord) -> Provider:
    """The account that a payment went to, also where the store has another one by now, or none: only this one knows of
    the payment. Raises ProviderNotSetUp where it is kept no longer, or its keys do not open.
    """
    tenant_id, name = payment.tenant_id, payment.provider
    if name not in _MAKERS:
        return provider(tenant_id, name)
    found = _stored(tenant_id, name)
    if found is None or found.merchant != payment.merchant:
        found = ProviderSettings.fetch(
            *ProviderSettings.kept_address(tenant_id, name, payment.merchant), consistent=True
        )
    if found is None:
        raise not_set_up(name)
    return _opened(found)


def all_of(tenant_id: str, name: str) -> Iterator[Provider]:
    """The tenant's accounts at a provider whose keys open: the present one, then those that are kept, which are read
    only when it comes to them.
    """
    with suppress(ProviderNotSetUp):
        yield provider(tenant_id, name)
    if name not in _MAKERS:
        return
    kept = ProviderSettings.kept_partition(tenant_id)
    for account in ProviderSettings.every(kept, begins_with=f"{name}#", consistent=True):
        with suppress(ProviderNotSetUp):
            yield _opened(account)


def for_new(tenant_id: str, name: str) -> tuple[Provider, Fees]:
    """The account for a new payment, and what the provider takes of it. Raises ProviderNotSetUp, also when it is
    switched off, or its keys do not open.
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
    secrets = vault.unseal_or_none(found.sealed, found.tenant_id, found.provider)
    if secrets is None:
        raise not_set_up(found.provider)
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
