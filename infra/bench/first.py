"""The first request of a cold API function: what it imports, counted and clocked in fresh processes."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.routing.places import is_page
from infra.bench.figure import Figure, at_most, told
from infra.bench.stage import Brand, Stage
from infra.package import ROOT

MOST_IMPORT_MS = 300
MOST_MORE_OF_PAGES_MS = 60
TRIES = 5

# Answers the request of standard input, then says what that took, and which modules are there in order of import.
_ANSWER = """
import json, sys, time
event, before = json.load(sys.stdin), set(sys.modules)
started = time.process_time()
import app
answer = app.ENTRANCE(event, None)
took = (time.process_time() - started) * 1000
print(json.dumps([answer["statusCode"], took, [name for name in sys.modules if name not in before]]))
"""
# Imports the modules that are named in standard input as the product does, and leaves out all else.
_IMPORT = """
import json, sys, time
from importlib import import_module
names = json.load(sys.stdin)
started = time.process_time()
import app
from chalicelib.loading import uncollected
with uncollected():
    for name in names:
        try:
            import_module(name)
        except ImportError:
            pass  # made by another module at run time, and there with it
print((time.process_time() - started) * 1000)
"""


@dataclass(frozen=True)
class First:
    """A first request: its answer's status, its CPU milliseconds from `import app` on, and the modules it imported."""

    status: int
    cpu_ms: float
    modules: tuple[str, ...]

    @property
    def ours(self) -> list[str]:
        """The product's own modules."""
        return [name for name in self.modules if name.startswith("chalicelib.")]


def first(event: Mapping[str, Any]) -> First:
    """A fresh process that knows nothing of the request, as if Lambda had called it without an init phase."""
    entrance = "screens" if is_page(event["path"]) else "app"
    status, cpu_ms, modules = json.loads(_fresh(_ANSWER.replace("ENTRANCE", entrance), event))
    return First(status, cpu_ms, tuple(modules))


def requests(stage: Stage) -> dict[str, dict[str, Any]]:
    """Events of those calls whose cold start somebody waits for."""
    brand = Brand(stage, "cold")
    campaign, token = brand.campaign(quantity=9), brand.members(1)[0]
    store, email = f"/v1/stores/{brand.slug}", {"email": "new@people.example"}
    order = brand.basket(campaign) | {"payment_method": "pickup"}
    signed = {"Authorization": f"Bearer {token}", "Idempotency-Key": "cold"}
    return {
        "store's campaigns": stage.event("GET", f"{store}/campaigns", None, {}),
        "place an order": stage.event("POST", f"{store}/orders", order, signed),
        "sign in": stage.event("POST", "/v1/auth/code", {"audience": "member", "tenant": brand.slug} | email, {}),
        "console's orders": stage.event("GET", "/v1/orders", None, {"Authorization": f"Bearer {brand.key}"}),
        "the shop's home": stage.event("GET", f"/s/{brand.slug}", None, {}),
        "an unknown path": stage.event("GET", "/favicon.ico", None, {}),
    }


def figures(stage: Stage) -> Iterator[Figure]:
    """Lines of the table about the first request."""
    for name, event in requests(stage).items():
        tried = [first(event) for _ in range(TRIES)]
        imported = min(float(_fresh(_IMPORT, tried[0].modules)) for _ in range(TRIES))
        how = f"CPU, fastest of {TRIES} processes; {len(tried[0].ours)} modules of ours, {len(tried[0].modules)} in all"
        most = MOST_IMPORT_MS + (MOST_MORE_OF_PAGES_MS if is_page(event["path"]) else 0)
        yield at_most(f"imports of a first request: {name}", most, imported, "ms", how)
        whole = min(each.cpu_ms for each in tried)
        yield told("… and with clients, connections and the answer", f"{whole:.0f} ms", f"status {tried[0].status}")


def _fresh(code: str, given: Any) -> str:
    # In Lambda the package brings its compiled files; here the first try writes them.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", code]
    return subprocess.run(
        command, cwd=ROOT, env=environment, input=json.dumps(given), capture_output=True, text=True, check=True
    ).stdout
