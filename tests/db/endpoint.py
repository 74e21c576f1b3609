"""Calls to an endpoint of the test's own, by the product's client or by one with botocore's transport."""

from botocore.session import get_session

from chalicelib.db import client as product
from chalicelib.db import key, tenant_scope
from tests.db.notes import OURS

TRIES = 3
"""How often botocore sends a request that fails, as the product's settings say."""

ITEM = b'{"Item": {"pk": {"S": "found"}}}'


def get(aws=None):
    """Reads an item; what DynamoDB answered."""
    wanted = {"pk": {"S": key(OURS, "book")}, "sk": {"S": "1"}}
    with tenant_scope(OURS):
        return (aws or product.connection().client).get_item(TableName="table", Key=wanted)


def botocores_own():
    """A client as ours, but for the transport."""
    return get_session().create_client("dynamodb", config=product._CONFIG)


def outcome(server, deeds, aws=None):
    """What becomes of a call: the item or the error, and how often the request was sent."""
    server.deeds.extend(deeds)
    before = len(server.received)
    try:
        found = get(aws)["Item"]["pk"]["S"]
    except Exception as error:  # noqa: BLE001 - its type is what is asked for
        found = type(error)
    server.deeds.clear()
    return found, len(server.received) - before
