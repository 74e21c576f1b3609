"""Whom the rows of a brand's file are about: members by address or reference, and people who join by it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.members.enrolment.service import Joined, Newcomer, find_ordinals, join
from chalicelib.members.linking.service.adopting import give
from chalicelib.members.model.addresses import identity_named
from chalicelib.members.model.identities import Identity
from chalicelib.members.model.status import IMPORTED
from chalicelib.tenants.service.brand import get_tenant


@dataclass(frozen=True, slots=True)
class Matched:
    """The ordinals behind names, those among them who joined just now; and where an address has a member, and the same
    text as a reference another from earlier days, those two: the one of the reference first.
    """

    ordinals: dict[str, int]
    doubles: set[tuple[int, int]]
    joined: frozenset[int] = frozenset()


def match(
    tenant_id: str, names: Sequence[str], now: datetime, ordered: Mapping[str, tuple[date, date]]
) -> Matched:  # fmt: skip
    """The members whom a file names; those whom the tenant did not have join, on the first day on which they
    ``ordered`` or today. Who joins is known to have ordered then: the first and the last local day, by name.

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
    days: dict[Identity, list[date]] = {}
    for name, identity in identities.items():
        if identity not in known:
            days.setdefault(identity, []).extend(ordered.get(name, ()))
    joined = Joined()
    if days:
        joined = join(tenant_id, [_newcomer(who, said, today) for who, said in days.items()], now)
        known |= joined.ordinals
    ordinals = {name: known[identity] for name, identity in identities.items()}
    doubles = {
        (known[ref], ordinals[name])
        for name, ref in references.items()
        if known.get(ref, ordinals[name]) != ordinals[name]
    }
    return Matched(ordinals, doubles, frozenset(int(each.ordinal) for each in joined.members.values()))


def _newcomer(who: Identity, ordered: Sequence[date], today: date) -> Newcomer:
    span = (min(ordered), max(ordered)) if ordered else None
    return Newcomer(who, min([today, *ordered]), IMPORTED, ordered=span)
