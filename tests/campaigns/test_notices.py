"""The team is told of campaigns that missed their target and of series that made none: each person once."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.campaigns.lifecycle.service import closing
from chalicelib.campaigns.model.target import CloseTotals, Measure, OnMiss, Target
from chalicelib.campaigns.notices.events import consumer
from chalicelib.campaigns.notices.model import days, how_far
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.series.records import SeriesRecord
from chalicelib.campaigns.service import planning
from chalicelib.catalog.model.products import Supply
from chalicelib.kernel.errors import NotFound
from chalicelib.notices.model.facts import InWords
from chalicelib.tenants.service import staff
from tests.campaigns.brand import DAY, HOUR, NOW, Brand
from tests.campaigns.test_series import EVENING, deliver, set_up
from tests.notices.hearing import Hearing, events_of, hand_over


@pytest.fixture
def hearing(brand: Brand, monkeypatch: pytest.MonkeyPatch) -> Hearing:
    """An owner, somebody who plans and manages, and an analyst."""
    owner = staff.list_staff(brand.tenant_id, 10, None).items[0].id
    people = {"owner": owner}
    for name, roles in (("planner", ["planner", "manager"]), ("analyst", ["analyst"])):
        email = f"{name}@orchard.example"
        people[name] = staff.add_staff(brand.tenant_id, email, name, roles, brand.by, NOW).id
    return Hearing.begin(monkeypatch, **people)


def closed(brand: Brand, on_miss: OnMiss, reached: int, measure: Measure = Measure.QUANTITY) -> CampaignRecord:
    """A campaign with a target of 30, at its close."""
    campaign = brand.published(target=Target(measure, 30, on_miss))
    closing.close_campaign(brand.tenant_id, campaign.id, NOW + 10 * HOUR)
    totals = CloseTotals(reached, reached, reached)
    decided = closing.decide_target(brand.tenant_id, campaign.id, totals, NOW + 10 * HOUR)
    assert decided is not None
    return decided


@pytest.mark.parametrize(
    ("on_miss", "reached", "subject", "said"),
    [
        (
            OnMiss.EXTEND, 29, "Target missed, extended: Pears from the valley",
            "“Pears from the valley” came to 29 of 30 units, so it takes orders until Tue 24 Nov 2026, 02:00. ",
        ),
        (
            OnMiss.CANCEL, 29, "Target missed, cancelled: Pears from the valley",
            "“Pears from the valley” came to 29 of 30 units and is cancelled. ",
        ),
        (
            OnMiss.LOCK, 29, "Target missed, goes ahead: Pears from the valley",
            "“Pears from the valley” came to 29 of 30 units and goes ahead, ",
        ),
        (OnMiss.LOCK, 30, "", ""),
        (OnMiss.CANCEL, 30, "", ""),
    ],
)  # fmt: skip
def test_who_plans_is_told_what_was_decided_where_a_target_is_missed(
    brand: Brand, hearing: Hearing, on_miss: OnMiss, reached: int, subject: str, said: str
) -> None:
    decided = closed(brand, on_miss, reached)
    hand_over(consumer, events_of(brand.read(decided)), NOW + 11 * HOUR)

    told = hearing.texts()
    assert [(who, heard) for who, heard, _ in told] == ([("planner", subject)] if subject else [])
    assert all(text.startswith(said) for _, _, text in told)
    assert [each.subject_id for _, each in hearing.told()] == [decided.id] * len(told)


def test_a_second_miss_is_told_as_well_and_says_that_it_is_over(brand: Brand, hearing: Hearing) -> None:
    extended = closed(brand, OnMiss.EXTEND, 3)
    hand_over(consumer, events_of(brand.read(extended)), NOW)
    second = NOW + 10 * HOUR + timedelta(hours=24)
    closing.close_campaign(brand.tenant_id, extended.id, second)
    closing.decide_target(brand.tenant_id, extended.id, CloseTotals(4, 4, 4), second)
    hand_over(consumer, events_of(brand.read(extended)), second)

    assert [template for _, template in hearing.who()] == ["target_missed_cancelled", "target_missed_extended"]


def test_whoever_cancels_a_campaign_need_not_be_told(brand: Brand, hearing: Hearing) -> None:
    campaign = brand.published(target=Target(Measure.QUANTITY, 30, OnMiss.CANCEL))
    planning.cancel_campaign(brand.tenant_id, campaign.id, brand.by, NOW + HOUR)
    hand_over(consumer, events_of(brand.read(campaign)), NOW + HOUR)
    assert hearing.who() == []


@pytest.mark.parametrize(
    ("measure", "en", "zh"),
    [
        (Measure.QUANTITY, "1 of 30 units", "1 件，目标 30 件"),
        (Measure.PARTICIPANTS, "1 of 30 members", "1 人，目标 30 人"),
        (Measure.AMOUNT, "CN¥0.01 of CN¥0.30", "¥0.01，目标 ¥0.30"),
    ],
)
def test_how_far_it_came_is_said_in_the_targets_measure(measure: Measure, en: str, zh: str) -> None:
    assert how_far(Target(measure, 30, OnMiss.LOCK), CloseTotals(1, 1, 1), "CNY") == InWords(en, zh)


def heard_of(brand: Brand, series: SeriesRecord, hearing: Hearing) -> list[tuple[str, str, str]]:
    hand_over(consumer, events_of(series), NOW)
    return hearing.texts()


def test_a_series_that_cannot_publish_its_campaign_says_why_and_what_to_do(brand: Brand, hearing: Hearing) -> None:
    brand.stocked("pears", 70)
    brand.supplied("pears", Supply.STOCK)
    nightly = set_up(brand)
    assert heard_of(brand, deliver(brand, nightly, EVENING - HOUR), hearing) == [], "the first has its goods"
    after = deliver(brand, nightly, EVENING + DAY - HOUR)
    why = after.history[-1]["detail"]

    assert heard_of(brand, after, hearing) == [
        (
            "planner",
            "A campaign waits as a draft: Pears tonight",
            (
                "The series “Pears tonight” made its campaign for Mon 23 Nov 2026, but it could not be published: "
                f"{why} Put the draft right and publish it, and the series for the next ones."
            ),
        )
    ]
    (_, _, text) = hearing.texts(language="zh")[0]
    assert text.startswith("系列“Pears tonight”已生成 2026年11月23日（周一）的活动，但未能发布：")
    assert why not in text


def test_a_series_that_cannot_make_its_campaign_says_why(
    brand: Brand, hearing: Hearing, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(*_: Any, **__: Any) -> None:
        raise NotFound("There is no such SKU.", detail_zh="没有该规格。")

    nightly = set_up(brand)
    monkeypatch.setattr("chalicelib.campaigns.series.service.making.create_campaign", gone)
    ((who, subject, text),) = heard_of(brand, deliver(brand, nightly, EVENING - HOUR), hearing)

    assert (who, subject) == ("planner", "No campaign was made: Pears tonight")
    assert text.startswith("The series “Pears tonight” made no campaign for Sun 22 Nov 2026: There is no such SKU. Put")


def test_what_an_outage_missed_is_told_in_one_message(brand: Brand, hearing: Hearing) -> None:
    nightly = set_up(brand)
    after = deliver(brand, nightly, EVENING + 2 * DAY + HOUR)
    ((who, subject, text),) = heard_of(brand, after, hearing)

    assert (who, subject) == ("planner", "A campaign was missed: Pears tonight")
    assert "made no campaign for Sun 22 Nov 2026 to Mon 23 Nov 2026:" in text


def test_a_day_and_several_are_said_in_both_languages() -> None:
    first = date(2026, 11, 22)
    assert days(first, first) == InWords("Sun 22 Nov 2026", "2026年11月22日（周日）")
    assert days(first, date(2026, 11, 24)).zh == "2026年11月22日（周日）至2026年11月24日（周二）"
