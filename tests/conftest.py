"""What tests share: the embedded engine, a clock that can be set, the product driven as Lambda drives it."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any

import pytest

from chalicelib.kernel import clock as product_clock
from infra.local import application, environment, resources
from infra.local.engine import Engine
from infra.local.gateway import Gateway, Request
from infra.local.pump import Pump
from infra.local.resources import Resources

TEST_ENVIRONMENT = {
    "TOKEN_SECRET": "a-secret-that-only-tests-know-0123456789",
    "MAIL_FROM": "hello@lintuan.example",
    "PUBLIC_URL": "http://127.0.0.1:8000",
    "POWERTOOLS_LOG_LEVEL": "CRITICAL",
}


@pytest.fixture(scope="session")
def _engine_process() -> Iterator[tuple[Engine, Resources]]:
    """One engine a test worker, in memory, with the resources of infra/resources.yaml."""
    engine = Engine()
    engine.start()
    before = dict(os.environ)
    made = resources.create(engine)
    environment.apply(engine, made, TEST_ENVIRONMENT)
    yield engine, made
    engine.stop()
    os.environ.clear()
    os.environ.update(before)
    environment.forget()


@pytest.fixture
def engine(_engine_process: tuple[Engine, Resources]) -> Engine:
    """The engine, empty: tables, queues and the bucket exist and hold nothing."""
    found, _ = _engine_process
    found.empty()
    return found


class Clock:
    """The product's clock. It keeps ticking from where it is set."""

    def now(self) -> datetime:
        """The product's present instant, UTC."""
        return product_clock.now()

    def set(self, moment: datetime) -> None:
        """Makes it that instant now."""
        product_clock.set_offset((moment - datetime.now(UTC)).total_seconds())

    def advance(self, **units: float) -> None:
        """Moves the clock forward, by the keywords of `timedelta`: `advance(minutes=5)`."""
        product_clock.set_offset(product_clock.offset() + timedelta(**units).total_seconds())


@pytest.fixture
def clock() -> Iterator[Clock]:
    """The product's clock, back at the machine's time after the test."""
    yield Clock()
    product_clock.set_offset(0)


@dataclass(frozen=True)
class Reply:
    """A response as a client sees it."""

    status: int
    headers: Mapping[str, str]
    text: str

    @cached_property
    def json(self) -> Any:
        """The body read as JSON."""
        return json.loads(self.text)


class Api:
    """The product's HTTP interface, called in this process: the real app, fed with API Gateway's events."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    def get(self, path: str, **options: Any) -> Reply:
        """GET; the options are those of `call`."""
        return self.call("GET", path, **options)

    def post(self, path: str, json: Any = None, **options: Any) -> Reply:
        """POST; the options are those of `call`."""
        return self.call("POST", path, json=json, **options)

    def patch(self, path: str, json: Any = None, **options: Any) -> Reply:
        """PATCH; the options are those of `call`."""
        return self.call("PATCH", path, json=json, **options)

    def put(self, path: str, json: Any = None, **options: Any) -> Reply:
        """PUT; the options are those of `call`."""
        return self.call("PUT", path, json=json, **options)

    def delete(self, path: str, **options: Any) -> Reply:
        """DELETE; the options are those of `call`."""
        return self.call("DELETE", path, **options)

    def call(
        self,
        method: str,
        path: str,
        *,
        json: Any = None,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
        body: bytes | str | None = None,
    ) -> Reply:
        """Sends `json`, or `body` as it is; `token` becomes the bearer credential."""
        given = {"Host": "127.0.0.1:8000", "Accept-Language": "en", **(headers or {})}
        if json is not None:
            body = _dumped(json)
            given.setdefault("Content-Type", "application/json")
        if token:
            given["Authorization"] = f"Bearer {token}"
        content = body.encode() if isinstance(body, str) else body or b""
        answer = self._gateway.answer(Request(method, path, tuple(given.items()), content))
        return Reply(answer.status, _Headers(answer.headers), answer.body.decode())


class _Headers(dict[str, str]):
    """Header names without regard to case."""

    def __init__(self, pairs: Any) -> None:
        super().__init__({name.lower(): value for name, value in pairs})

    def __getitem__(self, name: str) -> str:
        return super().__getitem__(name.lower())

    def __contains__(self, name: object) -> bool:
        return super().__contains__(str(name).lower())

    def get(self, name: str, default: Any = None) -> Any:
        return super().get(name.lower(), default)


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


class Drain:
    """Works off streams and queues through the real functions until everything is quiet."""

    def __init__(self, pump: Pump) -> None:
        self.pump = pump

    def __call__(self, *, dead_letters_allowed: bool = False) -> None:
        """Fails the test when a message could not be handled, unless that is expected."""
        self.pump.drain(dead_letters_allowed=dead_letters_allowed)


class Sweep:
    """Runs the schedules at the product's present time, then works everything off."""

    def __init__(self, drain: Drain) -> None:
        self._drain = drain

    def __call__(self, times: int = 1) -> None:
        """`times` > 1 for what becomes due only through what an earlier round did."""
        for _ in range(times):
            for schedule in self._drain.pump.schedules:
                self._drain.pump.run_schedule(schedule, product_clock.now())
            self._drain()


@pytest.fixture(scope="session")
def _gateway(_engine_process: tuple[Engine, Resources]) -> Gateway:
    return Gateway(application.load())


@pytest.fixture
def api(engine: Engine, _gateway: Gateway) -> Api:
    """The HTTP interface on an empty engine."""
    return Api(_gateway)


@pytest.fixture
def drain(engine: Engine, _engine_process: tuple[Engine, Resources]) -> Drain:
    """Works off what the test's calls left on streams and queues."""
    return Drain(Pump(application.load(), *_engine_process))


@pytest.fixture
def sweep(drain: Drain) -> Sweep:
    """Runs what is due now, and everything that follows from it."""
    return Sweep(drain)
