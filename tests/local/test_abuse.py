"""A bounded abuse run over real sockets: strangers on many addresses of the loopback, and ordinary people meanwhile."""

from __future__ import annotations

import http.client
import re
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.calls import Headers, Reply, prepared
from tests.conftest import Served

pytestmark = pytest.mark.verify
VICTIM = "vera@home.example"


@dataclass(frozen=True)
class Caller:
    """Somebody at an address of their own, as the product sees it: their sockets are bound to it."""

    url: str
    address: str

    def post(self, path: str, body: Any) -> Reply:
        headers, content = prepared(json=body)
        del headers["Host"]
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=60, source_address=(self.address, 0))
        try:
            connection.request("POST", path, content, headers)
            answer = connection.getresponse()
            return Reply(answer.status, Headers(answer.getheaders()), answer.read().decode())
        finally:
            connection.close()

    def sign_up(self, number: int, owner: str = "") -> Reply:
        form = {"name": "X", "timezone": "Asia/Shanghai", "currency": "CNY", "locale": "en"}
        email = owner or f"owner-{number}@x.example"
        return self.post("/v1/tenants", form | {"slug": f"store-{number}", "owner_email": email})

    def ask(self, store: str, audience: str = "member", **who: str) -> Reply:
        return self.post("/v1/auth/code", {"audience": audience, "tenant": store, **who})

    def exchange(self, store: str, code: str, audience: str = "member", **who: str) -> Reply:
        return self.post("/v1/auth/token", {"audience": audience, "tenant": store, "code": code, **who})


def got(server: Served) -> list[dict[str, Any]]:
    """All messages that left, newest first."""
    server.quiet()
    items: list[dict[str, Any]] = server.get("/local/mailbox", headers={"Accept": "application/json"}).json["items"]
    return items


def newest_code(server: Served, address: str) -> str:
    """The code in the newest message to an address."""
    text = next(each["text"] for each in got(server) if each["to"] == address)
    return str(re.findall(r"\b\d{6,10}\b", text)[0])


def at_once(calls: list[Any]) -> Counter[int]:
    """Runs all in eight threads; how often each status was answered."""
    with ThreadPoolExecutor(8) as pool:
        return Counter(reply.status for reply in pool.map(lambda call: call(), calls))


@pytest.fixture
def stranger(server: Served) -> Caller:
    return Caller(server.url, "127.0.0.66")


@pytest.fixture
def ordinary(server: Served) -> Caller:
    return Caller(server.url, "127.0.0.2")


def test_three_hundred_sign_ups_of_a_stranger_are_sixty_and_an_ordinary_person_signs_up(
    server: Served, stranger: Caller, ordinary: Caller
) -> None:
    answers = at_once([lambda n=n: stranger.sign_up(n) for n in range(80)])
    assert answers == {201: 60, 429: 20}
    assert at_once([lambda n=n: Caller(server.url, f"127.0.1.{n}").sign_up(100 + n, VICTIM) for n in range(1, 13)]) == {
        201: 5, 429: 7,
    }  # fmt: skip
    assert ordinary.sign_up(200).status == 201


def test_texts_abroad_end_whatever_addresses_they_are_asked_from(
    server: Served, stranger: Caller, ordinary: Caller
) -> None:
    assert ordinary.sign_up(0).status == 201
    numbers = [f"+44740{n:07}" for n in range(123000, 123100)]
    assert at_once([lambda to=to: stranger.ask("store-0", phone=to) for to in numbers[:70]]) == {202: 60, 429: 10}
    many = [Caller(server.url, f"127.0.2.{n + 1}") for n in range(30)]
    assert at_once([lambda n=n, c=c: c.ask("store-0", phone=numbers[70 + n]) for n, c in enumerate(many)]) == {202: 30}
    assert len([each for each in got(server) if each["to"].startswith("+44")]) == 30
    assert ordinary.ask("store-0", phone="+8613800138000").status == 202
    code = newest_code(server, "+8613800138000")
    assert ordinary.exchange("store-0", code, phone="+8613800138000").status == 200


def test_a_victim_of_twelve_stores_signs_in_meanwhile_and_nobody_learns_who_exists(
    server: Served, ordinary: Caller
) -> None:
    for n in range(12):
        assert ordinary.sign_up(n).status == 201
    assert ordinary.ask("store-3", email=VICTIM).status == 202
    assert ordinary.exchange("store-3", newest_code(server, VICTIM), email=VICTIM).status == 200

    strangers = [Caller(server.url, f"127.0.3.{n + 1}") for n in range(60)]
    asked = [lambda n=n, c=c: c.ask(f"store-{n % 12}", email=VICTIM) for n, c in enumerate(strangers)]
    assert at_once(asked) == {202: 60}
    unknown = [lambda n=n, c=c: c.ask(f"store-{n % 12}", email="nobody@home.example") for n, c in enumerate(strangers)]
    assert at_once(unknown) == {202: 60}

    mine = ordinary.ask("store-3", email=VICTIM)
    assert mine.status == 202
    received = [each for each in got(server) if each["to"] == VICTIM]
    assert len(received) == 10, "nine an hour, and one for the store that they are known to"
    guessed = Counter(
        ordinary.exchange("store-3", str(re.findall(r"\b\d{6}\b", each["text"])[0]), email=VICTIM,
                          handle=ordinary.ask("store-3", email=VICTIM).json["handle"]).status
        for each in received[:3]
    )  # fmt: skip
    assert 200 in guessed


def test_an_owner_signs_in_while_strangers_guess(server: Served, ordinary: Caller) -> None:
    assert ordinary.sign_up(0).status == 201
    owner = {"audience": "staff", "email": "owner-0@x.example"}

    def guess(number: int) -> None:
        stranger = Caller(server.url, f"127.0.4.{number + 1}")
        handle = stranger.ask("store-0", **owner).json["handle"]
        assert {stranger.exchange("store-0", "000000", handle=handle, **owner).status for _ in range(5)} == {401}
        assert stranger.exchange("store-0", "000000", **owner).status == 401

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(guess, range(12)))
    server.advance(300)
    mine = ordinary.ask("store-0", **owner)
    code = newest_code(server, owner["email"])
    assert len(code) == 10
    assert ordinary.exchange("store-0", code, handle=mine.json["handle"], **owner).status == 200
    assert sum("wrong sign-in codes" in each["text"] for each in got(server)) == 1
