"""Whom the rows of a brand's file are about: members by address or reference, and people who join by it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.members.enrolment.service import Newcomer, enrol, find_ordinals
from chalicelib.members.linking.service.adopting import give
from chalicelib.members.model.addresses import identity_named
from chalicelib.members.model.identities import Identity
from chalicelib.members.model.status import IMPORTED
from chalicelib.tenants.service.brand import get_tenant


@dataclass(frozen=True, slots=True)
class Matched:
    """The ordinals behind names; and where an address has a member, and the same text as a reference another from
    earlier days, those two: the one of the reference first.
    """

    ordinals: dict[str, int]
    doubles: set[tuple[int, int]]


def match(tenant_id: str, names: Sequence[str], now: datetime, joined_on: Mapping[str, date]) -> Matched:
    """The members whom a file names; those whom the tenant did not have join, on the earliest day by ``joined_on``
    (local dates, by name) or today.

    Spellings of one address are one member. Safe to repeat and to run at the same time. Raises Unavailable when others
    keep drawing ordinals first.
    """
    tenant = get_tenant(tenant_id)
    region = tenant.country
    identities = {name: identity_named(name, region) for name in names}
    references = {name: Identity("ref", name) for name in names}
    known = find_ordinals(tenant_id, list(dict.fromkeys([*identities.values(), *references.values()])))
    for name, identity in identities.items():
        of_old = known.get(references[name])
        if identity not in known and of_old is not None and give(tenant_id, of_old, identity):
            known[identity] = of_old
    today = local_date(now, zone(tenant.timezone))
    first: dict[Identity, date] = {}
    for name, identity in identities.items():
        if identity not in known:
            first[identity] = min(first.get(identity, today), joined_on.get(name, today))
    if first:
        known |= enrol(tenant_id, [Newcomer(who, on, IMPORTED) for who, on in first.items()], now)
    ordinals = {name: known[identity] for name, identity in identities.items()}
    return Matched(ordinals, {(known[ref], ordinals[name]) for name, ref in references.items()
                              if known.get(ref, ordinals[name]) != ordinals[name]})  # fmt: skip
