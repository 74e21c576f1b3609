"""The local gateway over real HTTP: whatever is sent, a fitting answer, and the next request works."""

from __future__ import annotations

import gzip
import http.client
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import urlsplit

import pytest
from chalice.app import Chalice, CORSConfig, Response

from chalicelib.routing import RoutedApp
from infra.local import application
from infra.local.gateway import Gateway
from infra.local.server import Server

Raw = Callable[[str, bytes], bytes]
MEGABYTE = 1024 * 1024
ECHO = {
    "/things": ("GET", "POST"),
    "/things/{id}": ("GET", "PATCH"),
    "/things/special": ("GET",),
    "/broken": ("GET",),
    "/binary": ("GET",),
}


def small_app() -> RoutedApp:
    """Answers with what it was given."""
    app = RoutedApp("echo", {path: dict.fromkeys(methods, "echo") for path, methods in ECHO.items()}, register)
    app.__class__ = type("Threaded", (application._PerThread, RoutedApp), {})
    return app


def register(app: Chalice, _: str) -> None:
    """Declares the routes of the small app."""
    cors = CORSConfig(allow_origin="*", allow_headers=["Idempotency-Key"], max_age=600)

    def echo(**path: str) -> Response:
        request = app.current_request
        assert request is not None
        query = request.query_params
        body = request.raw_body or b""
        assert isinstance(body, bytes)
        seen = {
            "path": path,
            "query": {name: query.getlist(name) for name in query} if query else {},
            "body": body.decode("latin-1"),
            "context": request.context["path"],
            "thread": request.headers.get("x-mine"),
        }
        return Response(json.dumps(seen), {"Content-Type": "application/json"}, 200)

    def broken() -> Any:
        raise ValueError("on purpose")

    def binary() -> Response:
        return Response(gzip.compress(b"hello"), {"Content-Type": "application/octet-stream", "X-Name": "团购"}, 200)

    app.route("/things", methods=["GET", "POST"], cors=cors, content_types=[])(echo)
    app.route("/things/{id}", methods=["GET", "PATCH"], cors=cors, content_types=[], name="thing")(echo)
    app.route("/things/special", methods=["GET"], name="special")(lambda: {"special": True})
    app.route("/broken", methods=["GET"])(broken)
    app.route("/binary", methods=["GET"])(binary)


@pytest.fixture
def url() -> Iterator[str]:
    """A server of the small app."""
    server = Server(Gateway(small_app()), 0, lambda *_: None)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server.url
    server.shutdown()
    server.server_close()
    thread.join()


def fetch(url: str, method: str, target: str, body: bytes | None = None, **headers: str) -> tuple[int, Any, bytes]:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
    connection.request(method, target, body, {name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    content = answer.read()
    connection.close()
    return answer.status, answer.headers, content


def problem(answer: tuple[int, Any, bytes]) -> tuple[int, str]:
    status, headers, content = answer
    document = json.loads(content)
    assert headers["Content-Type"] == "application/problem+json"
    assert document["status"] == status
    assert document["request_id"] == headers["X-Request-Id"]
    return status, document["code"]


def test_paths_are_decoded_and_a_fixed_segment_wins(url: str) -> None:
    assert json.loads(fetch(url, "GET", "/things/special")[2]) == {"special": True}
    seen = json.loads(fetch(url, "GET", "/things/%E5%9B%A2%2Fa%20b")[2])
    assert seen["path"] == {"id": "团/a b"}
    assert json.loads(fetch(url, "GET", "/things/x/")[2])["path"] == {"id": "x"}


def test_repeated_query_keys_arrive_in_order(url: str) -> None:
    seen = json.loads(fetch(url, "GET", "/things?tag=b&tag=a&empty=&name=%E5%9B%A2+%2B")[2])
    assert seen["query"] == {"tag": ["b", "a"], "empty": [""], "name": ["团 +"]}


def test_an_unknown_path_is_404_and_a_wrong_method_405_with_what_is_allowed(url: str) -> None:
    assert problem(fetch(url, "GET", "/nothing/here")) == (404, "not_found")
    refused = fetch(url, "DELETE", "/things", Authorization="Bearer x")
    assert problem(refused) == (405, "method_not_allowed")
    assert refused[1]["Allow"] == "GET, POST"


def test_preflight_and_head(url: str) -> None:
    status, headers, content = fetch(url, "OPTIONS", "/things", Origin="https://shop.example")
    assert (status, content) == (204, b"")
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert "Idempotency-Key" in headers["Access-Control-Allow-Headers"]
    assert headers["Access-Control-Allow-Methods"] == "GET,POST,OPTIONS"
    status, headers, content = fetch(url, "HEAD", "/things")
    assert (status, content) == (200, b"")
    assert int(headers["Content-Length"]) > 0
    assert problem(fetch(url, "OPTIONS", "/nothing")) == (404, "not_found")


def test_a_body_that_is_not_utf8_arrives_byte_for_byte(url: str) -> None:
    body = bytes(range(256))
    assert json.loads(fetch(url, "POST", "/things", body)[2])["body"].encode("latin-1") == body


def test_binary_answers_and_header_values_beyond_ascii(url: str) -> None:
    status, headers, content = fetch(url, "GET", "/binary", Accept="application/octet-stream")
    assert (status, gzip.decompress(content)) == (200, b"hello")
    assert headers["X-Name"].encode("latin-1").decode() == "团购"


def test_a_failing_view_is_a_500_and_the_server_lives_on(url: str) -> None:
    assert fetch(url, "GET", "/broken")[0] == 500
    assert fetch(url, "GET", "/things")[0] == 200


def test_ten_megabytes_pass_and_a_byte_more_is_413_even_while_it_is_being_sent(url: str) -> None:
    assert fetch(url, "POST", "/things", b"a" * (10 * MEGABYTE))[0] == 200
    assert problem(fetch(url, "POST", "/things", b"a" * (10 * MEGABYTE + 1))) == (413, "body_too_large")
    assert problem(fetch(url, "POST", "/things", b"a" * (40 * MEGABYTE))) == (413, "body_too_large")


def test_an_announced_body_that_is_too_large_is_refused_before_it_is_sent(url: str, raw: Raw) -> None:
    head = b"POST /things HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\nExpect: 100-continue\r\n\r\n"
    answer = raw(url, head)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"100 Continue" not in answer


@pytest.mark.parametrize("length", [b"-1", b"abc", b"1e3", b"", b"+5", b"9" * 40, b"\xb2"])
def test_a_content_length_that_is_no_number_is_400(url: str, raw: Raw, length: bytes) -> None:
    answer = raw(url, b"POST /things HTTP/1.1\r\nHost: x\r\nContent-Length: " + length + b"\r\n\r\nhello")
    assert answer.startswith(b"HTTP/1.1 400 ")
    assert b'"code": "malformed"' in answer


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"POST /things HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello!",
        b"POST /things HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /things HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: gzip\r\n\r\nhello",
        b"POST /things HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nnot a size\r\n",
        b"POST /things HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n",
        b"POST /things HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhello\r\n0\r\n\r\n",
        b"POST /things HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\nended early",
        b"GET /things?%ff=1 HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"GET /things?" + b"a=1&" * 600 + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"GET /things HTTP/9.9\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    ],
)
def test_what_is_not_proper_http_is_refused_without_harm(url: str, raw: Raw, request_bytes: bytes) -> None:
    answer = raw(url, request_bytes)
    assert b"500" not in answer.partition(b"\r\n")[0]
    assert b" 200 " not in answer.partition(b"\r\n")[0]
    assert fetch(url, "GET", "/things")[0] == 200


def test_chunks_are_put_together(url: str, raw: Raw) -> None:
    chunks = b"5\r\nhello\r\n6;note=x\r\n world\r\n0\r\nTrailer: x\r\n\r\n"
    answer = raw(url, b"POST /things HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks)
    assert b'"body": "hello world"' in answer


def test_a_method_nobody_knows_is_405(url: str, raw: Raw) -> None:
    answer = raw(url, b"BREW /things HTTP/1.1\r\nHost: x\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 405 ")
    assert b"application/problem+json" in answer


def test_a_client_that_leaves_midway_harms_nobody(url: str) -> None:
    host, port = url.removeprefix("http://").split(":")
    for part in (b"", b"POST /thi", b"POST /things HTTP/1.1\r\nContent-Length: 100\r\n\r\nabc"):
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(part)
    assert fetch(url, "GET", "/things")[0] == 200


def test_many_threads_each_see_their_own_request(url: str) -> None:
    def own(number: int) -> bool:
        seen = json.loads(fetch(url, "GET", f"/things/{number}?n={number}", X_Mine=str(number))[2])
        return bool(seen["path"]["id"] == seen["query"]["n"][0] == seen["thread"] == str(number))

    with ThreadPoolExecutor(32) as pool:
        assert all(pool.map(own, range(400)))


def test_a_kept_connection_serves_many_requests_without_waiting(url: str) -> None:
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=20)
    took = []
    for _ in range(50):
        started = time.perf_counter()
        connection.request("GET", "/things")
        assert connection.getresponse().read()
        took.append(time.perf_counter() - started)
    connection.close()
    # With Nagle's algorithm each answer would wait 40 ms for an acknowledgement.
    assert sorted(took)[len(took) // 2] < 0.03
