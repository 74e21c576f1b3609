"""How long a cold start imports, and what the package weighs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

from filelock import FileLock

from infra.bench.figure import Figure, at_most, told
from infra.bench.first import MOST_MORE_OF_PAGES_MS
from infra.package import BUILD, ROOT, build

TRIES = 11
# Code, and the function that Lambda names as the one to start; without one, nothing is loaded ahead.
_Start = tuple[str, str]
_APP: _Start = ("import app", "")
_API: _Start = ("import app", "app.app")
_PAGES: _Start = ("import app", "app.pages")
_WORKER: _Start = ("import app", "app.orders_worker")
_ALONE: _Start = (
    "import chalice.app, pynamodb.models, aws_lambda_powertools\nimport aws_lambda_powertools.utilities.batch",
    "",
)
_CLOCKED = "import time; started = time.perf_counter()\n{code}\nprint((time.perf_counter() - started) * 1000)"
_MEGABYTE = 1_000_000


def figures() -> Iterator[Figure]:
    """Lines of the table about the import of `app` and the zip."""
    app, api, pages, worker, alone = (min(taken) for taken in _in_turns(_APP, _API, _PAGES, _WORKER, _ALONE))
    yield at_most("import of app", 350, app, "ms", f"fastest of {TRIES} fresh processes; domains load when needed")
    yield at_most("… above chalice + pynamodb + powertools alone", 100, app - alone, "ms", f"alone {alone:.0f} ms")
    yield told(
        "… and what the API function loads ahead", f"{api:.0f} ms", "the HTTP edge and the tables' client; no domain"
    )
    yield at_most(
        "… what the pages' function loads ahead, above that", MOST_MORE_OF_PAGES_MS, pages - api, "ms",
        f"{pages:.0f} ms in all; the shell, its templates' environment; no domain",
    )  # fmt: skip
    yield told("… and what a worker loads ahead", f"{worker:.0f} ms", "the orders worker")
    with FileLock(BUILD / "tested.lock"):
        archive = build(BUILD / "tested").archive
    yield at_most("package, zipped", 30, archive.stat().st_size / _MEGABYTE, "MB", "what `make package` builds", 1)


def _in_turns(*starts: _Start) -> list[list[float]]:
    """Milliseconds of each, in turns, so that all of them meet the same disturbances."""
    # In Lambda the package brings its compiled files; here the first, uncounted round writes them.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    taken: list[list[float]] = [[] for _ in starts]
    for _ in range(1 + TRIES):
        for (code, function), values in zip(starts, taken, strict=True):
            command = [sys.executable, "-c", _CLOCKED.format(code=code)]
            named = environment | {"_HANDLER": function}
            run = subprocess.run(command, cwd=ROOT, env=named, capture_output=True, text=True, check=True)
            values.append(float(run.stdout))
    return [values[1:] for values in taken]
