"""Members of before addresses were told from references, and before names were searched for, are read once more.

Each is found by name and number from then on; a reference that is an address leads to the member who has that address,
whose history it then is.
"""

import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from chalicelib.db import Refused, Transaction, change
from chalicelib.insight.activity.service.united_members import unite_where_allowed
from chalicelib.insight.records import EarlierMembers
from chalicelib.members.enrolment.service import find_ordinals, ordinals_of_before
from chalicelib.members.linking.service.adopting import give
from chalicelib.members.model.addresses import identity_named
from chalicelib.members.model.identities import Identity
from chalicelib.members.records import MemberRecord
from chalicelib.members.search.service import index, is_indexed
from chalicelib.members.service.members import members_by_ordinal
from chalicelib.tenants.service.brand import get_tenant

READ_ON = "members.read_on"
MESSAGE_SECONDS = 20.0
SLICE_MEMBERS = 200

_OVERDUE = timedelta(hours=3)
"""Longer than the queues deliver a message again before they give it up."""


def begin(tenant_id: str, now: datetime) -> None:
    """Begins, once for a tenant that has such members."""
    address = EarlierMembers.address(tenant_id)
    end = ordinals_of_before(tenant_id)
    if end and EarlierMembers.fetch(*address) is None:
        state = EarlierMembers(*address, end=end)
        state.emit(READ_ON, now)
        state.schedule(now + _OVERDUE, READ_ON, "imports")
        tx = Transaction()
        tx.create("state", state)
        with suppress(Refused):  # another delivery of the same message was faster
            tx.commit()


def read_on(tenant_id: str, now: datetime) -> None:
    """Reads on for a while, then hands over to the next message. One that comes twice or late does no harm."""
    ends, more = time.monotonic() + MESSAGE_SECONDS, True
    while more:
        more = _slice(tenant_id, hands_over=time.monotonic() >= ends, now=now)


def _slice(tenant_id: str, *, hands_over: bool, now: datetime) -> bool:
    """Reads a slice and notes that it is done; whether the same message is to read the next."""

    def decide(state: EarlierMembers | None, tx: Transaction) -> bool:
        if state is None or state.through >= state.end:
            return False
        through = int(state.through)
        upto = min(through + SLICE_MEMBERS, int(state.end))
        _read(tenant_id, range(through, upto), now)
        state.through = upto
        more = upto < int(state.end)
        state.schedule(now + _OVERDUE if more else None, READ_ON, "imports")
        if more and hands_over:
            state.emit(READ_ON, now)
        tx.replace("state", state)
        return more and not hands_over

    return change(lambda: EarlierMembers.fetch(*EarlierMembers.address(tenant_id), consistent=True), decide)


def _read(tenant_id: str, ordinals: Sequence[int], now: datetime) -> None:
    tenant = get_tenant(tenant_id)
    region = tenant.country
    members = [each for each in members_by_ordinal(tenant_id, ordinals) if each.united_with is None]
    named = {int(member.ordinal): identity_named(member.external_ref or "", region) for member in members}
    addresses = {ordinal: identity for ordinal, identity in named.items() if identity.kind != "ref"}
    known = find_ordinals(tenant_id, list(addresses.values()))
    for ordinal, identity in addresses.items():
        _link(tenant_id, ordinal, identity, known.get(identity), now)
    for member in members:
        if not is_indexed(member):
            _index(tenant_id, int(member.ordinal))


def _link(tenant_id: str, ordinal: int, identity: Identity, known: int | None, now: datetime) -> None:
    """The address leads to this member; where it leads to another already, this one's history is the other's."""
    if known is None and not give(tenant_id, ordinal, identity):
        known = find_ordinals(tenant_id, [identity]).get(identity)
    if known is not None and known != ordinal:
        unite_where_allowed(tenant_id, ordinal, known, now)


def _index(tenant_id: str, ordinal: int) -> None:
    def decide(member: MemberRecord | None, tx: Transaction) -> None:
        if member is not None and not is_indexed(member):
            index(tx, member)
            tx.replace("member", member)

    address = MemberRecord.address_of_ordinal(tenant_id, ordinal)
    change(lambda: MemberRecord.fetch(*address, consistent=True), decide)
