"""Before each step it is asked who the member is by then: left, blocked, erased, united, and if they still agree."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from chalicelib.db import tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.members.linking.service.uniting import unite
from chalicelib.members.records import MemberRecord
from chalicelib.members.service import taking_back
from infra.local.engine import Engine
from tests.builders import Member, Shop, made
from tests.conftest import Drain, Sweep
from tests.coupons import shops as coupons
from tests.customer_care import CustomerCare
from tests.journeys.some import agreed, go_quiet, happens, journey, ordinal, results, says, way, ways

WAIT = {"kind": "wait", "days": 1}


def subjects(engine: Engine, member: Member) -> Counter[str]:
    return Counter(mail["subject"] for mail in engine.mail() if mail["to"] == member.email)


def gone(shop: Shop, member: Member, how: str) -> None:
    """A member has left, is blocked, or is no more."""
    if how == "brand":
        made(shop.caller.call("POST", f"{shop.path}/me/leave", json={}, token=member.token), 200)
    elif how == "blocked":
        made(shop.brand.patch(f"/v1/members/{member.id}", {"status": "blocked", "reason": "Never collects"}), 200)
    else:
        with tenant_scope(shop.tenant_id):
            found = MemberRecord.at(shop.tenant_id, member.id, consistent=True)
            assert found is not None
            taking_back.take_back(found, "job", product_clock.now())


@pytest.mark.parametrize("step", ["message", "coupon", "points", "tag", "staff_notice", "condition"])
def test_who_is_gone_by_then_gets_nothing_more_whatever_the_step(
    step: str, shop: Shop, engine: Engine, sweep: Sweep, clock: Any
) -> None:
    made(shop.brand.post("/v1/tags", {"tag": "vip"}))
    batch = coupons.batch(shop, kind="percent", percent_off="10")
    steps = {
        "message": says("Later"), "coupon": {"kind": "coupon", "batch_id": batch["id"]},
        "points": {"kind": "points", "points": 5}, "tag": {"kind": "tag", "tag": "vip"},
        "staff_notice": {"kind": "staff_notice", "text": "Call"},
        "condition": {"kind": "condition", "asks": "has_ordered", "is": False},
    }  # fmt: skip
    of = journey(shop, steps=[WAIT, steps[step], says("End")])
    left, blocked, removed, stays = (agreed(shop) for _ in range(4))
    go_quiet(shop, left, blocked, removed, stays)
    sweep()
    gone(shop, left, "brand")
    gone(shop, blocked, "blocked")
    gone(shop, removed, "removed")
    clock.advance(days=2)
    sweep(2)
    found = {each: way(shop, member, of) for each, member in
             {"left": left, "blocked": blocked, "removed": removed, "stays": stays}.items()}  # fmt: skip
    assert {each: (str(it.state), it.why) for each, it in found.items()} == {
        "left": ("left", "brand"), "blocked": ("left", "blocked"), "removed": ("left", "brand"),
        "stays": ("finished", None),
    }  # fmt: skip
    assert results(shop, of)["steps"][1]["reached"] == 1
    assert [subjects(engine, each)["End"] for each in (left, blocked, removed, stays)] == [0, 0, 0, 1]


def test_who_withdraws_their_consent_is_told_nothing_and_goes_on(
    shop: Shop, engine: Engine, sweep: Sweep, clock: Any
) -> None:
    batch = coupons.batch(shop, kind="percent", percent_off="10")
    of = journey(shop, steps=[says("First"), WAIT, says("Second"), {"kind": "coupon", "batch_id": batch["id"]}])
    member = agreed(shop)
    go_quiet(shop, member)
    sweep(2)
    body = {"consent": {"marketing": False}}
    made(shop.caller.call("PATCH", f"{shop.path}/me", json=body, token=member.token), 200)
    clock.advance(days=2)
    sweep(2)
    assert subjects(engine, member) == {"First": 1}
    held = way(shop, member, of).steps_done[2]
    assert held[:3] == (2, "held", "no_consent")
    assert (way(shop, member, of).state, len(coupons.own(shop, member))) == ("finished", 1)


def test_one_person_goes_on_once(shop: Shop, engine: Engine, sweep: Sweep, clock: Any) -> None:
    of = journey(shop, steps=[WAIT, {"kind": "points", "points": 5}, says("Later")])
    stays = agreed(shop)
    made(shop.brand.post("/v1/imports", {"kind": "members", "csv": "reference\nC-1\n"}), 202)
    sweep()
    happens(shop, "members.quiet", days=30, ordinals=[ordinal(shop, stays), ordinal(shop, stays) + 1])
    sweep()
    with tenant_scope(shop.tenant_id):
        assert unite(shop.tenant_id, ordinal(shop, stays) + 1, ordinal(shop, stays), product_clock.now())
    sweep()
    clock.advance(days=2)
    sweep(2)
    assert sorted(each["state"] for each in ways(shop, of)) == ["finished", "united"]
    assert results(shop, of)["steps"][1]["done"] == 1
    assert subjects(engine, stays) == {"Later": 1}


def test_a_collected_order_begins_one_once(care: CustomerCare, drain: Drain, sweep: Sweep) -> None:
    shop = care.shop
    member, other = agreed(shop), agreed(shop)
    of = journey(shop, trigger={"kind": "order_collected"}, exit_on_purchase=False, steps=[says("How was it?")])
    (order,) = care.collected(member)
    happens(shop, "order.picked_up", order_id=order["id"])  # comes twice
    sweep(2)
    assert [each["member_id"] for each in ways(shop, of)] == [member.id]
    assert results(shop, of)["entries"] == 1
    assert other.id not in {each["member_id"] for each in ways(shop, of)}
