"""`python -m infra.index`: writes chalicelib/routing/index.py again, from the routes as they are declared."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Protocol

from infra.package import ROOT

FILE = ROOT / "chalicelib" / "routing" / "index.py"
_HEAD = '''"""Which router has a route: path to method to the router's name in app.py. Written by `make index`."""

from chalicelib.routing.paths import Index
'''


class Declared(Protocol):
    """What a route's declaration says of where it is."""

    @property
    def method(self) -> str: ...

    @property
    def path(self) -> str: ...


class Declaring(Protocol):
    """A router, as far as the index is concerned."""

    @property
    def declared(self) -> Iterable[Declared]: ...


def index(routers: Mapping[str, Declaring]) -> dict[str, dict[str, str]]:
    """The index of routers by name. Raises ValueError when two declare the same method of the same path."""
    found: dict[str, dict[str, str]] = {}
    for name, router in routers.items():
        for route in router.declared:
            methods = found.setdefault(route.path, {})
            if route.method in methods:
                raise ValueError(f"{methods[route.method]} and {name} both declare {route.method} {route.path}")
            methods[route.method] = name
    return {path: dict(sorted(found[path].items())) for path in sorted(found)}


def declared() -> dict[str, dict[str, dict[str, str]]]:
    """The indexes as they should be, by the name of each: of every router of the map with the document's own, and of
    every page.
    """
    import app
    from chalicelib.web.docs import documentation

    api = index({**app.ROUTERS, app.DOCUMENTATION: documentation((), app.__version__)})
    return {"INDEX": api, "PAGES_INDEX": index(app.PAGES)}


def write(file: Path = FILE) -> None:
    """Writes the indexes, formatted as the rest of the code is; on failure the file is as it was."""
    before = file.read_text() if file.exists() else ""
    # Empty ones first: the map imports them, and what is there may hold the marks of a merge.
    text = _HEAD + "".join(_written(name, {}) for name in ("INDEX", "PAGES_INDEX"))
    try:
        file.write_text(text)
        text = _HEAD + "".join(_written(name, found) for name, found in declared().items())
    except BaseException:
        text = before
        raise
    finally:
        file.write_text(text)
    ruff = Path(sys.executable).with_name("ruff")
    subprocess.run([str(ruff), "format", "--quiet", str(file)], check=True)


def _written(name: str, found: Mapping[str, Mapping[str, str]]) -> str:
    return (
        f"\n{name}: Index = {{\n" + "".join(f"    {path!r}: {methods!r},\n" for path, methods in found.items()) + "}\n"
    )


if __name__ == "__main__":
    write()
    print(FILE)
