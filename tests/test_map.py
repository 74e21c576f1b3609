"""What a function imports when it starts: its own domains, and none before they are needed."""

import os
import subprocess
import sys
import threading

import pytest
from chalice.app import Chalice

from chalicelib.loading import LazyApp

LOADED = "import app, sys; print(' '.join(name for name in sys.modules if name.startswith(('chalicelib', 'pydantic'))))"


def loaded(handler: str) -> set[str]:
    """The modules of a fresh interpreter in which Lambda starts this handler."""
    env = {**os.environ, "_HANDLER": handler}
    done = subprocess.run([sys.executable, "-c", LOADED], env=env, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_the_map_alone_imports_no_domain() -> None:
    assert loaded("") == {"chalicelib", "chalicelib.loading", "chalicelib.telemetry"}


def test_the_api_starts_with_all_routes_and_a_worker_with_its_own_domain() -> None:
    assert {"chalicelib.orders.routes.orders", "chalicelib.insight.routes", "pydantic"} <= loaded("app.app")
    of_campaigns = loaded("app.campaigns_worker")
    assert "chalicelib.campaigns.events" in of_campaigns
    assert not of_campaigns & {"chalicelib.orders.events", "chalicelib.campaigns.routes", "chalicelib.insight.events"}
    assert {"chalicelib.notices.events", "chalicelib.insight.events"} <= loaded("app.relay")


@pytest.mark.parametrize("round_", range(20))
def test_whoever_looks_first_sees_every_route(round_: int) -> None:
    def register(app: Chalice) -> None:
        for number in range(50):
            app.route(f"/{number}")(dict)

    app = LazyApp("lazy", register)
    start, seen = threading.Barrier(8), []

    def look() -> None:
        start.wait()
        seen.append(len(app.routes))

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == [50] * 8
