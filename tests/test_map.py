"""What a function imports when it starts: its own domains, and none before they are needed."""

import os
import subprocess
import sys
from functools import cache

LOADED = """
import app, sys
print(*(name for name in sys.modules if name.startswith(("chalicelib", "pydantic", "jinja2"))))
"""
AWS = {"AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}


@cache
def loaded(handler: str) -> frozenset[str]:
    """The modules of a fresh interpreter in which Lambda starts this handler."""
    env = {**os.environ, **AWS, "_HANDLER": handler}
    done = subprocess.run([sys.executable, "-c", LOADED], env=env, capture_output=True, text=True, check=True)
    return frozenset(done.stdout.split())


def test_the_map_alone_imports_no_domain_and_no_edge() -> None:
    assert {name for name in loaded("") if not name.startswith("chalicelib.routing")} == {
        "chalicelib", "chalicelib.kernel", "chalicelib.kernel.language", "chalicelib.loading", "chalicelib.telemetry",
    }  # fmt: skip


def test_the_api_starts_with_what_every_route_needs_and_no_domain() -> None:
    found = loaded("app.app")
    assert {"chalicelib.web.handling", "chalicelib.tenants.service.directory", "chalicelib.db.client"} <= found
    assert {name.split(".")[1] for name in found if name.startswith("chalicelib.")} == {
        "db", "kernel", "loading", "routing", "secret_versions", "settings", "telemetry", "tenants", "web",
    }  # fmt: skip
    assert "chalicelib.tenants.routes" not in found


def test_pages_start_with_the_shell_and_what_it_says_of_people_and_notices_but_with_no_use_case_of_theirs() -> None:
    of_api, of_pages = loaded("app.app"), loaded("app.pages")
    assert of_api <= of_pages
    assert {"chalicelib.pages.shell.handling", "jinja2.environment"} <= of_pages
    more = {name for name in of_pages - of_api if name.startswith("chalicelib.")}
    assert {name.split(".")[1] for name in more} == {
        "aws", "legal_texts", "members", "notices", "pages", "rate_limits", "tenancy", "web",
    }  # fmt: skip
    assert not [name for name in more if {"service", "records", "routes", "storefront"} & set(name.split("."))]
    assert len(of_pages - of_api) <= 61, "each is a part of a cold start"


def test_a_worker_starts_with_its_own_domain() -> None:
    of_campaigns = loaded("app.campaigns_worker")
    assert "chalicelib.campaigns.events" in of_campaigns
    assert not of_campaigns & {"chalicelib.orders.events", "chalicelib.campaigns.routes", "chalicelib.insight.events"}
    assert {"chalicelib.notices.events", "chalicelib.insight.events"} <= loaded("app.relay")
