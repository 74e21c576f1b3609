"""Experiments over the API: set up, started, seen, counted, told and stopped."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.db import tenant_scope
from chalicelib.insight.experiments.model.tallies import Tally
from chalicelib.insight.experiments.service.counting import count_orders
from chalicelib.insight.experiments.service.exposing import Person, arm_of
from chalicelib.kernel import clock as product_clock
from chalicelib.members.linking.service.uniting import unite
from chalicelib.members.service.members import get_member
from tests.builders import made
from tests.conftest import Clock, Sweep
from tests.insight.experiments.conftest import ARMS, Trials, refused
from tests.insight.figures import data_file

EXACT = 1e-9
# Udacity's course on A/B testing: enrolments by clicks, and payments by clicks.
GROSS = ((3_785, 17_293), (3_423, 17_260))


def shares(*counts: tuple[int, int]) -> list[Tally]:
    return [Tally(exposed=n, buyers=hits) for hits, n in counts]


class TestSettingUp:
    def test_it_is_a_draft_that_nobody_sees_and_the_audit_says_who_did_what(self, trials: Trials) -> None:
        brand = trials.shop.brand
        found = made(trials.create(title="A blue button", smallest_effect="0.25"))
        path = f"/v1/experiments/{found['id']}"

        assert (found["status"], found["smallest_effect"]) == ("draft", "0.25")
        assert [each["share"] for each in found["arms"]] == ["0.5", "0.5"]
        assert trials.arm(visitor="visitor-0001").status == 404
        changed = made(brand.patch(path, {"metric": "revenue", "smallest_effect": None}), 200)
        assert (changed["metric"], changed["smallest_effect"]) == ("revenue", None)
        assert [each["key"] for each in made(brand.get("/v1/experiments?status=draft"), 200)["items"]] == ["button"]
        assert refused(trials.create(), 409) == " experiment_key_taken"
        assert refused(brand.get(f"{path}/results"), 409) == " experiment_not_running"
        assert refused(brand.post(f"{path}/stop"), 409) == " experiment_not_running"
        audited = made(brand.get(f"/v1/audit?target=experiment:{found['id']}"), 200)["items"]
        assert [each["action"] for each in audited] == ["experiment.changed", "experiment.created"]

    @pytest.mark.parametrize(
        ("fields", "field"),
        [
            ({"arms": [ARMS[0], {"name": "blue", "share": "0.4999"}]}, "/arms shares_do_not_sum"),
            ({"arms": ARMS[:1]}, "/arms invalid"),
            ({"arms": [ARMS[0], ARMS[0]]}, "/arms invalid"),
            ({"arms": [ARMS[0], {"name": "blue", "share": "1.5"}]}, "/arms/1/share invalid"),
            ({"arms": [ARMS[0], {"name": "blue", "share": "0.5", "tag": "nobody's"}]}, "/arms/1/tag unknown_tag"),
            ({"metric": "clicks"}, "/metric invalid"),
            ({"horizon": {}}, "/horizon invalid"),
            ({"horizon": {"sample": 12}}, "/horizon/sample too_few_for_test"),
            ({"horizon": {"on": "2020-01-01"}}, "/horizon/on horizon_passed"),
            ({"smallest_effect": "0"}, "/smallest_effect invalid"),
        ],
    )
    def test_what_nothing_can_come_of_is_refused_by_field(
        self, trials: Trials, fields: dict[str, Any], field: str
    ) -> None:
        assert refused(trials.create(**fields)) == field

    def test_twelve_members_are_told_how_many_it_takes(self, trials: Trials) -> None:
        said = trials.create(horizon={"sample": 12}).json["errors"][0]["message"]
        assert said == (
            "12 people are too few: chance alone would decide. This test needs 248; "
            "ask for so many, or look for a larger effect."
        )

    def test_nothing_starts_where_no_order_was_ever_recorded_or_too_few_may_come(self, trials: Trials) -> None:
        found = made(trials.create())
        by_day = made(trials.create("by-day", horizon={"on": trials.in_days(30)}))
        assert refused(trials.start(found["id"])) == "/metric metric_not_logged"
        made(trials.shop.order())
        trials.drain()
        assert made(trials.start(found["id"]), 200)["status"] == "running"
        assert refused(trials.start(by_day["id"])) == "/horizon/on too_few_for_test"

    def test_arms_and_shares_stay_once_it_has_started(self, trials: Trials) -> None:
        found = trials.running()
        path = f"/v1/experiments/{found['id']}"
        three = [{"name": name, "share": share} for name, share in (("a", "0.3"), ("b", "0.3"), ("c", "0.4"))]
        for changes in (
            {"arms": three},
            {"metric": "revenue"},
            {"horizon": {"sample": 9_000}},
            {"method": "sequential"},
        ):
            assert refused(trials.shop.brand.patch(path, changes), 409) == " experiment_started"
        assert made(trials.shop.brand.patch(path, {"title": "Again"}), 200)["title"] == "Again"
        assert made(trials.start(found["id"]), 200)["status"] == "running"


class TestSeeing:
    def test_everybody_keeps_their_arm_and_is_counted_once(self, trials: Trials) -> None:
        found = trials.running()
        people = [f"visitor-{number:04d}" for number in range(30)]
        first = [trials.sees(visitor=each) for each in people]

        assert [trials.sees(visitor=each) for each in people] == first
        assert set(first) == {"grey", "blue"}
        arms = trials.results(found["id"])["arms"]
        assert {each["name"]: each["exposed"] for each in arms} == {name: first.count(name) for name in set(first)}
        assert refused(trials.arm()) == "?visitor_id invalid"

    def test_a_visitor_who_signs_in_keeps_their_arm_and_counts_once_with_what_they_ordered(
        self, trials: Trials
    ) -> None:
        found, shopper = trials.running(method="sequential"), trials.shop.shopper
        seen = trials.sees(visitor="visitor-0001")
        made(trials.shop.order())
        trials.drain()
        assert trials.sees(shopper, visitor="visitor-0001") == seen
        assert trials.sees(shopper) == seen
        assert trials.sees(visitor="visitor-0001") == seen
        results = trials.results(found["id"])
        assert (results["exposed"], results["in_two_arms"]) == (1, 0)
        assert (trials.whole(found["id"]).exposed, trials.whole(found["id"]).buyers) == (1, 1)

    def test_who_was_in_two_arms_counts_in_neither_and_there_is_no_verdict(self, trials: Trials) -> None:
        found, shopper = trials.running(method="sequential"), trials.shop.shopper
        own = trials.sees(shopper)
        other = next(
            each for each in (f"visitor-{n:04d}" for n in range(99)) if trials.sees(visitor=each) != own
        )  # fmt: skip
        exposed = trials.results(found["id"])["exposed"]
        asked = made(trials.arm(shopper, visitor=other), 200)
        trials.counted(found["id"], shares((100, 1_000), (300, 1_000)))
        results = trials.results(found["id"])

        assert (asked["arm"], asked["counted"]) == (own, False)
        assert (results["in_two_arms"], results["exposed"]) == (1, exposed - 1 + 2_000)
        assert sum(each["exposed"] for each in results["arms"]) == exposed - 2 + 2_000
        assert (results["verdict"], results["verdict_arm"]) == ("in_two_arms", None)
        assert results["sentence"] == "No verdict: people were in two variants, and are counted in none: 1."

    def test_members_who_are_one_person_count_once(self, trials: Trials, imported: str) -> None:
        found, shopper = trials.running(method="sequential"), trials.shop.shopper
        now = product_clock.now()
        with tenant_scope(trials.tenant_id):
            first = arm_of(trials.tenant_id, "button", Person(imported), now).arm
            own = trials.sees(shopper)
            ordinal = int(get_member(trials.tenant_id, shopper.id).ordinal)
            assert trials.results(found["id"])["exposed"] == 2
            assert unite(trials.tenant_id, 0, ordinal, now)
        trials.drain()
        results = trials.results(found["id"])
        assert (results["exposed"], results["in_two_arms"]) == (1, int(own != first))

    def test_who_does_not_want_to_be_counted_sees_an_arm_and_is_not(self, trials: Trials) -> None:
        found, shopper = trials.running(), trials.shop.shopper
        said = {"consent": {"analytics": False}}
        made(trials.shop.caller.call("PATCH", f"/v1/stores/{trials.shop.slug}/me", json=said, token=shopper.token), 200)
        asked = made(trials.arm(shopper), 200)
        robot = made(trials.arm(visitor="visitor-0001", agent="Googlebot/2.1"), 200)

        assert not asked["counted"]
        assert not robot["counted"]
        assert trials.results(found["id"])["exposed"] == 0

    def test_what_an_arm_is_for_is_for_its_members_at_once(self, trials: Trials) -> None:
        brand = trials.shop.brand
        made(brand.post("/v1/tags", {"tag": "blue ones"}))
        rule = {"field": "tags", "op": "any_of", "value": ["blue ones"]}
        segment = made(brand.post("/v1/segments", {"title": "Blue", "rule": rule}))
        arms = [ARMS[0], ARMS[1] | {"tag": "blue ones"}]
        trials.running(arms=arms)
        week = {"starts_at": "2020-06-01T00:00:00Z", "ends_at": "2999-06-08T00:00:00Z"}
        promotion = {
            "title": "Blue days", "kind": "timed_price", "terms": {"percent_off": "10"},
            "audience": {"segment_ids": [segment["id"]]},
        }  # fmt: skip
        published = made(brand.post("/v1/promotions", promotion | week))
        made(brand.post(f"/v1/promotions/{published['id']}/publish"), 200)
        people = [trials.shop.member(f"one{n}@people.example") for n in range(8)]
        seen = [trials.sees(each) for each in people]
        totals = {}
        for each, arm in zip(people, seen, strict=True):
            totals.setdefault(arm, set()).add(made(trials.shop.order(each))["totals"]["total"]["amount_minor"])

        assert {arm: sorted(each) for arm, each in totals.items()} == {"grey": [900], "blue": [810]}
        assert brand.call("DELETE", "/v1/tags/blue%20ones").status == 409


class TestTelling:
    def test_orders_count_for_who_was_exposed_before_and_as_they_stand(self, trials: Trials) -> None:
        shop = trials.shop
        found = trials.running(metric="revenue", method="sequential")
        made(shop.order())  # before the exposure
        trials.sees(shop.shopper)
        order = made(shop.order(quantity=2))
        trials.drain()
        trials.drain()

        assert trials.whole(found["id"]).revenue_minor == 1_800
        with tenant_scope(trials.tenant_id):  # told of again
            count_orders(trials.tenant_id, [order["id"], order["id"]])
        complaint = {"text": "The eggs were broken."}
        made(shop.caller.call("POST", f"{shop.path}/complaints", json=complaint, token=shop.shopper.token))
        trials.drain()
        assert trials.whole(found["id"]) == Tally(1, 1, 0, 1, 1, 1_800, 1_800**2, 1_800, 0, 0, 1, 1)
        path = f"/v1/stores/{shop.slug}/orders/{order['id']}/cancel"
        made(shop.caller.call("POST", path, json={}, token=shop.shopper.token), 200)
        trials.drain()
        assert trials.whole(found["id"]).revenue_minor == 0

    def test_before_it_is_due_nothing_is_told_but_how_many_have_come(self, trials: Trials) -> None:
        found = trials.running(horizon={"sample": 40_000})
        trials.counted(found["id"], shares(*GROSS))
        results = trials.results(found["id"])

        assert (results["verdict"], results["due"], results["exposed"]) == ("not_due", False, 34_553)
        hidden = ("difference", "relative", "z", "p", "interval", "overall", "verdict_arm")
        assert [results[name] for name in hidden] == [None] * 7
        assert (results["comparisons"], [each["mean"] for each in results["arms"]]) == ([], [None, None])
        assert results["sentence"].startswith("Not due until 40,000 people have been exposed; 34,553 have.")
        stopped = made(trials.shop.brand.post(f"/v1/experiments/{found['id']}/stop?keep=blue"), 200)
        assert stopped["keep"] == "blue"
        assert refused(trials.shop.brand.post(f"/v1/experiments/{found['id']}/stop?keep=red")) == "?keep invalid"
        assert trials.results(found["id"])["verdict"] == "stopped_early"
        assert trials.sees(visitor="visitor-0001") == "blue"

    def test_once_due_it_tells_what_the_reference_says_and_stays_as_it_was_found(self, trials: Trials) -> None:
        found = trials.running(horizon={"sample": 34_553})
        trials.counted(found["id"], shares(*GROSS))
        results = trials.results(found["id"])

        assert (results["verdict"], results["verdict_arm"]) == ("lower", "blue")
        assert results["z"] == pytest.approx(-4.701830023753982, abs=EXACT)
        assert results["p"] == pytest.approx(2.5784010337206023e-06, abs=EXACT)
        assert results["interval"]["low"] == pytest.approx(-0.029120162415982465, abs=EXACT)
        assert results["interval"]["high"] == pytest.approx(-0.011989586744740665, abs=EXACT)
        trials.counted(found["id"], shares((0, 1_000), (1_000, 1_000)))
        assert trials.results(found["id"]) == results

    def test_by_a_day_it_is_due_as_that_day_begins_and_is_found_without_anybody_looking(
        self, trials: Trials, noon: None, clock: Clock, sweep: Sweep
    ) -> None:
        found = trials.running("by-day", horizon={"on": trials.in_days(2)}, arms=ARMS)
        trials.counted(found["id"], shares((100, 1_000), (160, 1_000)))
        assert trials.results(found["id"])["verdict"] == "not_due"
        clock.advance(days=2)
        sweep()
        results = trials.results(found["id"], **{"Accept-Language": "zh"})
        assert (results["verdict"], results["found_on"]) == ("higher", trials.today.isoformat())
        assert results["sentence"] == "blue 的下单人数占比比 grey 更高，不能以偶然解释。"

    def test_arms_that_are_not_of_their_shares_get_no_verdict(self, trials: Trials) -> None:
        broken = trials.running(horizon={"sample": 10_000})
        trials.counted(broken["id"], shares((400, 5_300), (600, 4_700)))
        results = trials.results(broken["id"])
        assert (results["verdict"], results["ratio_check"]["ok"], results["p"]) == ("mixed_up", False, None)
        uneven = [{"name": "grey", "share": "0.95"}, {"name": "blue", "share": "0.05"}]
        sound = trials.running("uneven", horizon={"sample": 10_000}, arms=uneven)
        trials.counted(sound["id"], shares((950, 9_500), (90, 500)))
        results = trials.results(sound["id"])
        assert (results["verdict"], results["ratio_check"]) == ("higher", {"chi_square": 0.0, "p": 1.0, "ok": True})

    def test_a_sequential_one_may_be_looked_at_and_says_so(self, trials: Trials) -> None:
        found = trials.running(method="sequential", horizon={"sample": 20_000})
        trials.counted(found["id"], shares((50, 1_000), (60, 1_000)))
        early = trials.results(found["id"])
        assert (early["verdict"], early["z"]) == ("unclear", None)
        assert early["p"] > 0.05
        assert early["interval"]["low"] < 0 < early["interval"]["high"]
        trials.counted(found["id"], shares((500, 9_000), (800, 9_000)))
        assert trials.results(found["id"])["verdict"] == "higher"

    def test_three_arms_are_each_compared_with_the_first(self, trials: Trials) -> None:
        arms = [{"name": name, "share": share} for name, share in (("a", "0.3"), ("b", "0.3"), ("c", "0.4"))]
        found = trials.running(arms=arms, horizon={"sample": 10_000})
        trials.counted(found["id"], shares((300, 3_000), (310, 3_000), (600, 4_000)))
        results = trials.results(found["id"])
        assert (results["verdict"], results["verdict_arm"], results["p"]) == ("higher", "c", None)
        assert [each["finding"] for each in results["comparisons"]] == ["unclear", "higher"]
        assert not results["overall"]["ok"]

    def test_money_and_coming_back_and_what_must_not_become_worse(self, trials: Trials) -> None:
        # A hundred order twice, two hundred once, at 1,000 or at 1,300 an order, give or take 300 a member.
        tallies = [
            Tally(exposed=1_000, buyers=300, orders=400, orders_squares=600, revenue_minor=400_000,
                  revenue_squares=627_000_000, revenue_by_orders=600_000, returned=100),
            Tally(exposed=1_000, buyers=300, orders=400, orders_squares=600, revenue_minor=520_000,
                  revenue_squares=1_041_000_000, revenue_by_orders=780_000, returned=160, complaints=60,
                  complaints_squares=60),
        ]  # fmt: skip
        for metric, difference in (("revenue", 120.0), ("ratio", 300.0), ("retention", 0.06)):
            found = trials.running(metric, metric=metric, horizon={"sample": 2_000})
            trials.counted(found["id"], tallies, trials.today - timedelta(days=8))
            results = trials.results(found["id"])
            assert results["difference"] == pytest.approx(difference), metric
            assert results["verdict"] == "higher", metric
            worse = {each["name"]: each["worse"] for each in results["guards"]}
            assert worse == {"complaints": True}, metric
            assert "more complaints or refunds" in results["sentence"]

    def test_who_was_exposed_lately_is_not_asked_whether_they_came_back(self, trials: Trials) -> None:
        found = trials.running(metric="retention", method="sequential", return_days=3)
        tallies = [Tally(exposed=200, returned=50), Tally(exposed=200, returned=60)]
        trials.counted(found["id"], tallies, trials.today - timedelta(days=4))
        trials.counted(found["id"], tallies, trials.today - timedelta(days=3))
        assert [each["compared"] for each in trials.results(found["id"])["arms"]] == [200, 200]
        assert [each["exposed"] for each in trials.results(found["id"])["arms"]] == [400, 400]
        fixed = trials.running("fixed", metric="retention", return_days=3, horizon={"sample": 500})
        trials.counted(fixed["id"], tallies, trials.today - timedelta(days=3))
        trials.counted(fixed["id"], tallies, trials.today - timedelta(days=4))
        said = trials.results(fixed["id"])
        assert (said["verdict"], said["exposed"]) == ("not_due", 800)
        assert said["sentence"].startswith("Not due until 500 people were exposed more than 3 days ago; 400 were.")
        soon = trials.create("soon", metric="retention", horizon={"on": trials.in_days(7)})
        assert refused(soon) == "/horizon/on horizon_passed"


def test_every_worked_example_of_the_data_comes_out_the_same_through_the_product(trials: Trials) -> None:
    known = json.loads(data_file("experiments.json").read_text())
    for name in ("gross_conversion", "net_conversion", "ctp"):
        case = known["udacity"][name]
        counted = shares((case["x_a"], case["n_a"]), (case["x_b"], case["n_b"]))
        found = trials.running(name.replace("_", "-"), horizon={"sample": case["n_a"] + case["n_b"]})
        trials.counted(found["id"], counted)
        results = trials.results(found["id"])
        assert [each["mean"] for each in results["arms"]] == [
            pytest.approx(case["rate_a"], abs=EXACT), pytest.approx(case["rate_b"], abs=EXACT),
        ]  # fmt: skip
        said = [results[name] for name in ("difference", "relative", "z", "p")] + list(results["interval"].values())
        for value, expected in zip(said, ("diff", "rel", "z", "p", "ci_lo", "ci_hi"), strict=True):
            assert value == pytest.approx(case[expected], abs=EXACT), (name, expected)
    for name in ("invariant_cookies", "invariant_clicks"):
        case = known["udacity"][name]
        found = trials.running(name.replace("_", "-"))
        trials.counted(found["id"], shares((9, case["control"]), (9, case["experiment"])))
        check = trials.results(found["id"])["ratio_check"]
        assert (check["chi_square"], check["p"]) == (
            pytest.approx(case["chi2"], abs=EXACT), pytest.approx(case["p"], abs=EXACT),
        )  # fmt: skip
    smokers = known["fleiss_smokers"]
    parts = ("0.2166", "0.2343", "0.3426", "0.2065")
    arms = [{"name": f"arm-{at}", "share": share} for at, share in enumerate(parts)]
    found = trials.running("smokers", arms=arms, horizon={"sample": 3_970})
    # Ten times as many of each: a chi-square grows with its counts, and fewer than a hundred in an arm are too few.
    trials.counted(found["id"], shares(*((x * 10, n * 10) for x, n in zip(smokers["x"], smokers["n"], strict=True))))
    assert trials.results(found["id"])["overall"]["chi_square"] / 10 == pytest.approx(smokers["chi2"], abs=EXACT)
