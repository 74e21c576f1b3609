"""Feeds the product's functions all the time: a thread for each stream and queue, and one for the schedules."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from chalicelib.kernel import clock
from infra.local.pump import HandlerFailed, Pump
from infra.local.sources import QueueSource, Stream

log = logging.getLogger("local.work")

RETRY_SECONDS = 2
_POLL_SECONDS = 5.0
# Something is said to be ready and cannot be received: not to be asked for without a pause.
_EMPTY_HANDED_SECONDS = 0.1
# What is not finished by then is delivered again at the next start.
_STOP_SECONDS = 5.0
# After the clock was moved, what one sweep sets off may itself become due: sweep again, so many times at most.
_MOST_SWEEPS = 5
_QUIET_SECONDS = 30.0


class Runner:
    """Starts and stops the threads. `settle` runs the schedules at once."""

    def __init__(self, pump: Pump) -> None:
        self._pump = pump
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._settling = 0
        self._busy = 0
        self._changed = threading.Condition()
        self._schedules = threading.Lock()

    def start(self) -> None:
        """Begins to work; what became due while nothing ran is handled first."""
        loops: list[tuple[str, Callable[[], None]]] = [("schedules", self._run_schedules)]
        loops += [(stream.function, partial(self._run_stream, stream)) for stream in self._pump.streams]
        loops += [(source.function, partial(self._run_queue, source)) for source in self._pump.queues]
        for name, loop in loops:
            threading.Thread(target=loop, name=name, daemon=True).start()

    def stop(self) -> bool:
        """Begins nothing new and waits for the calls under way; False when some had to be left to a later delivery."""
        self._stop.set()
        self._wake.set()
        with self._changed:
            return self._changed.wait_for(lambda: not self._busy, _STOP_SECONDS)

    def settle(self) -> None:
        """Lets the schedules run now and again until nothing more becomes due. Returns at once; see `pending`."""
        with self._changed:
            self._settling += 1
        self._wake.set()

    def pending(self) -> dict[str, int]:
        """Counts of what waits or is being handled: `queues`, `streams`, `schedules`; without those that are zero."""
        waiting = self._pump.pending()
        streams = {stream.table for stream in self._pump.streams}
        # Only what a function works off: a queue that an earlier version had would never become quiet.
        queues = {source.queue.name for source in self._pump.queues}
        counts = {
            "queues": sum(n for name, n in waiting.items() if name in queues),
            "streams": sum(n for name, n in waiting.items() if name in streams),
            "schedules": self._settling,
        }
        return {name: count for name, count in counts.items() if count}

    def dead_letters(self) -> dict[str, int]:
        """What could not be handled, by dead-letter queue."""
        dead = self._pump.resources.dead_letter_names
        return {name: count for name, count in self._pump.pending().items() if name in dead}

    @contextmanager
    def _working(self) -> Iterator[bool]:
        """True inside unless stopping; `stop` waits for its end."""
        with self._changed:
            go = not self._stop.is_set()
            self._busy += go
        try:
            yield go
        finally:
            with self._changed:
                self._busy -= go
                self._changed.notify_all()

    def _forever(self, turn: Callable[[], float]) -> None:
        """Takes turns until stopped; a turn answers how long to pause. The engine may be away for a moment."""
        while not self._stop.is_set():
            try:
                pause = turn()
            except Exception:
                if not self._stop.is_set():
                    log.debug("waiting for the engine", exc_info=True)
                pause = 0.5
            if pause:
                self._stop.wait(pause)

    def _run_queue(self, source: QueueSource) -> None:
        def turn() -> float:
            work = self._pump.engine.work(_POLL_SECONDS, only=source.queue.name)
            if work["queues"].get(source.queue.name, {}).get("ready"):
                with self._working() as go:
                    if go and not self._pump.take_queue(source, RETRY_SECONDS):
                        return _EMPTY_HANDED_SECONDS
            return 0.0

        self._forever(turn)

    def _run_stream(self, stream: Stream) -> None:
        def turn() -> float:
            if self._pump.engine.work(_POLL_SECONDS, only=stream.table)["streams"]:
                with self._working() as go:
                    if go:
                        self._pump.take_stream(stream)
            return min(0.1 * 2**stream.failures, 5.0) if stream.failures else 0.0

        self._forever(turn)

    def _run_schedules(self) -> None:
        last: dict[str, int] = {}

        def turn() -> float:
            self._wake.clear()
            minute = int(clock.now().timestamp() // 60)
            for schedule in self._pump.schedules:
                if last.get(schedule.function) != minute // schedule.minutes:
                    last[schedule.function] = minute // schedule.minutes
                    self._run(schedule.function)
            self._settle()
            self._wake.wait(max(0.05, 60 - clock.now().timestamp() % 60))
            return 0.0

        self._forever(turn)

    def _settle(self) -> None:
        with self._changed:
            asked = self._settling
        if not asked:
            return
        for _ in range(_MOST_SWEEPS):
            for schedule in self._pump.schedules:
                self._run(schedule.function)
            if not self._worked_off():
                break
        with self._changed:
            self._settling -= asked

    def _run(self, function: str) -> None:
        schedule = next(each for each in self._pump.schedules if each.function == function)
        with self._working() as go:
            if go:
                try:
                    self._pump.run_schedule(schedule, clock.now())
                except HandlerFailed as fault:
                    log.error("%s", fault)

    def _worked_off(self) -> bool:
        """Waits until streams and queues are empty; False when they already were."""
        until, had_work = time.monotonic() + _QUIET_SECONDS, False
        while time.monotonic() < until and not self._stop.is_set():
            pending = self.pending()
            if not pending.get("queues") and not pending.get("streams"):
                break
            had_work = True
            self._stop.wait(0.02)
        return had_work
