"""Use cases of pickup points: where orders are handed over, and who leads each."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from chalicelib.db import Page, Transaction, change, check_revision, fetch_many
from chalicelib.kernel.errors import FieldError, Invalid, NotFound
from chalicelib.kernel.ids import new_id
from chalicelib.kernel.principal import Principal
from chalicelib.kernel.unset import UNSET, fields_set
from chalicelib.members.service.members import get_member
from chalicelib.pickup_points.model import PickupPlace, PickupPointDetails
from chalicelib.pickup_points.records import PickupPointRecord, pickup_point_list
from chalicelib.tenants.service.audit import audit


class UnknownLeader(Invalid):
    """The leader is not a member of this community."""

    code, title, title_zh = "unknown_leader", "The leader is not a member", "团长不是本社区会员"


class UnknownPickupPoint(Invalid):
    """A campaign names a pickup point that does not exist."""

    code, title, title_zh = "unknown_pickup_point", "There is no such pickup point", "自提点不存在"


def get_pickup_point(tenant_id: str, pickup_point_id: str, *, consistent: bool = False) -> PickupPointRecord:
    """A pickup point with its present leader. Raises NotFound."""
    found = PickupPointRecord.fetch(*PickupPointRecord.address(tenant_id, pickup_point_id), consistent=consistent)
    if found is None:
        raise NotFound("There is no such pickup point.", detail_zh="该自提点不存在。")
    return found


def list_pickup_points(
    tenant_id: str, *, limit: int = 20, cursor: dict[str, Any] | None = None
) -> Page[PickupPointRecord]:
    """The tenant's pickup points, newest first."""
    return PickupPointRecord.page(
        pickup_point_list(tenant_id), index="gsi1", limit=limit, cursor=cursor, newest_first=True
    )


def create_pickup_point(tenant_id: str, details: PickupPointDetails, by: Principal, now: datetime) -> PickupPointRecord:
    """Adds a pickup point. Raises UnknownLeader."""
    _check_leader(tenant_id, details)
    point_id = new_id(now)
    pk, sk = PickupPointRecord.address(tenant_id, point_id)
    point = PickupPointRecord(pk, sk, id=point_id, created_at=now)
    _apply(point, details, now)
    tx = Transaction()
    tx.create("pickup_point", point)
    audit(tx, tenant_id, by, "pickup_point.created", f"pickup_point:{point_id}", now)
    tx.commit()
    return point


def edit_pickup_point(
    tenant_id: str,
    pickup_point_id: str,
    details: PickupPointDetails,
    if_match: int | None,
    by: Principal,
    now: datetime,
) -> PickupPointRecord:
    """Changes what is named. Campaigns keep the name and address they were published with; a new leader leads at once.

    Raises NotFound, UnknownLeader, Stale.
    """

    def decide(point: PickupPointRecord, tx: Transaction) -> PickupPointRecord:
        check_revision(point, if_match)
        _check_leader(tenant_id, details)
        _apply(point, details, now)
        tx.replace("pickup_point", point)
        audit(tx, tenant_id, by, "pickup_point.changed", f"pickup_point:{pickup_point_id}", now, fields_set(details))
        return point

    return change(lambda: get_pickup_point(tenant_id, pickup_point_id, consistent=True), decide)


def every_leader(tenant_id: str) -> frozenset[str]:
    """The ids of all members who lead a pickup point, or have led one."""
    points = PickupPointRecord.every(pickup_point_list(tenant_id), index="gsi1")
    return frozenset(
        str(leader)
        for point in points
        for leader in (point.leader_id, *(led for _, led in point.leaders or ()))
        if leader is not None
    )


def places(tenant_id: str, ids: Sequence[str]) -> list[PickupPlace]:
    """Pickup points as a campaign keeps them, in the order given. Raises UnknownPickupPoint naming all absent."""
    wanted = list(dict.fromkeys(ids))
    found = fetch_many([(PickupPointRecord, *PickupPointRecord.address(tenant_id, each)) for each in wanted])
    absent = {each for each, point in zip(wanted, found, strict=True) if point is None}
    if absent:
        errors = tuple(
            FieldError(f"/pickup_point_ids/{n}", "There is no such pickup point.", "该自提点不存在。")
            for n, each in enumerate(ids)
            if each in absent
        )
        raise UnknownPickupPoint(errors[0].message, detail_zh="有自提点不存在，详见 errors。", errors=errors)
    return [point.place for point in found]


def _check_leader(tenant_id: str, details: PickupPointDetails) -> None:
    leader_id = details.leader_id
    if leader_id is UNSET or leader_id is None:
        return
    try:
        leader = get_member(tenant_id, leader_id)
    except NotFound:
        message = "There is no such member; the leader joins the store first."
        raise UnknownLeader.at("/leader_id", message, "没有该会员，团长须先加入本店。") from None
    if leader.leaving_with is not None:
        message = "The import that made this member is being undone. Try again in some minutes, or choose another."
        raise UnknownLeader.at("/leader_id", message, "导入该会员的记录正在撤销，请几分钟后重试或另选会员。")


def _apply(point: PickupPointRecord, details: PickupPointDetails, now: datetime) -> None:
    if details.leader_id is not UNSET and details.leader_id != point.leader_id:
        point.lead_by(details.leader_id, now)
    for name, value in fields_set(details).items():
        setattr(point, "address_text" if name == "address" else name, value)
