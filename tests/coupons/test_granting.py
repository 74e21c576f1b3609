"""Coupons that a brand grants to members by name, and what members are told of theirs."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.coupons.service import granting, uniting
from chalicelib.db import tenant_scope
from chalicelib.jobs import service as jobs
from chalicelib.kernel import clock as product_clock
from chalicelib.members.enrolment.service import Newcomer, enrol
from chalicelib.members.linking.service.uniting import unite
from chalicelib.members.model.identities import Identity, member_id
from chalicelib.members.model.status import IMPORTED
from infra.local.engine import Engine
from tests.builders import Member, Shop, in_time, made
from tests.conftest import Clock, Drain, Sweep
from tests.coupons.shops import batch, entered, grant, own, shared, shown, stored, take


@pytest.fixture(autouse=True)
def by_day(noon: None) -> None:
    """In the middle of the day: at night what is no order's waits for the morning."""


@pytest.fixture
def by_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two members a transaction and four a message, so that seven take several of both."""
    monkeypatch.setattr(granting, "TOGETHER", 2)
    monkeypatch.setattr(granting, "SLICE", 4)


def told(engine: Engine) -> Counter[tuple[str, str]]:
    """To whom which subject went, and how often."""
    return Counter((mail["to"], mail["subject"]) for mail in engine.mail() if "oupon" in mail["subject"])


def result(shop: Shop, job) -> dict:
    return made(shop.brand.get(f"/v1/jobs/{job['id']}"), 200)


def members(shop: Shop, count: int) -> list[Member]:
    return [shop.member(f"m{n}@people.example") for n in range(count)]


class TestGranting:
    def test_each_member_gets_one_and_is_told_of_it_once(
        self, shop: Shop, drain: Drain, engine: Engine, by_two: None
    ) -> None:
        given, some = batch(shop, valid={"days": 7}), members(shop, 7)
        job = grant(shop, given, *some)
        drain()

        assert [len(own(shop, each)) for each in some] == [1] * 7
        assert told(engine) == {(each.email, "A coupon for you"): 1 for each in some}
        assert 'the coupon "Welcome": CN¥5.00 off, before' in engine.mail()[-1]["text"]
        done = result(shop, job)
        assert (done["status"], done["done"], done["total"], done["errors"]) == ("done", 7, 7, [])
        assert shown(shop, given)["granted"] == 7

    def test_who_gets_none_is_named_with_the_reason_and_the_rest_get_theirs(
        self, shop: Shop, drain: Drain, by_two: None
    ) -> None:
        given, (one, blocked, had, other) = batch(shop, codes=shared("MOON")), members(shop, 4)
        made(shop.brand.patch(f"/v1/members/{blocked.id}", {"status": "blocked", "reason": "Rude"}), 200)
        entered(shop, "MOON", had)
        job = grant(shop, given, one, blocked, had, other, one)
        drain()

        assert [len(own(shop, each)) for each in (one, had, other)] == [1, 1, 1]
        done = result(shop, job)
        assert [(each["row"], each["message"].split(" ")[-1]) for each in done["errors"]] == [
            (2, "ordering."), (3, "may.")
        ]  # fmt: skip
        assert (done["errors_total"], done["done"], shown(shop, given)["granted"]) == (2, 4, 3)

    @pytest.mark.parametrize("locale", ["en", "zh"])
    def test_a_batch_that_is_paused_meanwhile_gives_nothing_more_and_the_job_says_so(
        self, shop: Shop, drain: Drain, by_two: None, locale: str
    ) -> None:
        given, some = batch(shop), members(shop, 6)
        path, body = f"/v1/coupon-batches/{given['id']}", {"member_ids": [each.id for each in some]}
        job = made(shop.brand.post(f"{path}/grants", body, headers={"Accept-Language": locale}), 202)["job"]
        with tenant_scope(shop.tenant_id):
            granting.grant_some(shop.tenant_id, job["id"], product_clock.now())
        made(shop.brand.patch(path, {"status": "paused"}), 200)
        drain()
        after = result(shop, job)
        assert (after["status"], after["done"], after["detail"][:3]) == (
            "failed",
            4,
            {"en": "The", "zh": "该批次"}[locale],
        )
        assert [len(own(shop, each)) for each in some] == [1, 1, 1, 1, 0, 0]

    def test_a_second_request_gives_a_second_coupon_to_who_may_have_two(self, shop: Shop, drain: Drain) -> None:
        given = batch(shop, limits={"per_member": 2})
        for _ in range(3):
            job = grant(shop, given, shop.shopper)
            drain()
        assert len(own(shop)) == 2
        assert result(shop, job)["errors_total"] == 1

    def test_work_that_is_repeated_gives_nobody_two(self, shop: Shop, drain: Drain, by_two: None) -> None:
        given, some = batch(shop, limits={"per_member": 3}), members(shop, 5)
        job = grant(shop, given, *some)
        drain()
        with tenant_scope(shop.tenant_id):
            record = jobs.get_job(shop.tenant_id, job["id"])
            record.done, record.status = 0, "running"
            jobs.save(record)
            granting.grant_some(shop.tenant_id, job["id"], product_clock.now())
            granting.grant_some(shop.tenant_id, job["id"], product_clock.now())
        assert [len(own(shop, each)) for each in some] == [1] * 5
        assert shown(shop, given)["granted"] == 5

    def test_coupons_for_new_members_pass_over_who_has_ordered(self, shop: Shop, drain: Drain) -> None:
        given, (new, customer) = batch(shop, purpose="new_member"), members(shop, 2)
        made(shop.order(customer))
        job = grant(shop, given, new, customer)
        drain()
        assert [len(own(shop, each)) for each in (new, customer)] == [1, 0]
        assert result(shop, job)["errors"][0]["row"] == 2

    @pytest.mark.parametrize(
        ("body", "pointer"),
        [
            ({"segment_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"}, "/segment_id"),
            ({"segment_id": "01J9ZQ0W7N8RXC5B2M4T6V8Y0A", "member_ids": ["01J9ZQ0W7N8RXC5B2M4T6V8Y0A"]}, "/segment_id"),
            ({"member_ids": []}, "/member_ids"),
        ],
    )
    def test_a_segment_that_is_not_there_both_and_nobody_are_refused_by_name(self, shop: Shop, body, pointer) -> None:
        refused = shop.brand.post(f"/v1/coupon-batches/{batch(shop)['id']}/grants", body)
        assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, pointer)

    def test_who_is_no_member_is_refused_and_nobody_gets_anything(self, shop: Shop, new_shop, drain: Drain) -> None:
        given, theirs = batch(shop), new_shop().member()
        body = {"member_ids": [shop.shopper.id, theirs.id]}
        refused = shop.brand.post(f"/v1/coupon-batches/{given['id']}/grants", body)
        assert (refused.status, refused.json["errors"][0]["pointer"]) == (422, "/member_ids/1")
        drain()
        assert own(shop) == []

    def test_what_has_ended_is_granted_to_nobody(self, shop: Shop, clock: Clock) -> None:
        ends = product_clock.now() + timedelta(days=1)
        given = batch(shop, valid={"until_at": in_time(ends)})
        clock.set(ends)
        refused = shop.brand.post(f"/v1/coupon-batches/{given['id']}/grants", {"member_ids": [shop.shopper.id]})
        assert (refused.status, refused.json["code"]) == (422, "coupon_terms_refused")


class TestReminding:
    def test_a_member_is_reminded_once_of_what_ends_in_three_days(
        self, shop: Shop, drain: Drain, sweep: Sweep, clock: Clock, engine: Engine
    ) -> None:
        given = batch(shop, valid={"days": 10})
        grant(shop, given, shop.shopper)
        drain()
        clock.advance(days=7)
        sweep()
        assert told(engine)[shop.shopper.email, "Your coupon ends soon"] == 0
        clock.advance(days=1)
        sweep(2)
        assert told(engine)[shop.shopper.email, "Your coupon ends soon"] == 1

    def test_who_has_used_it_is_not_and_who_has_it_back_is(
        self, shop: Shop, sweep: Sweep, clock: Clock, engine: Engine
    ) -> None:
        from tests.coupons.shops import give_back

        batch(shop, codes=shared("MOON"), valid={"days": 10})
        users = members(shop, 2)
        coupons = [stored(shop, entered(shop, "MOON", each), each) for each in users]
        assert [take(each, order_name="o-1") for each in coupons] == ["used", "used"]
        assert give_back(stored(shop, {"id": coupons[1].id}, users[1]), "o-1")
        clock.advance(days=8)
        sweep()
        assert told(engine) == {(users[1].email, "Your coupon ends soon"): 1}


class TestUniting:
    @pytest.fixture
    def pair(self, shop: Shop) -> tuple[Member, Member]:
        """Somebody whom a file named, and the member who turns out to be them."""
        with tenant_scope(shop.tenant_id):
            who = Identity("ref", "C-1")
            ordinal = enrol(shop.tenant_id, [Newcomer(who, datetime.now(UTC).date(), IMPORTED)], product_clock.now())
        return Member(member_id(shop.tenant_id, ordinal[who]), "", ""), shop.member("fang@people.example")

    def test_what_could_still_be_used_becomes_the_others(self, shop: Shop, drain: Drain, pair) -> None:
        gone, stays = pair
        first, second = batch(shop, valid={"days": 7}, title="One"), batch(shop, title="Two")
        grant(shop, first, gone)
        grant(shop, second, gone, stays)
        drain()
        before = made(shop.brand.get(f"/v1/members/{gone.id}/coupons"), 200)["items"]
        with tenant_scope(shop.tenant_id):
            assert unite(shop.tenant_id, 0, 1, product_clock.now())
        drain()

        after = {each["title"]: each for each in own(shop, stays)}
        assert set(after) == {"One", "Two"}
        (one,) = (each for each in before if each["title"] == "One")
        assert after["One"]["until_at"] == one["until_at"]
        left = made(shop.brand.get(f"/v1/members/{gone.id}/coupons"), 200)["items"]
        assert [each["title"] for each in left] == ["Two"]
        assert shown(shop, first)["granted"] == 1

        with tenant_scope(shop.tenant_id):
            uniting.hand_on(shop.tenant_id, gone.id, product_clock.now())
        assert len(own(shop, stays)) == 2
