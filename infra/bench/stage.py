"""What is measured on: the embedded engine, the product's functions in this process, and a brand that sells."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from chalicelib.db import tenant_scope
from chalicelib.kernel import clock
from chalicelib.kernel.local_day import local_date
from chalicelib.members.enrolment.service import Newcomer, enrol
from chalicelib.members.model.identities import Identity, member_id
from chalicelib.telemetry import logger
from chalicelib.web.tokens import issue
from infra import assets
from infra.local import application, environment, resources
from infra.local.application import API_SECONDS, LambdaContext
from infra.local.engine import Engine
from infra.local.events import rest_event
from infra.local.gateway import Gateway
from infra.local.pump import Pump
from infra.local.resources import Resources

_AN_HOUR = 3600
_ENVIRONMENT = {
    "TOKEN_SECRET": "a-secret-of-the-benchmarks-alone-0123456789",
    "PAYMENT_SECRET": "another-secret-of-the-benchmarks-0123456789",
    "WEBHOOK_SECRET": "a-further-secret-of-the-benchmarks-01234567",
    "MESSAGE_SECRET": "a-secret-of-messages-of-the-benchmarks-0123",
    "PUBLIC_URL": "http://127.0.0.1",
    "MAIL_FROM": "a@b.example",
    "POWERTOOLS_LOG_LEVEL": "CRITICAL",
}


@dataclass(frozen=True)
class Answer:
    """What a function answered."""

    status: int
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


class Stage:
    """An engine with its resources, and the real functions called as Lambda calls them."""

    def __init__(self, engine: Engine, made: Resources) -> None:
        self.made = made
        self.app = application.load()
        self.pages = application.load_pages()
        self.gateway = Gateway(self.app, self.pages)
        self.pump = Pump(self.app, engine, self.made)

    def event(self, method: str, path: str, body: Any, headers: Mapping[str, str]) -> dict[str, Any]:
        """The event that API Gateway would send."""
        content = b"" if body is None else json.dumps(body).encode()
        given = {"Content-Type": "application/json", "Accept": "application/json", "Host": "api.example", **headers}
        return rest_event(method, path, tuple(given.items()), content)

    def call(self, method: str, path: str, body: Any = None, token: str = "", **headers: str) -> Answer:
        """Calls the API function."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            named["Authorization"] = f"Bearer {token}"
        event = self.event(method, path, body, named)
        answer = self.app(event, LambdaContext("api", API_SECONDS))
        return Answer(answer["statusCode"], answer["body"] or "")

    def ask(self, method: str, path: str, body: Any = None, token: str = "", **headers: str) -> Any:
        """The JSON of an answer that must be a success."""
        answer = self.call(method, path, body, token, **headers)
        if answer.status >= 300:
            raise RuntimeError(f"{method} {path}: {answer.status} {answer.text}")
        return answer.json


@contextmanager
def stage() -> Iterator[Stage]:
    """A stage that is gone afterwards."""
    assets.build()
    engine = Engine()
    engine.start()
    try:
        made = resources.create(engine)
        environment.apply(engine, made, _ENVIRONMENT)
        logger.setLevel(_ENVIRONMENT["POWERTOOLS_LOG_LEVEL"])
        yield Stage(engine, made)
    finally:
        engine.stop()


@dataclass
class Brand:
    """A brand with a product, a pickup point and members who are signed in."""

    stage: Stage
    slug: str

    def __post_init__(self) -> None:
        wanted = {
            "name": "Corner Market", "slug": self.slug, "owner_email": f"owner@{self.slug}.example",
            "timezone": "Asia/Shanghai", "currency": "CNY", "locale": "en",
        }  # fmt: skip
        signed_up = self.stage.ask("POST", "/v1/tenants", wanted)
        self.tenant_id: str = signed_up["tenant"]["id"]
        self.key: str = signed_up["api_key"]["secret"]
        place = {"name": "Gate", "address": "1 Garden Road"}
        self.pickup_point_id: str = self.stage.ask("POST", "/v1/pickup-points", place, self.key)["id"]
        sku = {"code": "EGGS", "title": "A dozen", "price": self.money(1000)}
        product = self.stage.ask("POST", "/v1/products", {"title": "Eggs", "skus": [sku]}, self.key)
        self.sku_id: str = product["skus"][0]["id"]

    def money(self, amount_minor: int) -> dict[str, Any]:
        return {"amount_minor": amount_minor, "currency": "CNY"}

    def campaign(self, quantity: int, **fields: Any) -> Any:
        """An open campaign of one offer, unless the fields say otherwise."""
        closes_at = clock.instant(clock.now() + timedelta(days=7))
        offer = {"sku_id": self.sku_id, "price": self.money(900), "quantity": quantity}
        wanted = {
            "title": "Eggs", "kind": "group_order", "closes_at": closes_at, "offers": [offer],
            "pickup_point_ids": [self.pickup_point_id], **fields,
        }  # fmt: skip
        drafted = self.stage.ask("POST", "/v1/campaigns", wanted, self.key)
        return self.stage.ask("POST", f"/v1/campaigns/{drafted['id']}/publish", token=self.key)

    def members(self, count: int) -> list[str]:
        """Tokens of new members."""
        now = clock.now()
        people = [Identity("email", f"{number}@people.example") for number in range(count)]
        joined_on = local_date(now, clock.zone("Asia/Shanghai"))
        with tenant_scope(self.tenant_id):
            ordinals = enrol(self.tenant_id, [Newcomer(who, joined_on, "sign_in") for who in people], now)
        ids = [member_id(self.tenant_id, ordinals[who]) for who in people]
        return [issue("member", self.tenant_id, self.slug, found, frozenset(), now, _AN_HOUR) for found in ids]

    def basket(self, campaign: Any) -> dict[str, Any]:
        """One unit of the campaign's offer."""
        return {
            "campaign_id": campaign["id"],
            "pickup_point_id": self.pickup_point_id,
            "lines": [{"offer_id": campaign["offers"][0]["offer_id"], "quantity": 1}],
        }
