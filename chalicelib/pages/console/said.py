"""States as the team reads them, on every screen of the console. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class State:
    """A state in a word or two; what it means, or empty; and its tone: good, warn, bad or none."""

    name: str
    means: str = ""
    tone: str = ""
