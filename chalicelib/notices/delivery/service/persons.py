"""Tells a person: the notice stands in their inbox at once, and leaves as they want to hear it.

One transaction claims the notice's marker, puts the entry into the inbox, and has the notice wait where it may not
leave yet. So it stands in the inbox exactly once, whatever is delivered twice; and what waits is brought again by the
sweep, not by the queue, whose patience ends after five times.
"""

from dataclasses import replace
from datetime import datetime

from chalicelib.db import Refused, Transaction, change
from chalicelib.notices.delivery.model import Item, Status
from chalicelib.notices.delivery.service.leaving import leave
from chalicelib.notices.delivery.service.letters import letter_of
from chalicelib.notices.delivery.service.markers import BeingSent, left_to_sweep, of_told, postpone, taken_over
from chalicelib.notices.delivery.service.reaching import Reached, awake_for, reached
from chalicelib.notices.inbox.model import belongs_in_inbox
from chalicelib.notices.inbox.service import entry
from chalicelib.notices.model.catalogue import notice_of
from chalicelib.notices.model.letters import Letter
from chalicelib.notices.model.notices import Told
from chalicelib.notices.records import NoticeRecord
from chalicelib.notices.restraint.model import RESTRAINED
from chalicelib.notices.restraint.records import HeldRecord
from chalicelib.notices.restraint.service import Verdict, judge

_STATUS = {Verdict.LEAVES: Status.SENDING, Verdict.WAITS: Status.HELD, Verdict.STAYS: Status.INBOX}


class _Known(Exception):
    """The message was claimed before."""

    def __init__(self, found: NoticeRecord | None) -> None:
        super().__init__()
        self.found = found


def tell(tenant_id: str, message_id: str, told: Told, now: datetime) -> None:
    """Tells a notice unless the message with this id was told; nobody is told who has left.

    Raises BeingSent, UnknownTemplate.
    """
    telling = notice_of(told.template).telling
    whom = reached(tenant_id, told.person, telling.category, now)
    if whom is None:
        return
    told = replace(told, person=whom.to.person)  # whose history has become another's: it stands in the other's inbox
    items = (Item(message_id, told),)
    letter = letter_of(tenant_id, whom.to, items, now)
    try:
        record = _claim(tenant_id, items[0], letter, whom, now)
    except _Known as known:
        again = _taken_over(known.found, items[0], now)
        if again is None:
            return
        record = again
        if (awake := awake_for(whom, telling, now)) > now:
            postpone(record, awake, now, items=[items[0].as_json()])
    if record.status == Status.SENDING:
        leave(record, whom.to, items, letter, whom.media(telling), now)


def _taken_over(found: NoticeRecord | None, item: Item, now: datetime) -> NoticeRecord | None:
    """What another delivery left behind, claimed for this worker; None where there is nothing to do now."""
    if found is None:
        return None
    try:
        return taken_over(found, now)
    except BeingSent:
        left_to_sweep(found, items=[item.as_json()])
        return None


def _claim(tenant_id: str, item: Item, letter: Letter, whom: Reached, now: datetime) -> NoticeRecord:
    """The marker of a notice that nobody has told yet, written beside its entry in the inbox. Raises _Known."""
    told = item.told
    telling = notice_of(told.template).telling
    media = whom.media(telling)

    def read() -> HeldRecord | None:
        return HeldRecord.of(tenant_id, told.person) if media and telling.category in RESTRAINED else None

    def decide(held: HeldRecord | None, tx: Transaction) -> NoticeRecord:
        verdict = Verdict.LEAVES if media else Verdict.STAYS
        if held is not None:
            verdict = judge(held, tx, item.message_id, told, now, whom.to, whom.settings)
        record = of_told(tenant_id, item.message_id, told, now, _STATUS[verdict])
        tx.create("notice", record)
        if belongs_in_inbox(told.template):
            tx.create("inbox", entry(tenant_id, told.person, letter, told, item.message_id, now))
        return record

    return change(read, decide, refused=_known)


def _known(refused: Refused) -> None:
    if "notice" in refused.names:
        raise _Known(refused.item("notice", NoticeRecord))
