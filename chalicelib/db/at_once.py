"""Several requests at the same time, where none needs another's answer: they wait for the database together."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor, wait
from contextvars import copy_context
from typing import TypeVar

T = TypeVar("T")

_THREADS = 4
"""Beyond these a worker's one processor is the limit."""


def at_once(calls: Iterable[Callable[[], T]]) -> list[T]:
    """What each of these calls answers, in their order, each in the scope of the caller. Every call comes to its end;
    then the first failure is raised, if there was any.
    """
    waiting = list(calls)
    if len(waiting) < 2:
        return [call() for call in waiting]
    with ThreadPoolExecutor(min(_THREADS, len(waiting))) as pool:
        futures = [pool.submit(copy_context().run, call) for call in waiting]
        wait(futures)
    return [future.result() for future in futures]
