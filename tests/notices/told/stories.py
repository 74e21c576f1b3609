"""What happens to neighbours, step by step. Each step names the row of the table that says who hears what."""

from collections.abc import Callable, Iterator
from datetime import timedelta

from tests.notices.told.world import ANN, BO, NEIGHBOURS, World

Story = Callable[[World], Iterator[str]]
STORIES: list[Story] = []


def story(tale: Story) -> Story:
    """Puts it among those that are told."""
    STORIES.append(tale)
    return tale


@story
def paid_at_the_pickup_point(w: World) -> Iterator[str]:
    ladder = [{"from_quantity": 1, "price": w.shop.money(900)}, {"from_quantity": 5, "price": w.shop.money(800)}]
    campaign = w.campaign(kind="ladder", offers=[{"sku_id": w.shop.sku_id, "ladder": ladder, "quantity": 50}])
    orders = {who: w.order(who, campaign) for who in NEIGHBOURS}
    yield "placed, to be paid at the pickup point"
    for who, order in orders.items():
        w.change(who, order, 3)
    yield "changed by themselves"
    again = {who: w.order(who, campaign, 1) for who in NEIGHBOURS}
    yield "placed once more"
    for who, order in again.items():
        w.cancel(who, order)
    yield "cancelled by themselves, nothing paid"
    closes_at = w.clock.now() + timedelta(days=3)
    w.staff("PATCH", f"/v1/campaigns/{campaign['id']}", {"closes_at": f"{closes_at:%Y-%m-%dT%H:%M:%SZ}"})
    yield "the brand moves the close"
    w.close(campaign)
    yield "locked at a lower price, nothing paid"
    for who in (ANN, BO):
        line = {"offer_id": orders[who]["lines"][0]["offer_id"], "quantity": 1}
        lower = {"lines": [line], "reason": "少到了"}
        w.staff("POST", f"/v1/orders/{orders[who]['id']}/adjustments", lower)
    yield "cut by an adjustment, nothing paid"
    w.staff("POST", f"/v1/orders/{orders[BO]['id']}/move", {"pickup_point_id": w.other_point["id"], "reason": "修路"})
    yield "moved by the team"
    w.staff("POST", f"/v1/campaigns/{campaign['id']}/advance", {"to": "at_pickup", "everything_arrived": True})
    yield "ready"
    w.clock.advance(hours=47)
    yield "two days before it is too late"
    w.hand_over(orders[ANN])
    yield "collected"
    w.clock.advance(hours=2)
    yield "a day before it is too late"
    w.clock.advance(hours=25)
    yield "not collected, nothing paid"
