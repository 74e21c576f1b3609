"""Which payment providers a brand has an account with. Payments write it; it is read before a way of paying is offered,
so that nobody is promised one that does not work.
"""

from collections.abc import Iterable

from chalicelib.db import Transaction, fetch_many
from chalicelib.settings import settings
from chalicelib.tenants.records import AcceptedProvider

TEST = "test"


def note(tx: Transaction, tenant_id: str, provider: str, *, accepted: bool) -> None:
    """Adds to a transaction that the brand takes payments with a provider, or takes none any more."""
    address = AcceptedProvider.partition(tenant_id), provider
    if accepted:
        tx.put("accepted", AcceptedProvider(*address))
    else:
        tx.delete("accepted", AcceptedProvider, *address)


def accepted(tenant_id: str, providers: Iterable[str]) -> frozenset[str]:
    """Those of the providers that the brand takes payments with; the test provider wherever there is one."""
    wanted = sorted(set(providers) - {TEST})
    partition = AcceptedProvider.partition(tenant_id)
    found = fetch_many([(AcceptedProvider, partition, name) for name in wanted], consistent=True) if wanted else []
    with_test = {TEST} if settings().local else set()
    return frozenset({str(each.sk) for each in found if isinstance(each, AcceptedProvider)} | with_test)
