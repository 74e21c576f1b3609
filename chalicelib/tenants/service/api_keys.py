"""API keys: issued once, checked by hash, rotated, taken over, revoked at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from chalicelib.db import Refused, Transaction, change, fetch_many
from chalicelib.kernel.clock import instant
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.ids import new_id, secret_hash, secret_token
from chalicelib.kernel.principal import Principal
from chalicelib.tenants.model import (
    KeyExpired,
    KeyWithoutKeeper,
    check_expiry,
    check_may_grant,
    has_ended,
    old_secret_ends_at,
)
from chalicelib.tenants.records import ApiKeyHash, ApiKeyRecord, StaffRecord
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.brand import get_tenant
from chalicelib.tenants.service.key_keepers import KeptKey, keeper_of


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A key and the only sight of its secret, which is the whole bearer credential ``lt_<id>.<secret>``."""

    key: KeptKey
    secret: str


@dataclass(frozen=True, slots=True)
class NewKey:
    """What a new key is to be: its scopes are role names or ``*``; ``ends_at`` None is a key without an end."""

    name: str
    scopes: Sequence[str]
    ends_at: datetime | None = None


@dataclass(slots=True)
class _Stored:
    """The two records of a key: the tenant's entry, and the platform's hash. They change together."""

    record: ApiKeyRecord
    hashed: ApiKeyHash


def add_key(
    tx: Transaction, tenant_id: str, slug: str, new: NewKey, keeper: StaffRecord, created_by: str, now: datetime
) -> IssuedKey:
    """Draws a key and adds its two records to the transaction. It is the keeper's."""
    key_id, secret = new_id(now), secret_token()
    both: dict[str, Any] = {
        "name": new.name,
        "scopes": sorted(set(new.scopes)),
        "ends_at": new.ends_at,
        "keeper": keeper.id,
    }
    record = ApiKeyRecord(
        *ApiKeyRecord.address(tenant_id, key_id),
        **both,
        keeper_name=keeper.name or keeper.email,
        created_at=now,
        created_by=created_by,
    )
    tx.create("api-key", record)
    address = ApiKeyHash.address(key_id)
    hashed = ApiKeyHash(*address, **both, tenant_id=tenant_id, slug=slug, secret_hash=secret_hash(secret))
    tx.create("api-key-hash", hashed)
    return IssuedKey(KeptKey.of(record, keeper, keeper.id, now), _credential(key_id, secret))


def create_key(tenant_id: str, new: NewKey, by: Principal, now: datetime) -> IssuedKey:
    """Issues a key that belongs to whoever asks or, where a key asks, to its keeper.

    Raises CannotGrant when its scopes pass the roles of its creator, KeyWithoutKeeper, or Invalid for an end in the
    past.
    """
    check_may_grant(by.roles, new.scopes)
    check_expiry(new.ends_at, now)
    tx = Transaction()
    keeper = _person(tenant_id, by)
    issued = add_key(tx, tenant_id, get_tenant(tenant_id).slug, new, keeper, by.label, now)
    record = issued.key.record
    changes = {"name": new.name, "scopes": record.scopes} | ({"expires_at": instant(e)} if (e := new.ends_at) else {})
    audit(tx, tenant_id, by, "api_key.created", f"api_key:{record.id}", now, changes)
    tx.commit()
    return issued


def rotate_key(tenant_id: str, key_id: str, overlap: timedelta, by: Principal, now: datetime) -> IssuedKey:
    """Gives a key another secret. The one in use counts for the overlap, any older one no more.

    A secret that nobody has used was never received: rotated again, it ends, and the one in use counts as was said, or
    shorter. The key becomes that of whoever sees the new secret. Raises NotFound, CannotGrant, KeyWithoutKeeper or
    KeyExpired.
    """
    secret = secret_token()

    def decide(stored: _Stored, tx: Transaction) -> IssuedKey:
        record = stored.record
        check_may_grant(by.roles, record.scopes)
        _check_running(record, now)
        keeper = _keep(stored, tenant_id, by)
        _set_secret(stored, secret, overlap, now)
        _replace(tx, stored)
        told = {"name": record.name, "old_secret_ends_at": instant(record.old_ends_at)}
        audit(tx, tenant_id, by, "api_key.rotated", f"api_key:{key_id}", now, told)
        return IssuedKey(KeptKey.of(record, keeper, keeper.id, now), _credential(key_id, secret))

    return change(lambda: _stored(tenant_id, key_id), decide)


def _set_secret(stored: _Stored, secret: str, overlap: timedelta, now: datetime) -> None:
    record, hashed = stored.record, stored.hashed
    ends = old_secret_ends_at(record.ends_at, overlap, now)
    if hashed.fresh and not has_ended(hashed.old_ends_at, now):
        ends = min(ends, hashed.old_ends_at)
    else:
        hashed.old_secret_hash = hashed.secret_hash
    hashed.secret_hash, hashed.old_ends_at, hashed.fresh = secret_hash(secret), ends, True
    record.rotated_at, record.old_ends_at = now, ends


def take_over_key(tenant_id: str, key_id: str, by: Principal, now: datetime) -> KeptKey:
    """Makes a key that of whoever asks, its secret as it is: what runs with it runs on when its keeper leaves.

    Raises NotFound, CannotGrant for a key of higher rights, or KeyWithoutKeeper.
    """

    def decide(stored: _Stored, tx: Transaction) -> KeptKey:
        record = stored.record
        check_may_grant(by.roles, record.scopes)
        before = keeper_of(tenant_id, record)
        keeper = _keep(stored, tenant_id, by)
        if record.keeper != before or stored.hashed.keeper != before:
            _replace(tx, stored)
            told = {"name": record.name, "keeper": {"from": before, "to": keeper.id}}
            audit(tx, tenant_id, by, "api_key.taken_over", f"api_key:{key_id}", now, told)
        return KeptKey.of(record, keeper, keeper.id, now)

    return change(lambda: _stored(tenant_id, key_id), decide)


def revoke_key(tenant_id: str, key_id: str, by: Principal, now: datetime) -> None:
    """Ends a key: the next request with it is refused. Raises NotFound, or CannotGrant for a key of higher rights."""
    address = ApiKeyRecord.address(tenant_id, key_id)
    record = ApiKeyRecord.fetch(*address, consistent=True)
    if record is None:
        raise _no_key(key_id)
    check_may_grant(by.roles, record.scopes)
    tx = Transaction()
    tx.delete("api-key", ApiKeyRecord, *address, condition=ApiKeyRecord.pk.exists())
    tx.delete("api-key-hash", ApiKeyHash, *ApiKeyHash.address(key_id))
    audit(tx, tenant_id, by, "api_key.revoked", f"api_key:{key_id}", now, {"name": record.name})
    try:
        tx.commit()
    except Refused as gone:
        raise _no_key(key_id) from gone


def _credential(key_id: str, secret: str) -> str:
    return f"lt_{key_id}.{secret}"


def _stored(tenant_id: str, key_id: str) -> _Stored:
    addresses = (ApiKeyRecord, *ApiKeyRecord.address(tenant_id, key_id)), (ApiKeyHash, *ApiKeyHash.address(key_id))
    record, hashed = fetch_many(addresses, consistent=True)
    # What checks a key is the platform's: another tenant's is found there too, but never without an entry of one's own.
    if record is None or hashed is None:
        raise _no_key(key_id)
    return _Stored(record, hashed)


def _replace(tx: Transaction, stored: _Stored) -> None:
    tx.replace("api-key", stored.record)
    tx.replace("api-key-hash", stored.hashed)


def _person(tenant_id: str, by: Principal) -> StaffRecord:
    """Who acts, or answers for the key that does. Raises KeyWithoutKeeper."""
    person = StaffRecord.at(tenant_id, by.person, consistent=True) if by.person else None
    if person is None:
        raise KeyWithoutKeeper(
            "Whoever made this key has left, so nobody would answer for another one: sign in, and take this one over.",
            detail_zh="创建该密钥的人已离开，新密钥将无人负责：请登录后接管该密钥。",
        )
    return person


def _keep(stored: _Stored, tenant_id: str, by: Principal) -> StaffRecord:
    """Makes the key that of whoever acts."""
    keeper = _person(tenant_id, by)
    stored.record.keeper = stored.hashed.keeper = keeper.id
    stored.record.keeper_name = keeper.name or keeper.email
    return keeper


def _check_running(record: ApiKeyRecord, now: datetime) -> None:
    if has_ended(record.ends_at, now):
        raise KeyExpired(
            f"The key '{record.name}' has expired; issue another one.",
            detail_zh=f"密钥“{record.name}”已过期，请另行创建。",
        )


def _no_key(key_id: str) -> NotFound:
    return NotFound("There is no such API key.", detail_zh="没有该 API 密钥。")
