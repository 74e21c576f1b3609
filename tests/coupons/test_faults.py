"""Whatever fails, at whichever request, while a coupon is handed out, used or given back: one effect, counted once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chalicelib.coupons.records import CouponRecord
from chalicelib.coupons.service import entering, granting, making, using
from chalicelib.db import Refused, Transaction, tenant_scope
from chalicelib.kernel import clock
from tests.builders import Shop, made
from tests.coupons.shops import batch, becomes, grant, order, parts, shared, shown
from tests.faults import Faults, faults
from tests.orders.test_faults import _without_pauses, faulty_runs, repeated, requests_of
from tests.races.test_coupons import coupons_of, stored_again
from tests.races.test_last_units import members_of

__all__ = ["_without_pauses", "faults"]


@pytest.fixture(autouse=True)
def of_the_shop(shop: Shop) -> Iterator[None]:
    """What workers and the API do, they do within their tenant."""
    with tenant_scope(shop.tenant_id):
        yield


@pytest.mark.verify
def test_entering_a_code(shop: Shop, faults: Faults) -> None:
    faults.of("coupon code")
    moon, members = batch(shop, codes=shared("MOON")), members_of(shop, 120)
    each = iter(members)

    def enter(member_id: str) -> CouponRecord:
        return entering.enter(shop.tenant_id, member_id, "MOON", clock.now())

    requests = requests_of(faults, lambda: enter(next(each).id))
    runs = 1
    for _ in faulty_runs(faults, requests):
        member = next(each)
        first = repeated(faults, lambda: enter(member.id))  # noqa: B023 - called at once
        faults.arm(None)
        assert enter(member.id).id == first.id
        runs += 1
    assert (shown(shop, moon)["granted"], runs > 50) == (runs, True)


def test_using_and_giving_back(shop: Shop, faults: Faults) -> None:
    faults.of("coupon use")
    moon = batch(shop, limits={"total": 50}, budget=shop.money(25_000))
    (coupon,) = coupons_of(shop, moon, 1)

    def use(name: str) -> None:
        if stored_again(coupon).order_id == order(name):
            return  # the order is there already
        tx = Transaction()
        using.Taking(coupon, order(name), 500).add(tx, clock.now())
        tx.commit()

    def give_back(name: str) -> None:
        becomes(stored_again(coupon), name, None)

    def again(act, name: str) -> None:
        try:
            act(name)
        except Refused:  # an earlier try has landed
            assert (stored_again(coupon).order_id == order(name)) is (act is use)

    uses = requests_of(faults, lambda: use("first"))
    backs = requests_of(faults, lambda: give_back("first"))
    for n, _ in enumerate(faulty_runs(faults, max(uses, backs))):
        armed = faults.kind, faults.at, faults.times
        repeated(faults, lambda: again(use, str(n)))  # noqa: B023 - called at once
        faults.arm(None)
        assert (shown(shop, moon)["used"], shown(shop, moon)["discount"]) == (1, shop.money(500))
        faults.arm(*armed)
        repeated(faults, lambda: again(give_back, str(n)))  # noqa: B023 - called at once
        faults.arm(None)
        assert shown(shop, moon)["used"] == 0
    assert sum(each.left.uses for each in parts(shop, moon)) == 50
    assert sum(each.left.budget_minor for each in parts(shop, moon)) == 25_000


@pytest.mark.verify
def test_granting(shop: Shop, faults: Faults, monkeypatch: pytest.MonkeyPatch) -> None:
    faults.of("coupon grants")
    monkeypatch.setattr(granting, "TOGETHER", 2)
    monkeypatch.setattr(granting, "SLICE", 4)
    members = members_of(shop, 4)
    first = grant(shop, batch(shop), *members)
    requests = requests_of(faults, lambda: granting.grant_some(shop.tenant_id, first["id"], clock.now()))
    for _ in faulty_runs(faults, requests):
        armed = faults.kind, faults.at, faults.times
        faults.arm(None)
        given = batch(shop, limits={"per_member": 2, "total": 8})
        job = grant(shop, given, *members)
        faults.arm(*armed)
        repeated(faults, lambda: granting.grant_some(shop.tenant_id, job["id"], clock.now()))  # noqa: B023
        faults.arm(None)
        granting.grant_some(shop.tenant_id, job["id"], clock.now())
        assert shown(shop, given)["granted"] == 4
        assert made(shop.brand.get(f"/v1/jobs/{job['id']}"), 200)["status"] == "done"


@pytest.mark.verify
def test_drawing_codes(shop: Shop, faults: Faults) -> None:
    faults.of("coupon codes")

    def drawn():
        fresh = batch(shop, codes={"mode": "single", "count": 3})
        return fresh, fresh["codes"]["job_id"]

    _, job_id = drawn()
    requests = requests_of(faults, lambda: making.make_some(shop.tenant_id, job_id, clock.now()))
    for _ in faulty_runs(faults, requests):
        armed = faults.kind, faults.at, faults.times
        faults.arm(None)
        fresh, job = drawn()
        faults.arm(*armed)
        repeated(faults, lambda: making.make_some(shop.tenant_id, job, clock.now()))  # noqa: B023
        faults.arm(None)
        making.make_some(shop.tenant_id, job, clock.now())
        listed = made(shop.brand.get(f"/v1/coupon-batches/{fresh['id']}/codes"), 200)["items"]
        assert len({each["code"] for each in listed}) == shown(shop, fresh)["codes"]["made"] == 3
