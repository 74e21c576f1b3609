"""Two members are one person: the cases of the one are the other's, whenever and however often that is told."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from chalicelib.cases.records import MemberCase
from chalicelib.complaints.events import consumer as of_complaints
from chalicelib.complaints.records import ComplaintRecord
from chalicelib.complaints.service.opening import Noted, note_complaint
from chalicelib.coupons.records import CouponRecord
from chalicelib.db import Transaction, tenant_scope
from chalicelib.enquiries.events import consumer as of_enquiries
from chalicelib.enquiries.records import EnquiryRecord
from chalicelib.enquiries.service.opening import open_enquiry
from chalicelib.kernel import clock
from chalicelib.kernel.principal import Principal
from chalicelib.members.enrolment.service import Newcomer, enrol
from chalicelib.members.linking.service.uniting import unite
from chalicelib.members.model.identities import Identity, member_id
from chalicelib.members.records import MemberRecord
from chalicelib.messaging import Message
from chalicelib.suggestions.events import consumer as of_suggestions
from chalicelib.suggestions.records import DECIDED, SuggestionRecord
from chalicelib.suggestions.service.suggesting import note_suggestion
from tests.builders import made
from tests.customer_care import CustomerCare
from tests.faults import KINDS, Faults, Killed, Kind, faults

__all__ = ["faults"]

CONSUMERS = {ComplaintRecord: of_complaints, EnquiryRecord: of_enquiries, SuggestionRecord: of_suggestions}


class People:
    """A member, and somebody whom the brand has written down, with cases, and who turns out to be that member."""

    def __init__(self, care: CustomerCare) -> None:
        self.care, self.tenant_id = care, care.id
        self.stays = care.shop.shopper.id
        with tenant_scope(self.tenant_id):
            self.gone = self._written_down("C-1")
            self.cases: list[MemberCase] = [self._complaint("k"), self._enquiry(), self._suggestion("k")]

    def _written_down(self, ref: str) -> str:
        who, on = Identity("ref", ref), clock.now().date()
        return member_id(self.tenant_id, enrol(self.tenant_id, [Newcomer(who, on, "import")], clock.now())[who])

    def _complaint(self, key: str) -> ComplaintRecord:
        by = Principal("staff", self.tenant_id, "someone")
        return note_complaint(self.tenant_id, Noted("Late", "phone", self.gone), key, by, clock.now())

    def _enquiry(self) -> EnquiryRecord:
        return open_enquiry(self.tenant_id, self.gone, "Do you sell bananas?", "k", clock.now())

    def _suggestion(self, key: str) -> SuggestionRecord:
        by = Principal("staff", self.tenant_id, "someone")
        return note_suggestion(self.tenant_id, self.gone, "Use paper", "phone", key, key, by, clock.now())

    def unite(self) -> None:
        with tenant_scope(self.tenant_id):
            gone, stays = (int(_there(self.tenant_id, each).ordinal) for each in (self.gone, self.stays))
            assert unite(self.tenant_id, gone, stays, clock.now())

    def tell(self, record: type[Any]) -> None:
        """The event of the union is delivered to those who handle a kind of case."""
        event = Message("u1", "member.united", self.tenant_id, clock.now(), {"member_id": self.gone})
        CONSUMERS[record].handle(event, clock.now())

    def listed(self, record: type[MemberCase], whose: str) -> list[str]:
        with tenant_scope(self.tenant_id):
            return [each.id for each in record.every(record.of_member(self.tenant_id, whose), index="gsi2")]

    def points(self) -> int:
        return int(made(self.care.store("GET", "/me/points", self.care.shop.shopper), 200)["balance"])


def _there(tenant_id: str, whose: str) -> MemberRecord:
    found = MemberRecord.at(tenant_id, whose, consistent=True)
    assert found is not None
    return found


@pytest.fixture
def people(care: CustomerCare) -> People:
    return People(care)


@pytest.mark.parametrize("n", range(3), ids=["complaints", "enquiries", "suggestions"])
def test_cases_of_one_are_the_others_once_they_are_one_person(people: People, n: int) -> None:
    case = people.cases[n]
    people.care.drain()
    people.unite()
    for _ in range(2):
        people.tell(type(case))

        assert people.listed(type(case), people.gone) == []
        assert people.listed(type(case), people.stays) == [case.id]
    [entry] = [each for each in made(people.care.brand.get("/v1/desk"), 200)["items"] if each["id"] == case.id]
    assert entry["member_id"] == people.stays
    path = ("complaints", "enquiries", "suggestions")[n]
    own = made(people.care.store("GET", f"/{path}", people.care.shop.shopper), 200)["items"]
    assert [each["id"] for each in own] == [case.id]


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_fails_while_they_are_handed_on(people: People, faults: Faults, kind: Kind) -> None:
    faults.of("cases handed on")
    with tenant_scope(people.tenant_id):
        more = [people._complaint(f"k{n}").id for n in range(3)]
    people.unite()
    for at in range(8):
        faults.arm(kind, at)
        with suppress(Exception, Killed):
            people.tell(ComplaintRecord)
    faults.arm(None)
    people.tell(ComplaintRecord)

    assert people.listed(ComplaintRecord, people.gone) == []
    assert sorted(people.listed(ComplaintRecord, people.stays)) == sorted([people.cases[0].id, *more])


def test_one_that_was_opened_at_that_very_moment_goes_along(people: People) -> None:
    """Its event comes after the union was told of to all, when no list had it yet."""
    people.unite()
    for case, name in zip(people.cases, ("complaint", "enquiry", "suggestion"), strict=True):
        data = {f"{name}_id": case.id}
        event = Message(f"o{name}", f"{name}.opened", people.tenant_id, clock.now(), data)
        CONSUMERS[type(case)].handle(event, clock.now())  # type: ignore[index]
        assert people.listed(type(case), people.stays) == [case.id]


def test_a_decision_that_is_told_of_again_after_a_union_rewards_nobody_twice(people: People) -> None:
    suggestion, care = people.cases[2], people.care
    with tenant_scope(people.tenant_id):
        same = people._suggestion("same").id
    made(care.brand.patch(f"/v1/suggestions/{same}", {"same_as": suggestion.id}), 200)
    plan = {"plan": "Paper bags.", "done_by": "2030-06-30", "reward": {"points": 30}}
    made(care.brand.post(f"/v1/suggestions/{suggestion.id}/adopt", plan), 200)
    data = {"suggestion_id": suggestion.id, "status": "adopted"}
    decided = Message("d1", DECIDED, people.tenant_id, clock.now(), data)
    of_suggestions.handle(decided, clock.now())

    people.unite()
    care.drain()
    assert people.points() == 60
    of_suggestions.handle(decided, clock.now())

    assert people.points() == 60
    assert sorted(people.listed(SuggestionRecord, people.stays)) == sorted([suggestion.id, same])


def test_neither_is_a_coupon_given_again_before_the_first_has_come_along(people: People) -> None:
    care, suggestion = people.care, people.cases[2]
    fields = {"title": "Thanks", "purpose": "loyal", "kind": "amount", "value": care.shop.money(50)}
    batch = made(care.brand.post("/v1/coupon-batches", fields | {"limits": {"per_member": 2}}))["id"]
    plan = {"plan": "Paper bags.", "done_by": "2030-06-30", "reward": {"coupon_batch_id": batch}}
    made(care.brand.post(f"/v1/suggestions/{suggestion.id}/adopt", plan), 200)
    data = {"suggestion_id": suggestion.id, "status": "adopted"}
    decided = Message("d1", DECIDED, people.tenant_id, clock.now(), data)
    of_suggestions.handle(decided, clock.now())
    people.unite()
    people.tell(SuggestionRecord)
    of_suggestions.handle(decided, clock.now())
    care.drain()

    coupons = made(care.store("GET", "/me/coupons?show=usable", care.shop.shopper), 200)["items"]
    assert len(coupons) == 1


@pytest.mark.parametrize("kind", ["points", "coupon"])
def test_what_was_given_before_that_was_marked_is_not_given_again_after_a_union(people: People, kind: str) -> None:
    care, suggestion = people.care, people.cases[2]
    fields = {"title": "Thanks", "purpose": "loyal", "kind": "amount", "value": care.shop.money(50)}
    batch = made(care.brand.post("/v1/coupon-batches", fields | {"limits": {"per_member": 2}}))["id"]
    reward = {"points": 30} if kind == "points" else {"coupon_batch_id": batch}
    plan = {"plan": "Paper bags.", "done_by": "2030-06-30", "reward": reward}
    made(care.brand.post(f"/v1/suggestions/{suggestion.id}/adopt", plan), 200)
    care.drain()
    with tenant_scope(people.tenant_id):
        stored = SuggestionRecord.fetch(*SuggestionRecord.address(people.tenant_id, suggestion.id), consistent=True)
        assert stored is not None
        stored.rewarded_at = None
        tx = Transaction()
        tx.replace("suggestion", stored)
        for coupon in CouponRecord.every(CouponRecord.partition(people.tenant_id, people.gone)):
            coupon.state = "used"  # so it stays where it is
            tx.replace("coupon", coupon)
        tx.commit()
    people.unite()
    care.drain()
    made(care.brand.post(f"/v1/suggestions/{suggestion.id}/done", {}), 200)
    care.drain()

    coupons = made(care.store("GET", "/me/coupons?show=usable", care.shop.shopper), 200)["items"]
    assert (people.points(), len(coupons)) == (30 if kind == "points" else 0, 0)


def test_a_complaint_about_an_order_of_before_is_the_others(people: People) -> None:
    from chalicelib.complaints.service import opening

    order = made(people.care.shop.order())
    with tenant_scope(people.tenant_id):
        found = opening.get_order(people.tenant_id, order["id"])
        found.member_id = people.gone
        people.unite()
        assert opening._whose(found) == people.stays
