"""Members whom a brand's file names: each row is one person, whatever of them is known already.

Nobody is claimed by a file. An address that a row adds beside another is the brand's word: it finds the member for
further files, and is proved by a sign-in only.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from chalicelib.db import Transaction, change
from chalicelib.insight.activity.model.member_rows import MemberRow
from chalicelib.insight.activity.model.reasons import Reason
from chalicelib.insight.activity.service.imported_orders import Outcome
from chalicelib.insight.activity.service.united_members import unite_where_allowed
from chalicelib.kernel.local_day import local_date
from chalicelib.members.enrolment.service import Joined, Newcomer, enrol, find_ordinals, join
from chalicelib.members.linking.service.adopting import give
from chalicelib.members.model.identities import Identity
from chalicelib.members.model.status import IMPORTED
from chalicelib.members.records import MemberRecord
from chalicelib.members.search.service import index
from chalicelib.members.service.members import members_by_ordinal

Numbered = tuple[int, MemberRow]

_TWO_PEOPLE = Reason(
    "the row names two members who cannot become one: both have signed in, or one has orders of their own",
    "该行对应两位不能合并的会员：两人都已登录过，或其中一人在此有自己的订单",
)


def take_in(tenant_id: str, numbered: Sequence[Numbered], tz: ZoneInfo, now: datetime) -> Outcome:
    """Makes members of those who are new, and one of those whom a row names twice. Safe to repeat, also at the same
    time.
    """
    outcome = Outcome()
    known = _find(tenant_id, [row for _, row in numbered])
    known |= _enrol(tenant_id, [row for _, row in numbered], known, local_date(now, tz), now)
    for number, row in numbered:
        if _is_one(row, known) or _link(tenant_id, row, now, tz):
            outcome.imported += 1
        else:
            outcome.errors.append((number, _TWO_PEOPLE))
    _complete(tenant_id, [row for _, row in numbered])
    return outcome


def _find(tenant_id: str, rows: Iterable[MemberRow]) -> dict[Identity, int]:
    return find_ordinals(tenant_id, list(dict.fromkeys(each for row in rows for each in row.identities)))


def _enrol(
    tenant_id: str, rows: Sequence[MemberRow], known: dict[Identity, int], today: date, now: datetime
) -> dict[Identity, int]:
    """Makes members of rows that share nothing with anybody known, nor with an earlier row."""
    taken, newcomers = set(known), list[Newcomer]()
    for row in rows:
        if taken.isdisjoint(row.identities):
            first, *others = row.identities
            on = row.joined_on or today
            newcomers.append(Newcomer(first, on, IMPORTED, name=row.name, others=tuple(others)))
        taken |= set(row.identities)
    joined = join(tenant_id, newcomers, now) if newcomers else Joined()
    whole = [newcomer for newcomer in newcomers if newcomer.identity in joined.members]
    return joined.ordinals | {each: joined.ordinals[who.identity] for who in whole for each in who.identities}


def _is_one(row: MemberRow, known: dict[Identity, int]) -> bool:
    ordinals = {known.get(identity) for identity in row.identities}
    return len(ordinals) == 1 and None not in ordinals


def _link(tenant_id: str, row: MemberRow, now: datetime, tz: ZoneInfo) -> bool:
    """Has all that a row names lead to one member. False where that would make one of two who stay two."""
    known = _find(tenant_id, [row])
    if not known:
        known = enrol(tenant_id, [Newcomer(row.identities[0], row.joined_on or local_date(now, tz), IMPORTED)], now)
    members = members_by_ordinal(tenant_id, sorted(set(known.values())))
    claimed = [member for member in members if not member.unclaimed]
    stays = int((claimed or members)[0].ordinal)
    others = [int(member.ordinal) for member in members if int(member.ordinal) != stays]
    if len(claimed) > 1 or not all(unite_where_allowed(tenant_id, gone, stays) for gone in others):
        return False
    return all(give(tenant_id, stays, each, claimed=True) for each in row.identities if each not in known)


def _complete(tenant_id: str, rows: Sequence[MemberRow]) -> None:
    """Names those who have none, as long as nobody has claimed them, and keeps the earlier day of joining."""
    known = _find(tenant_id, rows)
    said = {known[row.identities[0]]: row for row in rows if row.identities[0] in known and (row.name or row.joined_on)}
    for member in members_by_ordinal(tenant_id, sorted(said)):
        if _adds(member, said[int(member.ordinal)]):
            _add(tenant_id, member, said[int(member.ordinal)])


def _adds(member: MemberRecord, row: MemberRow) -> bool:
    names = bool(row.name) and not member.name and member.unclaimed
    return names or (row.joined_on is not None and row.joined_on < member.joined_on)


def _add(tenant_id: str, member: MemberRecord, row: MemberRow) -> None:
    def decide(standing: MemberRecord | None, tx: Transaction) -> None:
        if standing is None or not _adds(standing, row):
            return
        if row.name and standing.unclaimed:
            standing.name = standing.name or row.name
        standing.joined_on = min(standing.joined_on, row.joined_on or standing.joined_on)
        index(tx, standing)
        tx.replace("member", standing)

    change(lambda: MemberRecord.at(tenant_id, member.id, consistent=True), decide)
