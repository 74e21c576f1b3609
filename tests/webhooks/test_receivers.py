"""Receivers that are slow, endless, broken or hostile cost no more than an attempt, and say nothing that is kept."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from botocore.httpsession import get_cert_path

from chalicelib import settings
from chalicelib.webhooks.service import posting, reaching
from tests.builders import made
from tests.webhooks.authority import Authority
from tests.webhooks.conftest import Hooks, verified
from tests.webhooks.receiver import Answer, Connection, Receiver, status


def silent(connection: Connection) -> None:
    connection.over.wait(3)


def dripping_headers(connection: Connection) -> None:
    connection.send("HTTP/1.1 200 OK\r\n")
    connection.again_and_again("X-Drip: 1\r\n", every=0.05)


def dripping_status(connection: Connection) -> None:
    connection.again_and_again("H", every=0.05)


def continuing(connection: Connection) -> None:
    connection.again_and_again("HTTP/1.1 100 Continue\r\n\r\n", every=0.01)


def endless_body(connection: Connection) -> None:
    connection.send("HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n")
    connection.again_and_again("x" * 10_000)


def dripping_body(connection: Connection) -> None:
    connection.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    connection.again_and_again("1\r\nx\r\n", every=0.05)


def endless_headers(connection: Connection) -> None:
    connection.send("HTTP/1.1 200 OK\r\n")
    connection.again_and_again("X-Endless: " + "x" * 5_000 + "\r\n")


def hanging_up(connection: Connection) -> None:
    connection.socket.close()


ANSWERS: list[tuple[Answer, int | None, str | None]] = [
    (status(200), 200, None),
    (status(202), 202, None),
    (status(299), 299, None),
    (endless_body, 200, None),
    (dripping_body, 200, None),
    (lambda connection: connection.send("HTTP/1.0 204 \r\n\r\n"), 204, None),
    (silent, None, "timeout"),
    (dripping_headers, None, "timeout"),
    (dripping_status, None, "timeout"),
    (continuing, None, "timeout"),
    (endless_headers, None, "not_http"),
    (hanging_up, None, "connection_lost"),
    (lambda connection: connection.send("SSH-2.0-OpenSSH_9\r\n"), None, "not_http"),
    (lambda connection: connection.send("HTTP/1.1 abc\r\n\r\n"), None, "not_http"),
    (lambda connection: connection.send("HTTP/1.1 200 OK\r\n" + "x" * 70_000), None, "not_http"),
    (status(199), 199, "status"),
    (status(400), 400, "status"),
    (status(404), 404, "status"),
    (status(429, "Retry-After: 1"), 429, "status"),
    (status(500), 500, "status"),
    (status(410), 410, "gone"),
    (status(304), 304, "redirect"),
]


@pytest.mark.parametrize(("answer", "code", "reason"), ANSWERS)
def test_what_a_receiver_answers_is_judged_by_its_status_within_the_time(
    answer: Answer, code: int | None, reason: str | None, receiver: Receiver, impatient: timedelta
) -> None:
    receiver.answer, begun = answer, time.monotonic()
    outcome = posting.post(receiver.url, {"webhook-id": "x"}, "{}")

    assert (outcome.status, outcome.reason) == (code, reason)
    assert time.monotonic() - begun < impatient.total_seconds() + 0.5
    assert len(receiver.received) == 1


@pytest.mark.parametrize("code", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(code: int, receiver: Receiver, new_receiver: Callable[..., Receiver]) -> None:
    elsewhere = new_receiver()
    receiver.answer = status(code, f"Location: {elsewhere.url}")

    assert posting.post(receiver.url, {}, "{}").reason == "redirect"
    assert elsewhere.connections == 0


def test_nobody_there_and_a_handshake_that_never_ends(
    new_receiver: Callable[..., Receiver], impatient: timedelta
) -> None:
    gone = new_receiver()
    gone.close()
    plain = new_receiver(context=None, answer=silent)
    url = plain.url.replace("http:", "https:")

    with socket.create_server(("127.0.0.1", 0)) as deaf:
        begun = time.monotonic()
        assert posting.post(f"https://localhost:{deaf.getsockname()[1]}/", {}, "{}").reason == "timeout"
        assert time.monotonic() - begun < 1
    assert posting.post(gone.url, {}, "{}").reason == "refused"
    assert posting.post(url, {}, "{}").reason in ("tls", "connection_lost", "timeout")


def test_the_certificate_must_be_that_of_the_name_though_the_socket_goes_to_the_checked_address(
    new_receiver: Callable[..., Receiver], authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str, int]] = []

    def reach(receiver: Receiver) -> None:
        def open_socket(address: str, port: int, timeout: float) -> socket.socket:
            asked.append((address, port))
            return socket.create_connection(("127.0.0.1", receiver.port), timeout)

        monkeypatch.setattr(posting, "open_socket", open_socket)

    proxy = new_receiver(context=None)
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{proxy.port}")
    monkeypatch.setattr(reaching, "lookup", lambda host: ["2606:4700::1111", "198.41.0.4"])
    own, others = (new_receiver(context=authority.serving(name)) for name in ("erp.example.com", "evil.example.com"))
    reach(own)
    assert posting.post("https://erp.example.com/hooks", {}, "{}").delivered
    assert own.received[0].headers["host"] == "erp.example.com"
    reach(others)
    assert posting.post("https://erp.example.com/hooks", {}, "{}").reason == "certificate"
    assert (others.received, proxy.connections) == ([], 0)
    assert asked == [("198.41.0.4", 443)] * 2


def test_who_is_not_trusted_gets_nothing(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    public = ssl.create_default_context(cafile=get_cert_path(True))
    monkeypatch.setattr(posting, "trusted", lambda: public)
    assert posting.post(receiver.url, {}, "{}").reason == "certificate"
    assert receiver.received == []


def test_another_address_is_tried_where_one_takes_no_connection(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = posting.open_socket

    def open_socket(address: str, port: int, timeout: float) -> socket.socket:
        if address == "127.0.0.2":
            raise ConnectionRefusedError
        return real(address, port, timeout)

    monkeypatch.setattr(posting, "open_socket", open_socket)
    monkeypatch.setattr(reaching, "lookup", lambda host: ["127.0.0.2", "127.0.0.1"])

    assert posting.post(receiver.url, {}, "{}").delivered


def test_nothing_of_an_answer_is_stored_or_shown(hooks: Hooks, receiver: Receiver) -> None:
    secret = "the-receivers-own-words"
    receiver.answer = lambda connection: connection.send(
        f"HTTP/1.1 500 {secret}\r\nX-{secret}: {secret}\r\nContent-Length: {len(secret)}\r\n\r\n{secret}"
    )
    endpoint = hooks.endpoint(receiver)
    hooks.emit()
    hooks.drain()
    tested = hooks.brand.post(f"/v1/webhook-endpoints/{endpoint}/test")

    assert tested.json["status_code"] == 500
    listed = hooks.brand.get(f"/v1/webhook-endpoints/{endpoint}/deliveries")
    assert secret not in tested.text + listed.text + hooks.stored()


def test_a_test_event_is_sent_at_once_and_answers_with_what_came_of_it(hooks: Hooks, receiver: Receiver) -> None:
    endpoint = hooks.endpoint(receiver)
    told = made(hooks.brand.post(f"/v1/webhook-endpoints/{endpoint}/test"), 200)

    assert (told["delivered"], told["status_code"], told["reason"]) == (True, 204, None)
    (received,) = receiver.received
    assert verified(received, hooks.secrets[endpoint])["type"] == "webhook.test"
    assert hooks.deliveries(endpoint) == []


def test_test_events_are_limited_for_each_brand(
    hooks: Hooks, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LIMITS", '{"webhook_tests_a_brand": 2}')
    settings.forget()
    endpoint = hooks.endpoint(receiver)
    statuses = [hooks.brand.post(f"/v1/webhook-endpoints/{endpoint}/test").status for _ in range(3)]

    assert statuses == [200, 200, 429]
    assert len(receiver.received) == 2
