"""Takes in what providers tell of addresses, and says where mail no longer goes."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from chalicelib.db import Page, Record, Transaction, beginning_with, change
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.principal import Principal
from chalicelib.notices.model.notices import Category
from chalicelib.notices.recipients.model import Channel
from chalicelib.notices.suppression.model import Feedback, Kind
from chalicelib.notices.suppression.records import SuppressedAddress
from chalicelib.telemetry import count
from chalicelib.tenancy import audit

_FORGOTTEN = timedelta(days=60)
"""How long what passes is kept: longer than two weeks, and than a queue and its dead letters keep a message."""


def suppressed(
    tenant_id: str, addresses: Mapping[Channel, str], category: Category, now: datetime
) -> frozenset[Channel]:
    """The media by which nothing of a category goes to these addresses now; codes to sign in with always do.

    One read where there is an e-mail address: of other media nobody tells.
    """
    address = addresses.get("email")
    if address is None or category is Category.ACCESS:
        return frozenset()
    found = _stored(tenant_id, SuppressedAddress.id_of("email", address))
    return frozenset({"email"}) if found and found.reachability.stops(now, category) else frozenset()


def take_in(tenant_id: str, channel: Channel, told: Feedback, now: datetime) -> None:
    """Notes what a provider tells of an address, once however often it is told."""
    address_id = SuppressedAddress.id_of(channel, told.address)

    def decide(found: SuppressedAddress | None, tx: Transaction) -> bool:
        record = found or SuppressedAddress(
            *SuppressedAddress.key_of(tenant_id, address_id), channel=channel, address=told.address, rev=0
        )
        before = record.reachability
        after = before.after(told)
        if after == before:
            return False
        record.know(after, now + _FORGOTTEN)
        _put(tx, record, found)
        return True

    if change(lambda: _stored(tenant_id, address_id, consistent=True), decide):
        count("MailComplaints" if told.kind is Kind.COMPLAINT else "MailBounces", 1)


def look_at(tenant_id: str, channel: Channel, address: str) -> tuple[type[Record], str, str]:
    """Where to read what is known of an address, for a batch of reads; :func:`lift` takes what was found."""
    return (SuppressedAddress, *SuppressedAddress.key_of(tenant_id, SuppressedAddress.id_of(channel, address)))


def lift(found: SuppressedAddress | None, now: datetime) -> None:
    """Has mail go again to an address at which somebody has just read a code. Writes only where something stood in its
    way.
    """

    def decide(stored: SuppressedAddress | None, tx: Transaction) -> None:
        if stored is not None and stored.reachability.troubled:
            stored.know(stored.reachability.lifted(now), now + _FORGOTTEN)
            tx.replace("address", stored)

    if found is not None:
        known: SuppressedAddress | None = found
        change(beginning_with(known, lambda: _stored(found.tenant_id, found.id, consistent=True)), decide)


def release(tenant_id: str, address_id: str, by: Principal, now: datetime) -> None:
    """As :func:`lift`, because the brand says so. Raises NotFound for an address to which mail goes."""

    def decide(known: SuppressedAddress | None, tx: Transaction) -> None:
        if known is None or not known.reachability.stops(now):
            raise NotFound("Mail to this address is not stopped.", detail_zh="该地址未被停止发送。")
        told = {"reason": known.reason}
        known.know(known.reachability.lifted(now), now + _FORGOTTEN)
        tx.replace("address", known)
        audit(tx, tenant_id, by, "suppressed_address.released", f"suppressed_address:{address_id}", now, told)

    change(lambda: _stored(tenant_id, address_id, consistent=True), decide)


def listed(
    tenant_id: str, email: str | None, now: datetime, limit: int, cursor: dict[str, Any] | None
) -> Page[SuppressedAddress]:
    """Addresses to which mail does not go now, those that stopped last first; or the one that is asked for."""
    if email is not None:
        found = _stored(tenant_id, SuppressedAddress.id_of("email", email))
        return Page([found] if found and found.reachability.stops(now) else [], None)
    return SuppressedAddress.page(
        SuppressedAddress.listed(tenant_id), index="gsi1", newest_first=True, limit=limit, cursor=cursor,
        keep=lambda each: each.reachability.stops(now),
    )  # fmt: skip


def _put(tx: Transaction, record: SuppressedAddress, found: SuppressedAddress | None) -> None:
    if found is None:
        record.rev = 1
        tx.create("address", record)
    else:
        tx.replace("address", record)


def _stored(tenant_id: str, address_id: str, *, consistent: bool = False) -> SuppressedAddress | None:
    return SuppressedAddress.fetch(*SuppressedAddress.key_of(tenant_id, address_id), consistent=consistent)
