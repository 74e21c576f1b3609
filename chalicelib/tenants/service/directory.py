"""What the web layer asks: whose storefront, whose key, which roles now.

Keys and staff are read consistently: one that was revoked a moment ago must not be accepted again.
"""

import time
from functools import lru_cache

from chalicelib.db import tenant_scope
from chalicelib.tenants.model import is_slug
from chalicelib.tenants.records import ApiKeyHash, SlugClaim, StaffRecord
from chalicelib.web.principal import ApiKeyIdentity, StaffIdentity

_REMEMBERED_SECONDS = 60


class _Unclaimed(Exception):
    """Nobody has the slug; an exception, because what is absent must not be remembered."""


def tenant_of_slug(slug: str) -> str | None:
    """The id of the tenant with this slug. A slug never changes hands, so it is remembered for up to a minute."""
    try:
        return _remembered(slug, int(time.monotonic() // _REMEMBERED_SECONDS))
    except _Unclaimed:
        return None


def look_up_slug(slug: str) -> str | None:
    """As :func:`tenant_of_slug`, but asks each time: sign-in makes the same requests whatever is known."""
    if not is_slug(slug):
        return None
    claim = SlugClaim.fetch(*SlugClaim.address(slug))
    return claim.tenant_id if claim else None


@lru_cache(maxsize=10_000)
def _remembered(slug: str, minute: int) -> str:
    found = look_up_slug(slug)
    if found is None:
        raise _Unclaimed
    return found


def forget() -> None:
    """Drops what is remembered, where the tables are emptied under a running process."""
    _remembered.cache_clear()


def api_key(key_id: str) -> ApiKeyIdentity | None:
    """A key that exists and is not revoked."""
    found = ApiKeyHash.fetch(*ApiKeyHash.address(key_id), consistent=True)
    if found is None:
        return None
    return ApiKeyIdentity(key_id, found.tenant_id, found.secret_hash, frozenset(found.scopes), found.name, found.slug)


def staff(tenant_id: str, staff_id: str) -> StaffIdentity | None:
    """Someone still on the staff, with the roles held now."""
    with tenant_scope(tenant_id):
        person = StaffRecord.at(tenant_id, staff_id, consistent=True)
    if person is None:
        return None
    return StaffIdentity(staff_id, frozenset(person.roles), person.name or person.email, person.times_signed_out)
