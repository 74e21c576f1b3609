"""Experiments at the console: set up, started, read and stopped."""

from __future__ import annotations

import pytest

from chalicelib.insight.experiments.model.tallies import Tally
from chalicelib.insight.experiments.service import starting
from tests.builders import made
from tests.insight.experiments.conftest import Trials


@pytest.fixture
def trials(shop, drain):
    return Trials(shop, drain)


def drafted(desk, **typed):
    wanted = {
        "key": "button", "title": "A blue button", "on": "", "sample": "2000", "arms.0.name": "grey",
        "arms.1.name": "blue",
    }  # fmt: skip
    return desk.send(desk.get("/experiments/new"), "Make the draft", **wanted | typed)


def stored(shop):
    return made(shop.brand.get("/v1/experiments"), 200)["items"]


def test_an_experiment_is_drafted_changed_started_and_shows_no_verdict_early(desk, shop, trials, monkeypatch):
    assert "There are no experiments yet" in desk.get("/experiments").words()
    page = drafted(desk, **{"arms.0.share": "70", "arms.1.share": "30 %"})
    assert "At least 429 people." in page.words()
    [found] = stored(shop)
    assert [(each["name"], each["share"]) for each in found["arms"]] == [("grey", "0.7"), ("blue", "0.3")]

    page = desk.send(page, "Save", **{"arms.0.share": "50", "arms.1.share": "50", "smallest_effect": "12.5"})
    assert (stored(shop)[0]["smallest_effect"], stored(shop)[0]["arms"][0]["share"]) == ("0.125", "0.5")
    page = desk.send(page, "Start it")
    assert "No order was ever recorded here" in page.words(".refusal")

    monkeypatch.setattr(starting, "has_orders", lambda *_: True)
    page = desk.send(desk.get(f"/experiments/{found['id']}"), "Start it")
    trials.counted(found["id"], [Tally(exposed=500, buyers=50), Tally(exposed=500, buyers=90)])
    page = desk.get(f"/experiments/{found['id']}")
    assert "Not due until 2,000 people have been exposed; 1,000 have." in page.words(".note")
    assert page.words(".data").count("not told yet") == 2
    assert "p =" not in page.words()

    trials.counted(found["id"], [Tally(exposed=500, buyers=50), Tally(exposed=500, buyers=90)])
    page = desk.get(f"/experiments/{found['id']}")
    assert "The share of people who order is higher with blue than with grey" in page.words(".note")
    assert "18.00 %" in page.words(".data")
    said = "blue beside grey: +8.00 percentage points, most likely between +4.98 and +11.02."
    assert said in page.words()
    assert "(p < 0.0001)" in page.words()
    page = desk.send(page, "Stop the experiment", keep="blue")
    assert "Everybody sees blue now." in page.words()
    assert "A blue button" in desk.get("/experiments?status=stopped").words(".data")
    assert "No experiments are like that" in desk.get("/experiments?status=draft").words()


def test_money_is_shown_as_money_and_what_becomes_worse_is_named(desk, shop, trials):
    found = trials.running(metric="revenue", method="sequential", horizon={"sample": 1_000})
    one = Tally(500, 100, 0, 100, 100, 100_000, 110_000_000, 100_000)
    other = Tally(500, 200, 0, 200, 200, 200_000, 220_000_000, 200_000, complaints=50, complaints_squares=50)
    trials.counted(found["id"], [one, other])
    words = desk.get(f"/experiments/{found['id']}").words()
    assert "CN¥2.00" in words
    assert "Worse : Complaints by person, blue : +0.100" in words


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"arms.1.share": "49"}, "#f-arms-0-share-fault"),
        ({"arms.1.share": "half"}, "#f-arms-1-share-fault"),
        ({"arms.1.name": "", "arms.2.name": "Blue!", "arms.2.share": "50"}, "#f-arms-2-name-fault"),
        ({"sample": "12"}, "#f-sample-fault"),
        ({"sample": ""}, "#f-sample-fault"),
        ({"sample": "", "on": "2020-01-01"}, "#f-on-fault"),
        ({"key": "Blue button"}, "#f-key-fault"),
    ],
)
def test_what_does_not_fit_stands_beside_its_field(desk, typed, field):
    page = drafted(desk, **typed)
    assert page.status == 422
    assert page.soup.select_one(field), [each["id"] for each in page.soup.select(".fault")]
