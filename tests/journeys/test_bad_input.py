"""What is no journey is refused at its place, with what to do: as it is written, and as it is published."""

from __future__ import annotations

from typing import Any

import pytest

from tests.builders import Shop, made
from tests.coupons import shops as coupons
from tests.journeys.some import HELLO, TELL, asked, drafted, says

UNKNOWN = "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"
LONG = {"en": {"subject": "s" * 1_000, "text": "x"}}
EVIL = {"en": {"subject": "Hello {price}", "text": "x"}}


def step(**fields: Any) -> dict[str, Any]:
    return {"steps": [fields]}


def trigger(**fields: Any) -> dict[str, Any]:
    return {"trigger": fields}


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"colour": "red"}, "/colour"),
        ({"title": ""}, "/title"),
        ({"title": "x" * 1_000}, "/title"),
        ({"trigger": None}, "/trigger"),
        (trigger(), "/trigger/kind"),
        (trigger(kind="rain"), "/trigger/kind"),
        (trigger(kind="joined", colour="red"), "/trigger/colour"),
        (trigger(kind="joined", days=3), "/trigger/days"),
        (trigger(kind="quiet", tier="gold"), "/trigger/tier"),
        (trigger(kind="quiet", **{"class": "new"}), "/trigger/class"),
        (trigger(kind="quiet", segment_id=UNKNOWN), "/trigger/segment_id"),
        (trigger(kind="quiet", days=0), "/trigger/days"),
        (trigger(kind="quiet", days=366), "/trigger/days"),
        (trigger(kind="quiet", days="30"), "/trigger/days"),
        (trigger(kind="quiet", days=True), "/trigger/days"),
        (trigger(kind="quiet", days=1.5), "/trigger/days"),
        (trigger(kind="class", **{"class": "asleep"}), "/trigger/class"),
        (trigger(kind="tier_reached", tier="x" * 41), "/trigger/tier"),
        (trigger(kind="tier_reached", tier="a\nb"), "/trigger/tier"),
        (trigger(kind="segment_entered", segment_id="vip"), "/trigger/segment_id"),
        ({"steps": {}}, "/steps"),
        ({"steps": [TELL] * 21}, "/steps"),
        ({"steps": [TELL, "wait"]}, "/steps/1"),
        ({"steps": [[TELL]]}, "/steps/0"),
        (step(), "/steps/0/kind"),
        (step(kind="call"), "/steps/0/kind"),
        (step(kind="wait", minutes=3), "/steps/0/minutes"),
        (step(kind="wait", days=-1), "/steps/0/days"),
        (step(kind="wait", days=366), "/steps/0/days"),
        (step(kind="wait", hours=721), "/steps/0/hours"),
        (step(kind="wait", at="25:00"), "/steps/0/at"),
        (step(kind="wait", at="10"), "/steps/0/at"),
        (step(kind="wait", days=1, points=5), "/steps/0/points"),
        (step(kind="wait", days=1, **{"is": True}), "/steps/0/is"),
        (step(kind="condition"), "/steps/0/asks"),
        (step(kind="condition", asks="age"), "/steps/0/asks"),
        (step(kind="condition", asks="class", **{"class": "asleep"}), "/steps/0/class"),
        (step(kind="condition", asks="has_ordered", otherwise="stay"), "/steps/0/otherwise"),
        (step(kind="condition", asks="has_ordered", otherwise="skip", skip=0), "/steps/0/skip"),
        (step(kind="condition", asks="has_ordered", otherwise="skip", skip=21), "/steps/0/skip"),
        (step(kind="message"), "/steps/0/texts"),
        (step(kind="message", texts={}), "/steps/0/texts"),
        (step(kind="message", texts={"fr": HELLO["en"]}), "/steps/0/texts/fr"),
        (step(kind="message", texts={"en": {"subject": "x"}}), "/steps/0/texts/en/text"),
        (step(kind="message", texts=LONG), "/steps/0/texts/en/subject"),
        (step(kind="message", texts=EVIL), "/steps/0/texts/en/subject"),
        (step(kind="message", texts=HELLO, days=1), "/steps/0/days"),
        (step(kind="coupon"), "/steps/0/batch_id"),
        (step(kind="coupon", batch_id="ten"), "/steps/0/batch_id"),
        (step(kind="points"), "/steps/0/points"),
        (step(kind="points", points=0), "/steps/0/points"),
        (step(kind="points", points=1_000_001), "/steps/0/points"),
        (step(kind="staff_notice"), "/steps/0/text"),
        (step(kind="staff_notice", text="Call {phone}"), "/steps/0/text"),
        ({"quiet_hours": {"from": "22:00"}}, "/quiet_hours/to"),
        ({"quiet_hours": {"from": "22:00", "to": "22:00"}}, "/quiet_hours/to"),
        ({"cap": {"most": 0, "days": 1}}, "/cap/most"),
        ({"cap": {"most": 31, "days": 1}}, "/cap/most"),
        ({"cap": {"most": 1, "days": 91}}, "/cap/days"),
        ({"control_share": "100"}, "/control_share"),
        ({"control_share": "50.01"}, "/control_share"),
        ({"control_share": "-1"}, "/control_share"),
        ({"control_share": 20}, "/control_share"),
        ({"again_after_days": 0}, "/again_after_days"),
        ({"again_after_days": 3_651}, "/again_after_days"),
        ({"exit_on_purchase": "yes"}, "/exit_on_purchase"),
        ({"goal_days": 91}, "/goal_days"),
        ({"verdict_after": {"members": 19}}, "/verdict_after/members"),
        ({"verdict_after": {"days": 0}}, "/verdict_after/days"),
    ],
)  # fmt: skip
def test_what_is_no_journey_is_refused_at_its_place(shop: Shop, fields: dict[str, Any], pointer: str) -> None:
    refused = asked(shop, **fields)
    assert refused.status == 422, refused.text
    assert pointer in [each["pointer"] for each in refused.json["errors"]], refused.text
    assert all(each["message"] for each in refused.json["errors"])


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"steps": []}, "/steps"),
        ({"steps": [{"kind": "wait", "days": 1}]}, "/steps"),
        (trigger(kind="quiet"), "/trigger/days"),
        (trigger(kind="class"), "/trigger/class"),
        (trigger(kind="tier_reached"), "/trigger/tier"),
        (trigger(kind="tier_reached", tier="gold"), "/trigger/tier"),
        (trigger(kind="segment_entered"), "/trigger/segment_id"),
        ({"steps": [{"kind": "wait"}, TELL]}, "/steps/0"),
        ({"steps": [{"kind": "condition", "asks": "class"}, TELL]}, "/steps/0/class"),
        ({"steps": [{"kind": "condition", "asks": "has_ordered", "otherwise": "skip", "skip": 2}, TELL]},
         "/steps/0/skip"),
        ({"steps": [TELL, {"kind": "coupon", "batch_id": UNKNOWN}]}, "/steps/1/batch_id"),
    ],
)  # fmt: skip
def test_what_cannot_be_published_is_said_of_the_draft(shop: Shop, fields: dict[str, Any], pointer: str) -> None:
    draft = drafted(shop, **fields)
    refused = shop.brand.post(f"/v1/journeys/{draft['id']}/publish")
    assert (refused.status, refused.json["code"]) == (422, "journey_refused"), refused.text
    assert [each["pointer"] for each in refused.json["errors"]] == [pointer]
    assert made(shop.brand.get(f"/v1/journeys/{draft['id']}"), 200)["status"] == "draft"


def test_coupons_that_are_given_no_more_are_refused_and_every_fault_is_named(shop: Shop) -> None:
    batch = coupons.batch(shop, kind="percent", percent_off="10")
    made(shop.brand.patch(f"/v1/coupon-batches/{batch['id']}", {"status": "paused"}), 200)
    given = {"kind": "coupon", "batch_id": batch["id"]}
    draft = drafted(shop, steps=[given, says("Hello"), {"kind": "coupon", "batch_id": UNKNOWN}])
    refused = shop.brand.post(f"/v1/journeys/{draft['id']}/publish")
    assert [each["pointer"] for each in refused.json["errors"]] == ["/steps/0/batch_id", "/steps/2/batch_id"]


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("members?state=asleep", "?state"), ("members?arm=left", "?arm"), ("members?limit=0", "?limit"),
        ("results?version=0", "?version"), ("results?version=x", "?version"),
    ],
)  # fmt: skip
def test_what_is_no_filter_is_refused(shop: Shop, query: str, pointer: str) -> None:
    refused = shop.brand.get(f"/v1/journeys/{drafted(shop)['id']}/{query}")
    assert refused.status == 422, refused.text
    assert [each["pointer"] for each in refused.json["errors"]] == [pointer]
