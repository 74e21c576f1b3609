"""A shop at its brand's own domain: pages, links, cookies; and no way from one brand's domain to another's shop."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.db import metered
from infra.local.dns import Dns
from infra.local.gateway import Request
from tests.builders import Shop, made
from tests.calls import Headers, Reply
from tests.conftest import TEST_ENVIRONMENT, Drain
from tests.own_domains.conftest import Behind
from tests.own_domains.test_domain import HOST, Setting, live, named, verified

AT = f"http://{HOST}:8000"


def opened(edge: Behind, path: str, host: str = f"{HOST}:8000", method: str = "GET", **given: Any) -> Reply:
    """What a browser is answered that asks for a path at a host."""
    headers = {"Host": host, **given.pop("headers", {})}
    answer = edge.answer(Request(method, path, tuple(headers.items()), given.pop("body", b""), **given))
    return Reply(answer.status, Headers(answer.headers), answer.body.decode())


@pytest.fixture
def served(shop: Shop, dns: Dns, point: Setting, drain: Drain) -> Shop:
    """A shop that neighbours reach at its own domain."""
    live(shop, point, drain)
    return shop


def test_the_root_of_the_domain_is_the_shop_and_its_links_stay_there(served: Shop, edge: Behind) -> None:
    page = opened(edge, "/")

    assert page.status == 200
    assert f"The {served.slug}" in page.text
    assert 'href="/orders"' in page.text
    assert 'href="/"' in page.text, "home, and not the page itself"
    assert f"/s/{served.slug}" not in page.text
    assert "Path=/;" in page.headers["Set-Cookie"]
    assert f'<link rel="canonical" href="{AT}/">' in page.text
    for path in ("/products", "/products/", "/terms", "/sign-in", "/manifest.webmanifest", "/worker.js"):
        assert opened(edge, path).status in (200, 308, 404)
    assert opened(edge, "/products/").headers["Location"] == "/products"
    assert opened(edge, "/manifest.webmanifest").json["scope"] == "/"
    worker = opened(edge, "/worker.js")
    assert ('"home": ""' in worker.text, worker.headers["Service-Worker-Allowed"]) == (True, "/")


def test_a_neighbour_signs_in_at_the_domain_and_stays(served: Shop, edge: Behind) -> None:
    away = opened(edge, "/orders")

    assert (away.status, away.headers["Location"]) == (303, "/sign-in?next=%2Forders")
    page = opened(edge, "/sign-in?next=/orders")
    assert page.status == 200
    assert 'action="/sign-in' in page.text


def test_assets_and_stored_pictures_are_reached_at_the_domain(served: Shop, edge: Behind) -> None:
    page = opened(edge, "/")
    sheet = page.text.split('<link rel="stylesheet" href="', 1)[1].split('"')[0]

    assert sheet.startswith("/static/")
    assert opened(edge, sheet).status == 200
    assert opened(edge, f"/s/{served.slug}/terms").status == opened(edge, "/terms").status


def test_the_first_address_goes_on_and_names_the_domain(served: Shop, edge: Behind) -> None:
    page = opened(edge, f"/s/{served.slug}", host="127.0.0.1:8000")

    assert page.status == 200
    assert f'<link rel="canonical" href="{AT}">' in page.text
    assert f'href="/s/{served.slug}/orders"' in page.text, "who is signed in there stays there"


@pytest.mark.parametrize("path", ["/console", "/v1/tenant", "/docs", "/v1/openapi.json", "/local/mailbox", "/nothing"])
def test_nothing_but_the_shop_is_at_the_domain(served: Shop, edge: Behind, path: str) -> None:
    assert opened(edge, path).status == 404


def test_another_brands_shop_is_not_at_the_domain(served: Shop, edge: Behind, new_shop: Callable[..., Shop]) -> None:
    other = new_shop()

    for path in ("", "/orders", "/manifest.webmanifest", "/unsubscribe/token", "/media/01M8P1SZ3GDJ0RXHM4JBQ12TXZ"):
        answer = opened(edge, f"/s/{other.slug}{path}")
        assert answer.status == 404
        assert f"The {other.slug}" not in answer.text
    assert opened(edge, f"/s/{other.slug}", host="127.0.0.1:8000").status == 200


def test_what_a_stranger_says_of_the_host_counts_nothing(served: Shop, edge: Behind, api: Any) -> None:
    """Whoever calls the product itself may send what they like: without the edge's key it is as if it was not there."""
    for key in ("", "wrong", TEST_ENVIRONMENT["EDGE_SECRET"].upper()):
        lies = {"X-Shop-Host": HOST, "X-Shop-Viewer": "203.0.113.7", "X-Edge-Key": key}
        page = api.get(f"/s/{served.slug}", headers=lies)
        assert page.status == 200
        assert f'href="/s/{served.slug}/orders"' in page.text
    spoofed = opened(edge, "/", headers={"X-Shop-Host": "evil.com"})
    assert (spoofed.status, 'href="/orders"' in spoofed.text) == (200, True), "the edge overwrites it"


def test_an_unknown_host_leads_nowhere(served: Shop, api: Any) -> None:
    """Also where the edge would pass it on: whose a host is, is what was proved."""
    for host in ("unknown.com", "", "..", f"{HOST}.evil.com", "SHOP GREEN", "a" * 300):
        told = {"X-Shop-Host": host, "X-Shop-Viewer": "203.0.113.7", "X-Edge-Key": TEST_ENVIRONMENT["EDGE_SECRET"]}
        page = api.get(f"/s/{served.slug}", headers=told)
        assert page.status == 404
        assert f"The {served.slug}" not in page.text


def test_a_host_that_has_changed_hands_shows_nothing_of_whose_it_was(
    served: Shop, edge: Behind, new_shop: Callable[..., Shop], point: Setting, unpoint: Setting, drain: Drain
) -> None:
    second = new_shop()
    named(second)
    unpoint(served)
    point(second)
    verified(second)

    between = opened(edge, "/")
    assert between.status == 404, "the edge still leads to the first one's shop"
    drain()
    assert f"The {second.slug}" in opened(edge, "/").text


def test_links_and_messages_name_the_domain(served: Shop, point: Setting) -> None:
    channel = made(served.brand.post("/v1/channels", {"kind": "moments", "title": "Our group"}))

    assert channel["url"].startswith(f"{AT}/go/")
    member = served.member()
    link = served.caller.call("POST", f"/v1/stores/{served.slug}/share-links", token=member.token)
    assert made(link)["url"].startswith(f"{AT}/go/")


def test_a_visitors_own_address_counts_and_not_the_edges(served: Shop, edge: Behind) -> None:
    """Limits are by source: a thousand neighbours behind the edge are a thousand sources."""
    from chalicelib.pages.shell.hosts import arrived

    key = TEST_ENVIRONMENT["EDGE_SECRET"]
    headers = {"x-edge-key": key, "X-Shop-Host": HOST, "X-Shop-Viewer": "203.0.113.7"}
    event = {
        "resource": "/{proxy+}", "pathParameters": {"proxy": f"s/{served.slug}"}, "headers": headers,
        "requestContext": {"identity": {"sourceIp": "130.176.1.1"}, "path": f"/s/{served.slug}"},
    }  # fmt: skip
    context = arrived(event)["requestContext"]
    assert (context["identity"]["sourceIp"], context["own_origin"]) == ("203.0.113.7", AT)
    assert arrived({**event, "headers": headers | {"x-edge-key": "no"}})["requestContext"] == event["requestContext"]


def test_a_page_at_the_domain_reads_whose_it_is_once_a_minute(served: Shop, edge: Behind) -> None:
    opened(edge, "/")
    with metered() as first:
        opened(edge, f"/s/{served.slug}", host="127.0.0.1:8000")
    with metered() as second:
        opened(edge, "/")

    assert second.reads == first.reads
