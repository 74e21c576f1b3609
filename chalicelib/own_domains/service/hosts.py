"""Whose shop a host leads to, asked with each page that is read at a brand's own domain."""

from dataclasses import dataclass

from chalicelib.kernel.remembering import for_a_minute
from chalicelib.own_domains.model.hosts import LONGEST
from chalicelib.own_domains.records import HostClaim


@dataclass(frozen=True, slots=True)
class ShopAt:
    """The shop behind a host."""

    tenant_id: str
    slug: str


class _Nobodys(Exception):
    """Nobody has proved the host; an exception, because what is absent must not be remembered."""


def shop_at(host: str) -> ShopAt | None:
    """The shop whose brand has proved the host last, up to a minute old; None for a host that leads to none."""
    try:
        return _proved(host) if 0 < len(host) <= LONGEST else None
    except _Nobodys:
        return None


@for_a_minute(most=10_000)
def _proved(host: str) -> ShopAt:
    found = HostClaim.of(host)
    if found is None:
        raise _Nobodys
    return ShopAt(found.tenant_id, found.slug)


def forget_hosts() -> None:
    """Has this process ask anew, after a host has changed hands."""
    _proved.forget()
