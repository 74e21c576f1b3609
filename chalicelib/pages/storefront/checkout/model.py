"""Which coupon and points a member chose at the checkout. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

from chalicelib.kernel.ids import is_id
from chalicelib.kernel.money import MAX_MINOR


@dataclass(frozen=True, slots=True)
class Chosen:
    """The coupon by its id, or the ``best`` that there is; and so many points at most, or ``all_points`` that can be
    used.
    """

    coupon_id: str | None = None
    best: bool = True
    points: int = 0
    all_points: bool = False

    @classmethod
    def asked(cls, coupon: str | None, points: str | int | None) -> Self:
        """As an address says it: nobody has chosen yet where it says nothing."""
        coupon_id = coupon if coupon and is_id(coupon) else None
        number = points if isinstance(points, int) else 0
        return cls(coupon_id, coupon is None, number, points == "all")

    @classmethod
    def sent(cls, fields: Mapping[str, str]) -> Self:
        """As a form says it, whatever else is wrong with that. It names no coupon where there was none to choose. Who
        has just typed a number of points means that, whatever was chosen before: the page's script says so.
        """
        coupon, use = fields.get("coupon_id"), "some" if "_typed" in fields else fields.get("use_points", "")
        number = fields.get("points", "") if use == "some" else ""
        points = min(int(number), MAX_MINOR) if number.isdecimal() and len(number) < 16 else 0
        return cls.asked(coupon, "all" if use == "all" else points)

    @property
    def said(self) -> dict[str, str]:
        """As an address says it."""
        coupon = self.coupon_id or ("" if self.best else "none")
        points = "all" if self.all_points else str(self.points or "")
        return {name: value for name, value in (("coupon", coupon), ("points", points)) if value}
