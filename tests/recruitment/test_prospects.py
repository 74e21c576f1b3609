"""People who agreed to it are invited, told once, reminded once, and join from their own address, on the engine."""

from __future__ import annotations

import itertools
import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.db import tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.notices.model.notices import Category
from chalicelib.notices.model.people import Person
from chalicelib.notices.recipients.model import Cap, MessageSettings, Recipient
from chalicelib.notices.suppression.model import Feedback, Kind
from chalicelib.notices.suppression.service import take_in
from chalicelib.recruitment.prospects.model import OPEN, Course, State, leaves_at, state_at
from chalicelib.recruitment.prospects.records import ProspectRecord
from chalicelib.recruitment.prospects.service import prospecting
from tests.builders import made
from tests.faults import KINDS, Faults, Killed, faults
from tests.members.codes import code_for, exchange
from tests.recruitment.conftest import Recruits
from tests.tenants.brands import at_once

__all__ = ["faults"]

pytestmark = pytest.mark.usefixtures("noon")

FANG = {"name": "Fang", "email": "fang@home.example"}
NOW = datetime(2026, 11, 30, 4, tzinfo=UTC)
TO = Recipient(Person.member("-"), "en", "Asia/Shanghai")


def settings(most: int, days: int) -> MessageSettings:
    return MessageSettings(quiet_hours=None, caps={Category.NEWS: Cap(most, days)})


def test_an_invitation_is_told_now_and_brought_to_mind_three_days_before_its_end() -> None:
    until = NOW + timedelta(days=10)
    roomy = settings(100, 1)
    assert leaves_at(Course(until), NOW, TO, roomy) == NOW
    told = Course(until, told_at=NOW, heard=(NOW,))
    assert leaves_at(told, NOW, TO, roomy) == until - timedelta(days=3)
    assert leaves_at(told, until, TO, roomy) is None
    assert leaves_at(Course(until, NOW, NOW + timedelta(days=7)), NOW + timedelta(days=8), TO, roomy) is None
    short = NOW + timedelta(days=2)
    assert leaves_at(Course(short, told_at=NOW, heard=(NOW,)), NOW, TO, roomy) is None  # it was just told


def test_the_brands_cap_holds_a_reminder_and_a_new_invitation_too() -> None:
    until = NOW + timedelta(days=10)
    assert leaves_at(Course(until, NOW, heard=(NOW,)), NOW, TO, settings(1, 8)) == NOW + timedelta(days=8)
    assert leaves_at(Course(until, NOW, heard=(NOW,)), NOW, TO, settings(1, 12)) is None
    assert leaves_at(Course(until, heard=(NOW,)), NOW, TO, settings(1, 2)) == NOW + timedelta(days=2)


def test_the_end_of_an_invitation_is_exclusive() -> None:
    assert state_at(State.TOLD, NOW, NOW) is State.EXPIRED
    assert state_at(State.TOLD, NOW, NOW - timedelta(microseconds=1)) is State.TOLD
    assert state_at(State.JOINED, NOW, NOW) is State.JOINED


def invited(recruits: Recruits, *people: dict[str, str], **terms: Any) -> list[Any]:
    """They are told."""
    found = recruits.invite(*(people or (FANG,)), **terms)["people"]
    recruits.pass_by(minutes=1)
    return list(found)


def code_in(letter: Any) -> str:
    found = re.search(r"invite=(\w+)", letter["text"])
    assert found, letter
    return found[1]


def test_who_is_invited_joins_by_their_link_and_gets_the_coupon(recruits: Recruits) -> None:
    recruits.set(joining="code")
    (one,) = invited(recruits, coupon_batch_id=recruits.batch())
    (letter,) = recruits.letters("fang@home.example")
    assert "¥5.00" in letter["text"]
    assert recruits.prospect(one)["status"] == "told"

    fang = recruits.joined("fang@home.example", invite_code=code_in(letter))

    assert recruits.coupons(fang) == ["granted"]
    seen, prospect = recruits.seen(fang), recruits.prospect(one)
    assert (seen["origin"], seen["joined_by"]) == ("invite", f"prospect:{one['prospect_id']}")
    assert (prospect["status"], prospect["member_id"]) == ("joined", fang.id)
    assert (prospect["name"], prospect["email"]) == (None, None), "the member has them now"
    recruits.pass_by(days=18)
    recruits.pass_by(days=5)
    assert recruits.prospect(one)["status"] == "joined"
    assert not [each for each in recruits.letters("fang@home.example") if "ends soon" in each["subject"]]


def test_from_another_address_the_code_gets_the_one_answer(recruits: Recruits) -> None:
    (one,) = invited(recruits)
    code = code_in(recruits.letters("fang@home.example")[0])
    unknown = recruits.arrive("li@home.example", invite_code="N" * 23)
    refused = recruits.arrive("fang+2@home.example", invite_code=code)
    assert (refused.status, refused.json["detail"]) == (unknown.status, unknown.json["detail"])
    assert refused.json["code"] == "invite_code_refused"
    assert recruits.prospect(one)["status"] == "told"


def test_by_phone_it_comes_as_a_text_message(recruits: Recruits) -> None:
    invited(recruits, {"phone": "+8613800138000"}, locale="en")
    (letter,) = recruits.letters("+8613800138000")
    assert letter["channel"] == "sms"
    assert "/decline/" in letter["text"]


def test_one_reminder_and_then_it_is_over(recruits: Recruits) -> None:
    (one,) = invited(recruits)
    recruits.pass_by(days=10)
    assert len(recruits.letters("fang@home.example")) == 1
    recruits.pass_by(days=8)
    first, second = recruits.letters("fang@home.example")
    assert code_in(first) == code_in(second)
    assert recruits.prospect(one)["reminded_at"]
    recruits.pass_by(days=1)
    assert recruits.refused("li@home.example", invite_code=code_in(first)) == "invite_code_refused"
    recruits.pass_by(days=2)
    assert recruits.prospect(one)["status"] == "expired"
    assert recruits.refused("fang@home.example", invite_code=code_in(first)) == "invite_code_refused"
    assert len([each for each in recruits.letters("fang@home.example") if "invite=" in each["text"]]) == 2


def test_nobody_is_invited_without_their_consent(recruits: Recruits) -> None:
    def refusal(person: dict[str, str]) -> list[str]:
        wanted = {"people": [FANG | person], "join_by": recruits.day(5)}
        answer = recruits.brand.post("/v1/prospects", wanted)
        assert answer.status == 422
        return [each["pointer"] for each in answer.json["errors"]]

    assert refusal({"source": "Market"}) == ["/people/0/agreed_on"]
    assert refusal({"agreed_on": recruits.day(-1)}) == ["/people/0/source"]
    assert refusal({"source": "Market", "agreed_on": recruits.day(1)}) == ["/people/0/agreed_on"]
    recruits.pass_by(minutes=2)
    assert not recruits.letters("fang@home.example")


@pytest.mark.parametrize("ahead", [-1, 181])
def test_the_last_day_is_to_come_and_not_too_far(recruits: Recruits, ahead: int) -> None:
    person = FANG | {"source": "Market", "agreed_on": recruits.day(0)}
    answer = recruits.brand.post("/v1/prospects", {"people": [person], "join_by": recruits.day(ahead)})
    assert (answer.status, answer.json["errors"][0]["pointer"]) == (422, "/join_by")


def test_members_the_unreachable_and_those_who_want_none_are_left_out(recruits: Recruits) -> None:
    recruits.joined("member@home.example")
    with tenant_scope(recruits.shop.tenant_id):
        told = Feedback("1", Kind.COMPLAINT, "angry@home.example", product_clock.now())
        take_in(recruits.shop.tenant_id, "email", told, product_clock.now())
    (one,) = invited(recruits)
    code = code_in(recruits.letters("fang@home.example")[0])
    assert recruits.care.store("POST", "/prospects/decline", json={"code": code}).status == 204
    assert recruits.care.store("POST", "/prospects/decline", json={"code": "NEVER"}).status == 204

    people = [{"email": f"{name}@home.example"} for name in ("member", "angry", "fang", "new", "new")]
    answer = recruits.invite(*people)

    assert [each["outcome"] for each in answer["people"]] == [
        "member", "unreachable", "declined", "invited", "repeated",
    ]  # fmt: skip
    assert answer["invited"] == 1
    assert [each["outcome"] for each in recruits.invite({"email": "new@home.example"})["people"]] == ["invited_before"]
    declined = recruits.prospect(one)
    assert (declined["status"], declined["email"]) == ("declined", None)
    assert recruits.refused("fang@home.example", invite_code=code) == "invite_code_refused"


def test_who_joined_otherwise_before_it_left_is_told_nothing(recruits: Recruits) -> None:
    (one, other) = recruits.invite(FANG, {"email": "li@home.example"})["people"]
    fang = recruits.joined("fang@home.example")
    made(recruits.brand.post(f"/v1/prospects/{other['prospect_id']}/withdraw"), 200)
    recruits.pass_by(minutes=2)
    texts = [each["text"] for to in ("fang@home.example", "li@home.example") for each in recruits.letters(to)]
    assert not [each for each in texts if "invite=" in each]
    assert recruits.prospect(one)["member_id"] == fang.id


def test_a_withdrawn_invitation_lets_nobody_in_and_can_be_made_again(recruits: Recruits) -> None:
    (one,) = invited(recruits)
    code = code_in(recruits.letters("fang@home.example")[0])
    path = f"/v1/prospects/{one['prospect_id']}/withdraw"
    assert made(recruits.brand.post(path), 200)["status"] == "withdrawn"
    assert made(recruits.brand.post(path), 200)["status"] == "withdrawn"
    assert recruits.refused("fang@home.example", invite_code=code) == "invite_code_refused"
    recruits.pass_by(days=30)
    (again,) = invited(recruits)
    assert again == {**one, "outcome": "invited"}
    second = [each for each in recruits.letters("fang@home.example") if "invite=" in each["text"]][-1]
    assert code_in(second) != code
    assert recruits.refused("fang@home.example", invite_code=code) == "invite_code_refused"
    recruits.joined("fang@home.example", invite_code=code_in(second))
    answer = recruits.brand.post(path)
    assert (answer.status, answer.json["code"]) == (409, "invitation_over")


def test_they_are_listed_by_status(recruits: Recruits) -> None:
    first, second = invited(recruits, FANG, {"email": "li@home.example"})
    made(recruits.brand.post(f"/v1/prospects/{first['prospect_id']}/withdraw"), 200)

    def listed(status: str) -> list[str]:
        return [each["id"] for each in made(recruits.brand.get(f"/v1/prospects{status}"), 200)["items"]]

    assert listed("?status=told") == [second["prospect_id"]]
    assert listed("?status=withdrawn") == [first["prospect_id"]]
    assert set(listed("")) == {first["prospect_id"], second["prospect_id"]}
    recruits.clock.advance(days=21)
    assert (listed("?status=told"), recruits.prospect(second)["status"]) == ([], "expired")


def test_two_hundred_are_invited_at_once_and_no_more(recruits: Recruits) -> None:
    people = [{"email": f"n{n}@home.example"} for n in range(200)]
    assert recruits.invite(*people)["invited"] == 200
    assert recruits.invite(*people)["invited"] == 0
    usual = {"source": "Market", "agreed_on": recruits.day(0)}
    wanted = {"people": [usual | each for each in [*people, FANG]], "join_by": recruits.day(5)}
    assert recruits.brand.post("/v1/prospects", wanted).status == 422


def test_of_many_at_once_with_one_code_one_joins(recruits: Recruits) -> None:
    invited(recruits)
    code = code_in(recruits.letters("fang@home.example")[0])
    emails = ["fang@home.example", *(f"n{n}@home.example" for n in range(9))]
    codes = {each: code_for(recruits.api, recruits.shop.slug, email=each) for each in emails}

    def arrive(email: str) -> int:
        return exchange(recruits.api, codes[email], recruits.shop.slug, email=email, invite_code=code).status

    assert at_once([lambda email=each: arrive(email) for each in emails]) == [200] + [422] * 9  # type: ignore[misc]


def test_whatever_fails_at_whichever_request_each_is_told_once(recruits: Recruits, faults: Faults) -> None:
    """Every request of a step fails in each way; then its message comes again."""
    faults.of("telling an invitation")
    tenant_id = recruits.shop.tenant_id
    cases = list(itertools.product(KINDS, range(1, 5)))
    emails = [f"{kind}-{at}@home.example".replace("_", "-") for kind, at in cases]
    ids = [each["prospect_id"] for each in recruits.invite(*({"email": each} for each in emails))["people"]]
    recruits.drain()
    for prospect_id, (kind, at) in zip(ids, cases, strict=True):
        with tenant_scope(tenant_id):
            faults.arm(kind, at)
            with suppress(Exception, Killed):
                prospecting.advance(tenant_id, prospect_id, product_clock.now())
            faults.arm(None)
            for _ in range(2):
                prospecting.advance(tenant_id, prospect_id, product_clock.now())
            found = ProspectRecord.fetch(*ProspectRecord.address(tenant_id, prospect_id), consistent=True)
            assert found is not None
            assert found.state in OPEN
            data = found.outbox[0]["d"]
            faults.arm(kind, 1)
            with suppress(Exception, Killed):
                prospecting.tell(tenant_id, prospect_id, data["invited_at"], product_clock.now(), reminder=False)
            faults.arm(None)
            prospecting.tell(tenant_id, prospect_id, data["invited_at"], product_clock.now(), reminder=False)
    recruits.pass_by(minutes=2)
    assert [len(recruits.letters(each)) for each in emails] == [1] * len(emails)
