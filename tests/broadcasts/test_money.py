"""What happens to money and to teams reaches programs as well, and ends in what the API shows."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

from tests.broadcasts.conftest import Programs
from tests.builders import Shop, made
from tests.conftest import Clock, Drain, Sweep
from tests.payments.checkout import Checkout


def _paid(shop: Shop, campaign: Any, drain: Drain) -> tuple[Checkout, str]:
    """An order that is paid online, and its payment."""
    checkout = Checkout(shop, campaign)
    payment = str(made(checkout.start())["id"])
    checkout.pay(payment)
    assert checkout.notify(payment).status == 204
    drain()
    return checkout, payment


def _shown(shop: Shop, path: str) -> Any:
    """What whoever is shown no contacts reads."""
    key = made(shop.brand.post("/v1/api-keys", {"name": "figures", "scopes": ["analyst"]}))["secret"]
    return made(shop.brand.get(path, token=key), 200)


def test_a_team_that_fails_and_the_money_that_goes_back(
    shop: Shop, programs: Programs, clock: Clock, drain: Drain, sweep: Sweep
) -> None:
    # Given a team of two, which one member starts and pays for, and one that fills
    campaign = shop.campaign(kind="team_buy", team={"size": 2, "hours": 1}, payment_methods=["pickup", "test"])
    checkout, payment = _paid(shop, campaign, drain)
    first = made(shop.order(shop.member(), campaign=campaign))
    made(shop.order(shop.member(), campaign=campaign, team_id=first["team_id"]))

    # When the hour is over
    clock.advance(hours=1, seconds=1)
    sweep(3)

    # Then each thing was told once
    told = Counter(programs.types(shop.tenant_id))
    for name in ("team.filled", "team.failed", "payment.succeeded", "refund.requested", "refund.succeeded"):
        assert told[name] == 1, name
    assert told["order.placed"] == 3

    # And what programs hold of it is what the API shows
    def held(name: str, of: str) -> Any:
        return programs.states[shop.tenant_id, name, of][1]

    order = checkout.order["id"]
    (refund,) = _shown(shop, f"/v1/orders/{order}/refunds")["items"]
    assert held("refund", refund["id"]) == refund
    assert refund["status"] == "succeeded"
    assert held("payment", payment)["status"] == "succeeded"
    assert held("order", order) == _shown(shop, f"/v1/orders/{order}")
    teams = {each["id"]: each for each in _shown(shop, f"/v1/campaigns/{campaign['id']}/teams")["items"]}
    for team, status in ((first["team_id"], "filled"), (checkout.order["team_id"], "failed")):
        shown = held("team", team)
        assert shown["status"] == status == teams[team]["status"]
        assert shown["members"] == teams[team]["members"]


def test_a_cancelled_campaign_tells_of_its_refunds(
    shop: Shop, programs: Programs, clock: Clock, drain: Drain, sweep: Sweep
) -> None:
    campaign = shop.campaign(payment_methods=["pickup", "test"])
    _paid(shop, campaign, drain)
    made(shop.brand.post(f"/v1/campaigns/{campaign['id']}/cancel", {"reason": "Frost"}), 200)
    for _ in range(4):
        clock.advance(minutes=20)
        sweep()

    told = [each for each in programs.types(shop.tenant_id) if each.startswith("campaign.")]
    assert told == [f"campaign.{state}" for state in ("published", "opened", "cancelled", "refunding", "refunded")]
    assert programs.states[shop.tenant_id, "campaign", campaign["id"]][1] == _shown(
        shop, f"/v1/campaigns/{campaign['id']}"
    )


def test_a_missed_target_tells_that_the_campaign_goes_on(
    shop: Shop, programs: Programs, clock: Clock, sweep: Sweep
) -> None:
    target = {"measure": "quantity", "value": 5, "on_miss": "extend", "extend_hours": 2}
    campaign = shop.campaign(target=target, closes_in=timedelta(hours=1), opens_in=timedelta(minutes=10))
    for minutes in (11, 50, 121):
        clock.advance(minutes=minutes)
        sweep(2)

    told = [each for each in programs.types(shop.tenant_id) if each.startswith("campaign.")]
    states = ("published", "opened", "closed", "extended", "closed", "cancelled")
    assert told == [f"campaign.{state}" for state in states]
    assert programs.states[shop.tenant_id, "campaign", campaign["id"]][1]["status"] == "cancelled"
