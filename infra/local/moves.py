"""When the clock of the embedded stack was moved: what was sent before keeps the time at which it was sent."""

import time
from collections.abc import Sequence

Move = tuple[float, float]
"""The machine's time in epoch seconds, and by how many seconds the product's is ahead from then on."""

MOST_KEPT = 1000


class Moves:
    """The moves of the clock, the latest last. Before the first one known, it is taken to have stood as after it."""

    def __init__(self, kept: Sequence[Sequence[float]], offset: float) -> None:
        self.all: list[Move] = [(at, ahead) for at, ahead in kept] or [(0.0, offset)]

    def add(self, offset: float) -> None:
        """Notes a move at this moment; of very many the earliest are forgotten."""
        self.all = [*self.all, (time.time(), offset)][-MOST_KEPT:]

    def offset_at(self, at: float) -> float:
        """By how much the product's time was ahead of the machine's then."""
        return next((offset for since, offset in reversed(self.all) if since <= at), self.all[0][1])
