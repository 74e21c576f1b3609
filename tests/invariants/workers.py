"""The rules of the random runs that are about time and machines: clocks go on, messages come late, again, in any order,
or to a worker that fails.
"""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from chalicelib.kernel import clock
from tests.faults import KINDS, Faults
from tests.invariants.brand import Brand
from tests.invariants.queues import Queues

picks = st.integers(0, 999)
"""Which of the things there are: the remainder decides, so that every number is one of them."""


class Workers(RuleBasedStateMachine):
    """One brand on a ``product`` that the test sets up, and what happens to its queues."""

    product: ClassVar[Any]
    tried: ClassVar[Counter[str]] = Counter()
    """What all runs together were answered."""

    def __init__(self) -> None:
        super().__init__()
        self.product.begin()
        self.faults: Faults = self.product.faults
        self.queues = Queues(self.product.pump, self.faults)
        self.brand = Brand(self.product.api, self.faults)
        self.drained_at = 0

    def after(self, hours: int) -> None:
        """So much later everything has been worked off."""
        self._go_on(hours * 3600)
        self.queues.drain()

    def end(self) -> None:
        """The queues, the provider and the clock are as before."""
        self.queues.close()
        self.brand.provider.come_back()
        self.faults.arm(None)
        clock.set_offset(0)

    @rule(minutes=st.sampled_from([1, 6, 16, 61, 121, 60 * 25]))
    def time_passes(self, minutes: int) -> None:
        self._go_on(timedelta(minutes=minutes).total_seconds())

    def _go_on(self, seconds: float) -> None:
        clock.set_offset(clock.offset() + seconds)
        self.queues.sweep(clock.now())

    @rule(which=picks, kind=st.sampled_from(KINDS), at=st.integers(0, 8))
    def a_worker_fails(self, which: int, kind: Any, at: int) -> None:
        self.queues.collect()
        if self.queues.waiting:
            delivery = self.queues.waiting[which % len(self.queues.waiting)]
            if self.queues.deliver(delivery, kind, at):
                self.queues.waiting.remove(delivery)

    @rule(which=picks, fault=st.none() | st.tuples(st.sampled_from(KINDS), st.integers(0, 8)), twice=st.booleans())
    def a_batch_comes(self, which: int, fault: Any, twice: bool) -> None:
        """Ten messages of a queue at once, with one of them twice or a fault at one of its requests."""
        self.queues.collect()
        if self.queues.waiting:
            queue = self.queues.waiting[which % len(self.queues.waiting)].queue
            batch = [delivery for delivery in self.queues.waiting if delivery.queue == queue][:10]
            handled = self.queues.deliver_batch([*batch, batch[0]] if twice else batch, *(fault or (None, 0)))
            # One that came twice waits on where either copy failed.
            for delivery in batch:
                if handled.count(delivery) == (2 if twice and delivery is batch[0] else 1):
                    self.queues.waiting.remove(delivery)

    @rule(which=picks)
    def a_message_overtakes_others(self, which: int) -> None:
        self.queues.collect()
        if self.queues.waiting and self.queues.deliver(
            delivery := self.queues.waiting[which % len(self.queues.waiting)]
        ):
            self.queues.waiting.remove(delivery)

    @rule(which=picks)
    @precondition(lambda self: self.queues.delivered)
    def a_message_comes_again(self, which: int) -> None:
        self.queues.deliver(self.queues.delivered[which % len(self.queues.delivered)])

    @rule()
    @precondition(lambda self: self.brand.asked > self.drained_at or self.queues.waiting)
    def everything_is_worked_off(self) -> None:
        self.queues.drain()
        self.drained_at = self.brand.asked

    @invariant()
    def nothing_is_left_armed(self) -> None:
        assert self.faults.kind is None
