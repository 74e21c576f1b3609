"""The routes as the API document describes them: what tests of every route are generated from."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from infra.local import application
from infra.local.gateway import Gateway, Request

ROLES = ("owner", "manager", "editor", "planner", "service", "analyst", "technical")


@cache
def described() -> dict[str, Any]:
    """The document as the product serves it."""
    answer = Gateway(application.load()).answer(Request("GET", "/v1/openapi.json"))
    loaded: dict[str, Any] = json.loads(answer.body)
    return loaded


@dataclass(frozen=True)
class Operation:
    """One method of one path."""

    method: str
    path: str
    said: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def public(self) -> bool:
        return "anonymous" in self.said["x-principals"]

    @property
    def for_staff(self) -> bool:
        return "api_key" in self.said["x-principals"]

    @property
    def for_members(self) -> bool:
        return "member" in self.said["x-principals"]

    @property
    def for_people_of_the_staff(self) -> bool:
        """Whether it takes a staff token, and neither a key nor a member's."""
        return self.said["x-principals"] == ["staff"]

    @property
    def other_roles(self) -> tuple[str, ...]:
        """Roles that the route does not let in."""
        return tuple(role for role in ROLES if role not in self.said["x-roles"])

    @property
    def body(self) -> dict[str, Any] | None:
        """The schema of the body, references resolved."""
        if "requestBody" not in self.said:
            return None
        found: dict[str, Any] = resolved(self.said["requestBody"]["content"]["application/json"]["schema"])
        return found

    @property
    def answers_pages(self) -> bool:
        """Whether it answers people rather than programs."""
        return list(self.said["responses"].get("200", {}).get("content", ())) == ["text/html"]

    @property
    def needs_key(self) -> bool:
        """Whether an Idempotency-Key is required."""
        return "Idempotency-Key" in self.parameters("header")

    def parameters(self, place: str) -> dict[str, dict[str, Any]]:
        """Schemas of the parameters of a place (path, query, header) by name."""
        return {p["name"]: resolved(p["schema"]) for p in self.said["parameters"] if p["in"] == place}

    def collections(self) -> dict[str, str]:
        """Path parameters and the word before each: ``{"id": "orders"}``."""
        found = {name: before for before, name in re.findall(r"([\w-]+)/{(\w+)}", self.path)}
        behind = {name: f"{name.removesuffix('_id')}s" for name in re.findall(r"}/{(\w+)}", self.path)}
        return found | {
            name: f"waited-{each}" if "waiting" in found.values() else each for name, each in behind.items()
        }


WITH_TESTS_OF_THEIR_OWN = ("/v1/webhooks/",)
"""Payment providers' messages: the credential is a signature over the raw bytes, so every body made from a schema ends
in the same refusal and would prove nothing. tests/payments/test_webhooks.py has forged ones, and compares all tables.
"""


def every_operation() -> list[Operation]:
    """Every operation of the document, in its order."""
    return [
        Operation(method.upper(), path, said)
        for path, methods in described()["paths"].items()
        for method, said in methods.items()
    ]


def operations() -> list[Operation]:
    """The operations that the generated tests call: all but those with tests of their own."""
    return [each for each in every_operation() if not each.path.startswith(WITH_TESTS_OF_THEIR_OWN)]


def resolved(schema: Any) -> Any:
    """The schema with its references written out."""
    if isinstance(schema, list):
        return [resolved(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return resolved(described()["components"]["schemas"][name])
    return {key: resolved(part) for key, part in schema.items()}
