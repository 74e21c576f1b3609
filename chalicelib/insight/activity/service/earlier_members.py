"""Members of before addresses were told from references, and before names were searched for, are read once more.

Each is found by name and number from then on; a reference that is an address leads to the member who has that address,
whose history it then is.
"""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.db import Transaction, change
from chalicelib.insight.activity.service import reading_on
from chalicelib.insight.activity.service.united_members import unite_where_allowed
from chalicelib.insight.records import EarlierMembers
from chalicelib.members.enrolment.service import find_ordinals
from chalicelib.members.linking.service.adopting import give
from chalicelib.members.model.addresses import identity_named
from chalicelib.members.model.identities import Identity
from chalicelib.members.records import MemberRecord
from chalicelib.members.search.service import index, is_indexed
from chalicelib.members.service.members import members_by_ordinal
from chalicelib.tenants.service.brand import get_tenant

READ_ON = "members.read_on"
SLICE_MEMBERS = 200


def begin(tenant_id: str, end: int, now: datetime) -> None:
    """Begins, once for a tenant that has such members: those with the ordinals up to ``end``."""
    address = EarlierMembers.address(tenant_id)
    if end and EarlierMembers.fetch(*address) is None:
        reading_on.begin(EarlierMembers(*address, end=end), READ_ON, now)


def read_on(tenant_id: str, now: datetime) -> None:
    """Reads on for a while, then hands over to the next message. One that comes twice or late does no harm."""

    def step(state: EarlierMembers) -> bool | None:
        if state.through >= state.end:
            return None
        through = int(state.through)
        state.through = min(through + SLICE_MEMBERS, int(state.end))
        _read(tenant_id, range(through, int(state.through)), now)
        return bool(state.through < state.end)

    address = EarlierMembers.address(tenant_id)
    reading_on.read_on(lambda: EarlierMembers.fetch(*address, consistent=True), step, READ_ON, now)


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
