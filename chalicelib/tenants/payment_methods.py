"""Which payment providers a brand has an account with. Payments write it; whoever offers a way of paying reads it, so
that nobody is promised one that ends nowhere.
"""

from chalicelib.db import TenantRecord, Transaction, key
from chalicelib.settings import settings

TEST = "test"


class AcceptedProvider(TenantRecord):
    """That a brand takes payments with a provider; the provider's name is the sort key."""

    @staticmethod
    def partition(tenant_id: str) -> str:
        """Where all of a tenant's lie."""
        return key(tenant_id, "accepted-providers")


def note(tx: Transaction, tenant_id: str, provider: str, *, accepted: bool) -> None:
    """Adds to a transaction that the brand takes payments with a provider, or takes none any more."""
    address = AcceptedProvider.partition(tenant_id), provider
    if accepted:
        tx.put("accepted", AcceptedProvider(*address))
    else:
        tx.delete("accepted", AcceptedProvider, *address)


def accepted(tenant_id: str) -> frozenset[str]:
    """The providers that the brand takes payments with. On the embedded stack the test provider is one of them."""
    found = {str(each.sk) for each in AcceptedProvider.every(AcceptedProvider.partition(tenant_id), consistent=True)}
    return frozenset(found - {TEST} | ({TEST} if settings().local else set()))
