"""The staff of a tenant: who may do what, and that an owner always remains."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.db import Page, Refused, Transaction, change, check_revision
from chalicelib.kernel.errors import Invalid, NotFound
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.principal import Principal
from chalicelib.loading import provided
from chalicelib.tenants.model import Duty, LastOwner, StaffExists, changed, check_may_grant, duty_ends
from chalicelib.tenants.records import OwnerCount, StaffEmail, StaffRecord
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.key_keepers import keys_kept_by, note_keepers


@dataclass(frozen=True, slots=True)
class Work:
    """Which cases somebody gets, and when they are there for them; None stays as it is."""

    skills: Sequence[str] | None = None
    pickup_point_ids: Sequence[str] | None = None
    duty: Duty | None = None


def add_first_owner(tx: Transaction, tenant_id: str, email: str, now: datetime) -> StaffRecord:
    """Adds a new tenant's owner to its sign-up."""
    owner = _add(tx, tenant_id, email, None, ["owner"], now)
    tx.create("owners", OwnerCount(*OwnerCount.address(tenant_id), owners=1))
    return owner


def add_staff(
    tenant_id: str, email: str, name: str | None, roles: Sequence[str], by: Principal, now: datetime
) -> StaffRecord:
    """Adds someone to the staff; from then on they can sign in with a code sent to the e-mail, as an event tells them.

    Raises StaffExists or CannotGrant.
    """
    check_may_grant(by.roles, roles)
    tx = Transaction()
    person = _add(tx, tenant_id, email, name, roles, now)
    _count_owner(tx, tenant_id, (), person.roles)
    changes = {"email": email, "roles": person.roles}
    audit(tx, tenant_id, by, "staff.added", f"staff:{person.id}", now, changes, "staff.added")
    try:
        tx.commit()
    except Refused as refused:
        if "email" not in refused.names:
            raise
        raise StaffExists(
            f"{email} is already on the staff; change that entry instead.",
            detail_zh=f"{email} 已是团队成员，请修改已有记录。",
        ) from refused
    return person


def get_staff(tenant_id: str, staff_id: str, *, consistent: bool = False) -> StaffRecord:
    """The person. Raises NotFound."""
    person = StaffRecord.at(tenant_id, staff_id, consistent=consistent)
    if person is None:
        raise NotFound("There is no such staff member.", detail_zh="没有该团队成员。")
    return person


def list_staff(tenant_id: str, limit: int, cursor: dict[str, Any] | None) -> Page[StaffRecord]:
    """Everyone on the staff, longest serving first."""
    return StaffRecord.page(StaffRecord.partition(tenant_id), limit=limit, cursor=cursor, consistent=True)


def edit_staff(
    tenant_id: str,
    staff_id: str,
    name: str | None,
    roles: Sequence[str] | None,
    if_match: int | None,
    by: Principal,
    now: datetime,
    work: Work = Work(),
) -> StaffRecord:
    """Sets a name, roles, or their work on cases; None leaves them. Of keys that stop since their keeper has fewer
    roles an event tells, and one of cases that they can have no more.

    Raises LastOwner, CannotGrant, Stale or NotFound, and Invalid for a pickup point that the brand has not.
    """
    _check_points(tenant_id, work.pickup_point_ids or ())

    def decide(person: StaffRecord, tx: Transaction) -> StaffRecord:
        check_revision(person, if_match)
        before = _as_told(person)
        had = person.roles, person.duty
        roles_then = sorted(set(roles or person.roles))
        skills, points, duty = work.skills, work.pickup_point_ids, work.duty
        person.keep_work(
            list(dict.fromkeys(person.skills if skills is None else skills)),
            list(dict.fromkeys(person.pickup_point_ids if points is None else points)),
            duty or person.duty,
        )
        person.name, person.roles = name or person.name, roles_then
        after = _as_told(person)
        if after == before:
            return person
        check_may_grant(by.roles, {*before["roles"], *after["roles"]})
        if duty_ends(had, (person.roles, person.duty)):
            person.emit("staff.duty_ended", now, staff_id=staff_id)
        tx.replace("staff", person)
        _count_owner(tx, tenant_id, before["roles"], after["roles"])
        fewer = not set(before["roles"]) <= set(after["roles"])
        event = "staff.lessened_keys" if fewer and keys_kept_by(tenant_id, staff_id, now) else ""
        audit(tx, tenant_id, by, "staff.changed", f"staff:{staff_id}", now, changed(before, after), event)
        return person

    return change(lambda: get_staff(tenant_id, staff_id, consistent=True), decide, refused=_refuse_last_owner)


def _check_points(tenant_id: str, pickup_point_ids: Sequence[str]) -> None:
    for place, each in enumerate(pickup_point_ids):
        try:
            provided("pickup_point")(tenant_id, each)
        except NotFound as absent:
            raise Invalid.at(
                f"/pickup_point_ids/{place}",
                "There is no such pickup point; choose from your list of pickup points.",
                "该自提点不存在，请从自提点列表中选择。",
            ) from absent


def remove_staff(tenant_id: str, staff_id: str, if_match: int | None, by: Principal, now: datetime) -> None:
    """Removes someone from the staff: their tokens and keys end with the next request, the e-mail is free again.

    Keys that somebody has taken over run on; of those that stop, an event tells. Raises LastOwner or NotFound.
    """
    note_keepers(tenant_id)

    def decide(person: StaffRecord, tx: Transaction) -> None:
        check_revision(person, if_match)
        check_may_grant(by.roles, person.roles)
        address = StaffRecord.address(tenant_id, staff_id)
        tx.delete("staff", StaffRecord, *address, condition=StaffRecord.rev == person.rev)
        tx.delete("email", StaffEmail, *StaffEmail.address(tenant_id, person.email))
        _count_owner(tx, tenant_id, person.roles, ())
        changes = {"email": person.email, "name": person.name, "roles": person.roles}
        events = ["staff.left_keys"] if keys_kept_by(tenant_id, staff_id, now) else []
        events += ["staff.duty_ended"] if duty_ends((person.roles, person.duty), ((), person.duty)) else []
        audit(tx, tenant_id, by, "staff.removed", f"staff:{staff_id}", now, changes, *events)

    change(lambda: get_staff(tenant_id, staff_id, consistent=True), decide, refused=_refuse_last_owner)


def _as_told(person: StaffRecord) -> dict[str, Any]:
    """What an edit may change, as the audit log has it."""
    told: dict[str, Any] = {"name": person.name, "roles": person.roles}
    work = {"skills": person.skills, "pickup_point_ids": person.pickup_point_ids, "duty": person.duty.as_json()}
    return told | work


def _add(
    tx: Transaction, tenant_id: str, email: str, name: str | None, roles: Sequence[str], now: datetime
) -> StaffRecord:
    staff_id = new_id(now)
    address = StaffRecord.address(tenant_id, staff_id)
    person = StaffRecord(*address, email=email, name=name, roles=sorted(set(roles)), created_at=now)
    tx.create("staff", person)
    tx.create("email", StaffEmail(*StaffEmail.address(tenant_id, email), staff_id=staff_id))
    return person


def _count_owner(tx: Transaction, tenant_id: str, before: Sequence[str], after: Sequence[str]) -> None:
    """Keeps the number of owners: taking one away holds only while another remains, whatever happens meanwhile."""
    step = ("owner" in after) - ("owner" in before)
    if step:
        tx.update(
            "owners",
            OwnerCount,
            *OwnerCount.address(tenant_id),
            actions=[OwnerCount.owners.add(step)],
            condition=OwnerCount.owners >= (2 if step < 0 else 1),
        )


def _refuse_last_owner(refused: Refused) -> None:
    if "owners" in refused.names and "staff" not in refused.names:
        raise LastOwner(
            "This is the only owner; make someone else an owner first.",
            detail_zh="这是唯一的所有者，请先将其他人设为所有者。",
        ) from refused
