"""`python -m infra.bench`: measures everything, prints the table, and fails when a goal is missed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator

from rich.progress import Progress

from infra.bench.figure import Figure, show
from infra.bench.stage import Stage, stage


def main() -> int:
    """0 when every goal is met."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", choices=sorted(_PARTS), help="measure this part alone")
    only = parser.parse_args().only
    found: list[Figure] = []
    with stage() as ready, Progress(transient=True) as progress:
        wanted = {name: part for name, part in _PARTS.items() if only in (None, name)}
        for name, part in progress.track(wanted.items(), description="Measuring"):
            progress.console.print(f"  {name}")
            found += part(ready)
    return 0 if show(found) else 1


def _orders(ready: Stage) -> Iterator[Figure]:
    from infra.bench import orders

    return orders.figures(ready)


def _means(ready: Stage) -> Iterator[Figure]:
    from infra.bench import means

    return means.figures(ready)


def _wake(ready: Stage) -> Iterator[Figure]:
    from infra.bench import wake

    return wake.figures(ready)


def _sustained(ready: Stage) -> Iterator[Figure]:
    from infra.bench import sustained

    return sustained.figures(ready)


def _changes(ready: Stage) -> Iterator[Figure]:
    from infra.bench import changes

    return changes.figures(ready)


def _payments(ready: Stage) -> Iterator[Figure]:
    from infra.bench import payments

    return payments.figures(ready)


def _engine(ready: Stage) -> Iterator[Figure]:
    from infra.bench import engine

    return engine.figures(ready)


def _rush(_: Stage) -> Iterator[Figure]:
    from infra.bench import rush

    return rush.figures()


def _routes(_: Stage) -> Iterator[Figure]:
    from infra.bench import routes

    return routes.figures()


def _pages(ready: Stage) -> Iterator[Figure]:
    from infra.bench import pages

    return pages.figures(ready)


def _browsing(ready: Stage) -> Iterator[Figure]:
    from infra.bench import browsing

    return browsing.figures(ready)


def _start(_: Stage) -> Iterator[Figure]:
    from infra.bench import start

    return start.figures()


def _first(ready: Stage) -> Iterator[Figure]:
    from infra.bench import first

    return first.figures(ready)


def _race(ready: Stage) -> Iterator[Figure]:
    from infra.bench import race

    return race.figures(ready)


def _nights(ready: Stage) -> Iterator[Figure]:
    from infra.bench import nights

    return nights.figures(ready)


def _cohorts(ready: Stage) -> Iterator[Figure]:
    from infra.bench import cohorts

    return cohorts.figures(ready)


def _nightly_span(ready: Stage) -> Iterator[Figure]:
    from infra.bench import nightly_span

    return nightly_span.figures(ready)


def _imports(ready: Stage) -> Iterator[Figure]:
    from infra.bench import imports

    return imports.figures(ready)


def _questions(_: Stage) -> Iterator[Figure]:
    from infra.bench import questions

    return questions.figures()


# The nights come first, while theirs is the only brand whose day can end.
_PARTS: dict[str, Callable[[Stage], Iterator[Figure]]] = {
    "nights": _nights,
    "nightly span": _nightly_span,
    "imports": _imports,
    "orders": _orders,
    "means": _means,
    "wake": _wake,
    "sustained": _sustained,
    "changes": _changes,
    "payments": _payments,
    "engine": _engine,
    "rush": _rush,
    "routes": _routes,
    "pages": _pages,
    "browsing": _browsing,
    "start": _start,
    "first": _first,
    "race": _race,
    "cohorts": _cohorts,
    "questions": _questions,
}

if __name__ == "__main__":
    sys.exit(main())
