"""What a state is said to be on the screens of the console."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class State:
    """A state in a word or two, and its tone: good, warn, bad or none."""

    name: str
    tone: str = ""
