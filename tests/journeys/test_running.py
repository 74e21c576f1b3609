"""Members go through journeys: over HTTP on the engine, by the real queues and the sweep."""

from __future__ import annotations

from collections import Counter
from typing import Any

from infra.local.engine import Engine
from tests.builders import Shop, made
from tests.conftest import Drain, Sweep
from tests.coupons import shops as coupons
from tests.journeys.some import (
    TELL,
    agreed,
    arms,
    go_quiet,
    happens,
    journey,
    ordinal,
    results,
    says,
    turned,
    way,
    ways,
)


def told(engine: Engine) -> Counter[tuple[str, str]]:
    """To whom which message went, and how often."""
    return Counter((mail["to"], mail["subject"]) for mail in engine.mail() if mail["to"].startswith("member"))


def test_who_is_quiet_is_told_once_in_their_language(shop: Shop, engine: Engine, sweep: Sweep) -> None:
    of = journey(shop)
    english, chinese, refuses = agreed(shop), agreed(shop, "zh", name="小王"), shop.member()

    event = go_quiet(shop, english, chinese, refuses)
    go_quiet(shop, english, chinese, refuses, event_id=event)
    go_quiet(shop, english, chinese, refuses)
    sweep(2)

    brand = f"The {shop.slug}"
    assert told(engine) == {(english.email, f"Hello from {brand}"): 1, (chinese.email, "您好"): 1}
    (letter,) = [mail for mail in engine.mail() if mail["to"] == chinese.email]
    assert f"小王，{brand} 想念您" in letter["text"]
    assert "dear neighbour, come back" in next(m["text"] for m in engine.mail() if m["to"] == english.email)
    found = results(shop, of)
    assert found["entries"] == 3
    assert found["steps"] == [
        {"kind": "message", "reached": 3, "done": 2, "held": 1, "no": 0, "held_for": {"no_consent": 1}}
    ]
    assert arms(shop, of)["treated"] | {"revenue": None} == {
        "arm": "treated", "entered": 3, "reached": 2, "buyers": 0, "orders": 0, "revenue": None, "conversion": 0.0,
        "revenue_per_member_minor": 0.0,
    }  # fmt: skip
    (held,) = [each for each in ways(shop, of) if each["member_id"] == refuses.id]
    assert (held["state"], held["trail"][0]["outcome"], held["trail"][0]["why"]) == ("finished", "held", "no_consent")


def test_another_number_of_days_begins_nothing(shop: Shop, sweep: Sweep, engine: Engine) -> None:
    of = journey(shop)
    go_quiet(shop, agreed(shop), days=60)
    sweep()
    assert (results(shop, of)["entries"], told(engine)) == (0, Counter())


def test_coupon_points_wait_and_condition_are_gone_through_in_order(
    shop: Shop, engine: Engine, sweep: Sweep, clock: Any
) -> None:
    batch = coupons.batch(shop, kind="percent", percent_off="10")
    steps = [
        {"kind": "coupon", "batch_id": batch["id"]}, {"kind": "points", "points": 50}, says("First"),
        {"kind": "wait", "days": 3, "at": "10:00"},
        {"kind": "condition", "asks": "has_ordered", "is": False}, says("Second"),
    ]  # fmt: skip
    of = journey(shop, steps=steps)
    buyer, idle = agreed(shop), agreed(shop)
    go_quiet(shop, buyer, idle)
    sweep(2)
    assert [len(coupons.own(shop, each)) for each in (buyer, idle)] == [1, 1]
    points = made(shop.caller.call("GET", f"{shop.path}/me/points", token=buyer.token), 200)
    assert points["balance"] == 50
    assert told(engine) == {(buyer.email, "First"): 1, (idle.email, "First"): 1}

    made(shop.order(buyer))
    sweep()
    clock.advance(days=4)
    sweep(2)

    assert told(engine)[idle.email, "Second"] == 1
    assert told(engine)[buyer.email, "Second"] == 0
    assert (way(shop, buyer, of).state, way(shop, buyer, of).why) == ("left", "ordered")
    assert way(shop, idle, of).state == "finished"
    found = arms(shop, of)["treated"]
    assert (found["entered"], found["buyers"], found["orders"], found["revenue"]["amount_minor"]) == (2, 1, 1, 900)


def test_who_is_in_control_gets_nothing_whatever_is_changed_later(
    shop: Shop, engine: Engine, sweep: Sweep, clock: Any
) -> None:
    batch = coupons.batch(shop, kind="percent", percent_off="10")
    steps = [
        {"kind": "coupon", "batch_id": batch["id"]}, {"kind": "points", "points": 5}, TELL,
        {"kind": "staff_notice", "text": "Call {name}"}, {"kind": "wait", "days": 1}, says("Later"),
    ]  # fmt: skip
    of = journey(shop, steps=steps, control_share="50")
    members = [agreed(shop) for _ in range(8)]
    go_quiet(shop, *members)
    by_arm = {each.id: str(way(shop, each, of).arm) for each in members}
    assert set(by_arm.values()) == {"treated", "control"}

    made(shop.brand.patch(f"/v1/journeys/{of['id']}", {"control_share": "0"}), 200)
    turned(shop, of, "pause")
    turned(shop, of, "publish")
    turned(shop, of, "resume")
    go_quiet(shop, *members)  # who has entered does not enter again
    sweep(2)
    clock.advance(days=2)
    sweep(2)

    mailed = {to for to, _ in told(engine)}
    for member in members:
        treated = by_arm[member.id] == "treated"
        points = made(shop.caller.call("GET", f"{shop.path}/me/points", token=member.token), 200)["balance"]
        got = len(coupons.own(shop, member)), points, member.email in mailed
        assert got == ((1, 5, True) if treated else (0, 0, False))
    entered = made(shop.brand.get(f"/v1/journeys/{of['id']}/results?version=1"), 200)["arms"]
    assert {each["arm"]: each["entered"] for each in entered} == Counter(by_arm.values())
    assert {str(way(shop, each, of).version) for each in members} == {"1"}


def test_quiet_hours_and_caps_hold_across_journeys_and_the_third_leaves_when_the_window_opens(
    shop: Shop, engine: Engine, sweep: Sweep, clock: Any
) -> None:
    cap = {"most": 2, "days": 3}
    for subject in ("One", "Two", "Three"):
        journey(shop, steps=[says(subject)], cap=cap)
    member = agreed(shop)
    made(shop.brand.put("/v1/message-settings", {"caps": {"news": {"most": 20, "days": 1}}}), 200)
    go_quiet(shop, member)
    sweep(3)
    assert sum(told(engine).values()) == 2

    clock.advance(days=2, hours=23)
    sweep(2)
    assert sum(told(engine).values()) == 2
    clock.advance(hours=1, minutes=2)
    sweep(2)
    assert {subject for _, subject in told(engine)} == {"One", "Two", "Three"}
    assert sum(told(engine).values()) == 3


def test_a_message_waits_for_the_morning_and_who_has_withdrawn_by_then_gets_nothing(
    shop: Shop, engine: Engine, sweep: Sweep, clock: Any
) -> None:
    of = journey(shop, steps=[{"kind": "wait", "hours": 11}, TELL])
    stays, withdraws, blocked = agreed(shop), agreed(shop), agreed(shop)
    go_quiet(shop, stays, withdraws, blocked)
    clock.advance(hours=11, minutes=1)  # 23:01 in Shanghai
    sweep(2)
    assert told(engine) == Counter()
    gone = {"consent": {"marketing": False}}
    made(shop.caller.call("PATCH", f"{shop.path}/me", json=gone, token=withdraws.token), 200)
    made(shop.brand.patch(f"/v1/members/{blocked.id}", {"status": "blocked", "reason": "Rude"}), 200)
    clock.advance(hours=8, minutes=58)  # 07:59
    sweep(2)
    assert told(engine) == Counter()
    clock.advance(minutes=3)
    sweep(2)
    assert {to for to, _ in told(engine)} == {stays.email}
    assert (way(shop, blocked, of).state, way(shop, blocked, of).why) == ("left", "blocked")


def test_a_paused_journey_goes_on_where_it_was_held_and_an_ended_one_does_not(
    shop: Shop, engine: Engine, sweep: Sweep, clock: Any
) -> None:
    of = journey(shop, steps=[{"kind": "wait", "days": 1}, says("One"), {"kind": "wait", "days": 1}, says("Two")])
    member = agreed(shop)
    go_quiet(shop, member)
    turned(shop, of, "pause")
    clock.advance(days=3)
    sweep(2)
    go_quiet(shop, agreed(shop))
    assert (told(engine), len(ways(shop, of))) == (Counter(), 1)
    turned(shop, of, "resume")
    sweep(2)
    assert told(engine) == {(member.email, "One"): 1}
    turned(shop, of, "end")
    clock.advance(days=3)
    sweep(2)
    assert told(engine) == {(member.email, "One"): 1}
    assert (way(shop, member, of).state, way(shop, member, of).why) == ("left", "journey_ended")


def test_a_version_goes_on_as_it_was_for_who_is_inside(shop: Shop, engine: Engine, sweep: Sweep, clock: Any) -> None:
    of = journey(shop, steps=[{"kind": "wait", "days": 1}, says("Old")])
    inside, later = agreed(shop), agreed(shop)
    go_quiet(shop, inside)
    draft = made(shop.brand.patch(f"/v1/journeys/{of['id']}", {"steps": [says("New")]}), 200)
    assert (draft["draft"], draft["version"]) == (True, 1)
    assert turned(shop, of, "publish")["version"] == 2
    go_quiet(shop, later)
    clock.advance(days=1, hours=1)
    sweep(2)
    assert told(engine) == {(inside.email, "Old"): 1, (later.email, "New"): 1}


def test_who_may_enter_again_does_so_after_the_days_alone(shop: Shop, engine: Engine, sweep: Sweep, clock: Any) -> None:
    of = journey(shop, again_after_days=30)
    member = agreed(shop)
    for _ in range(2):
        go_quiet(shop, member)
        sweep()
    clock.advance(days=31)
    go_quiet(shop, member)
    sweep(2)
    found = results(shop, of)
    assert (found["entries"], arms(shop, of)["treated"]["entered"]) == (2, 1)
    assert sum(told(engine).values()) == 2
    assert [each["entry"] for each in ways(shop, of)] == [2, 1]


def test_everybody_enters_when_a_group_buy_opens(shop: Shop, engine: Engine, drain: Drain, sweep: Sweep) -> None:
    of = journey(shop, trigger={"kind": "campaign_opened"})
    members = [agreed(shop) for _ in range(3)]
    shop.campaign(title="Lychees")
    drain()
    sweep(2)
    assert {to for to, subject in told(engine) if subject.startswith("Hello")} == {each.email for each in members}
    assert results(shop, of)["entries"] >= 3


def test_other_beginnings(shop: Shop, sweep: Sweep, drain: Drain) -> None:
    member = agreed(shop)
    birthday = journey(shop, trigger={"kind": "birthday"})
    dormant = journey(shop, trigger={"kind": "class", "class": "dormant"})
    happens(shop, "member.birthday", member_id=member.id, on="2026-12-01")
    happens(shop, "members.class_changed", to="dormant", ordinals=[ordinal(shop, member)], on="2026-12-01")
    happens(shop, "members.class_changed", to="churned", ordinals=[ordinal(shop, agreed(shop))], on="2026-12-01")
    drain()
    joined = journey(shop, trigger={"kind": "joined"})
    agreed(shop)
    drain()
    assert [results(shop, each)["entries"] for each in (birthday, dormant, joined)] == [1, 1, 1]
