"""Who joins by an invite code, on the engine."""

from __future__ import annotations

import itertools
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.db import tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.members.enrolment.errors import InviteCodeRefused, TooManyInviteCodes
from chalicelib.members.enrolment.model import Arrival
from chalicelib.members.model.identities import Identity
from chalicelib.rate_limits.model import Budget
from chalicelib.rate_limits.service import look_at
from chalicelib.recruitment.model.codes import chosen, status
from chalicelib.recruitment.service.admission import admit
from tests.builders import in_time, made
from tests.faults import KINDS, Faults, Killed, faults
from tests.members.codes import code_for, exchange
from tests.recruitment.conftest import Recruits
from tests.tenants.brands import at_once

__all__ = ["faults"]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("garden 7", "GARDEN-7"),
        ("AB-12", "AB-12"),
        ("abc", None),
        ("花园小区", None),
        ("a_b_c_d", None),
        ("A" * 31, None),
    ],
)
def test_a_code_that_the_brand_chooses_stands_in_a_link(typed: str, shown: str | None) -> None:
    assert chosen(typed) == shown


def test_what_a_code_is() -> None:
    now = product_clock.now()
    assert status(0, None, None, now, revoked=False) == "active"
    assert status(1, 1, None, now, revoked=False) == "used_up"
    assert status(0, 1, now, now, revoked=False) == "expired"  # its end is exclusive
    assert status(0, 1, now + timedelta(seconds=1), now, revoked=False) == "active"
    assert status(9, 1, now, now, revoked=True) == "revoked"


def test_a_drawn_code_is_long_enough_that_nobody_guesses_it(recruits: Recruits) -> None:
    code, short = recruits.code(), recruits.code(length="short")
    assert len(code["code"]) * 5 >= 112
    assert len(short["code"]) == 8
    assert code["url"].endswith(f"/s/{recruits.shop.slug}/sign-in?invite={code['code']}")
    assert (code["status"], code["uses"], code["max_uses"]) == ("active", 0, None)


def test_who_joins_by_a_code_is_put_down_to_it_and_to_its_channel_for_ever(recruits: Recruits) -> None:
    channel = made(recruits.brand.post("/v1/channels", {"kind": "chat_group", "title": "Garden Road"}))
    code = recruits.code(code="Garden 7", channel_id=channel["id"])

    fang = recruits.joined("fang@home.example", invite_code="gａrden-７")
    li = recruits.joined("li@home.example", link=channel["id"])
    recruits.joined("wu@home.example")

    seen = recruits.seen(fang)
    assert (seen["origin"], seen["joined_by"]) == ("invite:GARDEN-7", f"invite:{code['id']}")
    assert (seen["channel_id"], seen["referred_by"]) == (channel["id"], None)
    assert recruits.seen(li)["joined_by"] == f"channel:{channel['id']}"
    by_code = made(recruits.brand.get(f"/v1/invite-codes/{code['id']}/members"), 200)["items"]
    by_channel = made(recruits.brand.get(f"/v1/channels/{channel['id']}/members"), 200)["items"]
    assert [each["id"] for each in by_code] == [fang.id]
    assert [each["id"] for each in by_channel] == [li.id, fang.id]
    assert recruits.uses(code) == ("active", 1)


def test_unknown_expired_revoked_and_used_up_codes_get_one_answer_and_the_sign_in_code_stays_good(
    recruits: Recruits,
) -> None:
    once, ended, revoked = (recruits.code(code=name, max_uses=1) for name in ("ONCE", "ENDED", "GONE"))
    recruits.joined("first@home.example", invite_code="ONCE")
    soon = in_time(product_clock.now() + timedelta(minutes=1))
    made(recruits.brand.patch(f"/v1/invite-codes/{ended['id']}", {"expires_at": soon}), 200)
    made(recruits.brand.post(f"/v1/invite-codes/{revoked['id']}/revoke"), 200)
    recruits.clock.advance(minutes=2)

    slug, email = recruits.shop.slug, "fang@home.example"
    code = code_for(recruits.api, slug, email=email)
    refusals = [exchange(recruits.api, code, slug, email=email, invite_code=each).json
                for each in ("NEVER", "ENDED", "GONE", "ONCE")]  # fmt: skip

    assert {each["code"] for each in refusals} == {"invite_code_refused"}
    assert len({each["detail"] for each in refusals}) == 1
    assert [recruits.uses(each)[0] for each in (once, ended, revoked)] == ["used_up", "expired", "revoked"]


def test_a_code_that_is_refused_may_be_left_out(recruits: Recruits) -> None:
    slug, email = recruits.shop.slug, "fang@home.example"
    code = code_for(recruits.api, slug, email=email)
    assert exchange(recruits.api, code, slug, email=email, invite_code="NEVER").status == 422
    assert exchange(recruits.api, code, slug, email=email).status == 200


def test_a_code_for_one_admits_one_of_fifty_at_once(recruits: Recruits) -> None:
    code = recruits.code(max_uses=1)
    emails = [f"neighbour{n}@home.example" for n in range(50)]
    codes = {email: code_for(recruits.api, recruits.shop.slug, email=email) for email in emails}

    def arrive(email: str) -> int:
        return exchange(
            recruits.api, codes[email], recruits.shop.slug, email=email, invite_code=code["code"]
        ).status  # fmt: skip

    answers = at_once([lambda email=email: arrive(email) for email in emails])  # type: ignore[misc]

    assert sorted(answers) == [200] + [422] * 49
    assert recruits.uses(code) == ("used_up", 1)
    recruits.drain()
    members = made(recruits.brand.get(f"/v1/invite-codes/{code['id']}/members"), 200)["items"]
    assert len(members) == 1


def test_a_store_that_is_joined_by_code_takes_nobody_without(recruits: Recruits) -> None:
    recruits.set(joining="code")
    code = recruits.code()
    assert recruits.refused("fang@home.example") == "invite_code_needed"
    fang = recruits.joined("fang@home.example", invite_code=code["code"])

    again = made(recruits.arrive("fang@home.example"), 200)

    assert again["principal"]["id"] == fang.id
    assert made(recruits.care.store("GET", "/joining"), 200)["joining"] == "code"


def test_a_member_uses_no_code_up_by_signing_in_again(recruits: Recruits) -> None:
    code = recruits.code(max_uses=1)
    recruits.joined("fang@home.example")
    assert recruits.arrive("fang@home.example", invite_code=code["code"]).status == 200
    assert recruits.uses(code) == ("active", 0)


def test_guesses_at_codes_are_counted_for_the_address(recruits: Recruits) -> None:
    right = recruits.code()["code"]
    now = datetime(2026, 12, 1, 4, tzinfo=UTC)

    def guess(typed: str, email: str) -> None:
        arrival = Arrival(Identity("email", email), "198.51.100.7", invite_code=typed)
        with tenant_scope(recruits.shop.tenant_id):
            admit(recruits.shop.tenant_id, arrival, now)

    for _ in range(10):
        with pytest.raises(InviteCodeRefused):
            guess("GUESS", "eve@home.example")
    with pytest.raises(TooManyInviteCodes) as refused:
        guess(right, "eve@home.example")
    assert refused.value.retry_after == 3600
    guess(right, "fang@home.example")


def test_a_right_code_is_no_guess(recruits: Recruits) -> None:
    code = recruits.code()
    recruits.joined("fang@home.example", invite_code=code["code"])
    spent = Budget.of("invite_codes_an_address", recruits.shop.tenant_id, "email", "fang@home.example")
    kind, *place = look_at(spent, product_clock.now())
    found = kind.fetch(*place, consistent=True)
    assert found is not None
    assert int(found.used) == 0


def test_a_coupon_and_a_message_come_with_joining_once(recruits: Recruits) -> None:
    welcome, brought = recruits.batch(purpose="new_member"), recruits.batch()
    recruits.set(welcome={"message": True, "coupon_batch_id": welcome})
    code = recruits.code(coupon_batch_id=brought)

    fang = recruits.joined("fang@home.example", invite_code=code["code"])

    assert recruits.coupons(fang) == ["granted", "granted"]
    told = [each["subject"] for each in made(recruits.care.store("GET", "/me/inbox", fang), 200)["items"]]
    assert sum("加入" in each or "Welcome to" in each for each in told) == 1


def test_a_changed_code_holds_for_who_joins_from_now_on(recruits: Recruits) -> None:
    code = recruits.code(max_uses=2)
    recruits.joined("a@home.example", invite_code=code["code"])
    recruits.joined("b@home.example", invite_code=code["code"])
    path = f"/v1/invite-codes/{code['id']}"

    below = recruits.brand.patch(path, {"max_uses": 1})
    assert (below.status, below.json["code"], below.json["joined"]) == (409, "below_joined", 2)
    made(recruits.brand.patch(path, {"max_uses": None, "title": "Everybody"}), 200)
    recruits.joined("c@home.example", invite_code=code["code"])

    found = made(recruits.brand.get(path), 200)
    assert (found["uses"], found["max_uses"], found["title"], found["status"]) == (3, None, "Everybody", "active")
    made(recruits.brand.post(f"{path}/revoke"), 200)
    assert recruits.brand.patch(path, {"title": "Again"}).json["code"] == "invite_code_revoked"


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"code": "abc"}, "/code"),
        ({"max_uses": 0}, "/max_uses"),
        ({"expires_at": "2020-01-01T00:00:00Z"}, "/expires_at"),
        ({"channel_id": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}, "/channel_id"),
        ({"coupon_batch_id": "01ARZ3NDEKTSV4RRFFQ69G5FAV"}, "/coupon_batch_id"),
    ],
)
def test_what_no_code_can_be_is_refused_at_its_field(recruits: Recruits, body: dict[str, object], pointer: str) -> None:
    answer = recruits.brand.post("/v1/invite-codes", body)
    assert (answer.status, answer.json["errors"][0]["pointer"]) == (422, pointer)


def test_two_codes_that_read_alike_are_one(recruits: Recruits) -> None:
    recruits.code(code="BOIL-10")
    answer = recruits.brand.post("/v1/invite-codes", {"code": "b01110"})
    assert (answer.status, answer.json["code"]) == (409, "invite_code_taken")


def test_whatever_fails_at_whichever_request_a_use_is_counted_once(recruits: Recruits, faults: Faults) -> None:
    """Joining by a code: the sign-in's own requests, those of the code, and one transaction."""
    faults.of("joining by a code")
    code = recruits.code()
    for joined, (kind, at) in enumerate(itertools.product(KINDS, range(3, 9)), 1):
        email = f"{kind}-{at}@home.example".replace("_", "-")
        sign_in_code = code_for(recruits.api, recruits.shop.slug, email=email)
        faults.arm(kind, at)
        with suppress(Exception, Killed):
            exchange(recruits.api, sign_in_code, recruits.shop.slug, email=email, invite_code=code["code"])
        faults.arm(None)
        made(recruits.arrive(email, invite_code=code["code"]), 200)
        assert recruits.uses(code)[1] == joined, (kind, at)
