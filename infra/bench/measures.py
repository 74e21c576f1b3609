"""Each measurement answers with the number it found; the goals stand in `__main__`."""

from __future__ import annotations

import csv
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from chalice.app import Chalice

from chalicelib.db import Meter, metered, tenant_scope
from chalicelib.insight.records import ActivityRecord
from chalicelib.kernel import clock
from chalicelib.web import Call, Router, View, anyone
from infra.bench.shop import SLUG, Shop
from infra.local.application import LambdaContext
from infra.local.demo import data
from infra.package import BUILD, ROOT, build

_CDNOW = ROOT.parent / "shared" / "data" / "cdnow" / "orders_sample.csv"
_ALONE = "import chalice, pynamodb.models, aws_lambda_powertools"


def order_cost(shop: Shop) -> Meter:
    """Requests and capacity units of placing an order of one line."""
    token = shop.members(1)[0]
    wish = {**shop.wish(shop.campaign(10)), "payment_method": "pickup"}
    with metered() as cost:
        shop.call("POST", f"/v1/stores/{SLUG}/orders", wish, token, key="bench-cost")
    return cost


def order_path_cpu_ms(shop: Shop, rounds: int = 150) -> float:
    """CPU of this process for: look at the campaign, quote, order. The median of the rounds, in milliseconds.

    The handlers, the database client and the stand-in for API Gateway are in it; the engine is another process.
    """
    tokens = shop.members(rounds)
    campaign = shop.campaign(rounds)
    wish = shop.wish(campaign)
    spent = []
    for number, token in enumerate(tokens):
        started = time.thread_time()
        shop.call("GET", f"/v1/stores/{SLUG}/campaigns/{campaign['id']}")
        shop.call("POST", f"/v1/stores/{SLUG}/quotes", wish, token)
        shop.call("POST", f"/v1/stores/{SLUG}/orders", {**wish, "payment_method": "pickup"}, token, f"cpu-{number}")
        spent.append((time.thread_time() - started) * 1000)
    return statistics.median(spent)


class _Greeting(View):
    text: str


def route_overhead_us(rounds: int = 3000) -> tuple[float, float]:
    """A typed route's median time over a bare Chalice route that answers the same, and the bare one's, in µs."""
    app = Chalice(app_name="bench")
    routes = Router("bench")

    @app.route("/bare")
    def bare() -> dict[str, str]:
        return {"text": "hello"}

    @routes.get("/typed", allow=anyone(), summary="A greeting", answer=_Greeting)
    def typed(call: Call[None]) -> _Greeting:
        return _Greeting(text="hello")

    app.register_blueprint(routes)
    alone, with_types = _median_us(app, "/bare", rounds), _median_us(app, "/typed", rounds)
    return with_types - alone, alone


def _median_us(app: Chalice, path: str, rounds: int) -> float:
    event = {
        "httpMethod": "GET",
        "path": path,
        "headers": {"host": "127.0.0.1", "accept-language": "en"},
        "multiValueQueryStringParameters": None,
        "pathParameters": {},
        "stageVariables": None,
        "body": None,
        "isBase64Encoded": False,
        "requestContext": {"httpMethod": "GET", "resourcePath": path, "path": path, "requestId": "bench"},
    }
    context = LambdaContext("bench", 29)
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        app(event, context)
        times.append((time.perf_counter() - started) * 1_000_000)
    return statistics.median(times)


def import_ms(rounds: int = 7) -> tuple[float, float]:
    """Time to import `app`, and chalice + pynamodb + powertools alone: compiled, each in a fresh interpreter."""
    with tempfile.TemporaryDirectory() as cache:
        env = {**os.environ, "PYTHONPYCACHEPREFIX": cache}
        env.pop("PYTHONDONTWRITEBYTECODE", None)
        return _import_ms("import app", env, rounds), _import_ms(_ALONE, env, rounds)


def _import_ms(statement: str, env: Mapping[str, str], rounds: int) -> float:
    timed = f"import time; t = time.perf_counter(); {statement}; print((time.perf_counter() - t) * 1000)"
    found = []
    for _ in range(rounds + 1):
        done = subprocess.run([sys.executable, "-c", timed], env=env, capture_output=True, text=True, check=True)
        found.append(float(done.stdout))
    return statistics.median(found[1:])


def package_mb() -> float:
    """Size of the zip that is deployed, built now unless it is there, in MB (10⁶ bytes)."""
    return build(BUILD / "package").archive.stat().st_size / 1e6


def oversold(shop: Shop, buyers: int = 200, units: int = 25, threads: int = 16) -> int:
    """Orders beyond the units on offer when many want the last ones at once."""
    tokens = shop.members(buyers)
    wish = {**shop.wish(shop.campaign(units)), "payment_method": "pickup"}
    statuses: Counter[int] = Counter()
    lock = threading.Lock()

    def buy(numbers: Sequence[int]) -> None:
        for number in numbers:
            status, _ = shop.send("POST", f"/v1/stores/{SLUG}/orders", wish, tokens[number], f"race-{number}")
            with lock:
                statuses[status] += 1

    running = [threading.Thread(target=buy, args=(range(n, buyers, threads),)) for n in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return statuses[201] - units


def night_against_rescan(shop: Shop) -> tuple[float, str]:
    """How many times fewer reads a night takes than reading all orders again, after one more order; and of which data.

    CDNOW (Fader and Hardie's one-in-ten sample, 18 months) where it lies beside the repository, else the demo's year.
    """
    rows, of = _cdnow() or (data.orders(clock.now()), "the demo's year of orders")
    field = "ordered_on" if "ordered_on" in rows[0] else "ordered_at"
    days = sorted({row[field][:10] for row in rows})
    _import(shop, rows)
    shop.call("POST", "/v1/rollups", {"from_on": days[0], "to_on": days[-1]}, shop.api_key)
    shop.pump.drain()
    _import(shop, [{**rows[-1], "order_ref": "one-more"}])
    clock.set_offset(timedelta(days=1).total_seconds())
    for schedule in shop.pump.schedules:
        shop.pump.run_schedule(schedule, clock.now())
    with metered() as night:
        shop.pump.drain()
    clock.set_offset(0)
    with metered() as rescan, tenant_scope(shop.tenant_id):
        for day in days:
            list(ActivityRecord.of_day(shop.tenant_id, date.fromisoformat(day)))
    return rescan.reads / night.reads, of


def _cdnow() -> tuple[list[dict[str, str]], str] | None:
    if not _CDNOW.exists():
        return None
    with _CDNOW.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file)), "CDNOW, the sample of 6,919 orders"


def _import(shop: Shop, rows: list[dict[str, str]]) -> None:
    body: dict[str, Any] = {"kind": "orders", "csv": data.as_csv(rows)}
    shop.call("POST", "/v1/imports", body, shop.api_key)
    shop.pump.drain()
