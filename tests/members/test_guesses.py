"""Guesses at sign-in codes: they end for whoever makes them, and never for the person whose address it is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from itertools import count
from typing import Any

import pytest

from chalicelib.db import metered
from tests.calls import Api, Reply
from tests.conftest import Clock, Drain
from tests.letters import news
from tests.members.codes import exchange, other_than, sent
from tests.tenants.brands import Brand, at_once, sign_up

OWNER = {"audience": "staff", "email": "owner@linli.example"}
HERE = "203.0.113.5"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def noon(clock: Clock, limited: Callable[..., None]) -> None:
    """All that a test does falls into one window of each kind; few guesses are many."""
    clock.set(NOON)
    limited(guesses_an_address=10, guesses_a_source=15)


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """Ever new sources."""
    return (f"198.51.{n // 250}.{n % 250 + 1}" for n in count())


def ask(api: Api, source: str = HERE, **who: str) -> Any:
    """Asks for the owner's code; the answer."""
    answer = api.post("/v1/auth/code", {"tenant": "linli", **OWNER, **who}, source=source)
    assert answer.status == 202, answer.text
    return answer.json


def guess(api: Api, code: str, source: str = HERE, **more: str) -> Reply:
    """Tries a code as the owner."""
    body = {"tenant": "linli", **OWNER, "code": code, **more}
    return api.post("/v1/auth/token", body, source=source)


def codes() -> list[str]:
    """The codes that are on their way, oldest first."""
    return [message["data"]["params"]["code"] for message in sent() if message["data"]["template"] == "sign_in_code"]


def guess_on(api: Api, elsewhere: Iterator[str], times: int, wrong: str = "000000") -> None:
    """A stranger's guesses, five for each code that they asked for, each from another source."""
    for _ in range(times // 5):
        source = next(elsewhere)
        handle = ask(api, source)["handle"]
        for _ in range(5):
            assert guess(api, wrong, source, handle=handle).status == 401


def test_a_handle_has_five_tries_of_its_own(api: Api, brand: Brand) -> None:
    handle = ask(api)["handle"]
    (code,) = codes()
    for _ in range(5):
        assert guess(api, other_than(code), handle=handle).status == 401
    assert guess(api, code, handle=handle).status == 401


def test_of_twenty_guesses_at_once_with_a_handle_five_are_looked_at(api: Api, brand: Brand) -> None:
    handle = ask(api)["handle"]
    (code,) = codes()
    at_once([partial(guess, api, other_than(code), handle=handle)] * 20)
    assert guess(api, code, handle=handle).status == 401


@pytest.mark.parametrize("strangers", ["without a handle", "with a handle of their own", "with a made-up handle"])
def test_five_wrong_codes_of_a_stranger_do_not_lock_the_owner_out(api: Api, brand: Brand, strangers: str) -> None:
    mine = ask(api)["handle"]
    (code,) = codes()
    theirs = {"without a handle": {}, "with a made-up handle": {"handle": "made-up-by-somebody"}}.get(
        strangers, {"handle": ask(api, "198.51.100.7")["handle"]}
    )
    for _ in range(6):
        assert guess(api, other_than(code), "198.51.100.7", **theirs).status == 401
    assert guess(api, code, handle=mine).status == 200


def test_a_stranger_who_asks_for_codes_neither_ends_the_owners_nor_uses_up_theirs(
    api: Api, brand: Brand, elsewhere: Iterator[str]
) -> None:
    mine = ask(api)["handle"]
    (code,) = codes()
    for _ in range(4):
        source = next(elsewhere)
        assert [api.post("/v1/auth/code", {"tenant": "linli", **OWNER}, source=source).status for _ in range(6)] == [
            202, 202, 202, 202, 202, 429,
        ]  # fmt: skip
    assert guess(api, code, handle=mine).status == 200
    assert ask(api)["status"] == "sent"


def test_a_handle_opens_with_the_last_code_where_no_further_one_is_sent(
    api: Api, brand: Brand, elsewhere: Iterator[str]
) -> None:
    for _ in range(9):
        ask(api, next(elsewhere))
    mine = ask(api)
    found = [message["data"]["params"]["code"] for message in sent() if message["data"]["channel"] == "email"]
    assert len(found) == 5, "of one address in five minutes"
    assert guess(api, found[-1], handle=mine["handle"]).status == 200


def test_of_twenty_sources_that_ask_at_once_all_get_a_handle_and_five_a_code(
    api: Api, brand: Brand, elsewhere: Iterator[str]
) -> None:
    answers = at_once([partial(ask, api, next(elsewhere)) for _ in range(20)])
    assert len({answer["handle"] for answer in answers}) == 20
    assert sum(message["data"]["channel"] == "email" for message in sent()) == 5


def test_codes_of_a_quarter_of_an_hour_are_five_for_each_source(api: Api, brand: Brand, clock: Clock) -> None:
    for _ in range(5):
        ask(api, "192.0.2.1")
    refused = api.post("/v1/auth/code", {"tenant": "linli", **OWNER}, source="192.0.2.1")
    assert (refused.status, refused.json["code"]) == (429, "too_many_codes")
    assert 890 <= int(refused.headers["Retry-After"]) <= 900
    assert ask(api, "192.0.2.2")["status"] == "sent"


def test_after_many_guesses_of_a_day_codes_are_longer_and_nobody_is_refused(
    api: Api, brand: Brand, elsewhere: Iterator[str], clock: Clock
) -> None:
    guess_on(api, elsewhere, 10)
    clock.advance(minutes=5)
    codes()
    mine = ask(api)["handle"]
    (code,) = codes()
    assert len(code) == 10
    assert guess(api, code[:6], handle=mine).status == 401
    assert guess(api, code, handle=mine).status == 200
    clock.set(datetime(2026, 3, 3, 0, 0, 1, tzinfo=UTC))
    ask(api)
    assert len(codes()[0]) == 6, "the next day"


def test_after_many_guesses_no_short_code_opens_though_it_was_sent_before(
    api: Api, brand: Brand, elsewhere: Iterator[str]
) -> None:
    mine = ask(api)["handle"]
    (code,) = codes()
    guess_on(api, elsewhere, 10)
    assert guess(api, code, handle=mine).status == 401


def test_who_signs_in_all_day_is_not_a_guesser(api: Api, brand: Brand, clock: Clock) -> None:
    for _ in range(12):
        handle = ask(api)["handle"]
        (code,) = codes()
        assert len(code) == 6
        assert guess(api, code, handle=handle).status == 200
        clock.advance(minutes=5)


@pytest.mark.parametrize("spelling", [{"audience": "member", "email": "new@x.example"}, {"tenant": "no-such-store"}])
def test_codes_grow_alike_for_who_does_not_exist(
    api: Api, brand: Brand, elsewhere: Iterator[str], spelling: dict[str, str], clock: Clock
) -> None:
    for _ in range(2):
        source = next(elsewhere)
        handle = ask(api, source, **spelling)["handle"]
        assert [guess(api, "000000", source, handle=handle, **spelling).status for _ in range(5)] == [401] * 5
    clock.advance(minutes=5)
    codes()
    ask(api, **spelling)
    assert len(codes()[0]) == 10


def test_the_person_is_told_of_guesses_once_a_day_in_their_language(
    api: Api, brand: Brand, elsewhere: Iterator[str], drain: Drain, clock: Clock
) -> None:
    guess_on(api, elsewhere, 20)
    clock.advance(minutes=5)
    guess_on(api, elsewhere, 5)
    drain()
    told = [mail for mail in drain.pump.engine.mail() if "错误的验证码" in mail["text"]]
    assert [mail["to"] for mail in told] == ["owner@linli.example"]
    assert "邻里鲜果" in told[0]["text"]
    clock.advance(days=1)
    guess_on(api, elsewhere, 20)
    drain()
    assert sum("错误的验证码" in mail["text"] for mail in drain.pump.engine.mail()) == 2


def test_a_person_is_told_by_few_stores_a_day(
    api: Api, brand: Brand, elsewhere: Iterator[str], drain: Drain, limited: Callable[..., None]
) -> None:
    limited(guesses_an_address=5, warnings_a_recipient=1)
    sign_up(api, slug="other")
    for tenant in ("linli", "other"):
        for _ in range(2):
            source = next(elsewhere)
            handle = ask(api, source, tenant=tenant)["handle"]
            for _ in range(5):
                guess(api, "000000", source, handle=handle, tenant=tenant)
    drain()
    assert sum("错误的验证码" in mail["text"] for mail in drain.pump.engine.mail()) == 1


def test_nobody_is_told_of_guesses_at_an_address_that_is_not_on_the_staff(
    api: Api, brand: Brand, elsewhere: Iterator[str], drain: Drain
) -> None:
    ghost = {"email": "ghost@linli.example"}
    for _ in range(3):
        source = next(elsewhere)
        handle = ask(api, source, **ghost)["handle"]
        for _ in range(5):
            guess(api, "000000", source, handle=handle, **ghost)
    drain()
    assert news(drain.pump.engine) == []


def test_who_guesses_at_many_addresses_gets_longer_codes_and_others_do_not(
    api: Api, brand: Brand, clock: Clock
) -> None:
    for n in range(3):
        who = {"audience": "member", "email": f"p{n}@x.example"}
        handle = ask(api, "198.51.100.7", **who)["handle"]
        for _ in range(5):
            assert guess(api, "000000", "198.51.100.7", handle=handle, **who).status == 401
    codes()
    who = {"audience": "member", "email": "fresh@x.example"}
    handle = ask(api, "198.51.100.7", **who)["handle"]
    (long,) = codes()
    assert len(long) == 10
    ask(api, HERE, **who)
    (short,) = codes()
    assert len(short) == 6, "from another source"
    assert guess(api, short, "198.51.100.7", handle=handle, **who).status == 401
    assert guess(api, long, "198.51.100.7", handle=handle, **who).status == 200, "an ordinary person behind that source"


@pytest.mark.parametrize("who", [{}, {"email": "ghost@linli.example"}, {"tenant": "no-such-store"}])
def test_the_same_requests_are_made_for_a_wrong_code_with_a_handle(api: Api, brand: Brand, who: dict[str, str]) -> None:
    handle = ask(api, **who)["handle"]
    (code,) = codes()
    with metered() as meter:
        assert guess(api, other_than(code), handle=handle, **who).status == 401
    assert meter.by_operation == {"GetItem": 1, "BatchGetItem": 1, "TransactWriteItems": 2}


def test_a_handle_opens_nothing_at_another_address(api: Api, brand: Brand) -> None:
    handle = ask(api, audience="member", email="a@x.example")["handle"]
    codes()
    ask(api)
    (code,) = codes()
    assert guess(api, code, handle=handle).status == 401
    assert exchange(api, code, audience="staff", email="owner@linli.example").status == 200
