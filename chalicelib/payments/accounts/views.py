"""What the API shows of a store's accounts at payment providers."""

from typing import Self

from chalicelib.payments.accounts.records import ProviderSettings
from chalicelib.web import Instant, View


class SettingsView(View):
    """A store's account at a provider. Secrets are never shown again: ``secrets`` has the last letters of each."""

    provider: str
    merchant_id: str
    enabled: bool
    settings: dict[str, str]
    secrets: dict[str, str]
    fee_bps: int
    fee_fixed_minor: int
    webhook_url: str
    changed_at: Instant

    @classmethod
    def of(cls, record: ProviderSettings, base_url: str) -> Self:
        """The account as it is set up."""
        return cls(
            provider=record.provider,
            merchant_id=record.merchant,
            enabled=record.enabled,
            settings=record.open_part,
            secrets=record.hints,
            fee_bps=record.fees.bps,
            fee_fixed_minor=record.fees.fixed_minor,
            webhook_url=webhook_url(base_url, record.provider, record.tenant_id),
            changed_at=record.changed_at,
        )


class SettingsList(View):
    """Every provider that is set up."""

    items: list[SettingsView]


def webhook_url(base_url: str, provider: str, tenant_id: str) -> str:
    """Where a provider sends its notices for a tenant."""
    return f"{base_url}/v1/webhooks/{provider}/{tenant_id}"
