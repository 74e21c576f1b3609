"""What a function imports when it starts cold, and what a first request adds: nothing that only others will need."""

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

from chalicelib.routing.index import INDEX
from infra.bench.first import First, first
from infra.local.events import rest_event
from tests.builders import Shop

ROOT = Path(__file__).parents[2]
AWS = {"AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
HEAVY = {
    "boto3", "s3transfer", "phonenumbers", "jinja2", "email_validator", "dns", "jwt", "cryptography", "pandas", "numpy",
    "scipy", "duckdb", "pydantic.json_schema.models", "chalice.cli", "chalice.deploy", "hypothesis", "pytest", "yaml",
    "rich", "infra", "aws_xray_sdk", "xmlrpc", "unittest", "asyncio", "multiprocessing", "sqlite3", "tkinter", "segno",
    "xlsxwriter", "openpyxl", "regex", "imagesize", "rjieba", "snowballstemmer",
}  # fmt: skip
BELOW = {
    "aws", "db", "kernel", "loading", "messaging", "rate_limits", "routing", "secret_versions", "settings", "telemetry",
    "tenancy", "tenants", "web",
}  # fmt: skip
"""The packages that are nobody's domain, and the tenants' own: who they are, every request asks."""

MOST_MODULES = 260
"""Of ours, at a first request: of some 1,000 without pages. It grows with the domain that is asked, not with those
beside it; an order asks for prices and promotions, too.
"""

# Each router in a process that has what every route needs, and nothing else; prints what each adds.
EACH_ROUTER = """
import gc, json, os, sys
gc.disable()
import app
app.start_api()
base = set(sys.modules)
for name in app.ROUTERS:
    read, write = os.pipe()
    if not os.fork():
        app.register(app.app, name)
        os.write(write, json.dumps([name, sorted(set(sys.modules) - base)]).encode())
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as said:
        print(said.read())
    os.wait()
"""


def run(code: str, function: str = "") -> str:
    env = os.environ | AWS | {"_HANDLER": function}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=True
    ).stdout


@cache
def imported(function: str) -> frozenset[str]:
    """Modules that are there after the function has started."""
    return frozenset(run("import app, sys; print('\\n'.join(sys.modules))", function).split())


def heavy(modules: Iterable[str]) -> set[str]:
    return {name for name in modules if name in HEAVY or name.partition(".")[0] in HEAVY}


def routes_among(modules: Iterable[str]) -> set[str]:
    return {name for name in modules if name.startswith("chalicelib.") and "routes" in name.split(".")}


def packages(modules: Iterable[str]) -> set[str]:
    """Those of the product, such as `orders`."""
    return {name.split(".")[1] for name in modules if name.startswith("chalicelib.")}


@pytest.mark.parametrize(
    "function", ["", "app.app", "app.relay", "app.orders_worker", "app.imports_worker", "app.service_worker"]
)
def test_nothing_heavy_is_imported_before_it_is_needed(function):
    assert heavy(imported(function)) == set()


@pytest.mark.parametrize("function", ["", "app.app"])
def test_neither_the_map_nor_the_api_starts_with_a_domain(function):
    assert packages(imported(function)) <= BELOW


def test_who_publishes_events_imports_what_it_shows_when_there_is_somebody_to_tell():
    found = imported("app.broadcasts_worker")

    assert {"chalicelib.broadcasts.events", "chalicelib.webhooks.service.emitting"} <= found
    assert not found & {"pydantic", "chalicelib.orders.views.orders", "chalicelib.broadcasts.views.orders"}
    assert not imported("app.relay") & {"chalicelib.orders.views.orders", "chalicelib.broadcasts.views.orders"}


def test_a_worker_imports_no_routes():
    assert routes_among(imported("app.orders_worker")) == set()


def test_a_router_brings_no_routes_of_other_domains_and_nothing_heavy():
    import app

    added = dict(json.loads(line) for line in run(EACH_ROUTER).splitlines())

    assert set(added) == set(app.ROUTERS)
    for name, modules in added.items():
        own = app.ROUTERS[name]._import_name.split(".")[1]
        assert packages(routes_among(modules)) == {own}, name
        assert heavy(modules) == set(), name
        assert len([module for module in modules if module.startswith("chalicelib.")]) <= MOST_MODULES, name


def ask(shop: Shop, method: str, path: str, body: object = None, **headers: str) -> First:
    given = {"Content-Type": "application/json", "Host": "api.example"} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    content = b"" if body is None else json.dumps(body).encode()
    return first(rest_event(method, path, tuple(given.items()), content))


def test_a_first_order_imports_the_router_of_orders_alone(shop: Shop) -> None:
    basket = {
        "campaign_id": shop.campaign_id,
        "pickup_point_id": shop.pickup_point_id,
        "lines": [{"offer_id": shop.offer_id, "quantity": 1}],
        "payment_method": "pickup",
    }
    signed = {"Authorization": f"Bearer {shop.shopper.token}", "Idempotency_Key": "cold"}

    found = ask(shop, "POST", f"{shop.path}/orders", basket, **signed)

    assert (found.status, routes_among(found.modules)) == (
        201,
        {"chalicelib.orders.routes", "chalicelib.orders.routes.orders"},
    )
    assert {name.partition(".")[0] for name in heavy(found.modules)} == {"jwt", "cryptography"}, "a token is verified"
    assert len(found.ours) <= MOST_MODULES


def test_a_first_look_at_the_store_imports_the_router_of_campaigns_alone(shop: Shop) -> None:
    found = ask(shop, "GET", f"{shop.path}/campaigns")

    assert (found.status, routes_among(found.modules)) == (200, {"chalicelib.campaigns.routes"})
    assert not packages(found.ours) & {"orders", "payments", "fulfilment", "settlement", "insight"}
    assert heavy(found.modules) == set()
    assert len(found.ours) <= MOST_MODULES


def test_a_first_page_imports_its_screen_alone(shop: Shop) -> None:
    found = ask(shop, "GET", f"/s/{shop.slug}")

    assert (found.status, routes_among(found.modules)) == (200, {"chalicelib.pages.storefront.home.routes"})
    used = [name for name in found.ours if {"service", "records"} & set(name.split("."))]
    assert not packages(used) & {"orders", "payments", "fulfilment", "settlement", "insight"}, "but for words of orders"
    assert {name.partition(".")[0] for name in heavy(found.modules)} == {"jinja2"}
    assert len(found.ours) <= MOST_MODULES


def test_a_first_sign_in_imports_neither_campaigns_nor_orders(shop: Shop) -> None:
    found = ask(shop, "POST", "/v1/auth/code", {"audience": "member", "tenant": shop.slug, "email": "a@b.example"})

    assert (found.status, routes_among(found.modules)) == (202, {"chalicelib.members.sign_in.routes"})
    assert packages(found.ours) <= BELOW | {"legal_texts", "members", "notices"}
    assert len(found.ours) <= MOST_MODULES


def test_the_consoles_first_list_of_orders_imports_the_router_of_orders_alone(shop: Shop) -> None:
    found = ask(shop, "GET", "/v1/orders", Authorization=f"Bearer {shop.api_key}")

    assert (found.status, routes_among(found.modules)) == (
        200,
        {"chalicelib.orders.routes", "chalicelib.orders.routes.orders"},
    )
    assert heavy(found.modules) == set()
    assert len(found.ours) <= MOST_MODULES


def test_what_is_refused_without_a_route_imports_not_even_the_edge(engine: object) -> None:
    path = next(path for path in INDEX if "{" not in path)
    for method, target, status in (("GET", "/favicon.ico", 404), ("TRACE", path, 405), ("OPTIONS", path, 204)):
        found = first(rest_event(method, target))

        assert found.status == status
        assert packages(found.ours) == {"kernel", "loading", "routing", "telemetry"}
        assert [name for name in found.ours if ".kernel." in name] == ["chalicelib.kernel.language"]
