"""Codes that members enter, and the single codes that are drawn in the background."""

from __future__ import annotations

from datetime import timedelta

import pytest

from chalicelib.coupons.model import codes as code_rules
from chalicelib.coupons.records import CodesRecord
from chalicelib.coupons.service import making
from chalicelib.db import metered, tenant_scope
from chalicelib.kernel import clock as product_clock
from tests.builders import Shop, in_time, made
from tests.conftest import Clock, Drain
from tests.coupons.shops import batch, enter, entered, own, shared, shown, stored, take

UNKNOWN = {"code": "coupon_code_refused"}


def single(shop: Shop, drain: Drain, count: int, **fields):
    """A batch of single codes, and these."""
    made_so = batch(shop, codes={"mode": "single", "count": count}, **fields)
    drain()
    listed = made(shop.brand.get(f"/v1/coupon-batches/{made_so['id']}/codes?limit=100"), 200)["items"]
    return made_so, [each["code"] for each in listed]


class TestEntering:
    @pytest.mark.parametrize("typed", ["MOON-2026", "moon2026", "ＭＯＯＮ ２０２６", "m00n 2o26"])
    def test_a_code_for_all_gives_a_coupon_however_it_is_typed(self, shop: Shop, typed: str) -> None:
        batch(shop, codes=shared("MOON-2026"), valid={"days": 7}, minimum=shop.money(2_000))
        coupon = entered(shop, typed)
        assert (coupon["status"], coupon["title"], coupon["value"]) == ("granted", "Welcome", shop.money(500))
        assert (coupon["minimum"], coupon["worth"]) == (shop.money(2_000), "CN¥5.00 off")
        assert own(shop) == [coupon]

    def test_entered_again_it_gives_the_same_coupon(self, shop: Shop) -> None:
        batch(shop, codes=shared("MOON"), limits={"per_member": 2})
        assert entered(shop, "MOON") == entered(shop, "moon")

    def test_who_may_have_two_gets_another_when_the_first_is_used(self, shop: Shop) -> None:
        batch(shop, codes=shared("MOON"), limits={"per_member": 2})
        first = entered(shop, "MOON")
        assert take(stored(shop, first)) == "used"
        second = entered(shop, "MOON")
        assert second["id"] != first["id"]
        assert take(stored(shop, second)) == "used"
        refused = enter(shop, "MOON")
        assert (refused.status, refused.json["code"]) == (409, "coupon_limit_reached")

    def test_unknown_ended_paused_and_anothers_code_get_one_answer(
        self, shop: Shop, drain: Drain, clock: Clock
    ) -> None:
        ends = product_clock.now() + timedelta(days=1)
        batch(shop, codes=shared("ENDED"), valid={"until_at": in_time(ends)})
        paused = batch(shop, codes=shared("PAUSED"))
        made(shop.brand.patch(f"/v1/coupon-batches/{paused['id']}", {"status": "paused"}), 200)
        _, (anothers,) = single(shop, drain, 1)
        entered(shop, anothers, shop.member("first@people.example"))
        clock.set(ends)

        answers = [enter(shop, each) for each in ("UNKNOWN", "ENDED", "PAUSED", anothers, "?")]
        said = [{**each.json, "request_id": "", "instance": ""} for each in answers]
        assert {each.status for each in answers} == {422}
        assert said == [said[0]] * 5
        assert said[0]["code"] == "coupon_code_refused"

    def test_the_eleventh_try_in_a_minute_is_refused_whatever_it_is(self, shop: Shop, clock: Clock) -> None:
        clock.set(product_clock.now().replace(second=5))
        batch(shop, codes=shared("MOON"))
        assert [enter(shop, f"GUESS-{n}").status for n in range(10)] == [422] * 10
        refused = enter(shop, "MOON")
        assert (refused.status, refused.json["code"]) == (429, "too_many_coupon_codes")
        assert 0 < int(refused.headers["Retry-After"]) <= 55
        assert enter(shop, "MOON", shop.member("other@people.example")).status == 201
        clock.advance(seconds=60)
        assert enter(shop, "MOON").status == 201

    def test_a_blocked_member_gets_none(self, shop: Shop) -> None:
        batch(shop, codes=shared("MOON"))
        made(shop.brand.patch(f"/v1/members/{shop.shopper.id}", {"status": "blocked", "reason": "Rude"}), 200)
        assert enter(shop, "MOON").json["code"] == "member_blocked"

    def test_another_brands_code_is_unknown(self, shop: Shop, new_shop) -> None:
        batch(new_shop(), codes=shared("MOON"))
        assert enter(shop, "MOON").json["code"] == "coupon_code_refused"


class TestNewMembers:
    @pytest.fixture
    def welcome(self, shop: Shop):
        return batch(shop, codes=shared("HELLO"), purpose="new_member")

    def test_who_has_never_ordered_gets_one(self, shop: Shop, welcome) -> None:
        assert entered(shop, "HELLO")["first_order_only"] is True

    def test_who_has_ordered_does_not_unless_it_came_to_nothing(self, shop: Shop, welcome) -> None:
        order = made(shop.order())
        refused = enter(shop, "HELLO")
        assert (refused.status, refused.json["code"]) == (409, "coupon_for_new_members")
        cancel = f"{shop.path}/orders/{order['id']}/cancel"
        made(shop.caller.call("POST", cancel, token=shop.shopper.token, headers={"Idempotency-Key": "c"}), 200)
        assert enter(shop, "HELLO").status == 201

    @pytest.mark.parametrize(
        ("first", "second"),
        [("ann@people.example", "ann+2@people.example"), ("ann+1@people.example", "ann+2@people.example"),
         ("ann+1@people.example", "ann@people.example"), ("a.nn@gmail.com", "ann+x@googlemail.com")],
    )  # fmt: skip
    def test_one_person_has_one_whichever_of_their_addresses_they_use(
        self, shop: Shop, drain: Drain, welcome, first: str, second: str
    ) -> None:
        one, other = shop.member(first), shop.member(second)
        drain()
        entered(shop, "HELLO", one)
        assert enter(shop, "HELLO", other).json["code"] == "coupon_for_new_members"

    def test_who_ordered_under_another_address_of_theirs_is_not_new(self, shop: Shop, drain: Drain, welcome) -> None:
        made(shop.order(shop.member("ann+1@people.example")))
        again = shop.member("ann+2@people.example")
        drain()
        assert enter(shop, "HELLO", again).json["code"] == "coupon_for_new_members"
        assert enter(shop, "HELLO", shop.member("anna@people.example")).status == 201

    def test_who_has_ordered_since_under_another_address_of_theirs_cannot_use_it(
        self, shop: Shop, drain: Drain, welcome
    ) -> None:
        one, other = shop.member("ann+1@people.example"), shop.member("ann+2@people.example")
        drain()
        coupon = entered(shop, "HELLO", other)
        made(shop.order(one))
        refused = shop.order(other, coupon_id=coupon["id"])
        assert (refused.status, refused.json["code"]) == (409, "coupon_for_new_members")
        assert made(shop.order(other))["discounts"] == []


class TestSingleCodes:
    def test_each_is_good_once_and_stays_its_members(self, shop: Shop, drain: Drain) -> None:
        made_so, codes = single(shop, drain, 3)
        one, other = shop.shopper, shop.member("other@people.example")
        first = entered(shop, codes[0].lower(), one)
        assert entered(shop, codes[0], one) == first
        assert enter(shop, codes[0], other).json["code"] == "coupon_code_refused"
        assert enter(shop, codes[1], one).json["code"] == "coupon_limit_reached"
        assert enter(shop, codes[1], other).status == 201

        listed = made(shop.brand.get(f"/v1/coupon-batches/{made_so['id']}/codes"), 200)["items"]
        assert [each["member_id"] for each in listed] == [one.id, other.id, None]
        assert [each["number"] for each in listed] == [1, 2, 3]
        assert shown(shop, made_so)["limits"]["total"] == 3

    def test_a_used_code_gives_nothing_more(self, shop: Shop, drain: Drain) -> None:
        _, codes = single(shop, drain, 2, limits={"per_member": 2})
        assert take(stored(shop, entered(shop, codes[0]))) == "used"
        assert entered(shop, codes[0])["status"] == "used"
        assert entered(shop, codes[1])["status"] == "granted"

    def test_hundreds_are_drawn_in_slices_with_progress_and_listed_to_the_end(
        self, shop: Shop, drain: Drain, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(making, "SLICE", 2)
        made_so = batch(shop, codes={"mode": "single", "count": 400})
        assert (made_so["codes"]["count"], made_so["codes"]["made"]) == (400, 0)
        drain()

        after = shown(shop, made_so)["codes"]
        job = made(shop.brand.get(f"/v1/jobs/{after['job_id']}"), 200)
        assert (after["made"], job["status"], job["done"], job["percent"]) == (400, "done", 400, 100)
        path = f"/v1/coupon-batches/{made_so['id']}/codes"
        table = shop.brand.get(f"{path}?format=csv").text.splitlines()
        assert (table[0], len(table), len({row.partition(",")[2] for row in table[1:]})) == ("number,code", 401, 400)
        walked, cursor = [], ""
        while cursor is not None:
            page = made(shop.brand.get(f"{path}?limit=100" + (f"&cursor={cursor}" if cursor else "")), 200)
            walked += page["items"]
            cursor = page["next_cursor"]
        assert [f"{each['number']},{each['code']}" for each in walked] == table[1:]

    def test_work_that_is_repeated_draws_the_same_codes(self, shop: Shop, drain: Drain) -> None:
        made_so, codes = single(shop, drain, 95)
        job_id = shown(shop, made_so)["codes"]["job_id"]
        with tenant_scope(shop.tenant_id):
            job = making.jobs.get_job(shop.tenant_id, job_id)
            job.done, job.status = 0, "running"
            making.jobs.save(job)
            making.make_some(shop.tenant_id, job_id, product_clock.now())
        listed = made(shop.brand.get(f"/v1/coupon-batches/{made_so['id']}/codes?limit=100"), 200)["items"]
        assert [each["code"] for each in listed] == codes
        assert shown(shop, made_so)["codes"]["made"] == 95

    def test_a_code_that_another_batch_has_is_drawn_once_more(
        self, shop: Shop, drain: Drain, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        _, (taken,) = single(shop, drain, 1)
        plain, real = taken.replace("-", ""), code_rules.drawn
        monkeypatch.setattr(making, "drawn", lambda seed, n, attempt: real(seed, n, attempt) if attempt or n else plain)
        _, codes = single(shop, drain, 3)
        assert len({taken, *codes}) == 4

    def test_the_table_of_a_thousand_is_read_in_a_few_requests(self, shop: Shop, drain: Drain) -> None:
        made_so, _ = single(shop, drain, CodesRecord.PER_RECORD * 3)
        with metered() as spent:
            shop.brand.get(f"/v1/coupon-batches/{made_so['id']}/codes?format=csv")
        assert spent.reads <= 4


@pytest.mark.verify
def test_a_hundred_thousand_codes_are_drawn_and_handed_out(shop: Shop, drain: Drain) -> None:
    made_so = batch(shop, codes={"mode": "single", "count": 100_000})
    drain()
    assert shown(shop, made_so)["codes"]["made"] == 100_000
    table = shop.brand.get(f"/v1/coupon-batches/{made_so['id']}/codes?format=csv").text.splitlines()
    assert len({row.partition(",")[2] for row in table[1:]}) == 100_000
    assert enter(shop, table[100_000].partition(",")[2]).status == 201
