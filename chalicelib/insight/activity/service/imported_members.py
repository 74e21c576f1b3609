"""Members whom a brand's file names: each row is one person, whatever of them is known already.

Nobody is claimed by a file. An address that a row adds beside another is the brand's word: it finds the member for
further files, and is proved by a sign-in only.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.db import Transaction, change
from chalicelib.insight.activity.model.member_rows import MemberRow
from chalicelib.insight.activity.model.reasons import Reason
from chalicelib.insight.activity.service.imported_orders import Outcome
from chalicelib.insight.activity.service.united_members import has_own_orders, unite_where_allowed
from chalicelib.kernel.local_day import local_date
from chalicelib.members.birthdays.service import standing as birthdays
from chalicelib.members.enrolment.service import Joined, Newcomer, enrol, find_ordinals, join
from chalicelib.members.linking.service.adopting import give
from chalicelib.members.model.identities import Identity
from chalicelib.members.model.status import IMPORTED
from chalicelib.members.records import PROFILE_CHANGED, MemberRecord
from chalicelib.members.search.service import index
from chalicelib.members.service.members import members_by_ordinal, standing_members

Numbered = tuple[int, MemberRow]

_TWO_PEOPLE = Reason(
    "the row names two members who cannot become one: both have signed in, or one has orders of their own",
    "该行对应两位不能合并的会员：两人都已登录过，或其中一人在此有自己的订单",
)


def take_in(tenant_id: str, job_id: str, numbered: Sequence[Numbered], tz: ZoneInfo, now: datetime) -> Outcome:
    """Makes members of those who are new, and one of those whom a row names twice. Safe to repeat, also at the same
    time. A row whose member was there before counts as a double.
    """
    outcome = Outcome()
    known = _find(tenant_id, [row for _, row in numbered])
    known |= _enrol(tenant_id, job_id, numbered, known, local_date(now, tz), now)
    good: list[Numbered] = []
    for number, row in numbered:
        if _is_one(row, known) or _link(tenant_id, brought_by(job_id, number), row, now, tz):
            good.append((number, row))
        else:
            outcome.errors.append((number, _TWO_PEOPLE))
    made = _complete(tenant_id, job_id, [row for _, row in numbered], now)
    outcome.imported = sum(brought_by(job_id, number) in made for number, _ in good)
    outcome.duplicates = len(good) - outcome.imported
    return outcome


def brought_by(job_id: str, number: int) -> str:
    """What names the row of an import that made a member."""
    return f"{job_id}#{number}"


def judge(tenant_id: str, numbered: Sequence[Numbered], said: dict[Identity, int]) -> Outcome:
    """What :func:`take_in` would do, of which nothing is written. ``said`` are the identities that rows before have
    named, which are added to.
    """
    outcome = Outcome()
    known = _find(tenant_id, [row for _, row in numbered])
    for number, row in numbered:
        ordinals = {known[each] for each in row.identities if each in known}
        if len(ordinals) > 1 and not _may_be_one(tenant_id, sorted(ordinals)):
            outcome.errors.append((number, _TWO_PEOPLE))
            continue
        if ordinals or not said.keys().isdisjoint(row.identities):
            outcome.duplicates += 1
        else:
            outcome.imported += 1
        said.update(dict.fromkeys(row.identities, number))
    return outcome


def _may_be_one(tenant_id: str, ordinals: Sequence[int]) -> bool:
    """Whether all but one of some members have neither signed in nor orders of their own."""
    stays, others, claimed = _who_stays(tenant_id, ordinals)
    return claimed < 2 and not any(has_own_orders(tenant_id, each) for each in others if each != stays)


def _who_stays(tenant_id: str, ordinals: Sequence[int]) -> tuple[int, list[int], int]:
    """Who of several members goes on, who would become them, and how many of all have signed in."""
    members = members_by_ordinal(tenant_id, sorted(ordinals))
    claimed = [member for member in members if not member.unclaimed]
    stays = int((claimed or members)[0].ordinal)
    return stays, [int(member.ordinal) for member in members if int(member.ordinal) != stays], len(claimed)


def _find(tenant_id: str, rows: Iterable[MemberRow]) -> dict[Identity, int]:
    return find_ordinals(tenant_id, list(dict.fromkeys(each for row in rows for each in row.identities)))


def _enrol(
    tenant_id: str, job_id: str, numbered: Sequence[Numbered], known: dict[Identity, int], today: date, now: datetime
) -> dict[Identity, int]:
    """Makes members of rows that share nothing with anybody known, nor with an earlier row."""
    taken, newcomers = set(known), list[Newcomer]()
    for number, row in numbered:
        if taken.isdisjoint(row.identities):
            newcomers.append(_newcomer(row, row.identities, brought_by(job_id, number), today))
        taken |= set(row.identities)
    joined = join(tenant_id, newcomers, now) if newcomers else Joined()
    whole = [newcomer for newcomer in newcomers if newcomer.identity in joined.members]
    return joined.ordinals | {each: joined.ordinals[who.identity] for who in whole for each in who.identities}


def _newcomer(row: MemberRow, identities: Sequence[Identity], brought: str, today: date) -> Newcomer:
    first, *others = identities
    return Newcomer(
        first, row.joined_on or today, IMPORTED,
        name=row.name, others=tuple(others), brought_by=brought, consent_note=row.consent,
    )  # fmt: skip


def _is_one(row: MemberRow, known: dict[Identity, int]) -> bool:
    ordinals = {known.get(identity) for identity in row.identities}
    return len(ordinals) == 1 and None not in ordinals


def _link(tenant_id: str, brought: str, row: MemberRow, now: datetime, tz: ZoneInfo) -> bool:
    """Has all that a row names lead to one member. False where that would make one of two who stay two."""
    known = _find(tenant_id, [row])
    if not known:
        known = enrol(tenant_id, [_newcomer(row, row.identities[:1], brought, local_date(now, tz))], now)
    stays, others, claimed = _who_stays(tenant_id, sorted(set(known.values())))
    if claimed > 1 or not all(unite_where_allowed(tenant_id, gone, stays, now) for gone in others):
        return False
    new = [each for each in row.identities if each not in known]
    return all(give(tenant_id, stays, each, claimed=True, brought_by=brought) for each in new)


def _complete(tenant_id: str, job_id: str, rows: Sequence[MemberRow], now: datetime) -> set[str]:
    """Fills in what nobody has said of those whom nobody has claimed: a name, answers, a language. Keeps the earlier
    day of joining and the first note of a consent; who was about to be taken back stays. Returns by which rows of which
    imports the members were made. Raises Unavailable where one was taken back meanwhile.
    """
    known = _find(tenant_id, rows)
    said: dict[int, list[MemberRow]] = {}
    for row in rows:
        if row.identities[0] in known:
            said.setdefault(known[row.identities[0]], []).append(row)
    made: set[str] = set()
    for member in standing_members(tenant_id, sorted(set(known.values()))):
        if member.brought_by:
            made.add(member.brought_by)
        of_member = said.get(int(member.ordinal), [])
        if any(_adds(member, row) for row in of_member):
            _add(tenant_id, job_id, member, of_member, now)
    return made


def _adds(member: MemberRecord, row: MemberRow) -> bool:
    notes = row.consent is not None and member.consent_note is None
    earlier = row.joined_on is not None and row.joined_on < member.joined_on
    return bool(_news(member, row)) or notes or earlier or member.leaving_with is not None


def _news(member: MemberRecord, row: MemberRow) -> dict[str, Any]:
    """What a row says of a member that nobody has; nothing of whoever has signed in, who says it themselves."""
    if not member.unclaimed:
        return {}
    given = {"name": row.name, "language": row.language, **row.answers}
    stands = {"name": member.name, "language": member.locale, **(member.profile or {})}
    return {name: value for name, value in given.items() if value and not stands.get(name)}


def _add(tenant_id: str, job_id: str, member: MemberRecord, rows: Sequence[MemberRow], now: datetime) -> None:
    def decide(standing: MemberRecord | None, tx: Transaction) -> None:
        if standing is None or not any(_adds(standing, row) for row in rows):
            return
        birthday = standing.birthday
        for row in rows:
            _fill_in(standing, _news(standing, row), now)
            standing.consent_note = standing.consent_note or row.consent
            standing.joined_on = min(standing.joined_on, row.joined_on or standing.joined_on)
        standing.leaving_with = None
        if standing.made_by(brought_by(job_id, 0)):
            standing.stays_untouched()
        index(tx, standing)
        birthdays.keep(tx, standing, birthday, now)
        tx.replace("member", standing)

    change(lambda: MemberRecord.at(tenant_id, member.id, consistent=True), decide)


def _fill_in(member: MemberRecord, news: dict[str, Any], now: datetime) -> None:
    member.name = news.pop("name", member.name)
    if not news:
        return
    # As the brand's people write it down: the member stays unclaimed, and none of it is used before they agree.
    member.profile_by = "staff"
    member.locale = news.pop("language", member.locale)
    member.profile = {**(member.profile or {}), **news}
    member.emit(PROFILE_CHANGED, now, member_id=member.id)
