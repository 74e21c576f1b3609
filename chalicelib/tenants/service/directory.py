"""What the web layer asks: whose storefront, whose key, which roles now.

Keys and staff are read consistently: one that was revoked a moment ago must not be accepted again.
"""

from datetime import datetime
from functools import lru_cache

from pynamodb.exceptions import PynamoDBException

from chalicelib.db import Refused, Transaction, fetch_many, tenant_scope
from chalicelib.kernel.errors import Unavailable
from chalicelib.kernel.remembering import for_a_minute, to_forget
from chalicelib.telemetry import logger
from chalicelib.tenants.model import (
    EVERY_ROLE,
    USE_NOTED_EVERY,
    has_ended,
    is_slug,
    scopes_now,
    secrets_now,
    use_to_note,
)
from chalicelib.tenants.records import NOBODY, ApiKeyHash, ApiKeyRecord, SlugClaim, StaffRecord, Tenant
from chalicelib.web.principal import ApiKeyIdentity, StaffIdentity


class _Unclaimed(Exception):
    """Nobody has the slug or the key; an exception, because what is absent must not be remembered."""


def tenant_of_slug(slug: str) -> str | None:
    """The id of the tenant with this slug. A slug never changes hands, so it is remembered for up to a minute."""
    try:
        return _claimed(slug)
    except _Unclaimed:
        return None


def look_up_slug(slug: str) -> str | None:
    """As :func:`tenant_of_slug`, but asks each time: sign-in makes the same requests whatever is known."""
    if not is_slug(slug):
        return None
    claim = SlugClaim.fetch(*SlugClaim.address(slug))
    return claim.tenant_id if claim else None


@for_a_minute(most=10_000)
def _claimed(slug: str) -> str:
    found = look_up_slug(slug)
    if found is None:
        raise _Unclaimed
    return found


def country(tenant_id: str) -> str | None:
    """Where the tenant is at home (ISO 3166); None where nobody can say, or there is no such tenant."""
    with tenant_scope(tenant_id):
        found = Tenant.fetch(*Tenant.address(tenant_id))
    return found.country if found else None


def api_key(key_id: str, now: datetime) -> ApiKeyIdentity | None:
    """A key that is neither revoked nor expired, with what its keeper's roles leave of its scopes.

    One batch of two consistent reads, so that a revocation and a change of roles count with the next request. Whose a
    key is, is remembered to ask for both at once, and checked against what was read.
    """
    try:
        found, roles = _key_and_roles(key_id)
    except _Unclaimed:
        return None
    if found is None or roles is None or has_ended(found.ends_at, now):
        return None
    secrets = secrets_now(found.secret_hash, found.old_secret_hash, found.old_ends_at, now)
    keeper = "" if found.keeper in (None, NOBODY) else found.keeper
    return ApiKeyIdentity(
        key_id, found.tenant_id, secrets, scopes_now(found.scopes, roles), found.name, found.slug, keeper,
        found.used_at, bool(found.fresh),
    )  # fmt: skip


def key_used(key: ApiKeyIdentity, now: datetime, *, newest: bool) -> None:
    """Writes down that a key was used, once an hour however often it is, and the first use of a new secret."""
    first = key.fresh and newest
    if not first and not use_to_note(key.used_at, now):
        return
    tx = Transaction()
    unnoted = ApiKeyHash.used_at.does_not_exist() | (ApiKeyHash.used_at <= now - USE_NOTED_EVERY)
    hashed, shown = ApiKeyHash.address(key.key_id), ApiKeyRecord.address(key.tenant_id, key.key_id)
    if first:
        unnoted = ApiKeyHash.secret_hash == key.secret_hashes[0]
    actions = [ApiKeyHash.used_at.set(now), *([ApiKeyHash.fresh.remove()] if first else [])]
    tx.update("hash", ApiKeyHash, *hashed, actions=actions, condition=ApiKeyHash.pk.exists() & unnoted)
    tx.update("key", ApiKeyRecord, *shown, actions=[ApiKeyRecord.used_at.set(now)], condition=ApiKeyRecord.pk.exists())
    try:
        with tenant_scope(key.tenant_id):
            tx.commit()
    except Refused:
        return  # another request has just written it, or the key is gone
    except (Unavailable, PynamoDBException):
        logger.warning("the use of an API key was not written down", exc_info=True)


def _key_and_roles(key_id: str) -> tuple[ApiKeyHash | None, list[str] | None]:
    """The key, and its keeper's roles: None of one who has left, all of them where nobody answers for it."""
    tenant_id, keeper = _keeper_known(key_id)
    with tenant_scope(tenant_id):
        wanted = (ApiKeyHash, *ApiKeyHash.address(key_id)), (StaffRecord, *StaffRecord.address(tenant_id, keeper))
        found, person = fetch_many(wanted, consistent=True)
        if found is not None and found.keeper not in (None, keeper):
            _keeper_known.cache_clear()  # taken over by another process
            keeper = found.keeper
            person = StaffRecord.at(tenant_id, keeper, consistent=True)
    if keeper == NOBODY:
        return found, [EVERY_ROLE]
    return found, person.roles if person else None


@lru_cache(maxsize=10_000)
def _keeper_known(key_id: str) -> tuple[str, str]:
    """The tenant and the keeper of a key, as they were when first asked for. Raises _Unclaimed."""
    found = ApiKeyHash.fetch(*ApiKeyHash.address(key_id), consistent=True)
    if found is None:
        raise _Unclaimed
    if found.keeper:
        return found.tenant_id, found.keeper
    from chalicelib.tenants.service.key_keepers import note_keeper

    return found.tenant_id, note_keeper(found.tenant_id, key_id)


to_forget(_keeper_known.cache_clear)


def staff(tenant_id: str, staff_id: str) -> StaffIdentity | None:
    """Someone still on the staff, with the roles held now."""
    with tenant_scope(tenant_id):
        person = StaffRecord.at(tenant_id, staff_id, consistent=True)
    if person is None:
        return None
    return StaffIdentity(staff_id, frozenset(person.roles), person.name or person.email, person.times_signed_out)
