"""What tests share: the embedded engine, a clock that can be set, the product driven as Lambda drives it."""

from __future__ import annotations

import gc
import ipaddress
import os
import socket
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import pytest
from botocore.awsrequest import AWSRequest
from botocore.signers import RequestSigner
from hypothesis import settings as hypothesis_settings

import app as _map  # noqa: F401 - names what lower layers need of higher ones
from chalicelib.db.tenant_records import DUE_SHARDS
from chalicelib.insight.recompute.service import jobs as recompute_jobs
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.remembering import forget_everything
from chalicelib.webhooks.service import posting, reaching
from infra import assets
from infra.browser import HOW
from infra.local import application, environment, resources
from infra.local.dns import Dns, Records
from infra.local.engine import Engine
from infra.local.gateway import Gateway
from infra.local.moves import Moves
from infra.local.pump import Pump
from infra.local.resources import Resources
from infra.local.routes import LocalRoutes
from infra.local.runner import Runner
from infra.local.server import Server
from tests.builders import Shop
from tests.calls import Api, HttpApi
from tests.customer_care import CustomerCare
from tests.faults import COMBINATIONS, summary
from tests.memory import Memory
from tests.permissions import _watch_functions, permitted  # noqa: F401 - every test is held to the policies
from tests.wire import Wire

__all__ = ["TEST_ENVIRONMENT", "Api", "Clock", "Drain", "HttpApi", "Served", "Sweep"]

TEST_ENVIRONMENT = {
    "TOKEN_SECRET": "a-secret-that-only-tests-know-0123456789",
    "LINK_SECRET": "another-secret-that-only-tests-know-0123",
    "PAYMENT_SECRET": "a-third-secret-that-only-tests-know-0123",
    "WEBHOOK_SECRET": "a-fourth-secret-that-only-tests-know-012",
    "MESSAGE_SECRET": "a-fifth-secret-that-only-tests-know-0123",
    "EDGE_SECRET": "a-sixth-secret-that-only-tests-know-0123",
    "PUBLIC_URL": "http://127.0.0.1:8000",
    "POWERTOOLS_LOG_LEVEL": "CRITICAL",
}

_AS_DEPLOYED = dict(DUE_SHARDS)

# Compiled modules are kept, whatever the environment says and however the tests are started: each of the processes
# that they start, and each later run, would compile everything that it imports.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# A process of thousands of tests holds much that stays: looking through it all the time costs more than waste does.
gc.set_threshold(50_000, 20, 50)

# How long an example takes says how busy the machine is.
hypothesis_settings.register_profile("no deadline", deadline=None)
hypothesis_settings.load_profile("no deadline")

_combinations: Counter[str] = Counter()


_no_browser: set[str] = set()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Adds up the faults that tests have tried; in a run of several processes, in the one that reports."""
    if report.skipped and isinstance(report.longrepr, tuple) and HOW in report.longrepr[2]:
        _no_browser.add(report.longrepr[2])
    if report.when == "teardown":
        for name, value in report.user_properties:
            _combinations.update(value if name == COMBINATIONS and isinstance(value, dict) else {})


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says how many combinations of a request and a fault were tried, and what was not: pages, without a browser."""
    for reason in _no_browser:
        terminalreporter.write_line(f"NO PAGE WAS TRIED IN A BROWSER. {reason}", red=True, bold=True)
    if _combinations:
        terminalreporter.write_line(summary(_combinations))


@pytest.fixture(scope="session")
def _nobodys() -> Iterator[Dns]:
    """A DNS in which no name exists: no test asks the internet's."""
    server = Dns(Records([], {}))
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def _engine_process(_nobodys: Dns) -> Iterator[tuple[Engine, Resources]]:
    """One engine a test worker, in memory, with the resources of infra/resources.yaml."""
    assets.build()
    _stay_on_one_processor()
    engine = Engine()
    engine.start_anywhere()
    before = dict(os.environ)
    with pytest.MonkeyPatch.context() as patched:
        # The engine checks no signature, and making it is a sixth of what a request costs.
        patched.setattr(RequestSigner, "handler", _unsigned)
        Wire(engine).patch(patched)
        made = resources.create(engine, expiry=False)
        environment.apply(engine, made, TEST_ENVIRONMENT | {"DNS_SERVER": _nobodys.address})
        # A look at what is due asks each partition of the index, which costs most tests more than what they are about.
        patched.setitem(DUE_SHARDS, "due", 2)
        patched.setitem(DUE_SHARDS, "night", 2)
        # On which day a brand's weekly recount begins follows from its random id: no test is to see one by chance.
        patched.setattr(recompute_jobs, "is_day_of", lambda *_: False)
        yield engine, made
    engine.stop()
    os.environ.clear()
    os.environ.update(before)
    environment.forget()


def _unsigned(self: RequestSigner, operation_name: str, request: AWSRequest, **_: Any) -> None:
    """Says as a signed request does whose it is, and of which service."""
    scope = f"test/20260101/{self._region_name}/{self._signing_name}/aws4_request"
    request.headers["Authorization"] = f"AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=none"


def _stay_on_one_processor() -> None:
    """A test process and its engine take turns, and wake each other faster on one processor: by a third, on a machine
    that has no more of them than test processes.
    """
    workers, number = os.environ.get("PYTEST_XDIST_WORKER_COUNT"), os.environ.get("PYTEST_XDIST_WORKER", "gw0")
    free = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
    if workers and len(free) <= int(workers):
        os.sched_setaffinity(0, {free[int(number.removeprefix("gw")) % len(free)]})


@pytest.fixture
def as_deployed(monkeypatch: pytest.MonkeyPatch) -> None:
    """With as many partitions of what is due as the product has: simulations of a rush measure by them."""
    for lane, shards in _AS_DEPLOYED.items():
        monkeypatch.setitem(DUE_SHARDS, lane, shards)


@pytest.fixture(scope="session")
def memory(_engine_process: tuple[Engine, Resources]) -> Memory:
    """What tests of this worker begin with."""
    return Memory(_engine_process[0])


@pytest.fixture
def engine(_engine_process: tuple[Engine, Resources], memory: Memory) -> Iterator[Engine]:
    """The engine, empty: tables, queues and the bucket exist and hold nothing."""
    found, _ = _engine_process
    memory.begin(emptied(found))
    yield found
    memory.end()


def emptied(found: Engine) -> int:
    """Leaves nothing in the engine, nor in what the product remembers; answers as `Engine.empty`."""
    forget_everything()
    return found.empty()


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Every name has a public address, and nobody answers there: no test looks up names or leaves this machine."""

    def open_socket(address: str, port: int, timeout: float) -> socket.socket:
        if not ipaddress.ip_address(address).is_loopback:
            raise ConnectionRefusedError(address)
        return socket.create_connection((address, port), timeout)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(reaching, "lookup", lambda host: ["127.0.0.1"] if host == "localhost" else ["198.41.0.4"])
        patched.setattr(posting, "open_socket", open_socket)
        yield


class _Standing:
    """The machine's time for the product's clock, always the same."""

    def __init__(self, moment: datetime) -> None:
        self._moment = moment

    def now(self, zone: tzinfo) -> datetime:
        return self._moment.astimezone(zone)

    fromisoformat = staticmethod(datetime.fromisoformat)


class Clock:
    """The product's clock. It keeps ticking from where it is set."""

    def now(self) -> datetime:
        """The product's present instant, UTC."""
        return product_clock.now()

    def set(self, moment: datetime) -> None:
        """Makes it that instant now."""
        product_clock.datetime = datetime  # type: ignore[misc]
        product_clock.set_offset((moment - datetime.now(UTC)).total_seconds())

    def stand(self, moment: datetime) -> None:
        """Makes it that instant, and it does not tick until it is set: for what happens just before something ends."""
        product_clock.datetime = _Standing(moment)  # type: ignore[misc,assignment]
        product_clock.set_offset(0)

    def advance(self, **units: float) -> None:
        """Moves the clock forward, by the keywords of `timedelta`: `advance(minutes=5)`."""
        product_clock.set_offset(product_clock.offset() + timedelta(**units).total_seconds())


@pytest.fixture
def clock() -> Iterator[Clock]:
    """The product's clock, back at the machine's time after the test."""
    yield Clock()
    product_clock.datetime = datetime  # type: ignore[misc]
    product_clock.set_offset(0)


@pytest.fixture
def noon(clock: Clock, engine: Engine, memory: Memory) -> None:
    """Tomorrow, in the middle of the day in Shanghai: at night service and news wait for the morning."""
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    clock.set(tomorrow.replace(hour=4, minute=0, second=0, microsecond=0))
    memory.begins_at("noon")


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
    return Gateway(application.load(), application.load_pages())


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


@pytest.fixture
def new_shop(api: Api, memory: Memory) -> Callable[..., Shop]:
    """Signs up brands: `new_shop(timezone="America/New_York", currency="USD")`."""
    return lambda **fields: Shop(api, **fields, remembered=memory)


@pytest.fixture
def shop(new_shop: Callable[..., Shop]) -> Shop:
    """A brand; its SKU, pickup point, open campaign and shopper are made when first asked for."""
    return new_shop()


class Served(HttpApi):
    """The embedded stack over HTTP: pollers at work, `/local/` routes, a clock that can be moved."""

    def __init__(self, server: Server, runner: Runner) -> None:
        super().__init__(server.url)
        self._runner = runner

    def quiet(self, seconds: float = 60.0) -> None:
        """Waits until streams, queues and schedules have nothing left. Fails the test when that takes too long."""
        waiting = threading.Event()
        for _ in range(int(seconds / 0.01)):
            if not self._runner.pending():
                return
            waiting.wait(0.01)
        pytest.fail(f"not quiet after {seconds} s: {self._runner.pending()}")

    def advance(self, seconds: float) -> None:
        """Moves the product's clock forward, lets run what became due, and waits for quiet."""
        assert self.post("/local/clock", {"advance_seconds": seconds}).status == 200
        self.quiet()


@pytest.fixture
def server(
    engine: Engine, clock: Clock, _engine_process: tuple[Engine, Resources], _gateway: Gateway
) -> Iterator[Served]:
    """The whole product on a free port of 127.0.0.1, in threads of this process, on the test's engine."""
    app = application.load()
    runner = Runner(Pump(app, *_engine_process))
    moves = Moves([], product_clock.offset())
    routes = LocalRoutes(engine, runner, moves.add, moves.offset_at)
    serving = Server(Gateway(app, application.load_pages(), routes), 0, lambda *_: None)
    thread = threading.Thread(target=serving.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    runner.start()
    yield Served(serving, runner)
    serving.shutdown()
    runner.stop()
    serving.server_close()
    thread.join()


@pytest.fixture
def served_shop(server: Served) -> Shop:
    """A brand on the served product; everything it does goes over HTTP."""
    return Shop(server)


@pytest.fixture
def new_care(new_shop: Callable[..., Shop], clock: Clock, drain: Drain, sweep: Sweep) -> Callable[..., CustomerCare]:
    """Signs a shop up."""
    return lambda **fields: CustomerCare(new_shop(**fields), clock, drain, sweep)


@pytest.fixture
def care(new_care: Callable[..., CustomerCare]) -> CustomerCare:
    """A shop with nobody but its owner on the staff."""
    return new_care()
