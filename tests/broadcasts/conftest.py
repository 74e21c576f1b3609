"""What the endpoints of brands are told, without endpoints: what they want is said by the test."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from chalice.app import SQSEvent

from chalicelib.broadcasts import events
from chalicelib.broadcasts.model.catalogue import MEANINGS
from chalicelib.broadcasts.service import broadcasting
from chalicelib.db import current_tenant
from chalicelib.messaging import Message
from chalicelib.messaging.message import bundled
from chalicelib.webhooks.model.emission import Emission


@dataclass
class Programs:
    """A program for each brand, which keeps for each entity the state with the highest version, as a receiver should.

    ``told`` is what was handed over, in order; what came under the id of an earlier event is kept out, as webhooks do.
    """

    wants: frozenset[str] = frozenset(MEANINGS)
    failing: int = 0
    asked: list[str] = field(default_factory=list)
    told: dict[str, list[Emission]] = field(default_factory=lambda: defaultdict(list))
    states: dict[tuple[str, str, str], Any] = field(default_factory=dict)

    def types_wanted(self, tenant_id: str) -> frozenset[str]:
        self.asked.append(tenant_id)
        return self.wants

    def emit(self, tenant_id: str, emissions: Sequence[Emission], now: datetime) -> None:
        assert current_tenant() == tenant_id
        if self.failing:
            self.failing -= 1
            raise RuntimeError("the table is away")
        known = {each.event_id for each in self.told[tenant_id]}
        self.told[tenant_id] += [each for each in emissions if each.event_id not in known]
        for each in emissions:
            self.take(tenant_id, each)

    def take(self, tenant_id: str, emission: Emission) -> None:
        """Keeps the state unless a later one is known."""
        ((name, shown),) = ((name, part) for name, part in emission.data.items() if name != "version")
        place, version = (tenant_id, name, shown["id"]), emission.data["version"]
        if version >= self.states.get(place, (0, None))[0]:
            self.states[place] = version, shown

    def types(self, tenant_id: str) -> list[str]:
        return [each.type for each in self.told[tenant_id]]


@pytest.fixture
def programs(monkeypatch: pytest.MonkeyPatch) -> Programs:
    made = Programs()
    monkeypatch.setattr(broadcasting, "types_wanted", made.types_wanted)
    monkeypatch.setattr(broadcasting, "emit", made.emit)
    return made


@dataclass
class Waiting:
    """Messages that wait before the worker, which a test delivers when and how often it likes."""

    messages: list[Message] = field(default_factory=list)

    def take(self, tenant_id: str, messages: Sequence[Message], shown: object, now: datetime) -> None:
        self.messages += messages

    def deliver(self, messages: Sequence[Message], *, together: bool = True) -> list[str]:
        """Hands messages to the worker, as one message of the queue or each as its own; returns the ids that failed."""
        bodies = [bundled(messages)] if together else [each.to_json() for each in messages]
        records = [{"messageId": f"m{n}", "body": body} for n, body in enumerate(bodies)]
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(events, "broadcast", broadcasting.broadcast)
            answer = events.consumer.work(SQSEvent({"Records": records}, None))
        return [each["itemIdentifier"] for each in answer["batchItemFailures"]]


@pytest.fixture
def waiting(monkeypatch: pytest.MonkeyPatch) -> Waiting:
    """From here on, what would be worked off waits."""
    made = Waiting()
    monkeypatch.setattr(events, "broadcast", made.take)
    return made
