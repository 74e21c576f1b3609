"""How long a cold start imports, and what the package weighs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from statistics import median

from filelock import FileLock

from infra.bench.figure import Figure, at_most
from infra.package import BUILD, ROOT, build

TRIES = 11
_APP = "import app"
_ALONE = "import chalice.app, pynamodb.models, aws_lambda_powertools\nimport aws_lambda_powertools.utilities.batch"
_CLOCKED = "import time; started = time.perf_counter()\n{code}\nprint((time.perf_counter() - started) * 1000)"
_MEGABYTE = 1_000_000


def figures() -> Iterator[Figure]:
    """Lines of the table about the import of `app` and the zip."""
    ours, alone = _in_turns(_APP, _ALONE)
    fastest = f"fastest of {TRIES} fresh processes, compiled files warm; median {median(ours):.0f} ms"
    yield at_most("import of app", 350, min(ours), "ms", fastest)
    yield at_most(
        "… above chalice + pynamodb + powertools alone", 100, min(ours) - min(alone), "ms", f"alone {min(alone):.0f} ms"
    )
    with FileLock(BUILD / "tested.lock"):
        archive = build(BUILD / "tested").archive
    yield at_most("package, zipped", 30, archive.stat().st_size / _MEGABYTE, "MB", "what `make package` builds", 1)


def _in_turns(*codes: str) -> list[list[float]]:
    # In Lambda the package brings its compiled files; here the first, uncounted round writes them.
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    taken: list[list[float]] = [[] for _ in codes]
    for _ in range(1 + TRIES):
        for code, values in zip(codes, taken, strict=True):
            command = [sys.executable, "-c", _CLOCKED.format(code=code)]
            run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
            values.append(float(run.stdout))
    return [values[1:] for values in taken]
