"""A DNS and an edge on loopback, and brands that name their domains."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from chalicelib import settings
from infra.local import application, resources
from infra.local.dns import Dns, Records
from infra.local.edge import Edge
from infra.local.engine import Engine
from infra.local.gateway import Gateway, Reply, Request
from tests.builders import Shop, made
from tests.conftest import TEST_ENVIRONMENT


@pytest.fixture
def dns(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Dns]:
    """The DNS that the product asks, without a record."""
    target = settings.settings().edge_target
    server = Dns(Records([], {target: "127.0.0.1"}))
    server.start()
    monkeypatch.setenv("DNS_SERVER", server.address)
    settings.settings.cache_clear()
    yield server
    server.stop()
    monkeypatch.undo()
    settings.settings.cache_clear()


class Behind:
    """The product behind the edge, which a browser reaches by a brand's own domain."""

    def __init__(self, edge: Edge) -> None:
        self._edge = edge
        self._product = Gateway(application.load(), application.load_pages())

    def answer(self, request: Request) -> Reply:
        """What the edge answers, or the product to what it passes on."""
        passed = self._edge(request)
        return passed if isinstance(passed, Reply) else self._product.answer(passed)


@pytest.fixture
def edge(engine: Engine) -> Behind:
    """An edge that knows its key."""
    return Behind(Edge(lambda: resources.client(engine, "cloudfront"), TEST_ENVIRONMENT["EDGE_SECRET"]))


@pytest.fixture
def point(dns: Dns) -> Callable[[Shop], None]:
    """Sets the records that a brand was told to set."""

    def point(shop: Shop) -> None:
        for each in made(shop.brand.get("/v1/tenant/domain"), 200)["records"]:
            dns.records.add(each["name"], each["type"], each["value"])

    return point


@pytest.fixture
def unpoint(dns: Dns) -> Callable[[Shop], None]:
    """Deletes them again."""

    def unpoint(shop: Shop) -> None:
        for each in made(shop.brand.get("/v1/tenant/domain"), 200)["records"]:
            dns.records.delete(each["name"], each["type"], each["value"])

    return unpoint
