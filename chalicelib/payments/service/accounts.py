"""A store's accounts at payment providers: set up by its owner, opened only where a provider is called."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from chalicelib.db import Refused, Transaction
from chalicelib.kernel.errors import Unavailable
from chalicelib.payments import vault
from chalicelib.payments.errors import ProviderNotSetUp
from chalicelib.payments.providers.port import Provider
from chalicelib.payments.providers.stripe import Stripe
from chalicelib.payments.providers.test import TestProvider
from chalicelib.payments.providers.wechat import WeChat
from chalicelib.payments.records import ProviderSettings
from chalicelib.settings import settings
from chalicelib.tenants.audit import audit
from chalicelib.web.principal import Principal

Name = Literal["stripe", "wechat"]
_MAKERS: Mapping[str, type[Stripe] | type[WeChat]] = {"stripe": Stripe, "wechat": WeChat}
_TRIES = 5
_HINT_LETTERS = 4


@dataclass(frozen=True, slots=True)
class Account:
    """What an owner states: the account's id at the provider, what may be shown, and the secrets, which never are."""

    merchant: str
    enabled: bool
    open_part: Mapping[str, str]
    secrets: Mapping[str, str]


def set_up(tenant_id: str, name: Name, account: Account, by: Principal, now: datetime) -> ProviderSettings:
    """Stores an account in place of any earlier one; the audit log names what was set, without secrets."""
    for _ in range(_TRIES):
        earlier = ProviderSettings.fetch(*ProviderSettings.address(tenant_id, name), consistent=True)
        record = earlier or ProviderSettings(*ProviderSettings.address(tenant_id, name))
        record.merchant, record.enabled, record.changed_at = account.merchant, account.enabled, now
        record.open_part = dict(account.open_part)
        record.sealed = vault.seal(dict(account.secrets), tenant_id, name)
        record.hints = {each: _hint(secret) for each, secret in account.secrets.items()}
        tx = Transaction()
        if earlier is None:
            tx.create("settings", record)
        else:
            tx.replace("settings", record)
        stated = {"merchant": account.merchant, "enabled": account.enabled}
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
    audit(tx, tenant_id, by, "payment_settings.removed", f"payment_settings:{name}", now)
    try:
        tx.commit()
    except Refused:
        return


def listed(tenant_id: str) -> list[ProviderSettings]:
    """Every account of the tenant, by provider."""
    return list(ProviderSettings.every(ProviderSettings.partition(tenant_id), consistent=True))


def provider(tenant_id: str, name: str, *, for_new: bool = False) -> Provider:
    """The tenant's account, ready to be called; one that is switched off serves what was begun, and nothing new.

    Raises ProviderNotSetUp, also for a provider that does not exist.
    """
    if name == "test" and settings().local:
        return TestProvider(tenant_id)
    maker = _MAKERS.get(name)
    found = ProviderSettings.fetch(*ProviderSettings.address(tenant_id, name), consistent=True) if maker else None
    if maker is None or found is None or (for_new and not found.enabled):
        raise not_set_up(name)
    secrets = vault.unseal(found.sealed, tenant_id, name)
    return maker(merchant=found.merchant, **found.open_part, **secrets)


def not_set_up(name: str) -> ProviderNotSetUp:
    """The refusal of a provider that the store does not use."""
    return ProviderNotSetUp(
        f"The store has not set up '{name[:20]}'; choose another way of paying.",
        detail_zh="店铺未开通该支付方式，请更换支付方式。",
    )


def _hint(secret: str) -> str:
    """The end of a secret, where what is left over is long enough to be safe; a PEM's end says nothing."""
    return "…" + secret[-_HINT_LETTERS:] if len(secret) >= 16 and "-----" not in secret else "…"
