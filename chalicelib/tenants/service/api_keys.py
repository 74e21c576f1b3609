"""API keys: issued once, checked by hash, revoked at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.db import Page, Refused, Transaction
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.ids import new_id, secret_hash, secret_token
from chalicelib.kernel.principal import Principal
from chalicelib.tenants.model import check_may_grant
from chalicelib.tenants.records import ApiKeyHash, ApiKeyRecord
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.brand import get_tenant


@dataclass(frozen=True, slots=True)
class IssuedKey:
    """A new key and the only sight of its secret, which is the whole bearer credential ``lt_<id>.<secret>``."""

    record: ApiKeyRecord
    secret: str


def add_key(
    tx: Transaction, tenant_id: str, slug: str, name: str, scopes: Sequence[str], created_by: str, now: datetime
) -> IssuedKey:
    """Draws a key and adds its two records to the transaction: the tenant's entry, and the platform's hash."""
    key_id, secret = new_id(now), secret_token()
    wanted = sorted(set(scopes))
    record = ApiKeyRecord(
        *ApiKeyRecord.address(tenant_id, key_id), name=name, scopes=wanted, created_at=now, created_by=created_by
    )
    tx.create("api-key", record)
    tx.create(
        "api-key-hash",
        ApiKeyHash(
            *ApiKeyHash.address(key_id),
            tenant_id=tenant_id,
            slug=slug,
            name=name,
            secret_hash=secret_hash(secret),
            scopes=wanted,
        ),
    )
    return IssuedKey(record, f"lt_{key_id}.{secret}")


def create_key(tenant_id: str, name: str, scopes: Sequence[str], by: Principal, now: datetime) -> IssuedKey:
    """Issues a key. Raises CannotGrant when its scopes pass the roles of its creator."""
    check_may_grant(by.roles, scopes)
    tx = Transaction()
    issued = add_key(tx, tenant_id, get_tenant(tenant_id).slug, name, scopes, by.label, now)
    changes = {"name": name, "scopes": issued.record.scopes}
    audit(tx, tenant_id, by, "api_key.created", f"api_key:{issued.record.id}", now, changes)
    tx.commit()
    return issued


def list_keys(tenant_id: str, limit: int, cursor: dict[str, Any] | None) -> Page[ApiKeyRecord]:
    """The tenant's keys, oldest first."""
    return ApiKeyRecord.page(ApiKeyRecord.partition(tenant_id), limit=limit, cursor=cursor, consistent=True)


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


def _no_key(key_id: str) -> NotFound:
    return NotFound(f"There is no API key {key_id}.", detail_zh=f"没有 API 密钥 {key_id}。")
