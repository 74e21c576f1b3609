"""What the API shows of pickup points."""

from chalicelib.pickup_points.records import PickupPointRecord
from chalicelib.web import Instant, View


class PickupPointView(View):
    id: str
    name: str
    address: str
    leader_id: str | None
    opening_hours: str | None
    commission_bps: int
    created_at: Instant

    @classmethod
    def of(cls, point: PickupPointRecord) -> "PickupPointView":
        return cls(**point.place.as_json(), created_at=point.created_at)
