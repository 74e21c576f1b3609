"""Members as an earlier release left them."""

from __future__ import annotations

from chalicelib.db import Transaction, tenant_scope
from chalicelib.members.records import OrdinalCounter


def forget_that_they_are_known(tenant_id: str) -> None:
    """Takes the note away that all members of a tenant are found by name and address."""
    tx = Transaction()
    tx.update(
        "counter",
        OrdinalCounter,
        *OrdinalCounter.address(tenant_id),
        actions=[OrdinalCounter.known_from.remove()],
        condition=OrdinalCounter.known_from.exists(),
    )
    with tenant_scope(tenant_id):
        tx.commit()
