"""A measured figure beside its goal, and the table of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """One line of the table. ``met`` None: there is no goal, the figure is told for comparison."""

    what: str
    goal: str
    measured: str
    met: bool | None
    how: str = ""


def at_most(what: str, most: float, measured: float, unit: str, how: str = "", digits: int = 0) -> Figure:
    """A figure that must not pass a bound."""
    return Figure(what, f"≤ {most:g} {unit}".strip(), f"{measured:.{digits}f} {unit}".strip(), measured <= most, how)


def at_least(what: str, least: float, measured: float, unit: str, how: str = "") -> Figure:
    """A figure that must reach a bound."""
    return Figure(what, f"≥ {least:g} {unit}".strip(), f"{measured:.0f} {unit}".strip(), measured >= least, how)


def exactly(what: str, goal: float, measured: float, unit: str = "", how: str = "") -> Figure:
    """A figure that must be this one."""
    return Figure(what, f"{goal:g} {unit}".strip(), f"{measured:g} {unit}".strip(), measured == goal, how)


def told(what: str, measured: str, how: str = "") -> Figure:
    """A figure without a goal."""
    return Figure(what, "", measured, None, how)


def show(figures: Iterable[Figure]) -> bool:
    """Prints the table; True when every goal is met."""
    table = Table(title="Numbers to reach", show_lines=True)
    for heading in ("what", "goal", "measured", "", "how it was measured"):
        table.add_column(heading, justify="right" if heading in ("goal", "measured") else "left")
    missed = 0
    for figure in figures:
        missed += figure.met is False
        verdict = {True: "[green]pass[/]", False: "[red]miss[/]", None: ""}[figure.met]
        table.add_row(figure.what, figure.goal, figure.measured, verdict, figure.how)
    console = Console(width=150)
    console.print(table)
    console.print("Every goal is met." if not missed else f"{missed} goal(s) missed.")
    return not missed
