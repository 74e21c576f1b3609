"""A brand's webhook endpoints over HTTP."""

from chalicelib.kernel.errors import NotFound, Stale
from chalicelib.web import Answer, Call, Paged, Router, staff
from chalicelib.webhooks.errors import (
    EndpointIsDisabled,
    SecretUnreadable,
    TargetRefused,
    TooManyEndpoints,
    TooManySecrets,
    TooManyTests,
)
from chalicelib.webhooks.forms import DeliveryQuery, EndpointEdit, NewEndpoint, SecretRotation
from chalicelib.webhooks.model.catalogue import UnknownEventType
from chalicelib.webhooks.service import endpoints as service
from chalicelib.webhooks.service.log import deliveries, send_again
from chalicelib.webhooks.service.rotating import rotate
from chalicelib.webhooks.service.testing import send_test
from chalicelib.webhooks.views import AttemptView, DeliveryView, EndpointView, IssuedEndpointView

routes = Router(__name__)

_WHO = staff("manager", "technical")


@routes.post(
    "/v1/webhook-endpoints", allow=_WHO, body=NewEndpoint, answer=IssuedEndpointView, status=201, tag="webhooks",
    summary="Add a webhook endpoint; its secret is shown once",
    errors=(TargetRefused, UnknownEventType, TooManyEndpoints),
)  # fmt: skip
def add_endpoint(call: Call[NewEndpoint]) -> Answer:
    """Events go there from now on, signed as [Standard Webhooks](https://www.standardwebhooks.com) says: verify them
    with its libraries. Of events in short succession the later may come first: each carries the entity's `version`.
    """
    record, secret = service.add(call.tenant_id, call.body.wanted(), call.base_url, call.principal, call.now)
    return Answer(IssuedEndpointView.issued(record, secret, call.now), etag=int(record.rev))


@routes.get(
    "/v1/webhook-endpoints", allow=_WHO, answer=EndpointView, paged=True, tag="webhooks",
    summary="List the webhook endpoints",
)  # fmt: skip
def list_endpoints(call: Call[None]) -> Paged:
    page = service.listed(call.tenant_id, call.limit, call.cursor)
    standings = service.standings(call.tenant_id, [each.id for each in page.items])
    return Paged([EndpointView.of(each, standings[each.id], call.now) for each in page.items], page.last_key)


@routes.get(
    "/v1/webhook-endpoints/{id}", allow=_WHO, answer=EndpointView, tag="webhooks", errors=(NotFound,),
    summary="Read a webhook endpoint, without its secret",
)  # fmt: skip
def read_endpoint(call: Call[None]) -> Answer:
    found = service.read(call.tenant_id, call.path["id"])
    return Answer(EndpointView.of(found.record, found.standing, call.now), etag=int(found.record.rev))


@routes.patch(
    "/v1/webhook-endpoints/{id}", allow=_WHO, body=EndpointEdit, answer=EndpointView, tag="webhooks",
    summary="Change a webhook endpoint, or enable it again",
    errors=(NotFound, Stale, TargetRefused, UnknownEventType),
)  # fmt: skip
def change_endpoint(call: Call[EndpointEdit]) -> Answer:
    """What was given up while an endpoint was disabled is not sent by itself: send it again from its deliveries."""
    found = service.edit(
        call.tenant_id, call.path["id"], call.body.changes(), call.base_url, call.if_match, call.principal, call.now
    )
    return Answer(EndpointView.of(found.record, found.standing, call.now), etag=int(found.record.rev))


@routes.delete(
    "/v1/webhook-endpoints/{id}", allow=_WHO, status=204, tag="webhooks", errors=(NotFound, Stale),
    summary="Delete a webhook endpoint",
)  # fmt: skip
def delete_endpoint(call: Call[None]) -> None:
    service.remove(call.tenant_id, call.path["id"], call.if_match, call.principal, call.now)


@routes.post(
    "/v1/webhook-endpoints/{id}/rotate-secret", allow=_WHO, body=SecretRotation, answer=IssuedEndpointView,
    tag="webhooks", summary="Give a webhook endpoint a new secret, shown once",
    errors=(NotFound, Stale, TooManySecrets),
)  # fmt: skip
def rotate_secret(call: Call[SecretRotation]) -> Answer:
    """The secret in use signs beside the new one for `overlap_hours` more, a day unless you say otherwise. Should the
    answer be lost, rotate again.
    """
    overlap = call.body.overlap()
    record, secret = rotate(call.tenant_id, call.path["id"], overlap, call.if_match, call.principal, call.now)
    return Answer(IssuedEndpointView.issued(record, secret, call.now), etag=int(record.rev))


@routes.post(
    "/v1/webhook-endpoints/{id}/test", allow=_WHO, answer=AttemptView, tag="webhooks",
    summary="Send a test event to a webhook endpoint, at once", errors=(NotFound, TooManyTests, SecretUnreadable),
)  # fmt: skip
def test_endpoint(call: Call[None]) -> AttemptView:
    """The event is `webhook.test`; it is sent once, and the answer says what came of it."""
    return AttemptView.of(call.now, send_test(call.tenant_id, call.path["id"], call.now))


@routes.get(
    "/v1/webhook-endpoints/{id}/deliveries", allow=_WHO, query=DeliveryQuery, answer=DeliveryView, paged=True,
    tag="webhooks", summary="List what was sent to a webhook endpoint, newest first", errors=(NotFound,),
)  # fmt: skip
def list_deliveries(call: Call[None]) -> Paged:
    """Deliveries are kept for 30 days."""
    page = deliveries(call.tenant_id, call.path["id"], call.query.status, call.limit, call.cursor)
    return Paged([DeliveryView.of(each) for each in page.items], page.last_key)


@routes.post(
    "/v1/webhook-endpoints/{id}/deliveries/{delivery_id}/retry", allow=_WHO, answer=DeliveryView, status=202,
    tag="webhooks", summary="Send a delivery again", errors=(NotFound, EndpointIsDisabled),
)  # fmt: skip
def retry_delivery(call: Call[None]) -> DeliveryView:
    """The same body under the same `webhook-id`, in a moment; when that fails, it is tried as if it were new."""
    found = send_again(call.tenant_id, call.path["id"], call.path["delivery_id"], call.principal, call.now)
    return DeliveryView.of(found)
