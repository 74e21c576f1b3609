"""An import brings thousands of members: what follows from their joining is done for a batch, not for each."""

from __future__ import annotations

from dataclasses import replace

from chalicelib.coupons.events import joined as coupons_hear
from chalicelib.db import metered, tenant_scope
from chalicelib.journeys.events import joined as journeys_hear
from chalicelib.kernel import clock as product_clock
from chalicelib.messaging import Message
from tests.builders import Shop


def joining(shop: Shop, many: int) -> list[Message]:
    now = product_clock.now()
    members = [shop.member() for _ in range(many)]
    return [Message(each.id, "member.joined", shop.tenant_id, now, {"member_id": each.id}) for each in members]


def test_people_who_join_together_cost_one_read_of_members_and_one_of_journeys(shop: Shop) -> None:
    messages = joining(shop, 6)
    with tenant_scope(shop.tenant_id), metered() as meter:
        coupons_hear(messages, product_clock.now())
        journeys_hear(messages, product_clock.now())
    assert dict(meter.by_operation) == {"BatchGetItem": 1, "GetItem": 1}


def test_of_who_joins_without_an_email_no_mailbox_is_looked_at(shop: Shop) -> None:
    messages = [replace(each, data={**each.data, "email": False}) for each in joining(shop, 2)]
    with tenant_scope(shop.tenant_id), metered() as meter:
        coupons_hear(messages, product_clock.now())
    assert not meter.by_operation
