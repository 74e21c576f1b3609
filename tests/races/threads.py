"""Many threads that start together."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")


def all_at_once(act: Callable[[T], R], each: Sequence[T], threads: int = 16) -> list[R]:
    """Acts on each, in so many threads that start together; results in the order of ``each``."""
    start = threading.Barrier(min(threads, len(each)))
    first = threading.local()

    def after_the_start(one: T) -> R:
        if not getattr(first, "done", False):
            first.done = True
            start.wait(30)
        return act(one)

    contexts = [copy_context() for _ in each]
    with ThreadPoolExecutor(threads) as pool:
        futures = [pool.submit(context.run, after_the_start, one) for context, one in zip(contexts, each, strict=True)]
        return [future.result() for future in futures]
