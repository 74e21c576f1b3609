"""What is said of experiments on the console. Pure."""

from collections.abc import Mapping

from chalicelib.pages.console.said import State
from chalicelib.pages.shell.words import N_

STATES: Mapping[str, State] = {
    "draft": State(N_("Draft"), "warn", N_("Nobody sees it before you start it.")),
    "running": State(N_("Running"), "good", N_("People are assigned as they come, and stay where they are.")),
    "stopped": State(N_("Stopped"), "", N_("Everybody sees the variant that was kept.")),
}

METRICS: Mapping[str, str] = {
    "conversion": N_("How many people order"),
    "revenue": N_("Sales by person"),
    "ratio": N_("Value of an order"),
    "retention": N_("How many people come back"),
}

METHODS: Mapping[str, str] = {
    "fixed": N_("One verdict, at the end"),
    "sequential": N_("A verdict whenever it is clear (needs about twice as many people)"),
}

GUARDS: Mapping[str, str] = {
    "complaints": N_("Complaints by person"),
    "refunds": N_("Given back by person"),
}

SHARES = ("conversion", "retention")
"""Metrics that are shares; the others are money."""

MOST_ARMS = 4
"""Rows of the form; the API takes six."""
