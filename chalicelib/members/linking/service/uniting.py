"""Two members turn out to be one person: the history of one, who is unclaimed, becomes the other's.

What was recorded under the one's ordinal stays where it is; whoever counts reads :func:`united` and takes it for the
other's. So an import or an order that is recorded in the same moment under either ordinal is counted for one person.
"""

from dataclasses import dataclass
from datetime import date, datetime

from pynamodb.expressions.update import Action

from chalicelib.db import Transaction, change, fetch_many
from chalicelib.members.birthdays.service import standing as birthdays
from chalicelib.members.leavings import service as leavings
from chalicelib.members.linking.service import sources
from chalicelib.members.linking.service.adopting import keep
from chalicelib.members.linking.service.following import hand_over
from chalicelib.members.records import IdentityRecord, MemberRecord, UnitedRecord
from chalicelib.members.search.service import index


@dataclass(slots=True)
class _Pair:
    gone: MemberRecord
    stays: MemberRecord


def unite(tenant_id: str, gone: int, stays: int, now: datetime) -> bool:
    """Makes the history of a member, by ordinal, another's: identities lead to the other, who keeps the earlier day of
    joining and the later one of activity, is blocked if either was, and has left if the one had and they did nothing
    since. Repeated, it changes nothing.

    False where the one has been claimed, or the other has become somebody else's meanwhile.
    """

    def decide(pair: _Pair, tx: Transaction) -> bool:
        if pair.gone.united_with is not None:
            return int(pair.gone.united_with) == stays
        if not pair.gone.unclaimed or pair.stays.united_with is not None or gone == stays:
            return False
        _move_identities(tx, pair)
        hand_over(tx, pair.gone, pair.stays)
        leavings.hand_on(tx, pair.gone, pair.stays, now)
        born = [(each, each.birthday) for each in (pair.gone, pair.stays)]
        _hand_on(pair)
        for each, birthday in born:
            birthdays.keep(tx, each, birthday, now)
        for each in (pair.gone, pair.stays):
            index(tx, each)
        place = UnitedRecord.address(tenant_id, gone)
        tx.create("united", UnitedRecord(*place, into=stays, awaits_recount=True))
        sources.hand_on(tx, tenant_id, gone, stays)
        pair.gone.emit("member.united", now, member_id=pair.gone.id)
        tx.replace("gone", pair.gone)
        tx.replace("stays", pair.stays)
        return True

    addresses = [(MemberRecord, *MemberRecord.address_of_ordinal(tenant_id, n)) for n in (gone, stays)]
    return change(lambda: _Pair(*fetch_many(addresses, consistent=True)), decide)


def united(tenant_id: str) -> dict[int, int]:
    """By ordinal, whose history it is now: of those who became another's, also by way of a third."""
    return sources.whose({each.ordinal: int(each.into) for each in sources.every_union(tenant_id)})


def recounted(tenant_id: str, unions: list[UnitedRecord]) -> None:
    """Notes that the days on which these count are marked for the next rollup."""
    for union in unions:
        tx = Transaction()
        gone = UnitedRecord.address(tenant_id, union.ordinal)
        tx.update("union", UnitedRecord, *gone, actions=[UnitedRecord.awaits_recount.remove()])
        tx.commit()


def _move_identities(tx: Transaction, pair: _Pair) -> None:
    ordinal, tenant_id = int(pair.gone.ordinal), pair.gone.tenant_id
    for at, identity in enumerate(pair.gone.identities):
        actions: list[Action] = [IdentityRecord.ordinal.set(int(pair.stays.ordinal)), IdentityRecord.rev.add(1)]
        if identity.kind != "ref":
            actions.append(IdentityRecord.named.set(True))  # whoever has claimed the other has not proved this one
        tx.update(
            f"identity:{at}",
            IdentityRecord,
            *IdentityRecord.address(tenant_id, identity),
            actions=actions,
            condition=IdentityRecord.ordinal == ordinal,
        )
        keep(pair.stays, identity)


def _hand_on(pair: _Pair) -> None:
    """What is known of the one goes to the other, and nothing personal stays with it."""
    gone, stays = pair.gone, pair.stays
    stays.name = stays.name or gone.name
    stays.status = gone.status if gone.blocked else stays.status
    stays.joined_on = min(stays.joined_on, gone.joined_on)
    known: date | None = stays.last_active_on
    moved: date | None = gone.last_active_on
    if moved is not None and (known is None or known < moved):
        stays.last_active_on = moved
    for name, of_both in (("first_ordered_on", min), ("last_ordered_on", max), ("took_part_on", max)):
        days = [day for each in (stays, gone) if (day := getattr(each, name)) is not None]
        setattr(stays, name, of_both(days, default=None))
        setattr(gone, name, None)
    stays.wishes, gone.wishes = stays.wishes or gone.wishes, None
    # What the person says counts before what the brand's people wrote down, and they have left who say so themselves.
    if (gone.profile or gone.locale) and stays.unclaimed:
        stays.profile_by = "staff"
    stays.locale, gone.locale = stays.locale or gone.locale, None
    stays.profile, gone.profile = {**(gone.profile or {}), **(stays.profile or {})}, {}
    stays.birthday_in = max(int(gone.birthday_in or 0), int(stays.birthday_in or 0)) or None
    gone.left_at = gone.left_reason = gone.profile_by = gone.birthday_in = None  # who left has been handed on
    gone.united_with = int(stays.ordinal)
    gone.name = gone.email = gone.phone = gone.external_ref = gone.further = None
    gone.points = gone.tier = None
