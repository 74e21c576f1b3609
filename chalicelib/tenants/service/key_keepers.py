"""Who answers for an API key: the person on the staff whose roles bound what it may do.

Keys of earlier releases do not say so. Theirs is who made them or, where a key made them, whose that key is; who had
left before keepers were known cannot be asked, so such a key goes on within its scopes until somebody takes it over.
"""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from chalicelib.db import Refused, Transaction, fetch_many, tenant_scope
from chalicelib.tenants.model import has_ended, scopes_now
from chalicelib.tenants.records import NOBODY, ApiKeyHash, ApiKeyRecord, AuditEntry, StaffRecord

KeyStatus = Literal["active", "stopped", "expired"]


@dataclass(frozen=True, slots=True)
class KeptKey:
    """An API key with its keeper, None where nobody on the staff is, and what it may do now."""

    record: ApiKeyRecord
    keeper: StaffRecord | None
    scopes_now: frozenset[str]
    status: KeyStatus

    @classmethod
    def of(cls, record: ApiKeyRecord, keeper: StaffRecord | None, keeper_id: str, now: datetime) -> "KeptKey":
        """Stopped is a key whose keeper has left, or holds none of its scopes any more."""
        if has_ended(record.ends_at, now):
            return cls(record, keeper, frozenset(), "expired")
        unbound = keeper_id == NOBODY
        roles = keeper.roles if keeper else ()
        allowed = frozenset(record.scopes) if unbound else scopes_now(record.scopes, roles)
        return cls(record, keeper, allowed, "active" if allowed else "stopped")


def list_keys(
    tenant_id: str, keeper_id: str | None, limit: int, cursor: dict[str, Any] | None, now: datetime
) -> tuple[list[KeptKey], dict[str, Any] | None]:
    """A page of the tenant's keys, oldest first, and what continues it; of one keeper, who may have left, or all."""
    keep = None if keeper_id is None else lambda record: keeper_of(tenant_id, record) == keeper_id
    partition = ApiKeyRecord.partition(tenant_id)
    page = ApiKeyRecord.page(partition, limit=limit, cursor=cursor, keep=keep, consistent=True)
    return with_keepers(tenant_id, page.items, now), page.last_key


def keys_kept_by(tenant_id: str, keeper_id: str, now: datetime) -> list[KeptKey]:
    """Every key that a person answers for, oldest first."""
    every = ApiKeyRecord.every(ApiKeyRecord.partition(tenant_id), consistent=True)
    return with_keepers(tenant_id, [each for each in every if keeper_of(tenant_id, each) == keeper_id], now)


def with_keepers(tenant_id: str, records: Iterable[ApiKeyRecord], now: datetime) -> list[KeptKey]:
    """The keys with their keepers, who are read once each."""
    kept = [(record, keeper_of(tenant_id, record)) for record in records]
    ids = sorted({keeper_id for _, keeper_id in kept} - {NOBODY})
    people = fetch_many([(StaffRecord, *StaffRecord.address(tenant_id, each)) for each in ids], consistent=True)
    found = dict(zip(ids, people, strict=True))
    return [KeptKey.of(record, found.get(keeper_id), keeper_id, now) for record, keeper_id in kept]


def keeper_of(tenant_id: str, record: ApiKeyRecord) -> str:
    """The id of the key's keeper, who may have left since; NOBODY where they had left before keepers were known."""
    if record.keeper:
        return str(record.keeper)
    made_by = _person_behind(tenant_id, record.created_by)
    return made_by if StaffRecord.at(tenant_id, made_by, consistent=True) else NOBODY


def note_keeper(tenant_id: str, key_id: str) -> str:
    """Writes down who keeps a key of an earlier release, for good, and says who it is."""
    with tenant_scope(tenant_id):
        address = ApiKeyRecord.address(tenant_id, key_id)
        record = ApiKeyRecord.fetch(*address, consistent=True)
        if record is None:
            return NOBODY
        keeper_id = keeper_of(tenant_id, record)
        tx = Transaction()
        for name, kind, (pk, sk) in (
            ("api-key", ApiKeyRecord, address),
            ("api-key-hash", ApiKeyHash, ApiKeyHash.address(key_id)),
        ):
            absent = kind.pk.exists() & kind.keeper.does_not_exist()
            tx.update(name, kind, pk, sk, actions=[kind.keeper.set(keeper_id)], condition=absent)
        with suppress(Refused):  # somebody has just written it down, or taken the key over
            tx.commit()
    return keeper_id


def note_keepers(tenant_id: str) -> None:
    """Writes down who keeps each key that does not say so yet: before somebody leaves, while it can be told."""
    for record in ApiKeyRecord.every(ApiKeyRecord.partition(tenant_id), consistent=True):
        if not record.keeper:
            note_keeper(tenant_id, record.id)


def _person_behind(tenant_id: str, made_by: str) -> str:
    """The staff member behind a label such as ``staff:01J…`` or ``api_key:01J…``, through the keys that made keys."""
    kind, _, maker_id = made_by.partition(":")
    if kind == "staff":
        return maker_id
    maker = ApiKeyRecord.fetch(*ApiKeyRecord.address(tenant_id, maker_id), consistent=True)
    if maker is not None:
        return str(maker.keeper or _person_behind(tenant_id, maker.created_by))
    # The key is gone, but the log knows who made it. Only the first key has no entry: it came with the sign-up.
    for target in (f"api_key:{maker_id}", f"tenant:{tenant_id}"):
        first = AuditEntry.page(AuditEntry.partition_of(tenant_id, target), index="gsi1", limit=1).items
        if first and first[0].action in ("api_key.created", "tenant.created"):
            return _person_behind(tenant_id, f"{first[0].actor_kind}:{first[0].actor_id}")
    return NOBODY
