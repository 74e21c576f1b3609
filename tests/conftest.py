"""What tests share: the embedded engine, a clock that can be set, the product driven as Lambda drives it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.kernel import clock as product_clock
from infra.local import environment, resources
from infra.local.engine import Engine
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
