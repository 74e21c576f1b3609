"""What a process remembers of what it has read: for up to a minute, by one clock."""

from collections.abc import Callable
from functools import lru_cache, update_wrapper
from time import monotonic
from typing import Generic, ParamSpec, TypeVar

SECONDS = 60

_forgetting: list[Callable[[], None]] = []

P = ParamSpec("P")
R = TypeVar("R")


class Remembered(Generic[P, R]):
    """A function whose answers are remembered. What it raises is not."""

    def __init__(self, asked: Callable[P, R], most: int) -> None:
        def in_minute(minute: int, *args: P.args, **kwargs: P.kwargs) -> R:
            return asked(*args, **kwargs)

        update_wrapper(self, asked)
        self._in_minute = lru_cache(maxsize=most)(in_minute)
        to_forget(self.forget)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        # No ParamSpec can say that its arguments are hashable.
        return self._in_minute(int(monotonic() // SECONDS), *args, **kwargs)  # type: ignore[arg-type]

    def forget(self) -> None:
        """Drops every answer: after a change by this process, and where tables are emptied under it."""
        self._in_minute.cache_clear()


def to_forget(drop: Callable[[], None]) -> None:
    """Has ``drop`` called by :func:`forget_everything`: for what a process remembers of tenants in other ways."""
    _forgetting.append(drop)


def forget_everything() -> None:
    """Drops all that was read from tables, where other content is put into them under a running process."""
    for drop in _forgetting:
        drop()


def for_a_minute(most: int) -> Callable[[Callable[P, R]], Remembered[P, R]]:
    """Has a process remember a function's answers until the minute of its clock ends, the ``most`` that were asked for
    last: a burst reads them once, and a change by another process counts after a minute at the latest.
    """
    return lambda asked: Remembered(asked, most)
