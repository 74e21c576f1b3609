"""The staff of a tenant: who may do what, and that an owner always remains."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from chalicelib.db import Page, Refused, Transaction, change, check_revision
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.principal import Principal
from chalicelib.tenants.model import LastOwner, StaffExists, changed, check_may_grant
from chalicelib.tenants.records import OwnerCount, StaffEmail, StaffRecord
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.key_keepers import keys_kept_by, note_keepers


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
) -> StaffRecord:
    """Sets a name, or roles; None leaves them. Of keys that stop since their keeper has fewer roles, an event tells.

    Raises LastOwner, CannotGrant, Stale or NotFound.
    """

    def decide(person: StaffRecord, tx: Transaction) -> StaffRecord:
        check_revision(person, if_match)
        before: dict[str, Any] = {"name": person.name, "roles": person.roles}
        after: dict[str, Any] = {"name": name or person.name, "roles": sorted(set(roles or person.roles))}
        if after == before:
            return person
        check_may_grant(by.roles, {*before["roles"], *after["roles"]})
        person.name, person.roles = after["name"], after["roles"]
        tx.replace("staff", person)
        _count_owner(tx, tenant_id, before["roles"], after["roles"])
        fewer = not set(before["roles"]) <= set(after["roles"])
        event = "staff.lessened_keys" if fewer and keys_kept_by(tenant_id, staff_id, now) else ""
        audit(tx, tenant_id, by, "staff.changed", f"staff:{staff_id}", now, changed(before, after), event)
        return person

    return change(lambda: get_staff(tenant_id, staff_id, consistent=True), decide, refused=_refuse_last_owner)


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
        event = "staff.left_keys" if keys_kept_by(tenant_id, staff_id, now) else ""
        audit(tx, tenant_id, by, "staff.removed", f"staff:{staff_id}", now, changes, event)

    change(lambda: get_staff(tenant_id, staff_id, consistent=True), decide, refused=_refuse_last_owner)


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
