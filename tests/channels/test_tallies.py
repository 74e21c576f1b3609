"""What came by a channel: followed links, and orders as they stand, each counted once whatever happens on the way."""

from __future__ import annotations

import itertools
import random

from chalicelib.channels.model import Brought, Via
from chalicelib.channels.service import count_orders, note_visit, tallies
from chalicelib.db import metered, tenant_scope
from chalicelib.kernel import clock
from chalicelib.kernel.ids import new_id
from tests.builders import Shop, made
from tests.conftest import Drain
from tests.faults import Faults, faults
from tests.orders.test_faults import _without_pauses, faulty_runs, repeated, requests_of
from tests.pages.test_links import channel, follow
from tests.pages.test_shopping import at_checkout, order_now, orders_of

__all__ = ["_without_pauses", "faults"]


def brought(shop: Shop, code: str) -> tuple[int, int, int]:
    """Visits, orders, and what was sold, as the brand reads it; the list says the same."""
    found = made(shop.brand.get(f"/v1/channels/{code}"), 200)
    (listed,) = (each for each in made(shop.brand.get("/v1/channels"), 200)["items"] if each["id"] == code)
    assert listed == found
    return found["visits"], found["orders"], found["sold"]["amount_minor"]


def counted(tenant_id: str, code: str) -> tuple[int, int]:
    (tally,) = tallies(tenant_id, [Via(channel_id=code)])
    return int(tally.orders or 0), int(tally.sold_minor or 0)


def test_a_channel_shows_who_followed_its_link_and_the_orders_as_they_stand(shop: Shop, shopper, drain: Drain) -> None:
    code, other = channel(shop), channel(shop, "Another")
    follow(shopper, code)
    follow(shopper, code, User_Agent="Googlebot/2.1")
    follow(shopper, "nobody")
    order_now(shopper, at_checkout(shopper, shop))
    drain()
    assert brought(shop, code) == (1, 1, 1800)
    assert brought(shop, other) == (0, 0, 0)

    [order] = orders_of(shop)
    made(shop.brand.post(f"/v1/orders/{order['id']}/cancel", {"reason": "They called"}), 200)
    drain()
    drain()

    assert brought(shop, code) == (1, 0, 0)


def test_another_brands_channel_counts_nothing_of_ours(shop: Shop, shopper, new_shop) -> None:
    other = new_shop()
    code = channel(other)

    follow(shopper, code)

    assert made(other.brand.get(f"/v1/channels/{code}"), 200)["visits"] == 0


def test_a_visit_that_cannot_be_counted_leads_on_all_the_same(shop: Shop, shopper, faults: Faults) -> None:
    code = channel(shop)
    follow(shopper, code)
    faults.arm(None)
    follow(shopper, code)
    writes = [at for at, operation in enumerate(faults.seen) if operation == "UpdateItem"]
    for kind in ("error_500", "connection_lost"):
        faults.arm(kind, writes[0], 8)
        assert follow(shopper, code).status == 303
    faults.arm(None)
    assert brought(shop, code)[0] == 2


def test_events_in_any_order_and_number_end_in_what_the_orders_are(shop: Shop) -> None:
    code = new_id(clock.now())
    states = [
        Brought(order, rev, code, sold) for order in ("a", "b", "c") for rev, sold in ((1, 900), (2, 1800), (3, None))
    ]
    last = [Brought("d", 1, code, 500), Brought("d", 2, code, 700)]
    with tenant_scope(shop.tenant_id):
        for seed in range(5):
            told = [*states, *last, *states]
            random.Random(seed).shuffle(told)
            for each in told:
                count_orders(shop.tenant_id, [each])
            assert counted(shop.tenant_id, code) == (1, 700)


def test_several_orders_of_a_batch_are_read_together(shop: Shop) -> None:
    code = new_id(clock.now())
    with tenant_scope(shop.tenant_id), metered() as cost:
        count_orders(shop.tenant_id, [Brought(f"o{n}", 1, code, 100) for n in range(20)])
        assert cost.reads == 1
        assert counted(shop.tenant_id, code) == (20, 2000)


def test_a_batch_adds_to_each_channel_once_for_many_orders(shop: Shop) -> None:
    first, second = new_id(clock.now()), new_id(clock.now())
    told = [Brought(f"m{n}", 1, first if n % 2 else second, 100) for n in range(60)]
    again = [Brought("m1", 3, first, None), Brought("m1", 2, first, 300)]
    with tenant_scope(shop.tenant_id):
        with metered() as cost:
            count_orders(shop.tenant_id, told)
        assert cost.writes == 2
        count_orders(shop.tenant_id, [*again, *told])
        assert (counted(shop.tenant_id, first), counted(shop.tenant_id, second)) == ((29, 2900), (30, 3000))


def test_counting_with_faults(shop: Shop, faults: Faults) -> None:
    faults.of("orders of a channel")
    code, numbers = new_id(clock.now()), itertools.count()

    def count(order_id: str) -> None:
        count_orders(shop.tenant_id, [Brought(order_id, 1, code, 100), Brought(f"{order_id}-not", 1, code, None)])

    with tenant_scope(shop.tenant_id):
        requests = requests_of(faults, lambda: count(f"o{next(numbers)}"))
        for _ in faulty_runs(faults, requests):
            order_id = f"o{next(numbers)}"
            repeated(faults, lambda: count(order_id))  # noqa: B023 - called at once
            faults.arm(None)
        done = next(numbers)
        assert counted(shop.tenant_id, code) == (done, 100 * done)


def test_links_of_members_are_counted_too(shop: Shop) -> None:
    via = Via(sharer_id=shop.shopper.id)
    with tenant_scope(shop.tenant_id):
        note_visit(shop.tenant_id, via)
        note_visit(shop.tenant_id, via)
        (tally,) = tallies(shop.tenant_id, [via])
    assert int(tally.visits or 0) == 2
