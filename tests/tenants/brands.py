"""A brand for tests, made as brands make themselves: by the API."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar

from chalicelib.db import tenant_scope
from chalicelib.kernel import clock
from chalicelib.tenants.records import StaffRecord
from chalicelib.web.tokens import issue
from tests.calls import Api, Reply, Verbs

T = TypeVar("T")

FORM = {
    "name": "邻里鲜果",
    "slug": "linli",
    "owner_email": "Owner@Linli.example",
    "timezone": "Asia/Shanghai",
    "currency": "CNY",
    "locale": "zh",
}


@dataclass(frozen=True)
class Brand(Verbs):
    """A signed-up brand, which calls with its first key."""

    api: Api
    id: str
    slug: str
    key: str

    def call(self, method: str, path: str, **options: Any) -> Reply:
        return self.api.call(method, path, **{"token": self.key, **options})

    def key_with(self, *scopes: str) -> str:
        """Another API key, with these scopes."""
        answer = self.post("/v1/api-keys", {"name": "a key", "scopes": list(scopes)})
        assert answer.status == 201, answer.text
        secret: str = answer.json["secret"]
        return secret

    def hire(self, email: str, *roles: str) -> str:
        """Someone new on the staff; their id."""
        answer = self.post("/v1/staff", {"email": email, "name": "Somebody", "roles": list(roles)})
        assert answer.status == 201, answer.text
        staff_id: str = answer.json["id"]
        return staff_id

    def token_of(self, staff_id: str) -> str:
        """A staff token, as a sign-in with a code gives it."""
        return issue("staff", self.id, self.slug, staff_id, frozenset(), clock.now(), 3600)

    def owner_id(self) -> str:
        found: str = self.get("/v1/staff").json["items"][0]["id"]
        return found


def sign_up(api: Api, **changes: str) -> Brand:
    """A new brand; `changes` replace fields of the usual form."""
    answer = api.post("/v1/tenants", {**FORM, **changes})
    assert answer.status == 201, answer.text
    tenant = answer.json["tenant"]
    return Brand(api, tenant["id"], tenant["slug"], answer.json["api_key"]["secret"])


def at_once(calls: Sequence[Callable[[], T]]) -> list[T]:
    """Runs all calls in threads of their own."""
    with ThreadPoolExecutor(max_workers=len(calls)) as pool:
        return [future.result() for future in [pool.submit(call) for call in calls]]


def owners_of(tenant_id: str) -> list[StaffRecord]:
    """Who owns the brand, as it is stored."""
    with tenant_scope(tenant_id):
        return [each for each in StaffRecord.every(StaffRecord.partition(tenant_id)) if "owner" in each.roles]
