"""A brand with an open campaign on an engine of its own, called in this process as API Gateway would call it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from chalicelib.db import tenant_scope
from chalicelib.kernel import clock
from chalicelib.kernel.clock import instant
from chalicelib.members.service import find_or_create_by_ref
from chalicelib.web.tokens import issue
from infra.local import application, environment, resources
from infra.local.engine import Engine
from infra.local.gateway import Gateway, Request
from infra.local.pump import Pump

SLUG = "bench"
CURRENCY = "CNY"


class Refused(RuntimeError):
    """A call that a measurement needs was refused; the message holds the answer."""


class Shop:
    """Calls and builders. `pump` works off queues and schedules when asked to, never by itself."""

    def __init__(self, gateway: Gateway, pump: Pump) -> None:
        self._gateway = gateway
        self.pump = pump
        signed_up = self.call("POST", "/v1/tenants", {
            "name": "Bench", "slug": SLUG, "owner_email": "owner@bench.example",
            "timezone": "UTC", "currency": CURRENCY, "locale": "en",
        })  # fmt: skip
        self.tenant_id: str = signed_up["tenant"]["id"]
        self.api_key: str = signed_up["api_key"]["secret"]

    def send(
        self, method: str, path: str, body: Any = None, token: str = "", key: str = ""
    ) -> tuple[int, dict[str, Any]]:
        """One request; the status and the JSON of the answer."""
        headers = [("Host", "127.0.0.1:8000"), ("Content-Type", "application/json")]
        headers += [("Authorization", f"Bearer {token}")] if token else []
        headers += [("Idempotency-Key", key)] if key else []
        content = json.dumps(body).encode() if body is not None else b""
        answer = self._gateway.answer(Request(method, path, tuple(headers), content))
        return answer.status, json.loads(answer.body or b"{}")

    def call(self, method: str, path: str, body: Any = None, token: str = "", key: str = "") -> dict[str, Any]:
        """One request that must succeed. Raises Refused."""
        status, answer = self.send(method, path, body, token, key)
        if status >= 400:
            raise Refused(f"{method} {path}: {answer}")
        return answer

    def members(self, count: int) -> list[str]:
        """Tokens of so many members."""
        now = clock.now()
        with tenant_scope(self.tenant_id):
            refs = [f"bench-{number}" for number in range(count)]
            found = find_or_create_by_ref(self.tenant_id, refs, now, None)
        return [issue("member", self.tenant_id, SLUG, found[ref].id, frozenset(), now, 86_400) for ref in refs]

    def campaign(self, quantity: int) -> Mapping[str, Any]:
        """An open campaign with one offer, as the storefront shows it."""
        price = {"amount_minor": 990, "currency": CURRENCY}
        sku = {"code": f"SKU-{clock.now().timestamp()}", "title": "One", "price": price}
        product = self.call(
            "POST", "/v1/products", {"title": "Orange", "category": "fruit", "skus": [sku]}, self.api_key
        )
        point = self.call("POST", "/v1/pickup-points", {"name": "Gate", "address": "1 Garden Road"}, self.api_key)
        drafted = self.call("POST", "/v1/campaigns", {
            "title": "Oranges", "kind": "group_order", "closes_at": instant(clock.now() + timedelta(days=7)),
            "offers": [{"sku_id": product["skus"][0]["id"], "price": price, "quantity": quantity}],
            "pickup_point_ids": [point["id"]],
        }, self.api_key)  # fmt: skip
        self.call("POST", f"/v1/campaigns/{drafted['id']}/publish", None, self.api_key)
        return self.call("GET", f"/v1/stores/{SLUG}/campaigns/{drafted['id']}")

    @staticmethod
    def wish(campaign: Mapping[str, Any]) -> dict[str, Any]:
        """An order of one unit of the campaign's first offer."""
        return {
            "campaign_id": campaign["id"],
            "pickup_point_id": campaign["pickup_points"][0]["id"],
            "lines": [{"offer_id": campaign["offers"][0]["offer_id"], "quantity": 1}],
        }


@contextmanager
def opened() -> Iterator[Shop]:
    """A shop on a fresh engine in memory, stopped at the end."""
    engine = Engine()
    engine.start_anywhere()
    try:
        made = resources.create(engine, expiry=False)
        settings = {
            "TOKEN_SECRET": "bench-" * 8,
            "LINK_SECRET": "links-" * 8,
            "PUBLIC_URL": "",
            "POWERTOOLS_LOG_LEVEL": "CRITICAL",
        }
        environment.apply(engine, made, settings)
        app = application.load()
        yield Shop(Gateway(app), Pump(app, engine, made))
    finally:
        engine.stop()
