"""What the pages of pickup points take."""

from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import StringConstraints

from chalicelib.kernel.errors import Invalid
from chalicelib.web import Body, Query

Words = Annotated[str, StringConstraints(max_length=2_000)]
_BASIS_POINTS = 100


class PointForm(Body):
    """A pickup point as it is typed: the commission in percent, such as ``7.5``."""

    name: Words = ""
    address: Words = ""
    opening_hours: Words = ""
    commission_bps: Words = ""

    def point(self) -> dict[str, Any]:
        """As the API takes it. Raises Invalid for what is no percentage."""
        return {
            "name": self.name,
            "address": self.address,
            "opening_hours": self.opening_hours or None,
            "commission_bps": _basis_points(self.commission_bps),
        }


class LeaderForm(Body):
    """Who leads from now on; nobody where it is empty."""

    leader_id: Words = ""


class LeaderQuery(Query):
    """What a member is looked for by; empty asks for nobody."""

    q: Words = ""


def percent(basis_points: int) -> str:
    """``7.5`` of 750."""
    return f"{Decimal(basis_points) / _BASIS_POINTS:f}"


def _basis_points(typed: str) -> int:
    try:
        found = Decimal(typed.strip().rstrip("%").replace(",", ".") or "0") * _BASIS_POINTS
        whole = int(found) if found.is_finite() else None
    except InvalidOperation:
        whole = None
    if whole is None or whole != found or not 0 <= whole <= 100 * _BASIS_POINTS:
        raise Invalid.at(
            "/commission_bps",
            "Write a percentage from 0 to 100 with at most two decimals, such as 7.5.",
            "请填写 0 到 100 之间的百分比，最多两位小数，例如 7.5。",
        )
    return whole
