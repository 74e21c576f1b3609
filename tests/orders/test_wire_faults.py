"""Whatever becomes of the connection to DynamoDB, at whichever request: an order is placed once.

The fault matrix of the other tests fails requests where they are handed to the transport. Here the transport itself
meets what networks do, between it and the engine.
"""

import http.client
import itertools
from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from botocore.config import Config

from chalicelib.db import client
from chalicelib.kernel import clock
from chalicelib.orders.ending.service.cancelling import cancel
from infra.local.engine import Engine
from tests.db.loopback import Conversation, Loopback, Received
from tests.faults import COMBINATIONS
from tests.orders.store import Store
from tests.orders.test_faults import SERIES, repeated

Kind = Literal["refused", "lost", "half", "stalled"]
KINDS: tuple[Kind, ...] = ("refused", "lost", "half", "stalled")
TRIES = 3
SECONDS = 0.2
"""The time limits meanwhile."""


class Relay(Loopback):
    """Stands between the product and the engine. From the ``at``-th request on, ``times`` of them fail in a row.

    ``refused`` ends the connection before the engine has the request; the other kinds come after it was carried out:
    the answer is lost, comes half, or stops half-way without an end of the connection.
    """

    def __init__(self, engine: Engine) -> None:
        super().__init__(ordinary=self._pass_on)
        self._engine = engine
        self.failed = 0
        self.arm(None)

    def arm(self, kind: Kind | None, at: int = 0, times: int = 1) -> None:
        """Starts counting requests afresh."""
        self.kind, self.at, self.times, self.seen = kind, at, times, 0

    def _pass_on(self, conversation: Conversation, request: Received) -> bool:
        position, self.seen = self.seen, self.seen + 1
        fails = self.kind is not None and self.at <= position < self.at + self.times
        self.failed += fails
        if fails and self.kind == "refused":
            return False
        answer = self._carried_out(request)
        if not fails:
            conversation.wfile.write(answer)
            return True
        conversation.wfile.write(b"" if self.kind == "lost" else answer[:-1])
        if self.kind == "stalled":
            self.ended.wait(3 * SECONDS)
        return False

    def _carried_out(self, request: Received) -> bytes:
        engine = http.client.HTTPConnection("127.0.0.1", self._engine.port, timeout=30)
        engine.request("POST", "/", request.body, request.headers)
        answer = engine.getresponse()
        body = answer.read()
        engine.close()
        head = f"HTTP/1.1 {answer.status} -\r\nContent-Length: {len(body)}\r\n\r\n"
        return head.encode() + body


@pytest.fixture
def relay(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Relay]:
    made = Relay(engine)
    monkeypatch.setattr("time.sleep", lambda _: None)
    limits = Config(connect_timeout=SECONDS, read_timeout=SECONDS)
    monkeypatch.setattr(client, "_CONFIG", client._CONFIG.merge(limits))
    monkeypatch.setenv("AWS_ENDPOINT_URL_DYNAMODB", made.url)
    client.forget()
    yield made
    monkeypatch.undo()
    client.forget()
    made.stop()


def test_placing(store: Store, relay: Relay, record_property: Callable[[str, object], None]) -> None:
    campaign, _ = store.publish(30), store.member()
    relay.arm(None)
    store.place(campaign, 2, key="first")
    runs = list(itertools.product(KINDS, range(relay.seen), (1, SERIES)))
    for kind, at, times in runs:
        before = relay.failed
        relay.arm(kind, at, times)
        key = f"{kind} {at} {times}"
        order = repeated(relay, lambda key=key: store.place(campaign, 2, key=key))  # type: ignore[misc]
        assert relay.failed - before >= min(times, TRIES)
        relay.arm(None)
        assert store.place(campaign, 2, key=key).id == order.id
        assert store.free(campaign) == 30 - 2 * 2
        cancel(store.tenant_id, store.member(), order.id, clock.now())
    assert len(runs) == 16
    assert len(store.orders(campaign)) == len(runs) + 1
    store.check_stock(campaign)
    record_property(COMBINATIONS, {"place over the wire": len(runs)})
