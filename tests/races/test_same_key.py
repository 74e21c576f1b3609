"""One Idempotency-Key, sent again and again at once: one order, one answer."""

from chalicelib.kernel import clock
from chalicelib.kernel.errors import IdempotencyMismatch
from chalicelib.orders.ending.service.cancelling import cancel
from chalicelib.orders.placing import service as placing
from chalicelib.orders.views.orders import OrderView
from tests.builders import Shop, made
from tests.conftest import Served
from tests.orders.store import Store
from tests.races.threads import all_at_once


def test_fifty_times_at_once_is_one_order_and_fifty_equal_answers(store: Store) -> None:
    campaign = store.publish(50, peak=4)
    store.member(0)
    answers = all_at_once(lambda _: OrderView.as_placed(store.place(campaign, 2)).model_dump_json(), range(50))
    assert len(set(answers)) == 1
    assert len(store.orders(campaign)) == 1
    store.check_stock(campaign)


def test_the_winner_of_the_last_unit_is_not_told_that_it_is_sold_out(store: Store) -> None:
    for round_ in range(5):
        campaign = store.publish(1)
        key = f"key-{round_}"
        store.member(0)
        ids = all_at_once(lambda _, c=campaign, k=key: store.place(c, 1, key=k).id, range(16))  # type: ignore[misc]
        assert len(set(ids)) == 1
        store.check_stock(campaign)


def test_two_bodies_under_one_key_at_once_are_one_order_and_a_refusal(store: Store) -> None:
    campaign = store.publish(50)
    store.member(0)

    def send(n: int) -> str:
        wish = store.wish(campaign, 1 + n % 2)
        try:
            return placing.place(store.tenant_id, store.member(), wish, "key", f"hash-{n % 2}", clock.now()).id
        except IdempotencyMismatch as refusal:
            return refusal.code

    results = all_at_once(send, range(20))
    assert results.count("idempotency_mismatch") == 10
    assert len(set(results)) == 2
    assert len(store.orders(campaign)) == 1
    store.check_stock(campaign)


def test_one_order_cancelled_by_many_at_once_gives_its_units_back_once(store: Store) -> None:
    campaign = store.publish(50)
    order = store.place(campaign, 3)
    tenant_id, member_id = store.tenant_id, store.member()
    answers = all_at_once(lambda _: cancel(tenant_id, member_id, order.id, clock.now()).cancelled_at, range(16))
    assert len(set(answers)) == 1
    assert store.free(campaign) == 50
    store.check_stock(campaign)


def test_fifty_times_at_once_over_http(server: Served, served_shop: Shop) -> None:
    shop = served_shop
    campaign, member = shop.open_campaign, shop.shopper
    replies = all_at_once(lambda _: shop.order(member, key="one", quantity=2, campaign=campaign), range(50))
    assert {reply.status for reply in replies} == {201}
    assert len({reply.text for reply in replies}) == 1
    assert len(made(shop.brand.get(f"/v1/orders?campaign_id={shop.campaign_id}"), 200)["items"]) == 1
