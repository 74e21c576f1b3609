"""A brand that has endpoints, and receivers that are reached by real HTTPS."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
import standardwebhooks.webhooks
from standardwebhooks import Webhook

from chalicelib.db import tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.ids import new_id
from chalicelib.messaging import Message
from chalicelib.settings import settings
from chalicelib.webhooks.model import catalogue
from chalicelib.webhooks.model.emission import Emission
from chalicelib.webhooks.model.targets import PublicTargets
from chalicelib.webhooks.records import DeliveryRecord
from chalicelib.webhooks.service import posting, reaching
from chalicelib.webhooks.service.delivering import deliver
from chalicelib.webhooks.service.emitting import emit
from chalicelib.webhooks.service.standings import DISABLED
from infra.local.resources import client
from infra.local.targets import LoopbackToo
from tests.builders import Brand, Shop, made
from tests.conftest import Clock, Drain, Sweep
from tests.webhooks.authority import Authority
from tests.webhooks.receiver import Received, Receiver

EVENTS = {"order.placed": "An order was placed", "order.cancelled": "An order was cancelled"}


class _Then(datetime):
    """The clock of a receiver, which goes as the product's does."""

    @classmethod
    def now(cls, tz: Any = None) -> Any:
        return product_clock.now().astimezone(tz or UTC)


@dataclass
class Hooks:
    """A brand, what it emits, and the product driven as Lambda drives it."""

    shop: Shop
    clock: Clock
    drain: Drain
    sweep: Sweep
    told: list[dict[str, Any]]
    secrets: dict[str, str] = field(default_factory=dict)

    @property
    def tenant_id(self) -> str:
        return self.shop.tenant_id

    @property
    def brand(self) -> Brand:
        return self.shop.brand

    def endpoint(self, receiver: Receiver | str, **fields: Any) -> str:
        """Adds an endpoint and answers its id; its secret is in ``secrets``."""
        url = receiver if isinstance(receiver, str) else receiver.url
        found = made(self.brand.post("/v1/webhook-endpoints", {"url": url, **fields}))
        self.secrets[found["id"]] = found["secret"]
        return str(found["id"])

    def emit(self, *types: str, event_id: str = "", data: Mapping[str, Any] | None = None) -> list[str]:
        """Emits events, without working anything off; answers their ids."""
        now = product_clock.now()
        told = data or {"version": 1, "order": {"id": new_id(now)}}
        emissions = [Emission(event_id or new_id(now), each, now, told) for each in types or ("order.placed",)]
        with tenant_scope(self.tenant_id):
            emit(self.tenant_id, emissions, now)
        return [each.event_id for each in emissions]

    def show(self, endpoint_id: str) -> Any:
        return made(self.brand.get(f"/v1/webhook-endpoints/{endpoint_id}"), 200)

    def deliveries(self, endpoint_id: str, status: str = "") -> list[Any]:
        """Every delivery of an endpoint, newest first."""
        filtered = f"&status={status}" if status else ""
        path, found, cursor = f"/v1/webhook-endpoints/{endpoint_id}/deliveries?limit=100{filtered}", [], ""
        while True:
            page = made(self.brand.get(path + cursor), 200)
            found += page["items"]
            if page["next_cursor"] is None:
                return found
            cursor = f"&cursor={page['next_cursor']}"

    def delivery(self, event_id: str, endpoint_id: str) -> DeliveryRecord:
        """The record of an event on its way to an endpoint."""
        address = DeliveryRecord.address(self.tenant_id, DeliveryRecord.id_of(event_id, endpoint_id))
        with tenant_scope(self.tenant_id):
            found = DeliveryRecord.fetch(*address, consistent=True)
        assert found is not None
        return found

    def deliver(self, endpoint_id: str) -> None:
        """Has a worker take the latest delivery to an endpoint, whatever its state."""
        latest = self.deliveries(endpoint_id)[0]["id"]
        with tenant_scope(self.tenant_id):
            deliver(self.tenant_id, latest, product_clock.now())

    def counts(self, endpoint_id: str) -> dict[str, int]:
        """How many deliveries have each status, by the filtered lists."""
        return {each: len(self.deliveries(endpoint_id, each)) for each in ("pending", "sent", "dead")}

    def stored(self) -> str:
        """Everything that the tenant table holds, as text."""
        resources = self.drain.pump.resources
        found = client(self.drain.pump.engine, "dynamodb").scan(TableName=resources.tables["TenantTable"])
        return str(found["Items"])

    def disabled_events(self) -> list[tuple[str, str]]:
        """Reason and endpoint of each event that says an endpoint was disabled, as the stream has brought them."""
        return [(each["reason"], each["endpoint_id"]) for each in self.told]

    def forget_the_stream(self) -> None:
        """What was written is no news any more: its events are lost."""
        engine, table = self.drain.pump.engine, settings().tenant_table
        if written := engine.records(table, 100_000):
            engine.taken(table, written[-1]["dynamodb"]["SequenceNumber"])

    def later(self, **units: float) -> None:
        """Moves the clock, and lets run what is due then."""
        self.clock.advance(**units)
        self.sweep()


def verified(received: Received, secret: str) -> Any:
    """What a receiver reads that verifies with the library. Raises WebhookVerificationError."""
    return Webhook(secret).verify(received.body, received.headers)


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def on_this_machine(monkeypatch: pytest.MonkeyPatch, authority: Authority) -> Iterator[None]:
    """The embedded stack's allowance, trust in the tests' authority, and a library whose clock is the product's."""
    context = authority.trusting()
    monkeypatch.setattr(posting, "trusted", lambda: context)
    monkeypatch.setattr(standardwebhooks.webhooks, "datetime", _Then)
    reaching.use_targets(LoopbackToo())
    yield
    reaching.use_targets(PublicTargets())


@pytest.fixture
def new_receiver(authority: Authority, on_this_machine: None) -> Iterator[Callable[..., Receiver]]:
    """Starts receivers; ``new_receiver(answer=status(500))``."""
    context, started = authority.serving("localhost", "127.0.0.1"), []

    def start(**options: Any) -> Receiver:
        started.append(Receiver(**{"context": context} | options))
        return started[-1]

    yield start
    for each in started:
        each.close()


@pytest.fixture
def receiver(new_receiver: Callable[..., Receiver]) -> Receiver:
    return new_receiver()


@pytest.fixture
def events(monkeypatch: pytest.MonkeyPatch) -> None:
    """The catalogue of these tests, whenever the product gives its own."""
    monkeypatch.setattr(catalogue, "known", lambda: EVENTS)


@pytest.fixture
def hooks(shop: Shop, clock: Clock, drain: Drain, sweep: Sweep, events: None, monkeypatch: pytest.MonkeyPatch) -> Hooks:
    told: list[dict[str, Any]] = []
    relay = import_module("chalicelib.messaging.relay")  # the package has a function of that name
    new_events = relay._new_events

    def listened(record: Mapping[str, Any]) -> list[Message]:
        found = new_events(record)
        told.extend(each.data for each in found if each.type == DISABLED)
        return found

    monkeypatch.setattr(relay, "_new_events", listened)
    return Hooks(shop, clock, drain, sweep, told)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> timedelta:
    """A whole attempt has 0.4 s in place of ten, and 0.2 s to connect."""
    monkeypatch.setattr(posting, "WHOLE_SECONDS", 0.4)
    monkeypatch.setattr(posting, "CONNECT_SECONDS", 0.2)
    monkeypatch.setattr(posting, "READ_SECONDS", 0.1)
    return timedelta(seconds=0.4)
