"""The scratch shop, called as API Gateway calls it, with credentials of every kind."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from chalicelib import settings
from chalicelib.kernel import clock
from chalicelib.web import handling
from chalicelib.web.tokens import issue
from infra.local.gateway import Gateway
from tests.conftest import TEST_ENVIRONMENT, Api
from tests.web.scratch import OURS, SHOPPER, STAFF, THEIRS, Directory, shop

KEY = "lt_K1.open sesame"
READER = "lt_K2.open sesame"


@pytest.fixture(autouse=True)
def _secret(monkeypatch) -> Iterator[None]:
    monkeypatch.setenv("TOKEN_SECRET", TEST_ENVIRONMENT["TOKEN_SECRET"])
    monkeypatch.delenv("PUBLIC_URL", raising=False)
    settings.forget()
    yield
    monkeypatch.undo()
    settings.forget()


@pytest.fixture
def directory(monkeypatch) -> Directory:
    made = Directory()
    monkeypatch.setattr(handling, "_directory", [made])
    monkeypatch.setattr(handling, "_sign_outs", [made.sign_outs])
    return made


@pytest.fixture(scope="session")
def _shop() -> Gateway:
    return Gateway(shop())


@pytest.fixture
def web(_shop, directory) -> Api:
    return Api(_shop)


@dataclass(frozen=True)
class Tokens:
    """Signed tokens of the shop's people."""

    def staff(self, subject=STAFF, tenant=OURS, roles=("owner",), seconds=600) -> str:
        return issue("staff", tenant, "tea", subject, frozenset(roles), clock.now(), seconds)

    def member(self, tenant=OURS, slug="tea", seconds=600) -> str:
        return issue("member", tenant, slug, SHOPPER, frozenset(), clock.now(), seconds)

    def neighbour(self) -> str:
        return self.member(THEIRS, "rice")


@pytest.fixture
def tokens() -> Tokens:
    return Tokens()
