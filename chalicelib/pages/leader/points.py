"""Which pickup point a page is about: the one that it names, or the only one that the member leads."""

from dataclasses import dataclass
from typing import Any

from chalicelib.fulfilment.leader.routes import OwnPoint, list_led_points
from chalicelib.fulfilment.leader.views import LedPointView
from chalicelib.kernel.errors import NotFound
from chalicelib.pages.shell import Page, Visit, ask

__all__ = ["LeadsNothing", "Led", "OwnPoint", "choosing", "led"]

_MOST = 100


class LeadsNothing(NotFound):
    """The page is for leaders."""

    title, title_zh = "This page is for leaders", "此页面供团长使用"


@dataclass(frozen=True, slots=True)
class Led:
    """The pickup points that a member leads; ``point`` is the one that is meant, None where it is to be chosen."""

    points: list[LedPointView]
    point: LedPointView | None

    @property
    def named(self) -> str:
        """The point as addresses name it; empty where there is only one."""
        return self.point.id if self.point and len(self.points) > 1 else ""


def led(visit: Visit[Any]) -> Led:
    """What the member leads at this moment. Raises LeadsNothing, and NotFound for a point of somebody else."""
    points: list[LedPointView] = list(ask(visit, list_led_points, limit=_MOST).items)
    if not points:
        raise LeadsNothing(
            "You lead no pickup point; the brand names the leader of each.",
            detail_zh="您目前不是任何自提点的团长；团长由商家指定。",
        )
    wanted = visit.fields.get("pickup_point_id") or (visit.query and visit.query.pickup_point_id)
    if not wanted:
        return Led(points, points[0] if len(points) == 1 else None)
    point = next((each for each in points if each.id == wanted), None)
    if point is None:
        raise NotFound(
            "You do not lead this pickup point; list those that you lead.",
            detail_zh="您不是该自提点的团长，请查看您负责的自提点列表。",
        )
    return Led(points, point)


def choosing(found: Led, path: str, place: str) -> Page:
    """Asks which pickup point is meant; each leads to the ``path``. ``place`` is the one of the bar below."""
    return Page("leader/choose.html", {"led": found, "path": path, "place": place})
