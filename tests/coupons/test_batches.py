"""Batches over HTTP: made, read, changed, paused; what came of each."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.kernel import clock
from tests.builders import Shop, in_time, made
from tests.coupons.shops import asked, batch, enter, entered, parts, shared, shown, stored, take


def test_a_batch_is_read_back_as_it_was_made(shop: Shop) -> None:
    until_at = in_time((clock.now() + timedelta(days=9)).replace(microsecond=0))
    product = shop.product()["id"]
    scope = {"campaign_ids": [shop.campaign_id], "product_ids": [product], "categories": ["eggs"], "tags": ["fresh"]}
    wanted = {
        "title": "Moon", "kind": "percent", "purpose": "loyal", "percent_off": "12.5", "at_most": shop.money(3_000),
        "minimum": shop.money(5_000), "scope": scope, "valid": {"until_at": until_at},
        "limits": {"per_member": 2, "total": 300}, "budget": shop.money(90_000),
    }  # fmt: skip
    made_so = batch(shop, **wanted, codes=shared("moon 2026"))

    assert {name: made_so[name] for name in wanted} == wanted | {
        "valid": {"from_at": None, "until_at": until_at, "days": None}
    }
    assert made_so["codes"] == {"mode": "shared", "code": "MOON-2026", "count": None, "made": None, "job_id": None}
    assert (made_so["granted"], made_so["used"], made_so["discount"]) == (0, 0, shop.money(0))
    assert (made_so["status"], made_so["value"], made_so["worth"]) == ("active", None, "12.5% off, at most CN¥30.00")
    assert shown(shop, made_so) == made_so
    (listed,) = made(shop.brand.get("/v1/coupon-batches"), 200)["items"]
    assert listed == {name: made_so[name] for name in listed}


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"kind": "percent", "percent_off": "200"}, "/percent_off"),
        ({"kind": "percent", "percent_off": "0"}, "/percent_off"),
        ({"kind": "percent", "percent_off": "12.345"}, "/percent_off"),
        ({"kind": "percent", "percent_off": "1e1"}, "/percent_off"),
        ({"kind": "percent"}, "/percent_off"),
        ({"value": {"amount_minor": 500, "currency": "USD"}}, "/value/currency"),
        ({"budget": {"amount_minor": 499, "currency": "CNY"}}, "/budget"),
        ({"valid": {"until_at": "2020-01-01T00:00:00Z"}}, "/valid/until_at"),
        ({"valid": {"from_at": "2099-01-02T00:00:00Z", "until_at": "2099-01-01T00:00:00Z"}}, "/valid/until_at"),
        ({"scope": {"product_ids": ["01J9ZQ0W7N8RXC5B2M4T6V8Y0A"]}}, "/scope/product_ids/0"),
        ({"codes": {"mode": "shared", "code": "abc"}}, "/codes/code"),
        ({"codes": {"mode": "single"}}, "/codes/count"),
        ({"codes": {"mode": "single", "count": 100_001}}, "/codes/count"),
        ({"limits": {"per_member": 0}}, "/limits/per_member"),
    ],
)
def test_what_no_batch_can_be_is_refused_at_its_field_and_nothing_is_made(shop: Shop, fields, pointer) -> None:
    refused = asked(shop, **fields)
    assert (refused.status, [each["pointer"] for each in refused.json["errors"]]) == (422, [pointer])
    assert made(shop.brand.get("/v1/coupon-batches"), 200)["items"] == []


@pytest.mark.parametrize("code", ["MOON2026", "moon 2026", "M00N-2O26"])
def test_codes_that_read_alike_clash(shop: Shop, new_shop, code: str) -> None:
    batch(shop, codes=shared("MOON-2026"))
    refused = asked(shop, codes=shared(code))
    assert (refused.status, refused.json["code"]) == (409, "code_taken")
    assert len(made(shop.brand.get("/v1/coupon-batches"), 200)["items"]) == 1
    batch(new_shop(), codes=shared(code))


def test_what_came_of_a_batch_is_counted_over_its_parts(shop: Shop) -> None:
    moon = batch(shop, codes=shared("MOON"))
    assert len(parts(shop, moon)) == 20
    members = [shop.member(f"m{n}@people.example") for n in range(3)]
    coupons = [stored(shop, entered(shop, "moon", each), each) for each in members]
    for coupon in coupons[:2]:
        assert take(coupon, 450) == "used"

    assert (shown(shop, moon)["granted"], shown(shop, moon)["used"]) == (3, 2)
    assert shown(shop, moon)["discount"] == shop.money(900)


class TestChanges:
    def test_a_title_is_changed_and_coupons_keep_theirs(self, shop: Shop) -> None:
        moon = batch(shop, codes=shared("MOON"))
        coupon = entered(shop, "MOON")
        path = f"/v1/coupon-batches/{moon['id']}"
        assert made(shop.brand.patch(path, {"title": "Sun"}), 200)["title"] == "Sun"
        assert stored(shop, coupon).title == "Welcome"
        assert shop.brand.patch(path, {"title": "Late"}, headers={"If-Match": '"1"'}).status == 412

    def test_a_pause_ends_the_handing_out_and_takes_nothing_away(self, shop: Shop) -> None:
        moon = batch(shop, codes=shared("MOON"))
        coupon, late = entered(shop, "MOON"), shop.member("late@people.example")
        path = f"/v1/coupon-batches/{moon['id']}"
        assert made(shop.brand.patch(path, {"status": "paused"}), 200)["status"] == "paused"
        assert enter(shop, "MOON", late).json["code"] == "coupon_code_refused"
        granted = shop.brand.post(f"{path}/grants", {"member_ids": [late.id]})
        assert (granted.status, granted.json["code"]) == (409, "coupon_batch_paused")
        assert take(stored(shop, coupon)) == "used"
        made(shop.brand.patch(path, {"status": "active"}), 200)
        assert enter(shop, "MOON", late).status == 201

    def test_limits_are_raised_and_lowered_to_what_was_used(self, shop: Shop) -> None:
        moon = batch(shop, codes=shared("MOON"), limits={"total": 2}, budget=shop.money(1_000))
        path = f"/v1/coupon-batches/{moon['id']}"
        members = [shop.member(f"m{n}@people.example") for n in range(3)]
        coupons = [stored(shop, entered(shop, "MOON", each), each) for each in members]
        assert [take(each) for each in coupons] == ["used", "used", "coupon_used_up"]

        made(shop.brand.patch(path, {"limits": {"total": 3}}), 200)
        assert take(coupons[2]) == "coupon_budget_spent"
        made(shop.brand.patch(path, {"budget": None}), 200)
        assert take(coupons[2]) == "used"
        refused = shop.brand.patch(path, {"limits": {"total": 2}})
        assert (refused.status, refused.json["code"], refused.json["used"]) == (409, "below_used", 3)
        refused = shop.brand.patch(path, {"budget": shop.money(1_499)})
        assert (refused.json["code"], refused.json["used"]) == ("below_used", shop.money(1_500))
        after = made(shop.brand.patch(path, {"limits": {"total": None}, "budget": shop.money(1_500)}), 200)
        assert (after["limits"]["total"], after["budget"], after["used"]) == (None, shop.money(1_500), 3)

    @pytest.mark.parametrize(
        ("budget", "code"),
        [({"amount_minor": 9_900, "currency": "USD"}, "amount_in_another_currency"),
         ({"amount_minor": 1, "currency": "CNY"}, "budget_below_one_use")],
    )  # fmt: skip
    def test_a_budget_that_cannot_be_is_refused(self, shop: Shop, budget, code: str) -> None:
        moon = batch(shop)
        refused = shop.brand.patch(f"/v1/coupon-batches/{moon['id']}", {"budget": budget})
        assert (refused.status, refused.json["code"]) == (422, code)


def test_another_brands_batch_is_not_found(shop: Shop, new_shop) -> None:
    theirs = batch(new_shop())
    for path in ("", "/codes"):
        assert shop.brand.get(f"/v1/coupon-batches/{theirs['id']}{path}").status == 404
    assert shop.brand.patch(f"/v1/coupon-batches/{theirs['id']}", {"title": "x"}).status == 404


def test_who_plans_makes_batches_and_an_analyst_reads_them(shop: Shop) -> None:
    moon = batch(shop)
    for role, status in (("planner", 201), ("editor", 403), ("analyst", 403), ("service", 403)):
        token = shop.team_token(role)
        body = {"title": "x", "kind": "delivery", "purpose": "remedy"}
        assert shop.caller.call("POST", "/v1/coupon-batches", json=body, token=token).status == status
        read = shop.caller.call("GET", f"/v1/coupon-batches/{moon['id']}", token=token).status
        assert read == (403 if role == "editor" else 200)
