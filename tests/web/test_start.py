"""What a function imports when it starts cold: nothing that only some request will need."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = {
    "boto3", "s3transfer", "phonenumbers", "jinja2", "email_validator", "dns", "jwt", "cryptography", "pandas", "numpy",
    "scipy", "duckdb", "pydantic.json_schema.models", "chalice.cli", "chalice.deploy", "hypothesis", "pytest", "yaml",
    "rich", "infra", "aws_xray_sdk", "xmlrpc", "unittest", "asyncio", "multiprocessing", "sqlite3", "tkinter",
}  # fmt: skip
DOMAINS = (
    "tenants", "members", "catalog", "pricing", "campaigns", "orders", "fulfilment", "service", "insight", "notify",
)  # fmt: skip


def imported(function: str) -> set[str]:
    """Modules that are there after the function has started."""
    code = "import app, sys; print('\\n'.join(sys.modules))"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=os.environ | {"_HANDLER": function}, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    return set(run.stdout.split())


@pytest.mark.parametrize("function", ["", "app.app", "app.relay", "app.orders_worker", "app.imports_worker"])
def test_nothing_heavy_is_imported_before_it_is_needed(function):
    found = imported(function)

    assert {name for name in found if name in HEAVY or name.partition(".")[0] in HEAVY} == set()


def test_app_itself_imports_no_domain():
    found = imported("")

    assert [domain for domain in DOMAINS if f"chalicelib.{domain}" in found] == []


def test_a_worker_imports_no_routes():
    assert [name for name in imported("app.orders_worker") if name.endswith((".routes", ".openapi"))] == []
