"""Strangers at work, and ordinary people meanwhile: each budget holds, and none of them locks anybody out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from tests.calls import Api, Reply
from tests.conftest import Clock, Drain
from tests.letters import news
from tests.members.codes import exchange, sign_in
from tests.tenants.brands import Brand, sign_up

Limited = Callable[..., None]
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
VICTIM = "vera@home.example"


@pytest.fixture(autouse=True)
def noon(clock: Clock) -> None:
    """Windows begin at full hours: all that a test does falls into one of each kind."""
    clock.set(NOON)


@pytest.fixture
def brand(api: Api) -> Brand:
    """A brand in Shanghai."""
    return sign_up(api)


def ask(api: Api, source: str, tenant: str = "linli", audience: str = "member", **address: str) -> Reply:
    """Asks for a code from a source."""
    return api.post("/v1/auth/code", {"audience": audience, "tenant": tenant, **address}, source=source)


def mails(api: Api, drain: Drain) -> Counter[str]:
    """How many messages each address has got."""
    drain()
    return Counter(mail["to"] for mail in news(drain.pump.engine))


def form(number: int, **changes: str) -> dict[str, str]:
    """A sign-up."""
    usual = {"name": "X", "timezone": "Asia/Shanghai", "currency": "CNY", "locale": "en"}
    return usual | {"slug": f"store-{number}", "owner_email": f"owner-{number}@x.example"} | changes


# --- by source ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("limit", "addresses"),
    [
        ("email_codes_a_source", [{"email": f"p{n}@x.example"} for n in range(4)]),
        ("text_codes_a_source", [{"phone": f"+8613800138{n:03}"} for n in range(4)]),
    ],
)
def test_a_source_asks_for_so_many_codes_an_hour_and_others_for_theirs(
    api: Api, brand: Brand, limited: Limited, clock: Clock, limit: str, addresses: list[dict[str, str]]
) -> None:
    limited(**{limit: 3})
    answers = [ask(api, "192.0.2.1", **address) for address in addresses]
    assert [answer.status for answer in answers] == [202, 202, 202, 429]
    assert 3590 <= int(answers[-1].headers["Retry-After"]) <= 3600
    assert ask(api, "192.0.2.1", tenant="no-such-store", **addresses[3]).status == 429, "and says not who exists"
    assert ask(api, "192.0.2.2", **addresses[3]).status == 202
    clock.advance(hours=1)
    assert ask(api, "192.0.2.1", **addresses[3]).status == 202


def test_a_household_is_one_source_whatever_addresses_it_takes(api: Api, brand: Brand, limited: Limited) -> None:
    limited(email_codes_a_source=3)
    same = [ask(api, f"2001:db8:7:7::{n:x}", email=f"p{n}@x.example").status for n in range(4)]
    assert same == [202, 202, 202, 429]
    assert ask(api, "2001:db8:7:8::1", email="p9@x.example").status == 202


def test_a_header_does_not_make_another_source(api: Api, brand: Brand, limited: Limited) -> None:
    limited(email_codes_a_source=1)
    body = {"audience": "member", "tenant": "linli", "email": "p@x.example"}
    for name in ("X-Forwarded-For", "X-Real-IP", "Forwarded", "CF-Connecting-IP"):
        last = api.post("/v1/auth/code", body, headers={name: "198.51.100.9"}, source="192.0.2.1")
    assert last.status == 429


def test_a_source_signs_up_so_many_brands_an_hour(api: Api, limited: Limited, clock: Clock) -> None:
    limited(sign_ups_a_source=3)
    answers = [api.post("/v1/tenants", form(n), source="192.0.2.1") for n in range(4)]
    assert [answer.status for answer in answers] == [201, 201, 201, 429]
    assert answers[-1].json["code"] == "too_many_requests"
    assert 3590 <= int(answers[-1].headers["Retry-After"]) <= 3600
    assert api.get("/v1/stores/store-3").status == 404
    assert api.post("/v1/tenants", form(4), source="192.0.2.2").status == 201
    clock.advance(hours=1)
    assert api.post("/v1/tenants", form(5), source="192.0.2.1").status == 201


# --- by the owner's e-mail --------------------------------------------------------------------------------------------


def test_an_owners_e_mail_gets_few_brands_a_day_until_it_has_signed_in(
    api: Api, limited: Limited, clock: Clock
) -> None:
    limited(brands_an_owner_email=2)
    same = ["vera@home.example", "Vera+1@home.example", "vera+2@home.example"]
    answers = [api.post("/v1/tenants", form(n, owner_email=email)) for n, email in enumerate(same)]
    assert [answer.status for answer in answers] == [201, 201, 429]
    assert answers[-1].json["code"] == "too_many_brands"
    assert int(answers[-1].headers["Retry-After"]) == pytest.approx(12 * 3600, abs=10)

    sign_in(api, "store-0", "staff", email="vera@home.example")
    assert [api.post("/v1/tenants", form(n, owner_email=VICTIM)).status for n in (3, 4, 5)] == [201] * 3


def test_a_brand_that_was_refused_counts_for_nothing(api: Api, limited: Limited) -> None:
    limited(brands_an_owner_email=2, sign_ups_a_source=2)
    assert api.post("/v1/tenants", form(0, owner_email=VICTIM)).status == 201
    assert [api.post("/v1/tenants", form(0, owner_email=VICTIM)).json["code"] for _ in range(4)] == ["slug_taken"] * 4
    assert api.post("/v1/tenants", form(1, owner_email=VICTIM)).status == 201


# --- by recipient ---------------------------------------------------------------------------------------------------


def test_a_stranger_gets_nine_messages_an_hour_whichever_store_and_spelling(
    api: Api, drain: Drain, clock: Clock
) -> None:
    for n in range(12):
        assert api.post("/v1/tenants", form(n)).status == 201
    spellings = (VICTIM, "vera+a@home.example", "vera+b@home.example")
    answers = [ask(api, f"192.0.2.{n % 3}", f"store-{n}", email=email) for n in range(12) for email in spellings]
    assert {(answer.status, answer.json["status"], answer.json["expires_in"]) for answer in answers} == {
        (202, "sent", 600)
    }, "as if they were sent"
    assert mails(api, drain).total() == 9
    clock.advance(hours=1)
    ask(api, "192.0.2.9", "store-1", email=VICTIM)
    assert mails(api, drain).total() == 10


def test_one_source_cannot_use_up_what_a_person_may_get(api: Api, drain: Drain) -> None:
    for n in range(12):
        assert api.post("/v1/tenants", form(n)).status == 201
        ask(api, "192.0.2.1", f"store-{n}", email=VICTIM)
    assert mails(api, drain)[VICTIM] == 8
    joined = exchange(api, _code_mailed(api, drain, "store-3", source="203.0.113.5"), "store-3", email=VICTIM)
    assert joined.status == 200


def test_who_has_signed_in_to_a_store_is_never_locked_out_of_it(
    api: Api, brand: Brand, drain: Drain, clock: Clock
) -> None:
    sign_in(api, email=VICTIM)
    for n in range(12):
        assert api.post("/v1/tenants", form(n)).status == 201
    sources = (f"198.51.100.{n}" for n in count(1))
    for minutes in (0, 5, 10, 30, 55):
        for n in range(0 if minutes else 12):
            ask(api, next(sources), f"store-{n}", email=VICTIM)
        clock.set(NOON + timedelta(minutes=minutes))
        for _ in range(6):
            assert ask(api, next(sources), email=VICTIM).status == 202
        mine = ask(api, "203.0.113.5", email=VICTIM)
        drain()
        assert (mine.status, mine.json["status"]) == (202, "sent")
        code = _last_code(drain, VICTIM)
        signed_in = exchange(api, code, email=VICTIM, handle=mine.json["handle"])
        assert signed_in.status == 200, f"after {minutes} minutes"
    assert mails(api, drain)[VICTIM] == 9 + 5, "an hour's nine, and one in five minutes for the store's own"


def test_an_owner_who_has_never_signed_in_is_not_locked_out_either(api: Api, brand: Brand, drain: Drain) -> None:
    owner = {"audience": "staff", "email": "owner@linli.example"}
    for n in range(12):
        assert api.post("/v1/tenants", form(n)).status == 201
        ask(api, f"198.51.100.{n}", f"store-{n}", email=owner["email"])
    mine = ask(api, "203.0.113.5", **owner)
    drain()
    code = _last_code(drain, owner["email"])
    assert exchange(api, code, handle=mine.json["handle"], **owner).status == 200
    assert mails(api, drain)[owner["email"]] == 10


# --- by store and country -------------------------------------------------------------------------------------------


def test_texts_abroad_to_strangers_are_few_and_the_brands_own_people_get_theirs(
    api: Api, brand: Brand, drain: Drain, limited: Limited
) -> None:
    limited(texts_abroad_a_store_and_country=3)
    sign_in(api, phone="+447400123456")
    for n in range(9):
        assert ask(api, f"198.51.100.{n}", phone=f"+44740012346{n}").status == 202
        assert ask(api, f"198.51.100.{n}", phone=f"+861380013800{n}").status == 202
    ask(api, "203.0.113.5", phone="+447400123456")
    ask(api, "203.0.113.6", phone="+4915123456789")
    got = mails(api, drain)
    assert sum(number.startswith("+4474") for number in got.elements()) == 3 + 1
    assert sum(number.startswith("+86") for number in got.elements()) == 9, "the brand's own country"
    assert (got["+447400123456"], got["+4915123456789"]) == (1, 1)


@pytest.mark.parametrize(
    ("limit", "kind"),
    [
        ("emails_to_newcomers_a_store", "email"),
        ("texts_to_newcomers_a_store", "phone"),
        ("texts_to_newcomers_a_new_store", "phone"),
        ("texts_a_day", "phone"),
    ],
)
def test_messages_to_strangers_are_limited_and_people_known_there_get_theirs(
    api: Api, brand: Brand, drain: Drain, limited: Limited, limit: str, kind: str
) -> None:
    address = "{n}@x.example" if kind == "email" else "+86138001380{n:02}"
    sign_in(api, **{kind: address.format(n=50)})
    if limit == "texts_to_newcomers_a_store":
        sign_in(api, audience="staff", email="owner@linli.example")
    limited(**{limit: 3})
    drain()
    before = mails(api, drain).total()
    for n in range(6):
        assert ask(api, f"198.51.100.{n}", **{kind: address.format(n=n)}).status == 202
    assert mails(api, drain).total() - before == 3
    assert ask(api, "203.0.113.5", **{kind: address.format(n=50)}).status == 202
    assert mails(api, drain)[address.format(n=50)] == 1


def _code_mailed(api: Api, drain: Drain, tenant: str, source: str) -> str:
    assert ask(api, source, tenant, email=VICTIM).status == 202
    drain()
    return _last_code(drain, VICTIM)


def _last_code(drain: Drain, address: str) -> str:
    """The code of the newest message. Once others have used up their share, only the person's own store writes."""
    texts = [mail["text"] for mail in news(drain.pump.engine) if mail["to"] == address]
    return str(re.findall(r"\b\d{6,}\b", texts[-1])[0])
