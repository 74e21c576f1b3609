"""One engine for these proofs; a stack of the version before, used, then updated to the present one."""

from __future__ import annotations

import platform
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from infra.package import Package
from tests.builders import Member, Shop, made
from tests.deployed.cloud import Address, Cloud, DeployedApi, Stack, until
from tests.deployed.elsewhere import Elsewhere, elsewhere
from tests.deployed.release import earlier_than
from tests.pages.site import Visitor
from tests.template.conftest import package

__all__ = ["package"]

SENDER_DOMAIN = "lintuan.example"
CLOSES_IN = timedelta(seconds=60)
ORDER_KEY = "from-before"
LAMBDA_LIKE = sys.version_info[:2] == (3, 11) and (sys.platform, platform.machine()) == ("linux", "x86_64")


@pytest.fixture(scope="session")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Elsewhere]:
    """The payment provider that the functions can reach."""
    with elsewhere(tmp_path_factory.mktemp("elsewhere")) as running:
        yield running


@pytest.fixture(scope="session")
def cloud(tmp_path_factory: pytest.TempPathFactory, outside: Elsewhere) -> Iterator[Cloud]:
    """An engine of its own, on a free port, in which the sender's domain is verified."""
    if not LAMBDA_LIKE:
        pytest.skip("the functions' modules are compiled for Python 3.11 on Linux, x86_64")
    engine = Cloud(tmp_path_factory.mktemp("cloud"), outside)
    engine.start_anywhere()
    try:
        engine.client("ses").verify_domain_identity(Domain=SENDER_DOMAIN)
        yield engine
    finally:
        engine.stop()


@dataclass
class Store(Shop):
    """A brand at the stack's own address; its members sign in by the codes that they are sent."""

    cloud: Cloud = field(kw_only=True)

    def signed_in(self, name: str) -> Member:
        """Somebody who has asked for a code, read it, and exchanged it for a token."""
        who = {"audience": "member", "tenant": self.slug, "email": f"{name}@people.example"}
        assert self.caller.call("POST", "/v1/auth/code", json=who).status == 202
        (text, *_) = until(lambda: self.cloud.inbox(who["email"]))
        (code,) = re.findall(r"\b\d{6}\b", text)
        token = made(self.caller.call("POST", "/v1/auth/token", json=who | {"code": code}), 200)
        return Member(token["principal"]["id"], token["access_token"], who["email"])

    def version(self) -> str:
        """The version that answers."""
        return str(made(self.caller.call("GET", "/v1/openapi.json"), 200)["info"]["version"])


@dataclass
class Before:
    """What was there before the update: a brand, two open campaigns, a neighbour's order in each.

    The ``closing`` one closes a minute later, as a rule after the update.
    """

    store: Store
    version: str
    neighbour: Member
    staying: Any
    order: Any
    as_read: Any
    closing: Any
    last_order: Any


@dataclass
class Updated:
    """The stack after its update: from which version to which, what was there before, and what the update changed."""

    stack: Stack
    earlier: Package
    present: Package
    before: Before
    changes: list[dict[str, Any]]

    @property
    def store(self) -> Store:
        """The brand that signed up before."""
        return self.before.store

    def browser(self, language: str = "en") -> Visitor:
        """A browser at the brand's pages, as they are reached at the stack's own address."""
        here = Address(self.stack)
        return Visitor(here, self.store.slug, language, origin=f"http://{here.host}", root=here.root)

    def new_store(self, slug: str, **fields: Any) -> Store:
        """A brand that signs up now."""
        return Store(DeployedApi(self.stack), slug=slug, cloud=self.stack.cloud, **fields)


@pytest.fixture(scope="session")
def updated(cloud: Cloud, package: Package, tmp_path_factory: pytest.TempPathFactory) -> Updated:
    """The version before is deployed and used, then the stack is updated with its data in it."""
    stack = Stack(cloud)
    earlier = earlier_than(package, tmp_path_factory.mktemp("earlier") / "package")
    stack.deploy(earlier)
    before = _used(stack)
    return Updated(stack, earlier, package, before, stack.deploy(package))


def _used(stack: Stack) -> Before:
    """A brand signs up and sells; a neighbour orders in a campaign that stays open and in one that closes."""
    store = Store(DeployedApi(stack), slug="fresh-fruit", cloud=stack.cloud)
    version, ann, offers = store.version(), store.signed_in("ann"), [store.offer(price=2_990)]
    staying, closing = store.campaign(offers=offers), store.campaign(offers=offers, closes_in=CLOSES_IN)
    last = made(store.order(ann, campaign=closing, quantity=3))
    order = made(store.order(ann, campaign=staying, quantity=2, key=ORDER_KEY))
    read = made(store.caller.call("GET", f"{store.path}/orders/{order['id']}", token=ann.token), 200)
    return Before(store, version, ann, staying, order, read, closing, last)
