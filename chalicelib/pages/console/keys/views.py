"""How states and roles of API keys are said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chalicelib.pages.shell import N_


@dataclass(frozen=True, slots=True)
class Badge:
    """A state in a word, and its tone."""

    name: str
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Tick:
    """A role that a key can be given."""

    code: str
    name: str


STATES: Mapping[str, Badge] = {
    "active": Badge(N_("works"), "good"),
    "stopped": Badge(N_("stopped"), "bad"),
    "expired": Badge(N_("past its last day")),
}
TICKS: Sequence[Tick] = (
    Tick("owner", N_("Shop owner")),
    Tick("manager", N_("Manager")),
    Tick("editor", N_("Editor")),
    Tick("planner", N_("Planner")),
    Tick("service", N_("Customer service")),
    Tick("analyst", N_("Analyst")),
    Tick("technical", N_("Technical")),
)
