"""Requests reach DynamoDB by our own transport, which fails as botocore's does: in time, and in botocore's words."""

import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from botocore.awsrequest import AWSPreparedRequest
from botocore.exceptions import (
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    ReadTimeoutError,
)

from chalicelib.db import client as product
from chalicelib.db import key, tenant_scope
from infra.local.engine import free_port
from tests.db.endpoint import ITEM, TRIES, botocores_own, get, outcome
from tests.db.loopback import HEAD, answered, hung_up, reset, silent, truncated, written
from tests.db.notes import OURS
from tests.faults import transport

CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"10\r\n%s\r\n10\r\n%s\r\n0\r\n\r\n" % (ITEM[:16], ITEM[16:])
SHORT = 0.1
"""A time limit in seconds where nobody answers; elsewhere none is to be met, however busy the machine is."""


def test_calls_one_after_another_share_a_connection(server, at):
    at(server.url)

    assert all(get()["Item"] for _ in range(20))

    assert (server.connections, len(server.received)) == (1, 20)


def test_requests_are_what_botocore_sends(server, at):
    at(server.url)

    get()
    get(botocores_own())

    ours, theirs = server.received
    assert (ours.line, ours.body) == (theirs.line, theirs.body)
    assert ours.headers.keys() == theirs.headers.keys()
    same = {"host", "accept-encoding", "content-length", "content-type", "x-amz-target", "user-agent"}
    assert {name: ours.headers[name] for name in same} == {name: theirs.headers[name] for name in same}
    assert ours.headers["accept-encoding"] == "identity"  # so no answer comes compressed


def test_small_packets_are_not_held_back(server, at):
    at(server.url)
    get()

    [kept] = product.connection().transport._kept.values()

    assert kept[0].sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_threads_get_each_their_own_answer(server, at):
    at(server.url)
    server.ordinary = lambda conversation, request: answered(b'{"Item": %s}' % _key_in(request))(conversation, request)

    def ask(number):
        wanted = {"pk": {"S": key(OURS, "book")}, "sk": {"S": str(number)}}
        with tenant_scope(OURS):
            return product.connection().client.get_item(TableName="table", Key=wanted)["Item"] == wanted

    assert ask(0)  # the client is made
    with ThreadPoolExecutor(8) as threads:
        assert all(threads.map(ask, range(200)))


def _key_in(request):
    return json.dumps(json.loads(request.body)["Key"]).encode()


def test_requests_at_once_open_more_connections_but_two_stay(server, at):
    at(server.url)
    all_there = threading.Barrier(5)

    def answered_when_all_are_there(conversation, request):
        all_there.wait(5)
        return answered(ITEM)(conversation, request)

    server.ordinary = answered_when_all_are_there
    assert product.connection().client
    with ThreadPoolExecutor(5) as threads:
        assert all(found["Item"] for found in threads.map(lambda _: get(), range(5)))

    assert server.connections == 5
    _until(lambda: server.closed == 3)
    product.forget()
    _until(lambda: server.closed == 5)


def _until(holds):
    for _ in range(500):
        if holds():
            return
        time.sleep(0.01)
    raise AssertionError("it did not come to hold within five seconds")


def test_a_connection_that_the_server_closed_meanwhile_is_no_error(server, at):
    at(server.url)
    for calls in range(1, 6):
        server.deeds.append(answered(ITEM, then=False))
        assert get()["ResponseMetadata"]["RetryAttempts"] == 0
        _until(lambda calls=calls: server.closed == calls)

    assert (server.connections, len(server.received)) == (5, 5)


def test_an_answer_may_end_its_connection(server, at):
    at(server.url)
    ending = HEAD + b"Connection: close\r\nContent-Length: %d\r\n\r\n" % len(ITEM) + ITEM
    server.deeds.extend([written(ending), written(ending)])

    assert get()["Item"] == get()["Item"] == get()["Item"]

    assert (server.connections, len(server.received)) == (3, 3)


WORDS_OF_BOTOCORE = {
    "a whole answer": (answered(ITEM), "found", 1),
    "an answer in chunks": (written(CHUNKED, then=True), "found", 1),
    "an answer up to the end of the connection": (written(HEAD + b"\r\n" + ITEM), "found", 1),
    "hung up": (hung_up, ConnectionClosedError, TRIES),
    "reset": (reset, ConnectionClosedError, TRIES),
    "no HTTP": (written(b"SSH-2.0-OpenSSH_9.6\r\n"), ConnectionClosedError, TRIES),
    "chunks that end early": (written(CHUNKED[:-20]), ConnectionClosedError, TRIES),
    "silence": (silent(), ReadTimeoutError, TRIES),
    "silence within the answer": (silent(HEAD + b"Content-Length: 40\r\n\r\n{"), ReadTimeoutError, TRIES),
}


@pytest.mark.parametrize("case", WORDS_OF_BOTOCORE)
@pytest.mark.parametrize("carrier", ["ours", "botocore's own"])
def test_what_becomes_of_a_call(server, at, carrier, case):
    deed, expected, sent = WORDS_OF_BOTOCORE[case]
    at(server.url, **({"limit": SHORT} if expected is ReadTimeoutError else {}))
    aws = product.connection().client if carrier == "ours" else botocores_own()

    assert outcome(server, [deed] * TRIES, aws) == (expected, sent)


@pytest.mark.parametrize("deed", [hung_up, reset, truncated, written(CHUNKED[:-20])])
def test_a_failure_is_tried_again_by_botocore(server, at, deed):
    at(server.url)

    assert outcome(server, [deed]) == ("found", 2)


def test_half_an_answer_is_no_answer(server, at):
    """urllib3 takes it for a whole one, and the item for missing."""
    at(server.url)

    assert outcome(server, [truncated] * TRIES) == (ConnectionClosedError, TRIES)
    server.deeds.append(truncated)
    assert "Item" not in get(botocores_own())


def test_what_is_no_fault_of_the_connection_is_not_tried_again_and_ends_it(server, at, monkeypatch):
    at(server.url)
    get()
    monkeypatch.setattr("http.client.HTTPConnection.getresponse", _interrupted)

    with pytest.raises(KeyboardInterrupt):
        get()

    _until(lambda: server.closed == 1)
    assert (server.connections, len(server.received)) == (1, 2)


def _interrupted(_):
    raise KeyboardInterrupt


def test_an_answer_counts_though_the_server_has_not_read_all(at):
    """So DynamoDB may refuse what is too large. The body is larger than what systems hold on its way."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        at(f"http://127.0.0.1:{listener.getsockname()[1]}")
        carrier = transport()
        url, body = product.connection().client.meta.endpoint_url, b"x" * 50_000_000
        request = AWSPreparedRequest("POST", url, {"Content-Length": str(len(body))}, body, False)
        threading.Thread(target=_refuse_early, args=(listener,), daemon=True).start()

        answer = carrier.send(request)

    assert (answer.status_code, answer.content) == (413, b"")


def _refuse_early(listener):
    client, _ = listener.accept()
    with client:
        client.recv(1000)
        client.sendall(b"HTTP/1.1 413 Too large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def test_a_silent_server_costs_no_more_than_its_limit_each_try(server, at):
    at(server.url, limit=SHORT)
    began = time.monotonic()

    assert outcome(server, [silent()] * TRIES) == (ReadTimeoutError, TRIES)

    assert TRIES * SHORT <= time.monotonic() - began < TRIES * SHORT + 3


def test_nobody_listens(at):
    at(f"http://127.0.0.1:{free_port()}")

    with pytest.raises(EndpointConnectionError):
        get()


def test_a_connection_that_does_not_come_about_is_given_up_in_time(at):
    """A listener whose queue is full lets further connections wait."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:
            each.setblocking(False)
            each.connect_ex(listener.getsockname())
        at(f"http://127.0.0.1:{listener.getsockname()[1]}", limit=SHORT)
        began = time.monotonic()

        with pytest.raises(ConnectTimeoutError):
            get()

        assert TRIES * SHORT <= time.monotonic() - began < TRIES * SHORT + 3
        for each in waiting:
            each.close()


def test_a_proxy_is_left_to_botocore(server, at, monkeypatch):
    at("http://dynamodb.example")
    monkeypatch.setenv("HTTP_PROXY", server.url)

    assert get()["Item"]

    assert product.connection().transport is None
    assert server.received[0].line.startswith("POST http://dynamodb.example/")


def test_a_host_outside_the_proxy_is_ours(server, at, monkeypatch):
    at(server.url)
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")

    assert get()["Item"]

    assert product.connection().transport is not None
