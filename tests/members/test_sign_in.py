from datetime import UTC, datetime
from functools import partial

import pytest

from chalicelib.db import metered, tenant_scope
from chalicelib.members.enrolment.service import find_or_enrol_by_phone, ordinals_given
from chalicelib.members.records import MemberRecord
from tests.calls import Api
from tests.conftest import Clock
from tests.members.codes import ask, code_for, exchange, other_than, sent, sign_in
from tests.tenants.brands import Brand, at_once, sign_up


def test_a_shopper_joins_with_a_code_and_signs_in_again_as_the_same_member(api: Api, brand: Brand) -> None:
    assert brand.post("/v1/invite-codes", {"code": "SPRING-7"}).status == 201
    first = sign_in(api, profile={"name": "Fang"}, invite_code="SPRING-7")
    again = sign_in(api, profile={"name": "Somebody else"})

    assert first["principal"] == {
        "kind": "member", "id": first["principal"]["id"], "tenant_id": brand.id, "roles": [], "name": "Fang",
    }  # fmt: skip
    assert again["principal"] == first["principal"]
    assert (first["token_type"], first["expires_in"]) == ("Bearer", 24 * 3600)
    me = api.get("/v1/stores/linli/me", token=again["access_token"]).json
    assert (me["email"], me["profile"]["name"]) == ("fang@home.example", "Fang")
    assert brand.get(f"/v1/members/{me['id']}").json["origin"] == "invite:SPRING-7"


def test_an_address_is_one_in_any_case_and_spelling(api: Api, brand: Brand) -> None:
    one = sign_in(api, email="Fang@HOME.example")["principal"]["id"]
    assert sign_in(api, email="fang@home.example")["principal"]["id"] == one
    phone = sign_in(api, phone="+86 138 0013 8000")["principal"]["id"]
    assert sign_in(api, phone="+8613800138000")["principal"]["id"] == phone != one
    for typed in ("138 0013-8000", "１３８００１３８０００"):
        assert sign_in(api, phone=typed)["principal"]["id"] == phone


def test_staff_sign_in_by_e_mail_with_the_roles_they_hold(api: Api, brand: Brand) -> None:
    mei = brand.hire("mei@linli.example", "editor")
    signed_in = sign_in(api, audience="staff", email="Mei@linli.example")
    assert signed_in["principal"].items() >= {"kind": "staff", "id": mei, "roles": ["editor"]}.items()
    assert signed_in["expires_in"] == 3600
    token = signed_in["access_token"]
    assert brand.patch("/v1/tenant", {"name": "X"}, token=token).status == 403

    brand.patch(f"/v1/staff/{mei}", {"roles": ["manager"]})
    assert brand.patch("/v1/tenant", {"name": "X"}, token=token).status == 200
    brand.delete(f"/v1/staff/{mei}")
    assert brand.get("/v1/tenant", token=token).status == 401


def test_a_token_ends_with_its_time(api: Api, brand: Brand, clock: Clock) -> None:
    token = sign_in(api, audience="staff", email="owner@linli.example")["access_token"]
    clock.advance(minutes=59)
    assert brand.get("/v1/tenant", token=token).status == 200
    clock.advance(minutes=2)
    assert brand.get("/v1/tenant", token=token).status == 401


def test_a_code_works_once(api: Api, brand: Brand) -> None:
    code = code_for(api)
    assert exchange(api, code).status == 200
    assert exchange(api, code).json["code"] == "bad_code"


def test_a_code_and_an_invite_code_may_be_typed_in_groups_and_in_full_width(api: Api, brand: Brand) -> None:
    assert brand.post("/v1/invite-codes", {"code": "SPRING-7"}).status == 201
    code = code_for(api)
    wide = code[:3].translate({ord(digit): ord(digit) + 0xFEE0 for digit in "0123456789"})
    joined = exchange(api, f"{wide} {code[3:].replace('0', 'o').replace('1', 'l')}", invite_code="ＳPRING-７ ")
    assert joined.status == 200
    member = brand.get(f"/v1/members/{joined.json['principal']['id']}").json
    assert member["origin"] == "invite:SPRING-7"


def test_a_code_works_for_ten_minutes_whatever_the_table_has_deleted_by_then(
    api: Api, brand: Brand, clock: Clock
) -> None:
    clock.set(datetime(2026, 3, 1, 12, tzinfo=UTC))
    code = code_for(api)
    clock.advance(minutes=9, seconds=50)
    assert exchange(api, other_than(code)).status == 401
    late = code_for(api, email="late@home.example")
    assert exchange(api, code).status == 200
    clock.advance(minutes=10, seconds=1)
    assert exchange(api, late, email="late@home.example").status == 401


def test_a_new_code_leaves_the_one_before_alive_and_each_works_once(api: Api, brand: Brand) -> None:
    first, second = code_for(api), code_for(api)
    assert exchange(api, first).status == 200
    assert exchange(api, first).status == 401
    assert exchange(api, second).status == 200


def test_the_fifth_wrong_code_was_the_last_try(api: Api, brand: Brand) -> None:
    code = code_for(api)
    for _ in range(5):
        assert exchange(api, other_than(code)).status == 401
    assert exchange(api, code).status == 401


def test_the_fifth_try_may_still_be_right(api: Api, brand: Brand) -> None:
    code = code_for(api)
    for _ in range(4):
        exchange(api, other_than(code))
    assert exchange(api, code).status == 200


def test_of_twenty_guesses_at_once_five_are_looked_at(api: Api, brand: Brand) -> None:
    code = code_for(api)
    at_once([partial(exchange, api, other_than(code))] * 20)
    assert exchange(api, code).status == 401


@pytest.mark.parametrize("audience", ["member", "staff"])
def test_of_twenty_who_use_a_code_at_once_one_gets_a_token(api: Api, brand: Brand, audience: str) -> None:
    email = "owner@linli.example"
    code = code_for(api, audience=audience, email=email)
    answers = at_once([partial(exchange, api, code, audience=audience, email=email)] * 20)
    assert sorted(answer.status for answer in answers) == [200] + [401] * 19
    if audience == "member":
        with tenant_scope(brand.id):
            assert ordinals_given(brand.id) == 1


def test_codes_are_five_in_a_quarter_of_an_hour_then_429_with_the_time_to_wait(
    api: Api, brand: Brand, clock: Clock
) -> None:
    clock.set(datetime(2026, 3, 1, 12, 5, tzinfo=UTC))
    assert [ask(api).status for _ in range(5)] == [202] * 5
    answer = ask(api)
    assert (answer.status, answer.json["code"]) == (429, "too_many_codes")
    assert 590 <= int(answer.headers["Retry-After"]) <= 600
    assert ask(api, email="other@home.example").status == 202
    last = sent()[-2]["data"]["params"]["code"]
    assert exchange(api, last).status == 200
    clock.advance(seconds=int(answer.headers["Retry-After"]))
    assert ask(api).status == 202


def test_of_twenty_who_ask_at_once_five_get_a_code(api: Api, brand: Brand) -> None:
    answers = at_once([partial(ask, api)] * 20)
    assert sorted(answer.status for answer in answers) == [202] * 5 + [429] * 15
    assert len(sent()) == 5


PEOPLE = [
    pytest.param("linli", "staff", "owner@linli.example", "email", id="staff"),
    pytest.param("linli", "staff", "nobody@linli.example", "nobody", id="no such staff"),
    pytest.param("linli", "member", "fang@home.example", "email", id="member"),
    pytest.param("linli", "member", "new@home.example", "email", id="no member yet"),
    pytest.param("no-such-store", "member", "fang@home.example", "nobody", id="no such store"),
    pytest.param("no-such-store", "staff", "owner@linli.example", "nobody", id="no such store's staff"),
]


@pytest.mark.parametrize(("tenant", "audience", "email", "channel"), PEOPLE)
def test_asking_for_a_code_looks_the_same_whoever_exists(
    api: Api, brand: Brand, tenant: str, audience: str, email: str, channel: str
) -> None:
    sign_in(api)
    with metered() as meter:
        answer = ask(api, tenant, audience, email=email)
    assert answer.status == 202
    assert {**answer.json, "handle": len(answer.json["handle"])} == {"status": "sent", "expires_in": 600, "handle": 22}
    assert meter.by_operation == {"GetItem": 1, "BatchGetItem": 1, "TransactWriteItems": 1}
    messages = sent()
    assert [message["data"]["channel"] for message in messages] == [channel]
    assert messages[0]["type"] == "notify.send"


@pytest.mark.parametrize(("tenant", "audience", "email", "channel"), PEOPLE)
def test_a_wrong_code_looks_the_same_whoever_exists(
    api: Api, brand: Brand, tenant: str, audience: str, email: str, channel: str
) -> None:
    sign_in(api)
    code = code_for(api, tenant, audience, email=email)
    with metered() as meter:
        answer = exchange(api, other_than(code), tenant, audience, email=email)
    assert (answer.status, answer.json["code"]) == (401, "bad_code")
    assert meter.by_operation == {"GetItem": 1, "BatchGetItem": 1, "TransactWriteItems": 2}


def test_even_the_right_code_opens_nothing_for_someone_who_is_not_there(api: Api, brand: Brand) -> None:
    for tenant, audience in (("linli", "staff"), ("no-such-store", "member")):
        code = code_for(api, tenant, audience, email="ghost@home.example")
        answer = exchange(api, code, tenant, audience, email="ghost@home.example")
        assert (answer.status, answer.json["code"]) == (401, "bad_code")


def test_a_code_opens_only_the_store_and_the_side_it_was_asked_for(api: Api, brand: Brand) -> None:
    sign_up(api, slug="other", owner_email="owner@linli.example")
    code = code_for(api, email="owner@linli.example")
    assert exchange(api, code, tenant="other", email="owner@linli.example").status == 401
    assert exchange(api, code, audience="staff", email="owner@linli.example").status == 401
    assert exchange(api, code, email="other@home.example").status == 401
    assert exchange(api, code, email="owner@linli.example").status == 200


def test_a_member_token_opens_one_store_and_no_staff_route(api: Api, brand: Brand) -> None:
    sign_up(api, slug="other")
    token = sign_in(api)["access_token"]
    assert api.get("/v1/stores/linli/me", token=token).status == 200
    assert api.get("/v1/stores/other/me", token=token).status == 401
    assert api.get("/v1/members", token=token).status == 403


def test_the_message_speaks_the_readers_language_or_else_the_brands(api: Api, brand: Brand) -> None:
    body = {"audience": "member", "tenant": "linli", "email": "fang@home.example"}
    api.post("/v1/auth/code", body, headers={"Accept-Language": "en"})
    api.post("/v1/auth/code", body, headers={"Accept-Language": "zh-CN,zh;q=0.9"})
    assert [message["data"]["locale"] for message in sent()] == ["en", "zh"]


@pytest.mark.parametrize(
    ("header", "reads"),
    [("zh-CN,zh;q=0.9", "zh"), ("en-GB,en;q=0.8", "en"), ("fr-CH,fr;q=0.9", None), (None, None)],
)
@pytest.mark.parametrize("address", [{"email": "fang@home.example"}, {"phone": "+8613800138000"}])
def test_a_new_member_goes_on_in_the_language_they_joined_in(
    api: Api, brand: Brand, address: dict[str, str], header: str | None, reads: str | None
) -> None:
    headers = {} if header is None else {"Accept-Language": header}
    body = {"audience": "member", "tenant": "linli", **address}
    api.post("/v1/auth/code", body, headers=headers)
    (message,) = sent()
    joined = api.post("/v1/auth/token", {**body, "code": message["data"]["params"]["code"]}, headers=headers)

    me = api.get("/v1/stores/linli/me", token=joined.json["access_token"]).json
    assert (me["locale"], message["data"]["locale"]) == (reads, reads or "zh")
    with tenant_scope(brand.id):
        member = MemberRecord.at(brand.id, me["id"])
        assert member is not None
        assert member.recipient is not None
        assert member.recipient.locale == reads


def test_whom_the_brand_wrote_down_chooses_a_language_by_signing_in_first(api: Api, brand: Brand, clock: Clock) -> None:
    phone = "+8613800138000"
    with tenant_scope(brand.id):
        written = find_or_enrol_by_phone(brand.id, phone, "Fang", clock.now())
    assert brand.get(f"/v1/members/{written}", headers={"Accept-Language": "en"}).json["locale"] is None

    body = {"audience": "member", "tenant": "linli", "phone": phone, "code": code_for(api, phone=phone)}
    claimed = api.post("/v1/auth/token", body, headers={"Accept-Language": "en"})

    assert claimed.json["principal"]["id"] == written
    assert brand.get(f"/v1/members/{written}").json["locale"] == "en"


def test_who_has_joined_keeps_their_language_wherever_they_sign_in(api: Api, brand: Brand) -> None:
    def signed_in(language: str) -> str:
        body = {"audience": "member", "tenant": "linli", "email": "fang@home.example", "code": code_for(api)}
        answer = api.post("/v1/auth/token", body, headers={"Accept-Language": language})
        return str(answer.json["access_token"])

    joined = sign_in(api)["access_token"]
    token = signed_in("en")
    assert api.get("/v1/stores/linli/me", token=joined).json["locale"] is None  # may be a choice
    api.patch("/v1/stores/linli/me", {"locale": "zh-Hant"}, token=token)
    assert api.get("/v1/stores/linli/me", token=signed_in("en")).json["locale"] == "zh-Hant"


def test_a_code_reaches_the_mailbox_and_nobody_stays_nobody(api: Api, brand: Brand, drain: object) -> None:
    ask(api)
    ask(api, audience="staff", email="nobody@linli.example")
    drain()  # type: ignore[operator]
    assert sent() == []


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"audience": "staff", "phone": "+8613800138000"}, "/phone"),
        ({"audience": "member"}, "/email"),
        ({"audience": "member", "email": "a@b.example", "phone": "+8613800138000"}, "/email"),
        ({"audience": "member", "phone": "0001"}, "/phone"),
        ({"audience": "member", "email": "a@"}, "/email"),
        ({"audience": "owner", "email": "a@b.example"}, "/audience"),
        ({"audience": "member", "email": "a@b.example", "tenant": "../x"}, "/tenant"),
    ],
)
def test_a_bad_request_is_refused_by_its_field(api: Api, brand: Brand, body: dict[str, str], pointer: str) -> None:
    answer = api.post("/v1/auth/code", {"tenant": "linli", **body})
    assert answer.status == 422
    assert answer.json["errors"][0]["pointer"] == pointer
    assert sent() == []


def test_a_bad_profile_does_not_use_the_code_up(api: Api, brand: Brand) -> None:
    code = code_for(api)
    for profile in ({"age_band": "300"}, {"interests": ["x"] * 21}, {"name": "x" * 121}, {"points": 9}):
        assert exchange(api, code, profile=profile).status == 422
    assert exchange(api, code).status == 200


def test_who_shares_an_address_with_a_stranger_signs_in_with_the_last_code_that_was_sent(
    api: Api, brand: Brand, clock: Clock
) -> None:
    sign_in(api)
    clock.advance(minutes=16)
    for _ in range(5):
        assert ask(api).status == 202
    code = sent()[-1]["data"]["params"]["code"]
    for _ in range(5):
        assert exchange(api, other_than(code)).status == 401

    refused = ask(api)

    assert (refused.status, refused.json["code"]) == (429, "too_many_codes")
    assert exchange(api, code).status == 401, "the tries without a handle are used up"
    assert exchange(api, code, handle=refused.json["handle"]).status == 200
