"""What the sweep brings: messages that wait for a provider, and persons for whom what was held may leave."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.db import Transaction, change
from chalicelib.notices.delivery.model import LEASE, Item, Status, in_common
from chalicelib.notices.delivery.service.addresses import send_again
from chalicelib.notices.delivery.service.leaving import leave
from chalicelib.notices.delivery.service.letters import letter_of
from chalicelib.notices.delivery.service.markers import claim_again, close, of_told, replace
from chalicelib.notices.delivery.service.reaching import Reached, reached
from chalicelib.notices.model.catalogue import notice_of
from chalicelib.notices.model.notices import Category, Queued
from chalicelib.notices.model.people import Person
from chalicelib.notices.recipients.model import Channel
from chalicelib.notices.records import NoticeRecord
from chalicelib.notices.restraint.model import RESTRAINED, Held, awake_at
from chalicelib.notices.restraint.records import HeldRecord
from chalicelib.notices.restraint.service import drop_all, release


def try_again(tenant_id: str, message_id: str, now: datetime) -> None:
    """Lets a message leave that waits for its provider, or whose worker died. Raises BeingSent, UnknownTemplate."""
    record = NoticeRecord.fetch(*NoticeRecord.address(tenant_id, message_id), consistent=True)
    if record is None or not record.is_due(now):
        return
    contents = record.contents
    if "queued" in contents:
        claim_again(record, now)
        send_again(record, Queued.from_json(contents["queued"]), now)
        return
    items = [Item.from_json(each) for each in contents["items"]]
    category = notice_of(items[0].told.template).telling.category
    whom = reached(tenant_id, items[0].told.person, category, now)
    if whom is None:
        close(record, Status.INBOX, now)
    elif category in RESTRAINED and (awake := awake_at(now, whom.to, whom.settings)) > now:
        record.try_at(awake)  # what can wait does not arrive in the night because a provider failed by day
        replace(record)
    else:
        claim_again(record, now)
        leave(record, whom.to, items, letter_of(tenant_id, whom.to, items, now), _media(items, whom), now)


def _media(items: Sequence[Item], whom: Reached) -> tuple[Channel, ...]:
    """Of those that the person still wants; a notice declined since keeps none of the others from leaving."""
    wanted = [media for item in items if (media := whom.media(notice_of(item.told.template).telling))]
    return in_common(wanted) if wanted else ()


def let_go(tenant_id: str, person: Person, now: datetime) -> None:
    """Lets everything leave in one letter that was held for a person and is due."""
    whom = reached(tenant_id, person, Category.SERVICE, now)
    record = change(lambda: HeldRecord.of(tenant_id, person), lambda held, tx: _lead(held, tx, whom, now))
    if record is None or whom is None:
        return
    items = [Item.from_json(each) for each in record.contents["items"]]
    leave(record, whom.to, items, letter_of(tenant_id, whom.to, items, now), _media(items, whom), now)


def _lead(held: HeldRecord, tx: Transaction, whom: Reached | None, now: datetime) -> NoticeRecord | None:
    """Takes what is due out of what is held; answers the claimed marker of the first, with which the others leave."""
    if whom is None:
        released = drop_all(held, tx, now)
    else:
        released = release(held, tx, now, whom.to, whom.settings, lambda telling: bool(whom.media(telling)))
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
