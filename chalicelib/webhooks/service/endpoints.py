"""A brand's endpoints: added, changed, taken away."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from chalicelib.db import Page, Transaction, change, check_revision, fetch_many
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.principal import Principal
from chalicelib.kernel.unset import UNSET, Unset
from chalicelib.tenancy import audit
from chalicelib.webhooks.errors import TooManyEndpoints
from chalicelib.webhooks.model import catalogue
from chalicelib.webhooks.model.secrets import Secrets, new_secret
from chalicelib.webhooks.model.standing import WELL, Standing
from chalicelib.webhooks.records import EndpointBook, EndpointRecord, StandingRecord
from chalicelib.webhooks.service.reaching import reachable
from chalicelib.webhooks.service.vault import put_secrets

MOST = 20
"""Endpoints of a brand."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A new endpoint, as a form has it."""

    url: str
    event_types: Sequence[str]
    description: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What is changed of an endpoint. What is ``UNSET`` stays."""

    url: str | Unset = UNSET
    event_types: Sequence[str] | Unset = UNSET
    description: str | Unset = UNSET
    status: Literal["active", "disabled"] | Unset = UNSET


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An endpoint, and how it has been doing."""

    record: EndpointRecord
    standing: Standing = WELL


@dataclass(frozen=True, slots=True)
class Stored:
    """An endpoint with the tenant's book, as read for a change of both."""

    record: EndpointRecord
    book: EndpointBook


def add(tenant_id: str, wanted: Wanted, base_url: str, by: Principal, now: datetime) -> tuple[EndpointRecord, str]:
    """Adds an endpoint, and answers it with its secret, which is never shown again.

    Raises TargetRefused, UnknownEventType and TooManyEndpoints.
    """
    event_types = catalogue.chosen(wanted.event_types)
    target, _ = reachable(wanted.url, base_url)
    secret = new_secret()

    def decide(book: EndpointBook | None, tx: Transaction) -> EndpointRecord:
        book = book or EndpointBook(*EndpointBook.address(tenant_id), rev=0)
        if len(book.wanted) >= MOST:
            raise TooManyEndpoints(
                f"There are {MOST} endpoints already, which is the most; delete one that is not needed any more.",
                detail_zh=f"最多可设置 {MOST} 个接收地址，请先删除不再需要的。",
            )
        record = EndpointRecord(
            *EndpointRecord.address(tenant_id, new_id(now)),
            url=target.url,
            event_types=list(event_types),
            description=wanted.description,
            created_at=now,
            changed_at=now,
        )
        put_secrets(record, Secrets(secret), now)
        tx.create("endpoint", record)
        note(tx, book, record)
        audit(tx, tenant_id, by, "webhook_endpoint.created", _target(record), now, _told(record))
        return record

    return change(lambda: _book(tenant_id), decide), secret


def edit(
    tenant_id: str,
    endpoint_id: str,
    changes: Changes,
    base_url: str,
    if_match: int | None,
    by: Principal,
    now: datetime,
) -> Endpoint:
    """Changes an endpoint. Another address, or being enabled again, begins with a clean slate.

    Raises NotFound, Stale, TargetRefused and UnknownEventType.
    """
    url = None if changes.url is UNSET else reachable(changes.url, base_url)[0].url
    event_types = None if changes.event_types is UNSET else list(catalogue.chosen(changes.event_types))

    def decide(found: Stored, tx: Transaction) -> EndpointRecord:
        record = found.record
        check_revision(record, if_match)
        before, active, at = _told(record), record.active, record.url
        record.url = url or record.url
        record.event_types = event_types or record.event_types
        if changes.description is not UNSET:
            record.description = changes.description
        if changes.status == "active":
            record.stored_disabled_reason = record.disabled_at = None
        elif changes.status == "disabled" and active:
            record.stored_disabled_reason, record.disabled_at = "by_hand", now
        after = _told(record)
        if after == before:
            return record
        record.changed_at = now
        tx.replace("endpoint", record)
        note(tx, found.book, record)
        if record.url != at or (record.active and not active):
            tx.delete("standing", StandingRecord, *StandingRecord.address(tenant_id, endpoint_id))
        changed = {name: {"from": before[name], "to": after[name]} for name in after if after[name] != before[name]}
        audit(tx, tenant_id, by, "webhook_endpoint.changed", _target(record), now, changed)
        return record

    return _with_standing(change(reading(tenant_id, endpoint_id), decide))


def remove(tenant_id: str, endpoint_id: str, if_match: int | None, by: Principal, now: datetime) -> None:
    """Deletes an endpoint and its secret; what is on its way there is given up when due. Raises NotFound, Stale."""

    def decide(found: Stored, tx: Transaction) -> None:
        record, book = found.record, found.book
        check_revision(record, if_match)
        address = EndpointRecord.address(tenant_id, endpoint_id)
        tx.delete("endpoint", EndpointRecord, *address, condition=EndpointRecord.rev == int(record.rev))
        tx.delete("standing", StandingRecord, *StandingRecord.address(tenant_id, endpoint_id))
        book.wanted.pop(endpoint_id, None)
        tx.replace("book", book)
        audit(tx, tenant_id, by, "webhook_endpoint.deleted", _target(record), now, {"url": record.url})

    change(reading(tenant_id, endpoint_id), decide)


def read(tenant_id: str, endpoint_id: str) -> Endpoint:
    """One endpoint. Raises NotFound."""
    return _with_standing(stored(tenant_id, endpoint_id))


def listed(tenant_id: str, limit: int, cursor: dict[str, Any] | None) -> Page[EndpointRecord]:
    """A page of the endpoints, the earliest first."""
    return EndpointRecord.page(EndpointRecord.partition(tenant_id), limit=limit, cursor=cursor)


def standings(tenant_id: str, endpoint_ids: Sequence[str]) -> Mapping[str, Standing]:
    """How endpoints have been doing, by their ids."""
    addresses = [(StandingRecord, *StandingRecord.address(tenant_id, each)) for each in endpoint_ids]
    found = fetch_many(addresses) if addresses else []
    return {name: each.standing if each else WELL for name, each in zip(endpoint_ids, found, strict=True)}


def stored(tenant_id: str, endpoint_id: str) -> EndpointRecord:
    """The record of an endpoint, as it is now. Raises NotFound."""
    found = EndpointRecord.fetch(*EndpointRecord.address(tenant_id, endpoint_id), consistent=True)
    if found is None:
        raise missing()
    return found


def reading(tenant_id: str, endpoint_id: str) -> Callable[[], Stored]:
    """Reads an endpoint and the book for a change of both. Raises NotFound."""

    def read_both() -> Stored:
        record, book = fetch_many(
            [
                (EndpointRecord, *EndpointRecord.address(tenant_id, endpoint_id)),
                (EndpointBook, *EndpointBook.address(tenant_id)),
            ],
            consistent=True,
        )
        if record is None or book is None:
            raise missing()
        return Stored(record, book)

    return read_both


def note(tx: Transaction, book: EndpointBook, record: EndpointRecord) -> None:
    """Adds to the transaction that the book says what the endpoint wants now."""
    book.wanted[record.id] = list(record.event_types) if record.active else None
    if book.rev:
        tx.replace("book", book)
    else:
        book.rev = 1
        tx.create("book", book)


def missing() -> NotFound:
    """The refusal of an endpoint that there is not."""
    return NotFound("There is no such webhook endpoint.", detail_zh="未找到该接收地址。")


def _book(tenant_id: str) -> EndpointBook | None:
    return EndpointBook.fetch(*EndpointBook.address(tenant_id), consistent=True)


def _with_standing(record: EndpointRecord) -> Endpoint:
    return Endpoint(record, standings(record.tenant_id, [record.id])[record.id])


def _target(record: EndpointRecord) -> str:
    return f"webhook_endpoint:{record.id}"


def _told(record: EndpointRecord) -> dict[str, Any]:
    return {
        "url": record.url,
        "event_types": list(record.event_types),
        "description": record.description,
        "status": "active" if record.active else "disabled",
    }
