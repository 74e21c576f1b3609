"""The mailbox, the clock and the health of the embedded stack."""

from __future__ import annotations

import http.client
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from chalicelib.kernel import clock as product_clock
from chalicelib.notices.media.service.email import send_email
from chalicelib.notices.model.letters import Letter
from infra.local import resources
from infra.local.engine import Engine
from infra.local.resources import client
from tests.builders import Shop
from tests.conftest import Served

JSON = {"Accept": "application/json"}


def send_mail(engine: Engine, to: str, subject: str, text: str = "Hello") -> None:
    client(engine, "ses").send_email(
        Source=resources.create(engine).environment["MAIL_FROM"],
        Destination={"ToAddresses": [to]},
        Message={"Subject": {"Data": subject}, "Body": {"Text": {"Data": text}}},
    )


def test_the_mailbox_lists_mail_and_texts_newest_first(server: Served, engine: Engine) -> None:
    send_mail(engine, "ann@people.example", "First")
    client(engine, "sns").publish(PhoneNumber="+8613800138000", Message="您的验证码是 123456")
    server.get("/local/mailbox")
    send_mail(engine, "bob@people.example", "Second")

    items = server.get("/local/mailbox", headers=JSON).json["items"]

    assert [(item["to"], item["channel"], item["subject"]) for item in items] == [
        ("bob@people.example", "email", "Second"),
        ("+8613800138000", "sms", ""),
        ("ann@people.example", "email", "First"),
    ]
    assert items[1]["text"] == "您的验证码是 123456"
    assert items[0]["at"].endswith("Z")


def test_what_was_sent_before_the_clock_was_moved_keeps_its_time(server: Served, engine: Engine) -> None:
    send_mail(engine, "ann@people.example", "Before")
    (before,) = server.get("/local/mailbox", headers=JSON).json["items"]
    assert server.post("/local/clock", {"advance_seconds": 7200}).status == 200
    send_mail(engine, "ann@people.example", "After")

    after, same = server.get("/local/mailbox", headers=JSON).json["items"]
    assert same == before
    assert product_clock.parse_instant(after["at"]) - product_clock.parse_instant(before["at"]) >= timedelta(hours=2)


@pytest.mark.parametrize("to", ["ann@people.example", "ANN@people.example", "%2B8613800138000", "+8613800138000"])
def test_the_mailbox_of_one_person(server: Served, engine: Engine, to: str) -> None:
    send_mail(engine, "ann@people.example", "For Ann")
    send_mail(engine, "joann@people.example", "Not for Ann")
    client(engine, "sns").publish(PhoneNumber="+8613800138000", Message="For the phone")
    assert len(server.get(f"/local/mailbox?to={to}", headers=JSON).json["items"]) == 1


def test_people_get_a_page_and_what_was_sent_cannot_run_in_it(server: Served, engine: Engine) -> None:
    send_mail(engine, "ann@people.example", "<script>alert(1)</script>", "a < b")
    page = server.get("/local/mailbox")
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "<script>" not in page.text
    assert "a &lt; b" in page.text


def test_the_html_of_a_message_is_shown_where_it_can_do_nothing(server: Served, engine: Engine) -> None:
    send_email("ann@people.example", Letter("您好", "a\n\nb", '<p>b</p><script>alert("1")</script>', sender="鲜果"))

    (item,) = server.get("/local/mailbox", headers=JSON).json["items"]
    assert (item["text"], item["html"][-9:]) == ("a\n\nb", "</script>")
    page = server.get("/local/mailbox").text
    assert '<iframe sandbox srcdoc="&lt;p&gt;b&lt;/p&gt;&lt;script&gt;alert(&quot;1&quot;)' in page


def test_an_empty_mailbox_explains_itself(server: Served) -> None:
    assert server.get("/local/mailbox", headers=JSON).json == {"items": []}
    assert "Nothing here yet" in server.get("/local/mailbox").text


def test_the_clock_moves_forward_only(server: Served) -> None:
    before = product_clock.parse_instant(server.get("/local/clock").json["now"])
    answer = server.post("/local/clock", {"advance_seconds": 3600})
    assert answer.status == 200
    moved = product_clock.parse_instant(answer.json["now"]) - before
    assert timedelta(seconds=3600) <= moved < timedelta(seconds=3660)


@pytest.mark.parametrize("wanted", [{}, {"advance_seconds": -1}, {"advance_seconds": "1"}, {"advance_seconds": True},
                                    {"advance_seconds": 1e12}, [], None])  # fmt: skip
def test_what_the_clock_cannot_do_is_refused(server: Served, wanted: object) -> None:
    assert server.post("/local/clock", wanted, body=b"" if wanted is None else None).status == 422


def test_what_becomes_due_happens_when_the_clock_is_moved(server: Served, served_shop: Shop) -> None:
    campaign = served_shop.campaign(opens_in=timedelta(hours=1), closes_in=timedelta(hours=2))
    assert campaign["status"] == "scheduled"
    server.advance(3601)
    path = f"/v1/campaigns/{campaign['id']}"
    assert served_shop.brand.get(path).json["status"] == "open"
    server.advance(3601)
    assert served_shop.brand.get(path).json["status"] in {"closing", "locked"}


def test_health_counts_what_is_still_to_be_done(server: Served, engine: Engine) -> None:
    server.quiet()
    assert server.get("/local/health").json["pending"] == {}
    queue = resources.create(engine).queues["OrdersQueue"]
    client(engine, "sqs").send_message(QueueUrl=queue.url, MessageBody="later", DelaySeconds=300)
    health = server.get("/local/health").json
    assert (health["ready"], health["pending"]) == (True, {"queues": 1})


OURS = "127.0.0.1:8000"


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("evil.example:8000", "http://evil.example:8000"),
        ("127.0.0.1.evil.example", None),
        ("127.0.0.1@evil.example", None),
        ("192.168.1.7:8000", None),
        ("", None),
        (OURS, "https://evil.example"),
        (OURS, "http://127.0.0.1:9999"),
        (OURS, "null"),
    ],
)
def test_pages_from_elsewhere_may_use_nothing_of_this_machine(server: Served, host: str, origin: str | None) -> None:
    given = {"Host": host} | ({"Origin": origin} if origin else {})
    before = server.get("/local/clock").json["offset_seconds"]
    for path in ("/local/mailbox", "/local/payments/" + "/".join(["0" * 26] * 2)):
        assert asked(server, "GET", path, given)[0] == 403
    assert asked(server, "POST", "/local/clock", given, b'{"advance_seconds": 3600}')[0] == 403
    assert server.get("/local/clock").json["offset_seconds"] == before


def asked(
    server: Served, method: str, path: str, headers: dict[str, str], body: bytes = b""
) -> tuple[int, dict[str, str]]:
    """The status and the headers of the answer to a request with exactly these headers."""
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=20)
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, dict(answer.getheaders())


@pytest.mark.parametrize("host", [OURS, "LOCALHOST", "[::1]:8000"])
def test_programs_here_and_the_pages_own_forms_may(server: Served, host: str) -> None:
    for origin in ({}, {"Origin": f"http://{host}"}):
        status, headers = asked(server, "POST", "/local/clock", {"Host": host, **origin}, b'{"advance_seconds": 0}')
        assert status == 200
        assert "Access-Control-Allow-Origin" not in headers


def test_only_known_methods_and_paths(server: Served) -> None:
    assert server.post("/local/health").status == 405
    assert server.get("/local/secrets").status == 404
    assert "/local/mailbox" in server.get("/").text


def test_the_deployed_product_has_none_of_these(api: object, shop: Shop) -> None:
    for path in ("/local/health", "/local/mailbox", "/local/clock", "/"):
        assert shop.caller.call("GET", path).status == 404
