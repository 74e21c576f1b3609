"""On a brand's morning the birthdays of the day are announced: once for each member and year.

The mark of the year stands on the member, and is written with the event. So whoever says another birthday in the same
year is announced no second time, and a morning that was broken off goes on where it was. What was missed, however long,
is caught up with, day by day.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from chalicelib.db import Refused, Transaction, change, fetch_many
from chalicelib.db.transaction import MOST_OPERATIONS
from chalicelib.members.birthdays.records import BIRTHDAY, BirthdayRecord, CalendarRecord
from chalicelib.members.model.birthdays import celebrated
from chalicelib.members.records import MemberRecord

MOST_AT_ONCE = 1_000
"""Members that one message announces: a few seconds. What is left is due at the next minute."""

MOST_DAYS = 100
"""Days that one message catches up with: each is a request or two where nobody has a birthday."""


@dataclass(frozen=True, slots=True)
class _Place:
    """How far a day has come: the members of which birthday up to which ordinal."""

    birthday: str
    ordinal: int


def announce(tenant_id: str, now: datetime) -> None:
    """Announces whose mornings have come. Repeated, or at the same time, it announces nobody twice."""
    left = MOST_AT_ONCE
    for _ in range(MOST_DAYS):
        calendar = CalendarRecord.fetch(*CalendarRecord.address(tenant_id), consistent=True)
        if calendar is None or now < calendar.morning:
            return
        found = list(islice(_born(tenant_id, calendar), left))
        for start in range(0, len(found), MOST_OPERATIONS):
            _announce_some(tenant_id, found[start : start + MOST_OPERATIONS], calendar.next_on, now)
        left -= len(found)
        _go_on(calendar, found[-1] if not left else None)
        if not left:
            return


def _born(tenant_id: str, calendar: CalendarRecord) -> Iterator[_Place]:
    """Whose birthday the calendar's day is, after those whom it has begun with."""
    begun, after = calendar.begun_with, int(calendar.begun_after or 0)
    for birthday in celebrated(calendar.next_on):
        if begun is not None and birthday < begun:
            continue
        between = BirthdayRecord.after(after if birthday == begun else -1)
        for each in BirthdayRecord.every(
            BirthdayRecord.partition(tenant_id, birthday), between=between, consistent=True
        ):
            yield _Place(birthday, int(each.ordinal))


def _announce_some(tenant_id: str, born: Sequence[_Place], on: date, now: datetime) -> None:
    addresses = [(MemberRecord, *MemberRecord.address_of_ordinal(tenant_id, each.ordinal)) for each in born]
    members = [each for each in fetch_many(addresses, consistent=True) if each is not None and _counts(each, on)]
    if not members:
        return
    tx = Transaction()
    for member in members:
        _announce(tx, member, on, now)
    try:
        tx.commit()
    except Refused:  # one of them was changed meanwhile
        for member in members:
            _announce_alone(member, on, now)


def _announce_alone(member: MemberRecord, on: date, now: datetime) -> None:
    def decide(found: MemberRecord | None, tx: Transaction) -> None:
        if found is not None and _counts(found, on):
            _announce(tx, found, on, now)

    change(lambda: MemberRecord.at(member.tenant_id, member.id, consistent=True), decide)


def _announce(tx: Transaction, member: MemberRecord, on: date, now: datetime) -> None:
    tx.update(
        member.id,
        MemberRecord,
        *MemberRecord.address(member.tenant_id, member.id),
        actions=[
            MemberRecord.birthday_in.set(on.year),
            MemberRecord.rev.add(1),
            MemberRecord.emission(BIRTHDAY, now, member_id=member.id, on=on.isoformat()),
        ],
        condition=MemberRecord.rev == int(member.rev),
    )


def _counts(member: MemberRecord, on: date) -> bool:
    """Whether their birthday is to be announced: of who is with the brand, once a year. What the team or a file says of
    somebody who has never signed in is used for nothing (decision 0106).
    """
    here = member.united_with is None and not member.blocked and member.left_at is None and not member.unclaimed
    return here and member.birthday in celebrated(on) and int(member.birthday_in or 0) < on.year


def _go_on(calendar: CalendarRecord, last: _Place | None) -> None:
    """To the next day, or within the day after the last that was announced. Another message may have done it."""
    tx = Transaction()
    if last is None:
        calendar.next_on += timedelta(days=1)
    calendar.begun_with, calendar.begun_after = (last.birthday, last.ordinal) if last else (None, None)
    tx.replace("calendar", calendar)
    try:
        tx.commit()
    except Refused:
        return
