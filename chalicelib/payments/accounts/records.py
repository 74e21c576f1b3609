"""The stores' accounts at payment providers, with their keys."""

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.payments.model import Fees


class ProviderSettings(TenantRecord):
    """A store's account at a provider. ``open_part`` may be shown; ``sealed`` holds the secrets, encrypted for this
    tenant and provider; ``hints`` are their last letters, so that people recognise the key in use. The fees are the
    rates that the store has agreed with the provider: basis points, and minor units of the store's currency.
    """

    merchant = UnicodeAttribute()
    enabled = BooleanAttribute(default=True)
    open_part = JsonAttribute()
    sealed = UnicodeAttribute()
    hints = JsonAttribute()
    fee_bps = NumberAttribute(default=0)
    fee_fixed_minor = NumberAttribute(default=0)
    changed_at = InstantAttribute()

    @staticmethod
    def partition(tenant_id: str) -> str:
        """Where all accounts of a tenant lie."""
        return key(tenant_id, "payment-settings")

    @staticmethod
    def address(tenant_id: str, provider: str) -> tuple[str, str]:
        """The key of a tenant's account at a provider."""
        return key(tenant_id, "payment-settings"), provider

    @staticmethod
    def kept_partition(tenant_id: str) -> str:
        """Where the accounts lie that were replaced or removed, for the payments that went to them."""
        return key(tenant_id, "payment-settings-kept")

    @staticmethod
    def kept_address(tenant_id: str, provider: str, merchant: str) -> tuple[str, str]:
        """The key of such an account."""
        return ProviderSettings.kept_partition(tenant_id), f"{provider}#{merchant}"

    @property
    def provider(self) -> str:
        return str(self.sk).partition("#")[0]

    @property
    def fees(self) -> Fees:
        """What the provider takes of each payment."""
        return Fees(int(self.fee_bps or 0), int(self.fee_fixed_minor or 0))
