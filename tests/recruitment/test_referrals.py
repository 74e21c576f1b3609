"""Who brings a friend is rewarded, once and for what is real, on the engine."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.ids import derived_id
from chalicelib.members.model.identities import Identity
from chalicelib.messaging import Message
from chalicelib.recruitment.model.referrals import counted, has_room, one_person
from chalicelib.recruitment.model.rules import ReferralTerms
from chalicelib.rewards.events import consumer
from chalicelib.rewards.service import referrals
from tests.builders import Member, made
from tests.faults import KINDS, Faults, Killed, Kind, faults
from tests.recruitment.conftest import Recruits

__all__ = ["faults"]

FIFTY = {"action": "referral", "points": 50}


@pytest.fixture
def inviting(recruits: Recruits) -> Recruits:
    """A store in which members are given fifty points for each friend."""
    recruits.rules(FIFTY)
    recruits.set(referral={})
    return recruits


@pytest.fixture
def ann(inviting: Recruits) -> Member:
    """Who invites."""
    return inviting.joined("ann@home.example")


def friend(shop: Recruits, of: Member, email: str = "fang@home.example") -> Member:
    """Who joined by a member's code."""
    return shop.joined(email, invite_code=shop.referral(of)["code"])


def set_status(shop: Recruits, member: Member, status: str) -> None:
    made(shop.brand.patch(f"/v1/members/{member.id}", {"status": status, "reason": "Looked into"}), 200)


def deliver(shop: Recruits, event_type: str, **data: str) -> None:
    """Hands a message to the consumer."""
    now = product_clock.now()
    consumer.handle(Message(derived_id(event_type, str(data)), event_type, shop.shop.tenant_id, now, data), now)


class TestRules:
    def test_one_person_is_known_by_any_of_their_identities(self) -> None:
        ann = [Identity("email", "ann@home.example"), Identity("phone", "+8613800138000")]
        assert one_person(ann, [Identity("email", "ann+2@home.example")])
        assert one_person(ann, [Identity("phone", "+8613800138000")])
        assert not one_person(ann, [Identity("email", "bob@home.example")])
        assert not one_person(ann, [Identity("ref", "+8613800138000")])

    def test_a_cap_is_of_the_month_and_of_all(self) -> None:
        terms = ReferralTerms(most_a_month=2, most_in_all=3)
        assert has_room(terms, 1, {"2026-11": 1}, "2026-11")
        assert not has_room(terms, 2, {"2026-11": 2}, "2026-11")
        assert has_room(terms, 2, {"2026-11": 2}, "2026-12")
        assert not has_room(terms, 3, {}, "2026-12")

    def test_the_latest_months_are_kept(self) -> None:
        months: dict[str, int] = {}
        for month in ("2026-09", "2026-10", "2026-11", "2026-12"):
            months = counted(months, month, 1)
        assert months == {"2026-10": 1, "2026-11": 1, "2026-12": 1}
        assert counted(months, "2026-12", -1) == {"2026-10": 1, "2026-11": 1}


class TestJoining:
    def test_a_member_sees_their_link_and_what_it_brought(self, inviting: Recruits, ann: Member) -> None:
        friend(inviting, ann)
        seen = inviting.referral(ann)
        assert seen["link"].endswith(f"/s/{inviting.shop.slug}/go/{seen['code']}")
        assert (seen["joined"], seen["rewarded"], seen["reward"]) == (1, 0, "50 points")

    def test_where_members_invite_nobody_there_is_no_link(self, recruits: Recruits) -> None:
        seen = recruits.referral(recruits.shop.shopper)
        assert (seen["link"], seen["code"]) == (None, None)

    def test_ones_own_code_is_refused_also_through_a_second_address(self, inviting: Recruits, ann: Member) -> None:
        code = inviting.referral(ann)["code"]
        assert inviting.refused("ann+2@home.example", invite_code=code) == "own_invitation"
        again = inviting.joined("ann+2@home.example", link=code)  # a link that was followed refuses nobody
        assert inviting.seen(again)["referred_by"] is None

    def test_a_referrer_is_set_at_joining_alone_so_that_there_is_no_loop(self, inviting: Recruits, ann: Member) -> None:
        fang = friend(inviting, ann)
        code = inviting.referral(fang)["code"]

        answer = inviting.arrive("ann@home.example", invite_code=code, link=code)

        assert answer.json["invite"] == "not_new"
        inviting.drain()
        assert inviting.seen(ann)["referred_by"] is None
        assert inviting.seen(fang)["referred_by"] == ann.id
        assert inviting.friends(fang) == []

    def test_a_code_of_a_member_lets_into_a_store_that_is_joined_by_code(self, inviting: Recruits, ann: Member) -> None:
        inviting.set(joining="code", referral={})
        fang = friend(inviting, ann)
        assert inviting.seen(fang)["joined_by"] == f"member:{ann.id}"

    def test_a_blocked_member_brings_nobody(self, inviting: Recruits, ann: Member) -> None:
        code = inviting.referral(ann)["code"]
        made(inviting.brand.patch(f"/v1/members/{ann.id}", {"status": "blocked", "reason": "Fraud"}), 200)
        assert inviting.refused("fang@home.example", invite_code=code) == "invite_code_refused"


class TestRewards:
    def test_it_pays_at_the_first_collected_order_and_once(self, inviting: Recruits, ann: Member) -> None:
        fang = friend(inviting, ann)
        (order,) = inviting.care.ordered(fang)
        inviting.drain()
        assert inviting.deltas(ann) == []

        inviting.care.hand_over(order)
        inviting.drain()
        inviting.collected(2, fang)

        assert inviting.deltas(ann) == [("referral", 50)]
        assert (inviting.referral(ann)["rewarded"], inviting.friends(ann)) == (1, ["rewarded"])

    def test_an_order_that_points_pay_wholly_is_no_money(self, inviting: Recruits, ann: Member) -> None:
        inviting.rules(FIFTY, spend={"points": 1, "worth": inviting.shop.money(1)})
        fang = friend(inviting, ann)
        made(inviting.book(900, fang))
        campaign = inviting.shop.campaign(closes_in=timedelta(hours=1))
        order = made(inviting.shop.order(fang, campaign=campaign, points=900))
        assert order["totals"]["total"]["amount_minor"] == 0
        inviting.clock.advance(hours=2)
        inviting.sweep()
        inviting.care.hand_over(order)
        inviting.drain()
        assert (inviting.deltas(ann), inviting.friends(ann)) == ([], ["joined"])

    def test_a_blocked_member_earns_nothing_and_what_was_given_goes_back(self, inviting: Recruits, ann: Member) -> None:
        fang, bo = friend(inviting, ann), friend(inviting, ann, "bo@home.example")
        order = inviting.collected(2, fang)
        set_status(inviting, ann, "blocked")
        inviting.give_back(order, 1800)
        inviting.collected(2, bo)
        set_status(inviting, ann, "active")
        inviting.drain()
        assert inviting.deltas(ann) == [("referral", 50), ("referral_back", -50)]

        inviting.collected(1, bo)
        assert inviting.deltas(ann)[-1] == ("referral", 50), "who is active again earns from the next order"

    def test_a_full_refund_takes_it_back_once_and_a_part_of_it_does_not(self, inviting: Recruits, ann: Member) -> None:
        fang = friend(inviting, ann)
        order = inviting.collected(2, fang)
        inviting.give_back(order, 900)
        assert inviting.deltas(ann) == [("referral", 50)]

        inviting.give_back(order, 900)

        assert inviting.deltas(ann) == [("referral", 50), ("referral_back", -50)]
        assert (inviting.referral(ann)["rewarded"], inviting.friends(ann)) == (0, ["reversed"])
        for _ in range(3):
            deliver(inviting, "order.picked_up", order_id=order["id"])
        assert inviting.friends(ann) == ["reversed"]

    def test_a_later_order_earns_it_again(self, inviting: Recruits, ann: Member) -> None:
        fang = friend(inviting, ann)
        inviting.give_back(inviting.collected(1, fang), 900)
        inviting.collected(1, fang)
        assert inviting.deltas(ann) == [("referral", 50), ("referral_back", -50), ("referral", 50)]
        assert inviting.friends(ann) == ["rewarded"]

    def test_another_order_that_was_collected_carries_it(self, inviting: Recruits, ann: Member) -> None:
        fang = friend(inviting, ann)
        first, second = inviting.collected(1, fang), inviting.collected(1, fang)
        inviting.give_back(first, 900)
        assert (inviting.deltas(ann), inviting.friends(ann)) == ([("referral", 50)], ["rewarded"])
        inviting.collected(1, fang)  # after which an order stands anyhow

        inviting.give_back(second, 900)
        deliver(inviting, "order.picked_up", order_id=first["id"])

        assert (inviting.deltas(ann), inviting.referral(ann)["rewarded"]) == ([("referral", 50)], 1)

    def test_it_goes_back_with_the_last_order_that_stands(self, inviting: Recruits, ann: Member) -> None:
        fang = friend(inviting, ann)
        orders = [inviting.collected(1, fang) for _ in range(2)]
        for order in orders:
            inviting.give_back(order, 900)
        assert inviting.deltas(ann) == [("referral", 50), ("referral_back", -50)]
        inviting.collected(1, fang)
        assert inviting.deltas(ann)[2:] == [("referral", 50)]

    def test_a_coupon_that_an_order_keeps_is_not_given_again(self, inviting: Recruits, ann: Member) -> None:
        inviting.set(referral={"coupon_batch_id": inviting.batch(limits={"per_member": 5})})
        fang = friend(inviting, ann)
        order = inviting.collected(1, fang)
        (coupon,) = made(inviting.care.store("GET", "/me/coupons", ann), 200)["items"]
        made(inviting.shop.order(ann, coupon_id=coupon["id"]))
        inviting.give_back(order, 900)
        inviting.set(referral={"coupon_batch_id": inviting.batch(limits={"per_member": 5})})

        inviting.collected(1, fang)

        assert (inviting.friends(ann), inviting.coupons(ann)) == (["rewarded"], ["used"])

    def test_coupons_of_both_come_once_and_go_back_unless_they_are_used(self, inviting: Recruits, ann: Member) -> None:
        own, theirs = inviting.batch(limits={"per_member": 5}), inviting.batch(title="Hello")
        inviting.set(referral={"coupon_batch_id": own, "friend_coupon_batch_id": theirs})
        fang = friend(inviting, ann)
        order = inviting.collected(1, fang)
        assert (inviting.coupons(ann), inviting.coupons(fang)) == (["granted"], ["granted"])
        about = {"friend_id": fang.id, "order_id": order["id"]}
        deliver(inviting, "referral.rewarded", **about)
        assert inviting.coupons(ann) == ["granted"]
        (coupon,) = made(inviting.care.store("GET", "/me/coupons", fang), 200)["items"]
        made(inviting.shop.order(fang, coupon_id=coupon["id"]))

        inviting.give_back(order, 900)

        assert (inviting.coupons(ann), inviting.coupons(fang)) == ([], ["used"])
        deliver(inviting, "referral.rewarded", **about)  # which comes late, and again
        assert inviting.coupons(ann) == []

    def test_beyond_the_cap_of_a_month_nothing_is_given(self, inviting: Recruits, ann: Member) -> None:
        inviting.set(referral={"per_month": 1})
        friends = [friend(inviting, ann, f"{name}@home.example") for name in ("fang", "li")]
        for each in friends:
            inviting.collected(1, each)
        assert inviting.deltas(ann) == [("referral", 50)]
        assert sorted(inviting.friends(ann)) == ["rewarded", "unrewarded"]

    def test_who_turns_out_to_bring_themselves_gets_nothing(self, inviting: Recruits, ann: Member) -> None:
        fang = friend(inviting, ann)
        order = inviting.collected(1, fang)
        assert inviting.deltas(ann) == [("referral", 50)]
        pretend_united(inviting, fang, ann)

        deliver(inviting, "member.united", member_id=fang.id)
        deliver(inviting, "member.united", member_id=fang.id)

        assert inviting.deltas(ann) == [("referral", 50), ("referral_back", -50)]
        assert inviting.friends(ann) == ["void"]
        deliver(inviting, "order.picked_up", order_id=order["id"])
        assert inviting.deltas(ann) == [("referral", 50), ("referral_back", -50)]


class TestDelivery:
    """Messages that come twice, late and in any order."""

    def test_fifty_of_the_same_message_reward_once(self, inviting: Recruits, ann: Member) -> None:
        fang = friend(inviting, ann)
        (order,) = inviting.care.ordered(fang)
        inviting.care.hand_over(order)

        with ThreadPoolExecutor(10) as pool:
            list(pool.map(lambda _: deliver(inviting, "order.picked_up", order_id=order["id"]), range(50)))

        assert inviting.deltas(ann) == [("referral", 50)]
        inviting.drain()
        assert (inviting.deltas(ann), inviting.referral(ann)["rewarded"]) == ([("referral", 50)], 1)

    def test_a_handover_before_the_message_of_joining_loses_nothing(self, inviting: Recruits, ann: Member) -> None:
        code = inviting.referral(ann)["code"]
        principal = made(inviting.arrive("fang@home.example", invite_code=code), 200)
        fang = Member(principal["principal"]["id"], principal["access_token"], "fang@home.example")
        (order,) = inviting.care._ordered(fang, quantity=1)
        inviting.care.hand_over(order)
        deliver(inviting, "order.picked_up", order_id=order["id"])
        assert inviting.deltas(ann) == [("referral", 50)]
        inviting.drain()
        assert inviting.referral(ann)["joined"] == 1

    def test_an_order_collected_while_the_reward_goes_back_earns_it(
        self, inviting: Recruits, ann: Member, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Its own message finds the reward standing, and the one that takes it back does not see the order yet."""
        fang = friend(inviting, ann)
        first, second = inviting.collected(1, fang), inviting.collected(1, fang)
        with monkeypatch.context() as patched:
            patched.setattr(referrals, "other_order", lambda *_: None)
            inviting.refund(first, 900)
            deliver(inviting, "refund.requested", order_id=first["id"], refund_id="01J00000000000000000000000")
        assert inviting.deltas(ann) == [("referral", 50), ("referral_back", -50)]

        inviting.drain()
        deliver(inviting, "referral.reversed", friend_id=fang.id, referrer_id=ann.id, order_id=first["id"])

        assert inviting.deltas(ann)[2:] == [("referral", 50)]
        inviting.give_back(second, 900)
        assert inviting.deltas(ann)[3:] == [("referral_back", -50)]

    def test_an_order_whose_money_goes_back_meanwhile_earns_nothing(
        self, inviting: Recruits, ann: Member, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The refund comes between reading the order and the reward: nobody would take that back."""
        fang = friend(inviting, ann)
        (order,) = inviting.care.ordered(fang)
        inviting.care.hand_over(order)
        first = referrals._first_order

        def refunded_first(*args: Any) -> None:
            monkeypatch.setattr(referrals, "_first_order", first)
            inviting.refund(order, 900)
            first(*args)

        monkeypatch.setattr(referrals, "_first_order", refunded_first)
        deliver(inviting, "order.picked_up", order_id=order["id"])
        assert (inviting.deltas(ann), inviting.friends(ann)) == ([], ["joined"])

    @pytest.mark.parametrize(
        "combinations",
        [
            pytest.param([("timed_out_after_landing", 9), ("killed", 9)], id="the write itself"),
            pytest.param([*itertools.product(KINDS, range(3, 10))], id="all", marks=pytest.mark.verify),
        ],
    )
    def test_whatever_fails_while_another_order_takes_over(
        self, inviting: Recruits, ann: Member, faults: Faults, combinations: list[tuple[Kind, int]]
    ) -> None:
        """A friend with two orders each time, of which the first is refunded."""
        faults.of("rewards of referrals that another order carries")
        friends = [friend(inviting, ann, f"friend{n}@home.example") for n in range(len(combinations))]
        first, second = (inviting.care.collected(*friends) for _ in range(2))
        paid = [("referral", 50)] * len(friends)
        assert inviting.deltas(ann) == paid
        for order, (kind, at) in zip(first, combinations, strict=True):
            inviting.refund(order, 900)
            about = {"order_id": order["id"], "refund_id": order["id"]}
            faults.arm(kind, at)
            with suppress(Exception, Killed):
                deliver(inviting, "refund.requested", **about)
            faults.arm(None)
            deliver(inviting, "refund.requested", **about)
        inviting.drain()
        assert inviting.deltas(ann) == paid
        assert inviting.referral(ann)["rewarded"] == len(friends)
        inviting.give_back(second[0], 900)
        assert inviting.deltas(ann) == [*paid, ("referral_back", -50)]

    def test_whatever_fails_at_whichever_request(self, inviting: Recruits, ann: Member, faults: Faults) -> None:
        """A reward each time, for a friend of its own."""
        faults.of("rewards of referrals")
        combinations = list(itertools.product(KINDS, range(2, 7)))
        friends = [friend(inviting, ann, f"friend{n}@home.example") for n in range(len(combinations))]
        orders = inviting.care.ordered(*friends)
        for n, (order, (kind, at)) in enumerate(zip(orders, combinations, strict=True)):
            inviting.care.hand_over(order)
            faults.arm(kind, at)
            with suppress(Exception, Killed):
                deliver(inviting, "order.picked_up", order_id=order["id"])
            faults.arm(None)
            deliver(inviting, "order.picked_up", order_id=order["id"])
            assert inviting.points(ann)["balance"] == 50 * (n + 1), (kind, at)
        assert inviting.referral(ann)["rewarded"] == len(combinations)


def pretend_united(shop: Recruits, gone: Member, stays: Member) -> None:
    """One member's history is another's, as when an import finds that both are one person."""
    from chalicelib.db import tenant_scope
    from chalicelib.members.records import MemberRecord

    with tenant_scope(shop.shop.tenant_id):
        found = {each: MemberRecord.at(shop.shop.tenant_id, each, consistent=True) for each in (gone.id, stays.id)}
        (one, other) = found.values()
        assert one is not None
        assert other is not None
        place = MemberRecord.address(shop.shop.tenant_id, gone.id)
        one_more = MemberRecord.united_with.set(int(other.ordinal))
        MemberRecord(*place).update(actions=[one_more, MemberRecord.rev.add(1)])
