"""What happens to a brand's team and to its leaders, step by step, as in ``stories``.

Mia manages and plans, Sam answers members, Teo keeps programs running; Olga owns the brand. Lea leads the first pickup
point and, in one story, a third; Lou the second.
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from unittest import mock

from chalicelib.db import tenant_scope
from chalicelib.kernel.errors import Conflict
from chalicelib.kernel.ids import new_id
from chalicelib.messaging.message import Message
from chalicelib.messaging.stuck import note_stuck
from chalicelib.payments.errors import KeysRefused, ProviderRefused
from chalicelib.payments.model import DisputeState
from chalicelib.payments.providers.test import TestProvider
from chalicelib.web.tokens import issue
from chalicelib.webhooks.model.attempts import Outcome
from chalicelib.webhooks.records import EndpointRecord
from chalicelib.webhooks.service.standings import note_outcome
from tests.builders import TOKEN_SECONDS, made
from tests.notices.told.stories import story
from tests.notices.told.world import ANN, BO, World


@story
def at_the_points_of_leaders(w: World) -> Iterator[str]:
    w.hire("mia", "manager", "planner")
    w.hire("sam", "service")
    w.staff(
        "PATCH", f"/v1/pickup-points/{w.other_point['id']}", {"leader_id": w.people["lou"].id, "commission_bps": 500}
    )
    third = w.shop.pickup_point(name="南门", leader_id=w.people["lea"].id)
    points = [w.point["id"], w.other_point["id"], third["id"], w.shop.pickup_point(name="北门")["id"]]
    expected_on = w.clock.now().date() + timedelta(days=4)
    terms = {"arrives_on": f"{expected_on}", "no_show": {"hours": 20, "action": "refund"}}
    campaign = w.campaign(pickup_point_ids=points, **terms)
    w.order(ANN, campaign)
    collected = w.order(BO, campaign, online=True, pickup_point_id=points[1])
    w.pay(BO, collected)
    last = w.order(ANN, campaign, 1, pickup_point_id=points[1])
    yield "ordered at the points of two leaders"
    w.close(campaign)
    yield "locked, and what was ordered at each point"
    w.staff("PATCH", f"/v1/campaigns/{campaign['id']}", {"arrives_on": f"{expected_on + timedelta(days=1)}"})
    yield "the goods are expected on another day"
    lines = [{"sku_id": w.shop.sku_id, "received": 4, "short": 1}]
    w.staff("POST", f"/v1/campaigns/{campaign['id']}/receipts", {"lines": lines}, 201)
    assert w.act(ANN, "GET", f"/orders/{last['id']}")["status"] in ("placed", "cancelled")
    yield "one unit never comes"
    advance = f"/v1/campaigns/{campaign['id']}/advance"
    w.staff("POST", advance, {"to": "received"})
    yield "the goods are with the brand"
    w.staff("POST", advance, {"to": "sorted"})
    yield "the goods are packed"
    w.staff("POST", advance, {"to": "at_pickup"})
    yield "the goods are at the points"
    w.hand_over(collected)
    yield "one collects"
    w.clock.advance(hours=21)
    yield "another does not"
    yield from _asked_back(w, collected)
    yield from _paid_out(w)


def _asked_back(w: World, order: Any) -> Iterator[str]:
    lines = [{"offer_id": order["lines"][0]["offer_id"], "quantity": 1}]
    body = {"kind": "return", "lines": lines, "reason": "碰伤了"}
    case = w.act(BO, "POST", f"/orders/{order['id']}/after-sales", body, 201)
    yield "one who collected asks to send a part back"
    w.clock.advance(hours=49)
    yield "nobody decides it"
    w.staff("POST", f"/v1/after-sales/{case['id']}/decision", {"outcome": "reject", "reason": "超过 48 小时"})
    yield "it is declined"


def _paid_out(w: World) -> Iterator[str]:
    w.clock.advance(days=17)
    w.heard(1)
    w.clock.advance(days=3)
    today = w.clock.now().date()
    period = {"from_on": f"{today - timedelta(days=40)}", "to_on": f"{today - timedelta(days=2)}"}
    lou = {"party": "leader", "party_id": w.people["lou"].id}
    frozen = w.staff("POST", "/v1/statements", period | lou, 201)
    w.staff("POST", f"/v1/statements/{frozen['id']}/pay", {"amount": w.shop.money(90)})
    yield "a leader is paid out"


@story
def campaigns_that_go_otherwise(w: World) -> Iterator[str]:
    w.hire("mia", "manager", "planner")
    target = {"measure": "quantity", "value": 50, "on_miss": "extend", "extend_hours": 24}
    campaign = w.campaign(target=target)
    w.order(ANN, campaign)
    yield "too few order"
    w.close(campaign)
    yield "the target is missed, and who plans hears of the second close"
    w.close(campaign)
    yield "the target is missed again, and who plans and leads hears that it is over"
    anyway = w.campaign(target=target | {"on_miss": "lock"})
    w.close(anyway)
    yield "the target is missed, and it takes place all the same"
    w.staff("POST", f"/v1/campaigns/{w.campaign()['id']}/cancel", {"reason": "霜冻"})
    yield "the brand cancels, and its leaders hear"
    made(w.shop.brand.post("/v1/campaign-series", {
        "title": "每日", "offers": [w.shop.offer()], "pickup_point_ids": [w.point["id"]], "hours_ahead": 24,
        "rule": {"every": "day", "opens": "20:00", "open_minutes": 60, "starts_on": f"{w.clock.now().date()}"},
    }))  # fmt: skip
    refused = Conflict("The goods are gone.", detail_zh="商品库存不足。")
    with mock.patch("chalicelib.campaigns.series.service.making.publish_campaign", side_effect=refused):
        w.clock.advance(minutes=1)
        yield "a series cannot publish its campaign"
    with mock.patch("chalicelib.campaigns.series.service.making.create_campaign", side_effect=refused):
        w.clock.advance(days=1)
        yield "a series cannot make its campaign"
    w.clock.advance(days=3)
    yield "a series was not looked at for days"


@story
def money_that_the_team_sees_to(w: World) -> Iterator[str]:
    w.hire("mia", "manager")
    w.hire("sam", "service")
    campaign = w.campaign(payment_methods=["test"])
    orders = [w.order(ANN, campaign, online=True) for _ in range(3)]
    payments = [w.pay(ANN, order) for order in orders]
    yield "paid three times over"
    _disputed(w, payments[0], DisputeState.OPEN)
    yield "a payment is disputed"
    _disputed(w, payments[0], DisputeState.WON)
    yield "the dispute is won"
    with mock.patch.object(TestProvider, "refund", side_effect=ProviderRefused("no", detail_zh="不")):
        w.cancel(ANN, orders[1])
        yield "the provider declines a refund, and the team hears"
    with mock.patch.object(TestProvider, "refund", side_effect=KeysRefused("no", detail_zh="不")):
        w.cancel(ANN, orders[2])
        w.queues.settle(1)
        w.clock.advance(minutes=6)
        yield "the provider refuses the keys"
    w.arrive(w.start(BO, w.order(BO, campaign, online=True)), 1_000)
    yield "another amount comes than was asked"


def _disputed(w: World, payment: str, state: DisputeState) -> None:
    with tenant_scope(w.shop.tenant_id):
        w.provider.dispute(payment, state, 1_800, 0)
    w.notify(payment, "disputed")


def _others_join(w: World) -> Iterator[str]:
    w.names("pia@other.example", "pia", "zh")
    other = {"name": "山货", "slug": f"{w.shop.slug}-too", "owner_email": "pia@other.example"}
    zone_and_money = {"timezone": w.shop.timezone, "currency": w.shop.currency, "locale": "zh"}
    made(w.shop.caller.call("POST", "/v1/tenants", json=other | zone_and_money))
    yield "another brand is signed up"
    w.names("uma@staff.example", "uma", "zh")
    hired = {"email": "uma@staff.example", "name": "Uma", "roles": ["technical", "analyst"]}
    uma = w.staff("POST", "/v1/staff", hired, 201)["id"]
    yield "somebody is put on the team"
    token = issue("staff", w.shop.tenant_id, w.shop.slug, uma, frozenset(), w.clock.now(), TOKEN_SECONDS)
    made(w.shop.brand.post("/v1/api-keys", {"name": "Scanner", "scopes": ["technical"]}, token=token))
    w.staff("PATCH", f"/v1/staff/{uma}", {"roles": ["analyst"]})
    yield "whoever keeps a key has fewer roles"


@story
def the_account_and_its_cases(w: World) -> Iterator[str]:
    w.hire("mia", "manager")
    w.hire("sam", "service")
    w.hire("teo", "technical")
    yield from _others_join(w)
    w.act(ANN, "POST", "/complaints", {"text": "late again"}, 201)
    yield "a member complains"
    w.clock.advance(hours=9)
    yield "nobody answers the complaint"
    w.clock.advance(hours=64)
    yield "nobody solves it either"
    (complaint,) = made(w.shop.brand.get("/v1/complaints"), 200)["items"]
    w.staff("POST", f"/v1/complaints/{complaint['id']}/resolve", {"outcome": "We send new ones.", "remedy": "sorry"})
    yield "the complaint is answered"
    w.act(ANN, "POST", "/enquiries", {"text": "Is the honey organic?"}, 201)
    yield "a member asks what no answer is known of"
    (enquiry,) = made(w.shop.brand.get("/v1/enquiries"), 200)["items"]
    w.staff("POST", f"/v1/enquiries/{enquiry['id']}/messages", {"text": "Yes, it is."}, 201)
    yield "the team answers the question"
    zoe = w.staff("POST", "/v1/staff", {"email": "zoe@staff.example", "name": "Zoe", "roles": ["technical"]}, 201)["id"]
    token = issue("staff", w.shop.tenant_id, w.shop.slug, zoe, frozenset(), w.clock.now(), TOKEN_SECONDS)
    made(w.shop.brand.post("/v1/api-keys", {"name": "Till", "scopes": ["technical"]}, token=token))
    w.staff("DELETE", f"/v1/staff/{zoe}", status=204)
    yield "somebody leaves whose key a program uses"
    hook = {"url": "https://hooks.example/in", "event_types": ["order.placed"]}
    endpoint = w.staff("POST", "/v1/webhook-endpoints", hook, 201)["id"]
    with tenant_scope(w.shop.tenant_id):
        found = EndpointRecord.fetch(*EndpointRecord.address(w.shop.tenant_id, endpoint), consistent=True)
        assert found is not None
        note_outcome(found, Outcome.answered(410, 5), w.clock.now(), w.clock.now())
    yield "a receiver of webhooks is gone"
    for what in ("order.placed", "order.cancelled"):
        note_stuck("orders", Message(new_id(w.clock.now()), what, w.shop.tenant_id, w.clock.now(), {}), w.clock.now())
    yield "work that failed every time lies among the dead letters"
