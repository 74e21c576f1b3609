"""Recurring campaigns on the embedded engine: made once, on time, by the brand's clock."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from chalicelib.campaigns.drafting.model.terms import CampaignTerms
from chalicelib.campaigns.events import consumer
from chalicelib.campaigns.model.ladder import LadderNotFalling
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.series.model.edit import SeriesEdit
from chalicelib.campaigns.series.model.recurrence import Rule
from chalicelib.campaigns.series.records import SeriesRecord
from chalicelib.campaigns.series.service import series
from chalicelib.campaigns.service import listing
from chalicelib.catalog.model.products import Supply
from chalicelib.db import Transaction
from chalicelib.kernel.clock import sortable
from chalicelib.kernel.errors import Stale
from chalicelib.messaging import Message
from tests.campaigns.brand import DAY, HOUR, NOW, Brand

# NOW is Sunday 22 November 2026, 16:00 in Shanghai; the series opens at 20:00 there, 12:00 UTC, for twelve hours.
EVENING = NOW + 4 * HOUR
NIGHTLY = Rule("day", "20:00", 720, "2026-11-22")


def template(brand: Brand, **changes: Any) -> dict[str, Any]:
    """The fields of a campaign as the API takes them: 50 pears at 10.00."""
    price = {"amount_minor": 1_000, "currency": "CNY"}
    return {
        "title": "Pears tonight",
        "offers": [{"sku_id": brand.skus["pears"], "price": price, "quantity": 50}],
        "pickup_point_ids": [brand.point_id],
        **changes,
    }


def set_up(brand: Brand, rule: Rule = NIGHTLY, hours_ahead: int = 3, publish: bool = True, **more: Any) -> SeriesRecord:
    terms = CampaignTerms.from_json(template(brand, **more))
    return series.create_series(brand.tenant_id, terms, rule, brand.by, NOW, hours_ahead=hours_ahead, publish=publish)


def deliver(brand: Brand, each: SeriesRecord, now: datetime) -> SeriesRecord:
    """Hands the worker what the sweep would find due, if anything; answers with the series as it then stands."""
    stored = series.get_series(brand.tenant_id, each.id, consistent=True)
    if stored.due_at is not None and stored.due_at <= now:
        data = {"pk": stored.pk, "sk": stored.sk, "due_at": sortable(stored.due_at)}
        consumer.handle(Message("due", str(stored.due_kind), brand.tenant_id, stored.due_at, data), now)
    return series.get_series(brand.tenant_id, each.id, consistent=True)


def campaigns(brand: Brand) -> list[CampaignRecord]:
    """What was made, the first first."""
    return listing.list_campaigns(brand.tenant_id, NOW).items[::-1]


def test_goods_of_each_are_expected_so_many_days_after_its_close(brand: Brand) -> None:
    terms = CampaignTerms.from_json(template(brand))
    each = series.create_series(brand.tenant_id, terms, NIGHTLY, brand.by, NOW, hours_ahead=3, arrives_after_days=2)
    each = deliver(brand, each, EVENING - HOUR)
    edit = SeriesEdit(arrives_after_days=None)
    each = series.edit_series(brand.tenant_id, each.id, edit, brand.by, NOW, None)
    deliver(brand, each, EVENING + DAY - HOUR)

    # They close at 08:00 in Shanghai on the morning after.
    assert [made.arrives_on for made in campaigns(brand)] == [date(2026, 11, 25), None]


def happened(each: SeriesRecord) -> list[tuple[str, str | None]]:
    return [(entry["type"], entry.get("on")) for entry in each.history]


def test_the_night_in_which_clocks_skip_its_opening_has_its_campaign_an_hour_later(brand: Brand) -> None:
    """On 28 March 2027 London's clocks go from 01:00 to 02:00: the hour from 01:30 is that from 02:30."""
    weekly = set_up(brand, Rule("week", "01:30", 60, "2027-03-28", on_gap="forward"))
    weekly.timezone = "Europe/London"
    weekly.plan(NOW)
    tx = Transaction()
    tx.replace("series", weekly)
    tx.commit()
    opens_at = datetime(2027, 3, 28, 1, 30, tzinfo=UTC)
    after = deliver(brand, weekly, opens_at - 3 * HOUR)
    (made,) = campaigns(brand)
    assert (made.opens_at, made.closes_at) == (opens_at, opens_at + HOUR)
    assert happened(after)[1:] == [("made", "2027-03-28")]
    assert after.next_on == date(2027, 4, 4)


def test_each_evening_one_campaign_is_announced_ahead(brand: Brand) -> None:
    nightly = set_up(brand)
    assert (nightly.next_on, nightly.due_at) == (date(2026, 11, 22), EVENING - 3 * HOUR)
    after = deliver(brand, nightly, EVENING - 3 * HOUR)
    (made,) = campaigns(brand)
    assert (made.status, made.opens_at, made.closes_at) == ("scheduled", EVENING, EVENING + 12 * HOUR)
    assert (made.series_id, made.history[0]["by"], len(brand.buckets(made))) == (nightly.id, brand.by.label, 1)
    assert (after.next_on, after.due_at, int(after.made)) == (date(2026, 11, 23), EVENING + 21 * HOUR, 1)
    deliver(brand, nightly, EVENING + 21 * HOUR)
    assert [each.opens_at for each in campaigns(brand)] == [EVENING, EVENING + DAY]


@pytest.mark.parametrize("landed", [False, True], ids=["before the write", "after the write"])
@pytest.mark.parametrize("step", range(3))
def test_a_worker_that_dies_at_any_step_is_continued(
    brand: Brand, monkeypatch: pytest.MonkeyPatch, step: int, landed: bool
) -> None:
    nightly = set_up(brand)  # drafted, published, planned: three writes
    commit, commits = Transaction.commit, iter(range(99))

    def dying(tx: Transaction) -> None:
        fatal = next(commits) == step
        if landed or not fatal:
            commit(tx)
        if fatal:
            raise KeyboardInterrupt

    monkeypatch.setattr(Transaction, "commit", dying)
    with pytest.raises(KeyboardInterrupt):
        deliver(brand, nightly, EVENING - HOUR)
    monkeypatch.undo()
    for _ in range(3):
        after = deliver(brand, nightly, EVENING - HOUR)
    (made,) = campaigns(brand)
    assert (made.status, made.opens_at) == ("scheduled", EVENING)
    assert happened(after) == [("created", None), ("made", "2026-11-22")]


def test_after_an_outage_the_running_one_opens_and_the_missed_ones_are_named(brand: Brand) -> None:
    nightly = set_up(brand)
    late = EVENING + 2 * DAY + HOUR
    for _ in range(4):
        after = deliver(brand, nightly, late)
    missed = [("missed", "2026-11-22"), ("missed", "2026-11-23")]
    assert happened(after)[1:] == [*missed, ("made", "2026-11-24")]
    (running,) = campaigns(brand)
    assert (running.status, running.opens_at, running.closes_at) == ("open", late, EVENING + 2 * DAY + 12 * HOUR)
    assert after.next_on == date(2026, 11, 25)


def test_what_cannot_be_published_stays_a_draft_and_says_why(brand: Brand) -> None:
    brand.stocked("pears", 70)
    brand.supplied("pears", Supply.STOCK)
    nightly = set_up(brand)
    deliver(brand, nightly, EVENING - HOUR)
    after = deliver(brand, nightly, EVENING + DAY - HOUR)  # fifty of the seventy are set aside for the first
    assert [each.status for each in campaigns(brand)] == ["scheduled", "draft"]
    entry = after.history[-1]
    assert (entry["type"], entry["code"], entry["on"]) == ("not_published", "insufficient_stock", "2026-11-23")
    assert entry["campaign_id"] == campaigns(brand)[1].id


def test_without_publishing_drafts_are_left_for_staff(brand: Brand) -> None:
    deliver(brand, set_up(brand, publish=False), EVENING - HOUR)
    assert [each.status for each in campaigns(brand)] == ["draft"]


def test_paused_it_makes_nothing_and_resumed_it_makes_up_for_nothing(brand: Brand) -> None:
    nightly = set_up(brand)
    paused = series.edit_series(brand.tenant_id, nightly.id, SeriesEdit(status="paused"), brand.by, NOW, None)
    assert paused.due_at is None
    later = EVENING + DAY + HOUR
    deliver(brand, nightly, later)
    resumed = series.edit_series(brand.tenant_id, nightly.id, SeriesEdit(status="active"), brand.by, later, None)
    assert (campaigns(brand), resumed.next_on) == ([], date(2026, 11, 24))
    assert happened(resumed) == [("created", None), ("paused", None), ("resumed", None)]


def test_a_change_makes_no_second_campaign_for_a_day(brand: Brand) -> None:
    nightly = set_up(brand)
    deliver(brand, nightly, EVENING - 3 * HOUR)
    later = Rule("day", "21:00", 60, "2026-11-22")
    changes = SeriesEdit(CampaignTerms(title="Plums"), rule=later)
    changed = series.edit_series(brand.tenant_id, nightly.id, changes, brand.by, EVENING - HOUR, None)
    assert (changed.title, changed.next_on) == ("Plums", date(2026, 11, 23))
    deliver(brand, nightly, EVENING + DAY)
    assert [(each.title, each.opens_at) for each in campaigns(brand)] == [
        ("Pears tonight", EVENING),
        ("Plums", EVENING + DAY + HOUR),
    ]


def test_it_ends_with_its_last_day_or_when_staff_say_so(brand: Brand) -> None:
    short = set_up(brand, Rule("day", "20:00", 720, "2026-11-22", "2026-11-22"))
    ended = deliver(brand, short, EVENING - HOUR)
    assert (ended.status, ended.due_at) == ("ended", None)
    nightly = set_up(brand)
    with pytest.raises(Stale):
        series.end_series(brand.tenant_id, nightly.id, brand.by, NOW, 9)
    for _ in range(2):
        assert series.end_series(brand.tenant_id, nightly.id, brand.by, NOW).status == "ended"
    with pytest.raises(series.SeriesEnded):
        series.edit_series(brand.tenant_id, nightly.id, SeriesEdit(status="active"), brand.by, NOW, None)


def test_what_no_campaign_may_be_no_series_may_be(brand: Brand) -> None:
    price = {"amount_minor": 1_000, "currency": "CNY"}
    steps = [{"from_quantity": 1, "price": price}, {"from_quantity": 9, "price": price}]
    flat = [{"sku_id": brand.skus["pears"], "ladder": steps, "quantity": 50}]
    with pytest.raises(LadderNotFalling):
        set_up(brand, offers=flat)
    assert series.list_series(brand.tenant_id).items == []


class TestRoutes:
    def test_a_series_over_http(self, api: Any, clock: Any, brand: Brand) -> None:
        clock.set(NOW)
        rule = {"every": "week", "weekdays": ["friday", "monday"], "opens": "20:00", "open_minutes": 720}
        sent = {**template(brand), "rule": {**rule, "starts_on": "2026-11-23"}, "hours_ahead": 12}
        made = api.post("/v1/campaign-series", sent, token=brand.key)
        assert made.status == 201, made.text
        assert made.json["rule"]["weekdays"] == ["monday", "friday"]
        assert [each["on"] for each in made.json["upcoming"]][:3] == ["2026-11-23", "2026-11-27", "2026-11-30"]
        assert made.json["upcoming"][0]["opens_at"] == "2026-11-23T12:00:00Z"
        assert made.json["next_campaign_at"] == "2026-11-23T00:00:00Z"
        path = f"/v1/campaign-series/{made.json['id']}"
        paused = api.patch(path, {"status": "paused"}, token=brand.key, headers={"If-Match": '"1"'})
        assert (paused.status, paused.json["status"], paused.json["upcoming"]) == (200, "paused", [])
        assert api.get("/v1/campaign-series", token=brand.key).json["items"] == [paused.json]
        assert api.call("DELETE", path, token=brand.key).status == 204
        assert api.get(path, token=brand.key).json["status"] == "ended"
        late = api.patch(path, {"title": "No"}, token=brand.key)
        assert (late.status, late.json["code"]) == (409, "series_ended")

    @pytest.mark.parametrize(
        ("rule", "code", "pointer"),
        [
            ({"opens": "25:00"}, "invalid", "/rule/opens"),
            ({"weekdays": ["monday"]}, "invalid", "/rule"),
            ({"ends_on": "2026-11-01"}, "no_occurrence", "/rule"),
            ({"open_minutes": 0}, "invalid", "/rule/open_minutes"),
            ({"starts_on": "9997-06-01"}, "starts_too_far_ahead", "/rule/starts_on"),
            ({"starts_on": "9999-12-01", "every": "month"}, "starts_too_far_ahead", "/rule/starts_on"),
        ],
    )
    def test_bad_rules_are_refused_by_name(
        self, api: Any, clock: Any, brand: Brand, rule: dict[str, Any], code: str, pointer: str
    ) -> None:
        clock.set(NOW)
        sound = {"every": "day", "opens": "20:00", "open_minutes": 60, "starts_on": "2026-11-01"}
        refused = api.post("/v1/campaign-series", {**template(brand), "rule": {**sound, **rule}}, token=brand.key)
        assert (refused.status, refused.json["code"]) == (422, code), refused.text
        assert refused.json["errors"][0]["pointer"] == pointer
