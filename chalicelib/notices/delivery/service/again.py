"""What the sweep brings: messages that wait for a provider, and persons for whom what was held may leave."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.db import Transaction, beginning_with, change
from chalicelib.notices.delivery.model import LEASE, Item, Status, in_common
from chalicelib.notices.delivery.service.addresses import send_again
from chalicelib.notices.delivery.service.leaving import leave
from chalicelib.notices.delivery.service.letters import letter_of
from chalicelib.notices.delivery.service.markers import BeingSent, claim_again, close, give_up, of_told, postpone
from chalicelib.notices.delivery.service.reaching import Reached, awake_for, reached, telling_of
from chalicelib.notices.model.catalogue import UnknownTemplate
from chalicelib.notices.model.notices import Category, Queued
from chalicelib.notices.model.people import Person
from chalicelib.notices.records import NoticeRecord
from chalicelib.notices.restraint.model import Held
from chalicelib.notices.restraint.records import HeldRecord
from chalicelib.notices.restraint.service import drop_all, release


def try_again(tenant_id: str, message_id: str, now: datetime) -> None:
    """Lets a message leave that waits for its provider, or whose worker died."""
    record = NoticeRecord.fetch(*NoticeRecord.address(tenant_id, message_id), consistent=True)
    if record is None or not record.is_due(now):
        return
    contents = record.contents
    try:
        claim_again(record, now)
    except BeingSent:
        return  # another worker has it; if that one dies, the sweep brings it again
    try:
        if "queued" in contents:
            send_again(record, Queued.from_json(contents["queued"]), now)
        else:
            _leave(record, now, None, [Item.from_json(each) for each in contents["items"]])
    except UnknownTemplate:  # of a former version, or without one of its facts: it will be so for ever
        give_up(record, now)


def let_go(tenant_id: str, person: Person, now: datetime) -> None:
    """Lets everything leave in one letter that was held for a person and is due."""
    found = HeldRecord.of(tenant_id, person)
    if not found.is_due(now):
        return  # the sweep asks each minute until it is done
    whom = reached(tenant_id, person, Category.SERVICE, now)
    read = beginning_with(found, lambda: HeldRecord.of(tenant_id, person))
    record = change(read, lambda held, tx: _lead(held, tx, whom, now))
    if record is not None:
        _leave(record, now, whom, [Item.from_json(each) for each in record.contents["items"]])


def _leave(record: NoticeRecord, now: datetime, whom: Reached | None, items: Sequence[Item]) -> None:
    """Lets go what its reader still wants to hear; no night brings what can wait, only because a provider failed."""
    known = [(item, telling) for item in items if (telling := telling_of(item))]
    if known and whom is None:
        whom = reached(record.tenant_id, items[0].told.person, known[0][1].category, now)
    wanted = [(item, telling) for item, telling in known if whom and whom.media(telling)]
    if whom is None or not wanted:
        close(record, Status.INBOX, now)
        return
    leaving = [item for item, _ in wanted]
    if (awake := awake_for(whom, wanted[0][1], now)) > now:
        postpone(record, awake, now, items=[item.as_json() for item in leaving])
        return
    media = in_common([whom.media(telling) for _, telling in wanted])
    leave(record, whom.to, leaving, letter_of(record.tenant_id, whom.to, leaving, now), media, now)


def _lead(held: HeldRecord, tx: Transaction, whom: Reached | None, now: datetime) -> NoticeRecord | None:
    """Takes what is due out of what is held; answers the claimed marker of the first, with which the others leave."""
    released = release(held, tx, now, whom.to, whom.settings, whom.media) if whom else drop_all(held, tx, now)
    tenant_id = held.tenant_id
    for each in released.staying:
        _mark(tx, _marker(tenant_id, each, now, Status.INBOX))
    if not released.leaving:
        return None
    first, *others = released.leaving
    lead = _marker(tenant_id, first, now, Status.SENDING)
    lead.contents = {"items": [Item(each.message_id, each.told).as_json() for each in released.leaving]}
    lead.lease_until = now + LEASE
    lead.try_at(lead.lease_until)
    _mark(tx, lead)
    for each in others:
        joined = _marker(tenant_id, each, now, Status.JOINED)
        joined.letter = first.message_id
        _mark(tx, joined)
    return lead


def _marker(tenant_id: str, each: Held, now: datetime, status: Status) -> NoticeRecord:
    """The marker of a held notice, as it will be: nobody has written it since it was held."""
    record = of_told(tenant_id, each.message_id, each.told, each.at, status)
    record.changed_at = now
    return record


def _mark(tx: Transaction, record: NoticeRecord) -> None:
    tx.replace(record.message_id, record)
