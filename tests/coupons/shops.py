"""What a brand and its members do with coupons, through the interface."""

from __future__ import annotations

import itertools
from typing import Any

from chalicelib.coupons.model.in_order import InOrder
from chalicelib.coupons.model.states import State, remind_at
from chalicelib.coupons.records import BatchRecord, CouponRecord, PartRecord
from chalicelib.coupons.service import using
from chalicelib.coupons.service.following import follow
from chalicelib.db import Refused, Transaction, fetch_many, tenant_scope
from chalicelib.kernel import clock
from chalicelib.kernel.errors import DomainError
from chalicelib.kernel.ids import derived_id
from tests.builders import Member, Reply, Shop, made

_numbers = itertools.count(1)


def asked(shop: Shop, **fields: Any) -> Reply:
    """A batch that the brand asks for: five yuan off, granted alone, unless fields say otherwise."""
    usual = {"title": "Welcome", "kind": "amount", "purpose": "holiday"}
    value = {} if {"percent_off", "value", "kind"} & fields.keys() else {"value": shop.money(500)}
    return shop.brand.post("/v1/coupon-batches", usual | value | fields)


def batch(shop: Shop, **fields: Any) -> Any:
    """The batch that came of it."""
    return made(asked(shop, **fields))


def shared(code: str) -> dict[str, str]:
    """One code for all."""
    return {"mode": "shared", "code": code}


def shown(shop: Shop, of: Any) -> Any:
    """A batch as it is now."""
    return made(shop.brand.get(f"/v1/coupon-batches/{of['id']}"), 200)


def enter(shop: Shop, code: str, member: Member | None = None) -> Reply:
    """A member enters a code."""
    token = (member or shop.shopper).token
    return shop.caller.call("POST", f"{shop.path}/me/coupons", json={"code": code}, token=token)


def entered(shop: Shop, code: str, member: Member | None = None) -> Any:
    """The coupon that it gives."""
    return made(enter(shop, code, member))


def own(shop: Shop, member: Member | None = None, show: str = "") -> Any:
    """The coupons of a member, as they see them."""
    path = f"{shop.path}/me/coupons" + (f"?show={show}" if show else "")
    return made(shop.caller.call("GET", path, token=(member or shop.shopper).token), 200)["items"]


def grant(shop: Shop, of: Any, *members: Member | str) -> Any:
    """Begins to give members a coupon of a batch. Answers with the job."""
    ids = [each if isinstance(each, str) else each.id for each in members]
    return made(shop.brand.post(f"/v1/coupon-batches/{of['id']}/grants", {"member_ids": ids}), 202)["job"]


def stored(shop: Shop, coupon: Any, member: Member | None = None) -> CouponRecord:
    """A coupon as it is stored."""
    place = CouponRecord.address(shop.tenant_id, (member or shop.shopper).id, coupon["id"])
    with tenant_scope(shop.tenant_id):
        found = CouponRecord.fetch(*place, consistent=True)
    assert found is not None
    return found


def parts(shop: Shop, of: Any) -> list[PartRecord]:
    """The parts of a batch as they are stored."""
    with tenant_scope(shop.tenant_id):
        record = BatchRecord.fetch(*BatchRecord.address(shop.tenant_id, of["id"]), consistent=True)
        assert record is not None
        return fetch_many(record.part_addresses, consistent=True)


def order(name: str) -> str:
    """The id of an order that a test calls so."""
    return derived_id("order", name)


def take(coupon: CouponRecord, amount_minor: int = 500, order_name: str = "", *, held: bool = False) -> str:
    """An order takes a coupon as the order path does; answers ``used``, or the refusal's code."""
    taking = using.Taking(coupon, order(order_name or str(next(_numbers))), amount_minor, held)
    now = clock.now()
    with tenant_scope(coupon.tenant_id):
        for _ in range(12):
            tx = Transaction()
            try:
                taking.add(tx, now)
                tx.commit()
            except DomainError as why:
                return why.code
            except Refused as refusal:
                try:
                    taking.look_again(refusal, now)
                except DomainError as why:
                    return why.code
            else:
                return "used"
    return "unavailable"


def in_order(coupon: CouponRecord) -> InOrder:
    """A coupon that was taken, as its order keeps it."""
    again = None if coupon.reminded else remind_at(coupon.got_at, coupon.until_at)
    taken, held = int(coupon.amount_minor or 0), coupon.state == State.HELD
    return InOrder(coupon.id, coupon.batch_id, int(coupon.part or 0), taken, held, again)


def becomes(coupon: CouponRecord, order_name: str, amount_minor: int | None, *, stands: bool = True) -> bool:
    """The order that has a coupon comes to another price, or to nothing (None); whether the coupon followed."""
    has = in_order(coupon)
    _, changes = follow(coupon.tenant_id, coupon.member_id, order(order_name), has, amount_minor, stands=stands)
    tx = Transaction()
    for each in changes:
        tx.update(each.name, each.record, *each.address, actions=each.actions, condition=each.condition)
    with tenant_scope(coupon.tenant_id):
        try:
            tx.commit()
        except Refused:
            return False
    return True


def give_back(coupon: CouponRecord, order_name: str) -> bool:
    """The order comes to nothing; whether the coupon came back."""
    return becomes(coupon, order_name, None)
