"""What becomes known when an owner signs in: a person reads mail at that address, and wants the brand."""

from datetime import datetime

from chalicelib.db import Transaction
from chalicelib.notices.records import ConfirmedBrand
from chalicelib.tenants.records import ConfirmedOwner


def confirm_owner(tenant_id: str, email: str, now: datetime) -> None:
    """Remembers it of the brand, which may send as much as it needs from now on, and of the e-mail, by whose owner as
    many brands as they like are signed up. Safe to repeat.
    """
    tx = Transaction()
    tx.put("brand", ConfirmedBrand(*ConfirmedBrand.address(tenant_id)))
    tx.put("owner", ConfirmedOwner(*ConfirmedOwner.address(email), signed_in_at=now))
    tx.commit()


def is_confirmed(tenant_id: str) -> bool:
    """Whether an owner of the brand has ever signed in."""
    return ConfirmedBrand.fetch(*ConfirmedBrand.address(tenant_id), consistent=True) is not None
