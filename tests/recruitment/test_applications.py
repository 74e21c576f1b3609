"""A store that decides whom it takes, on the engine."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from chalicelib.db import tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.errors import Invalid
from chalicelib.recruitment.model.rules import Question, checked
from chalicelib.recruitment.records import ApplicationRecord
from tests.builders import made
from tests.members.codes import code_for, exchange, other_than
from tests.recruitment.conftest import Recruits
from tests.tenants.brands import at_once

WHERE = {"text": "Where do you live?", "required": True}
PETS = {"text": "Have you pets?", "kind": "choice", "options": ["Yes", "No"]}


@pytest.fixture
def asking(recruits: Recruits) -> Recruits:
    """A store that is joined by application."""
    recruits.set(joining="application", questions=[WHERE, PETS])
    return recruits


def questions(shop: Recruits) -> list[str]:
    """The ids of the questions, as anybody reads them."""
    return [each["id"] for each in made(shop.care.store("GET", "/joining"), 200)["questions"]]


def applied(shop: Recruits, email: str, **more: Any) -> Any:
    """An application of somebody who lives in the neighbourhood."""
    where, pets = questions(shop)
    return made(shop.apply(email, {where: "Garden Road", pets: "No"}, **more))


class TestAnswers:
    where, pets = Question("Where?", required=True), Question("Pets?", "choice", ("Yes", "No"))

    def test_they_are_kept_with_the_words_of_the_question(self) -> None:
        answers = {self.pets.id: "No", self.where.id: " Garden Road "}
        assert checked([self.where, self.pets], answers) == [("Where?", "Garden Road"), ("Pets?", "No")]

    def test_every_fault_is_named_at_once(self) -> None:
        with pytest.raises(Invalid) as refused:
            checked([self.where, self.pets], {self.pets.id: "Perhaps", "other": "x"})
        assert {each.pointer for each in refused.value.errors} == {
            f"/answers/{self.where.id}", f"/answers/{self.pets.id}", "/answers/other",
        }  # fmt: skip

    def test_a_question_in_other_words_is_another_one(self) -> None:
        assert Question("Where?").id != Question("Where exactly?").id
        assert Question("Where?").id == Question("Where?", required=True).id


def test_who_applies_is_told_and_joins_when_they_are_approved(asking: Recruits) -> None:
    assert asking.refused("fang@home.example") == "application_needed"
    application = applied(asking, "fang@home.example", name="Fang")
    assert application["status"] == "pending"
    assert asking.refused("fang@home.example") == "application_pending"

    (pending,) = made(asking.brand.get("/v1/applications?status=pending"), 200)["items"]
    assert pending["answers"][0] == {"question": "Where do you live?", "answer": "Garden Road"}
    assert (pending["name"], pending["email"], pending["phone"]) == ("Fang", "fang@home.example", None)
    asking.decide(application, "approve")
    asking.decide(application, "approve")
    fang = asking.joined("fang@home.example")

    assert asking.seen(fang)["joined_by"] == f"application:{application['id']}"
    assert asking.seen(fang)["origin"] == "application"
    assert made(asking.brand.get("/v1/applications?status=pending"), 200)["items"] == []
    (joined,) = made(asking.brand.get("/v1/applications?status=joined"), 200)["items"]
    assert joined["id"] == application["id"]
    late = asking.brand.post(f"/v1/applications/{application['id']}/decline", {"reason": "No"})
    assert (late.status, late.json["code"]) == (409, "applicant_joined")


def test_an_application_is_forgotten_a_year_after_it_was_decided_or_they_joined(asking: Recruits) -> None:
    application = applied(asking, "fang@home.example", name="Fang")

    def kept_until() -> datetime | None:
        with tenant_scope(asking.shop.tenant_id):
            place = ApplicationRecord.address(asking.shop.tenant_id, application["id"])
            found = ApplicationRecord.fetch(*place, consistent=True)
        assert found is not None
        return None if found.expires_at is None else datetime.fromtimestamp(int(found.expires_at), UTC)

    def in_a_year() -> datetime:
        return (product_clock.now() + timedelta(days=365)).replace(microsecond=0)

    assert kept_until() is None, "somebody has to decide first"
    for happens in (
        lambda: asking.decide(application, "decline", reason="Far"),
        lambda: asking.decide(application, "approve"),
        lambda: asking.joined("fang@home.example"),
    ):
        begun = in_a_year()
        happens()
        kept = kept_until()
        assert kept is not None
        assert begun <= kept <= in_a_year(), "a second may pass meanwhile"
        asking.clock.advance(days=30)


def test_the_applicant_hears_of_each_decision_once(asking: Recruits) -> None:
    application = applied(asking, "fang@home.example")
    asking.decide(application, "decline", reason="We serve Garden Road alone.")
    asking.drain()
    refused = asking.arrive("fang@home.example")
    assert (refused.status, refused.json["code"]) == (403, "application_declined")
    assert "We serve Garden Road alone." in refused.json["detail"]
    asking.decide(application, "approve")
    asking.drain()

    mails = [each for each in asking.letters("fang@home.example") if "code" not in each["subject"]]

    assert len([each for each in mails if "Garden Road alone" in each["text"]]) == 1
    assert asking.arrive("fang@home.example").status == 200


def test_the_team_is_told_of_a_new_application(asking: Recruits) -> None:
    manager = asking.shop.team_token("manager")
    applied(asking, "fang@home.example")
    asking.drain()
    told = made(asking.brand.get("/v1/inbox", token=manager), 200)["items"]
    assert [each["subject"] for each in told].count("Somebody wants to join") == 1


def test_an_address_has_one_application_however_often_it_is_sent(asking: Recruits) -> None:
    first = applied(asking, "fang@home.example")
    assert applied(asking, "fang@home.example")["id"] == first["id"]
    where, _ = questions(asking)

    codes = [code_for(asking.api, asking.shop.slug, email="li@home.example") for _ in range(4)]
    body = {"email": "li@home.example", "answers": {where: "Elm Street"}}
    sent = [partial(asking.care.store, "POST", "/applications", json={**body, "code": code}) for code in codes]
    answers = [each.json["id"] for each in at_once(sent)]

    assert len(set(answers)) == 1
    assert len(made(asking.brand.get("/v1/applications"), 200)["items"]) == 2


def test_an_invite_code_of_the_brand_lets_in_without_an_application(asking: Recruits) -> None:
    code = asking.code()
    fang = asking.joined("fang@home.example", invite_code=code["code"])
    assert asking.seen(fang)["joined_by"] == f"invite:{code['id']}"


def test_answers_that_cannot_be_taken_leave_the_sign_in_code_good(asking: Recruits) -> None:
    where, pets = questions(asking)
    answer = asking.apply("fang@home.example", {pets: "Perhaps"})
    assert answer.status == 422
    assert {each["pointer"] for each in answer.json["errors"]} == {f"/answers/{where}", f"/answers/{pets}"}
    assert made(asking.brand.get("/v1/applications"), 200)["items"] == []


def test_a_wrong_code_says_nothing_of_an_address(asking: Recruits) -> None:
    """Neither whether it is a member's, nor that it has applied, nor how that stands."""
    made(asking.apply("fang@home.example", {questions(asking)[0]: "Garden Road"}))
    code = asking.code()
    asking.joined("li@home.example", invite_code=code["code"])
    for email in ("fang@home.example", "li@home.example", "nobody@home.example"):
        right = code_for(asking.api, asking.shop.slug, email=email)
        wrong = other_than(right)
        body = {"email": email, "code": wrong, "answers": {}}
        answers = [
            asking.care.store("POST", "/applications", json=body),
            exchange(asking.api, wrong, asking.shop.slug, email=email),
            exchange(asking.api, wrong, asking.shop.slug, email=email, invite_code="NEVER"),
        ]
        assert [(each.status, each.json["code"]) for each in answers] == [(401, "bad_code")] * 3


def test_who_is_a_member_and_who_needs_no_application_is_told_so(recruits: Recruits) -> None:
    assert recruits.apply("fang@home.example").json["code"] == "no_applications"
    recruits.joined("fang@home.example")
    assert recruits.apply("fang@home.example").json["code"] == "already_member"


def test_who_was_brought_when_they_applied_stays_so(asking: Recruits) -> None:
    asking.set(joining="application", questions=[], referral={})
    ann = asking.shop.shopper
    link = asking.referral(ann)["code"]
    assert asking.refused("fang@home.example", invite_code=link) == "application_needed"
    application = made(asking.apply("fang@home.example", link=link))
    asking.decide(application, "approve")

    fang = asking.joined("fang@home.example")

    assert asking.seen(fang)["referred_by"] == ann.id
    assert asking.friends(ann) == ["joined"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"questions": [{"text": "Pets?", "kind": "choice", "options": ["Yes"]}]}, "/questions/0"),
        ({"questions": [WHERE, WHERE]}, "/questions/1/text"),
        ({"questions": [{"text": f"{n}?"} for n in range(11)]}, "/questions"),
        ({"joining": "never"}, "/joining"),
        ({"referral": {"coupon_batch_id": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}}, "/referral/coupon_batch_id"),
        ({"referral": {"per_month": 0}}, "/referral/per_month"),
    ],
)
def test_rules_that_make_no_sense_are_refused_at_their_field(recruits: Recruits, body: Any, pointer: str) -> None:
    answer = recruits.brand.put("/v1/recruitment", body)
    assert (answer.status, answer.json["errors"][0]["pointer"]) == (422, pointer)


def test_rules_are_read_back_as_they_were_set(recruits: Recruits) -> None:
    batch = recruits.batch()
    wanted = {
        "joining": "code", "questions": [WHERE, PETS], "welcome": {"message": True, "coupon_batch_id": None},
        "referral": {"coupon_batch_id": batch, "friend_coupon_batch_id": None, "per_month": 3, "per_member": None},
    }  # fmt: skip
    recruits.set(**wanted)
    found = made(recruits.brand.get("/v1/recruitment"), 200)
    assert {name: found[name] for name in ("joining", "referral", "welcome")} == {
        name: wanted[name] for name in ("joining", "referral", "welcome")
    }
    stale = recruits.brand.put("/v1/recruitment", wanted, headers={"If-Match": '"9"'})
    assert stale.status == 412
