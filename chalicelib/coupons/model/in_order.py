"""A member's coupon as the order that has it keeps it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self

from chalicelib.kernel.clock import instant, parse_instant


@dataclass(frozen=True, slots=True)
class InOrder:
    """A coupon of a batch that takes ``amount_minor`` off an order, paid for by a ``part`` of the batch: all that is
    needed to change that, or to give the coupon back, without reading it. ``held`` while the order waits for its
    payment; ``remind_at`` is when its member is to be reminded of it, should it come back.
    """

    coupon_id: str
    batch_id: str
    part: int
    amount_minor: int
    held: bool = False
    remind_at: datetime | None = None

    def as_json(self) -> list[Any]:
        """As the order's record stores it; of what it does not have, nothing at the end."""
        stored = [self.coupon_id, self.batch_id, self.part, self.amount_minor]
        if self.remind_at is not None:
            return [*stored, int(self.held), instant(self.remind_at)]
        return [*stored, 1] if self.held else stored

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> Self:
        coupon_id, batch_id, part, amount_minor, *more = stored
        held = bool(more and more[0])
        return cls(coupon_id, batch_id, part, amount_minor, held, parse_instant(more[1]) if len(more) > 1 else None)
