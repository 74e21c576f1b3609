"""What goes wrong between an exposure and a verdict, and what nobody may learn on the way."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.db import tenant_scope
from chalicelib.insight.experiments.model.tallies import Tally
from chalicelib.insight.experiments.records import RunningRecord
from chalicelib.insight.experiments.service import starting, uniting
from tests.builders import Shop, made
from tests.conftest import Clock
from tests.insight.experiments.conftest import ARMS, Trials, refused
from tests.insight.figures import Figures


def test_what_was_stopped_early_gets_no_verdict_once_its_day_has_come(trials: Trials, noon: None, clock: Clock) -> None:
    found = trials.running(horizon={"on": trials.in_days(5)})
    trials.counted(found["id"], [Tally(exposed=1_000, buyers=100), Tally(exposed=1_000, buyers=160)])
    made(trials.shop.brand.post(f"/v1/experiments/{found['id']}/stop"), 200)
    clock.advance(days=9)
    results = trials.results(found["id"])
    assert (results["verdict"], results["due"], results["p"]) == ("stopped_early", False, None)
    assert [each["mean"] for each in results["arms"]] == [None, None]


def test_who_could_not_come_back_before_it_was_stopped_is_never_compared(
    trials: Trials, noon: None, clock: Clock
) -> None:
    found = trials.running(metric="retention", method="sequential", return_days=3)
    trials.counted(found["id"], [Tally(exposed=200, returned=50)] * 2, trials.today - timedelta(days=9))
    trials.counted(found["id"], [Tally(exposed=200)] * 2, trials.today)
    made(trials.shop.brand.post(f"/v1/experiments/{found['id']}/stop"), 200)
    before = trials.results(found["id"])
    clock.advance(days=9)
    later = trials.results(found["id"])
    assert [each["compared"] for each in later["arms"]] == [200, 200]
    assert later["arms"] == before["arms"]


@pytest.mark.parametrize("method", ["sequential", "fixed"])
def test_of_a_few_people_no_figure_is_shown(trials: Trials, noon: None, clock: Clock, method: str) -> None:
    found = trials.running(metric="revenue", method=method, horizon={"on": trials.in_days(1)})
    one, many = Tally(1, 1, 0, 1, 1, 1_800, 1_800**2, 1_800), Tally(150, 5, 0, 5, 5, 3_000, 5 * 600**2, 3_000)
    trials.counted(found["id"], [one, many])
    clock.advance(days=1)
    arms = trials.results(found["id"])["arms"]
    assert (arms[0]["mean"], arms[0]["interval"]) == (None, None)
    assert arms[1]["mean"] == 20.0


def test_who_objects_is_counted_no_further_and_keeps_their_arm(trials: Trials) -> None:
    found, shop = trials.running(), trials.shop
    other = next(
        (visitor for visitor in (f"visitor-{n:04d}" for n in range(60)) if trials.sees(visitor=visitor) != "blue"), ""
    )
    arm = trials.sees(shop.shopper, visitor=other)
    before = trials.whole(found["id"])
    path = f"/v1/stores/{shop.slug}/me"
    made(shop.caller.call("PATCH", path, json={"consent": {"analytics": False}}, token=shop.shopper.token), 200)
    made(shop.order())
    trials.drain()
    assert trials.whole(found["id"]) == before
    assert made(trials.arm(shop.shopper), 200) == {"key": "button", "arm": arm, "counted": False}


def test_what_a_visitor_ordered_is_counted_though_the_worker_died_as_they_signed_in(
    trials: Trials, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = trials.running()
    trials.sees(visitor="visitor-0001")
    made(trials.shop.order())
    trials.drain()

    class Dead(Exception):
        pass

    def dies(*_: object) -> None:
        raise Dead

    with monkeypatch.context() as patched:
        patched.setattr(uniting, "count_orders_since", dies)
        assert trials.arm(trials.shop.shopper, visitor="visitor-0001").status == 500
    trials.sees(trials.shop.shopper, visitor="visitor-0001")
    assert trials.whole(found["id"]).buyers == 1


def test_an_experiment_is_found_by_its_key_and_id_in_its_own_brand_alone(
    trials: Trials, new_figures: Callable[..., Figures]
) -> None:
    found = trials.running()
    caller, other_shop = trials.shop.caller, new_figures().shop
    for name in (found["id"], "button"):
        path = f"/v1/stores/{other_shop.slug}/experiments/{name}?visitor_id=visitor-0001"
        assert caller.call("GET", path).status == 404
    for name in ("a%23b", "BUTTON", "b%20c", "%00", "é", "x" * 300):
        path = f"/v1/stores/{trials.shop.slug}/experiments/{name}?visitor_id=visitor-0001"
        assert caller.call("GET", path).status == 404, name
        assert trials.shop.brand.get(f"/v1/experiments/{name}/results").status == 404, name
    assert refused(trials.shop.brand.post(f"/v1/experiments/{found['id']}/stop?keep=Blue!")) == "?keep invalid"
    looks_like_an_id = trials.running("0" * 26, arms=ARMS)
    assert trials.sees(visitor="visitor-0001", key=looks_like_an_id["key"]) in ("grey", "blue")


def test_a_start_of_what_was_changed_meanwhile_is_told_so(trials: Trials, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starting, "has_orders", lambda *_: True)
    path = f"/v1/experiments/{made(trials.create())['id']}"
    looked_at = {"If-Match": trials.shop.brand.get(path).headers["ETag"]}
    assert trials.shop.brand.patch(path, {"title": "Another button"}).status == 200
    late = trials.shop.brand.post(f"{path}/start", headers=looked_at)
    assert (late.status, trials.shop.brand.get(path).json["status"]) == (412, "draft")


def test_of_two_that_start_at_once_both_run(trials: Trials, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = made(trials.create("first", in_shop=True)), made(trials.create("second"))
    runs, once = starting._runs, iter([second["id"]])

    def meanwhile(*args: Any) -> None:
        for other in once:
            assert trials.start(other).status == 200
        runs(*args)

    monkeypatch.setattr(starting, "has_orders", lambda *_: True)
    monkeypatch.setattr(starting, "_runs", meanwhile)
    assert trials.start(first["id"]).status == 200
    with tenant_scope(trials.tenant_id):
        running = RunningRecord.get(*RunningRecord.address(trials.tenant_id))
    assert (set(running.ids), running.in_shop) == ({first["id"], second["id"]}, [first["id"]])


@pytest.mark.parametrize(
    ("timezone", "begins"),
    [
        ("America/New_York", datetime(2027, 11, 8, 5, tzinfo=UTC)),  # the day after the one with 25 hours
        ("Pacific/Apia", datetime(2027, 11, 7, 11, tzinfo=UTC)),
    ],
)
def test_it_is_due_as_the_day_begins_where_the_brand_is(
    new_shop: Callable[..., Shop], drain: Callable[[], None], clock: Clock, timezone: str, begins: datetime
) -> None:
    clock.set(begins - timedelta(days=2))
    trials = Trials(new_shop(timezone=timezone), drain)
    found = trials.running(horizon={"on": "2027-11-08"})
    trials.counted(found["id"], [Tally(exposed=1_000, buyers=100), Tally(exposed=1_000, buyers=160)])
    clock.set(begins - timedelta(seconds=1))
    assert trials.results(found["id"])["verdict"] == "not_due"
    clock.set(begins)
    assert trials.results(found["id"])["verdict"] == "higher"


def test_what_is_cancelled_after_the_verdict_leaves_it_as_it_was_found(trials: Trials) -> None:
    found, shop = trials.running(metric="revenue", horizon={"sample": 2_001}), trials.shop
    trials.sees(shop.shopper)
    order = made(shop.order())
    trials.drain()
    many = [Tally(1_000, n, 0, n, n, 1_000 * n, 1_000_000 * n, 1_000 * n) for n in (100, 200)]
    trials.counted(found["id"], many)
    verdict = trials.results(found["id"])
    path = f"/v1/stores/{shop.slug}/orders/{order['id']}/cancel"
    made(shop.caller.call("POST", path, json={}, token=shop.shopper.token), 200)
    trials.drain()
    assert (verdict["verdict"], trials.whole(found["id"]).buyers) == ("higher", 300)
    assert trials.results(found["id"]) == verdict


def test_who_may_only_look_changes_nothing_and_a_member_sees_no_results(trials: Trials) -> None:
    found, shop = made(trials.create()), trials.shop
    path, caller = f"/v1/experiments/{found['id']}", shop.caller
    analyst, planner = shop.team_token("analyst"), shop.team_token("planner")
    assert caller.call("GET", f"{path}/plan", token=analyst).status == 200
    assert caller.call("POST", f"{path}/start", token=analyst).status == 403
    assert caller.call("PATCH", path, json={"title": "Mine"}, token=analyst).status == 403
    assert caller.call("PATCH", path, json={"title": "Ours"}, token=planner).status == 200
    assert caller.call("GET", path, token=shop.shopper.token).status in (401, 403)
    later = [made(trials.create(f"no-{n}"))["key"] for n in range(3)]
    page = made(shop.brand.get("/v1/experiments?status=draft&limit=2"), 200)
    assert [each["key"] for each in page["items"]] == later[:0:-1]
    rest = made(shop.brand.get(f"/v1/experiments?status=draft&limit=2&cursor={page['next_cursor']}"), 200)
    assert [each["key"] for each in rest["items"]] == ["no-0", "button"]
