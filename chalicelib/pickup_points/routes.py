"""Pickup points over HTTP."""

from chalicelib.kernel.errors import Stale
from chalicelib.pickup_points import service as pickup_points
from chalicelib.pickup_points.forms import NewPickupPoint, PickupPointChanges
from chalicelib.pickup_points.service import UnknownLeader
from chalicelib.pickup_points.views import PickupPointView
from chalicelib.web import Answer, Call, Paged, Router, staff

routes = Router(__name__)

PLANS = staff("manager", "planner")
LOOKS = staff("manager", "editor", "planner", "service", "analyst")


@routes.post(
    "/v1/pickup-points", allow=PLANS, body=NewPickupPoint, answer=PickupPointView, status=201, tag="pickup points",
    errors=(UnknownLeader,), summary="Add a pickup point",
)  # fmt: skip
def create_pickup_point(call: Call[NewPickupPoint]) -> Answer:
    point = pickup_points.create_pickup_point(call.tenant_id, call.body.details(), call.principal, call.now)
    return Answer(PickupPointView.of(point), etag=int(point.rev))


@routes.get(
    "/v1/pickup-points", allow=LOOKS, answer=PickupPointView, paged=True, tag="pickup points",
    summary="List pickup points, newest first",
)  # fmt: skip
def list_pickup_points(call: Call[None]) -> Paged:
    page = pickup_points.list_pickup_points(call.tenant_id, limit=call.limit, cursor=call.cursor)
    return Paged([PickupPointView.of(point) for point in page.items], page.last_key)


@routes.get(
    "/v1/pickup-points/{id}", allow=LOOKS, answer=PickupPointView, tag="pickup points", summary="Read a pickup point"
)
def read_pickup_point(call: Call[None]) -> Answer:
    point = pickup_points.get_pickup_point(call.tenant_id, call.path["id"])
    return Answer(PickupPointView.of(point), etag=int(point.rev))


@routes.patch(
    "/v1/pickup-points/{id}", allow=PLANS, body=PickupPointChanges, answer=PickupPointView, tag="pickup points",
    errors=(UnknownLeader, Stale), summary="Change a pickup point",
)  # fmt: skip
def edit_pickup_point(call: Call[PickupPointChanges]) -> Answer:
    point = pickup_points.edit_pickup_point(
        call.tenant_id, call.path["id"], call.body.details(), call.if_match, call.principal, call.now
    )
    return Answer(PickupPointView.of(point), etag=int(point.rev))
