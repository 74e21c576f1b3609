"""Who gets a case, and what becomes of the cases of somebody who leaves, loses the role or goes off duty."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime

from chalicelib.cases.model.clocks import Rules
from chalicelib.cases.model.routing import ANYBODY, FIRST, Colleague, Wanted, choose, may_serve
from chalicelib.cases.records import CaseEntry, CaseRulesRecord
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import Invalid
from chalicelib.members.records import MemberRecord
from chalicelib.tenants.records import AuditEntry, StaffRecord
from chalicelib.tenants.service.brand import get_tenant

_COUNTED = 500
"""Open cases, the most pressing of a brand, by which it is told who has least in work."""


def assign(
    tenant_id: str,
    case_id: str,
    ranks: Sequence[str],
    now: datetime,
    *,
    wanted: Wanted = ANYBODY,
    but_not: str | None = None,
) -> str:
    """The staff id of who gets the case: never nobody, since a brand always has an owner."""
    people = list(StaffRecord.every(StaffRecord.partition(tenant_id)))
    team = [colleague(person, tenant_id, now) for person in people]
    busy = sum(may_serve(person.roles) for person in people) > 1
    load = _load(tenant_id) if busy else {}
    fallback = None
    if not any(person.on_duty and not set(ranks).isdisjoint(person.roles) for person in team if person.id != but_not):
        rules = CaseRulesRecord.fetch(*CaseRulesRecord.address(tenant_id))
        fallback = rules.rules.fallback if rules and rules.rules else None
    found = choose(case_id, team, ranks, wanted=wanted, load=load, fallback=fallback, but_not=but_not)
    found = found or choose(case_id, team, FIRST, wanted=wanted)
    if found is None:
        raise LookupError("a tenant has no owner on its staff")
    return found


def tier_of(tenant_id: str, member_id: str, rules: Rules) -> str | None:
    """The code of the tier that a member has now; nothing is asked where no tier has a rule of its own."""
    if not rules.tiers:
        return None
    member = MemberRecord.at(tenant_id, member_id)
    return member.tier if member else None


def colleague(person: StaffRecord, tenant_id: str, now: datetime) -> Colleague:
    """Somebody of the team as they stand now: on duty unless that is off, or by their weekly hours in the brand's zone
    they are not there.
    """
    duty = person.duty
    local = now.astimezone(zone(get_tenant(tenant_id).timezone)) if duty.hours is not None else now
    there = duty.on and (duty.hours is None or duty.hours.shows(local))
    return Colleague(person.id, frozenset(person.roles), there, tuple(person.skills), tuple(person.pickup_point_ids))


def check_owner(tenant_id: str, staff_id: str) -> None:
    """Raises Invalid for who is not on the team, or cannot work on cases."""
    person = StaffRecord.at(tenant_id, staff_id)
    if person is None:
        raise Invalid.at("/owner", "Nobody on your staff has this id.", "员工中没有此编号。")
    if not may_serve(person.roles):
        raise Invalid.at(
            "/owner",
            "They cannot work on cases; choose somebody with the role service, manager or owner.",
            "该成员无权处理工单，请选择客服、经理或所有者。",
        )


def may_keep(tenant_id: str, staff_id: str) -> bool:
    """Whether somebody can have cases: on the team, with a role that serves, and not off duty."""
    person = StaffRecord.at(tenant_id, staff_id, consistent=True)
    return person is not None and may_serve(person.roles) and person.duty.on


def whose_duty_ended(tenant_id: str, data: Mapping[str, str]) -> str | None:
    """Of whom an event says that they left, lost the role or went off duty: where they left, the audit log has it."""
    if "staff_id" in data:
        return data["staff_id"]
    entry = AuditEntry.fetch(AuditEntry.partition(tenant_id), data["entry_id"], consistent=True)
    return entry.target.partition(":")[2] if entry else None


def entries_of(tenant_id: str, staff_id: str, kinds: Collection[str]) -> Iterator[CaseEntry]:
    """The open cases of some kinds that somebody has, the most pressing first."""
    partition = CaseEntry.of_owner(tenant_id, staff_id)
    for entry in CaseEntry.every(partition, index="gsi2"):
        if entry.kind in kinds:
            yield entry


def _load(tenant_id: str) -> Counter[str]:
    found = CaseEntry.page(CaseEntry.of_tenant(tenant_id), index="gsi1", limit=_COUNTED)
    return Counter(entry.owner for entry in found.items)
