"""Which tier a member has from day to day, without a database: the whole of it follows from dates and sums."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.kernel.clock import parse_instant, zone
from chalicelib.kernel.local_day import day_start, local_date
from chalicelib.loyalty.tiers.model.standing import (
    Given,
    Month,
    Standing,
    after,
    brought_to,
    lost_on,
    month_of,
    next_look,
    united,
)
from chalicelib.loyalty.tiers.model.tiers import Measure, Privileges, Tier, Tiers

SILVER, GOLD = Tier("silver", "Silver", 1_000), Tier("gold", "Gold", 3_000, Privileges(15_000, early_access_hours=2))
QUARTERLY = Tiers(Measure.SPEND, 3, 30, (SILVER, GOLD))
YEARLY = Tiers(Measure.SPEND, 12, 30, (SILVER, GOLD))


def on(day: str) -> date:
    return date.fromisoformat(day)


def spent(standing: Standing, day: str, amount: int, *, of: str = "", tiers: Tiers = YEARLY) -> Standing:
    """After an order of a day, or a refund of an order of another day."""
    return after(standing, tiers, on(day), month_of(on(of or day)), Month(spend=amount, orders=1 if amount > 0 else 0))


class Year:
    """Thirteen months of one member in a zone, by instants: what was spent, or given back of an earlier order."""

    EVENTS = (
        ("2026-01-15T04:00:00Z", 1_000, ""),
        ("2026-01-31T17:00:00Z", 2_000, ""),  # 1 February in Shanghai, 31 January in New York
        ("2026-03-10T04:00:00Z", -1, "2026-01-15"),
        ("2026-07-20T04:00:00Z", 1_200, ""),
        ("2026-09-30T16:30:00Z", 1_900, ""),  # 1 October in Shanghai, 30 September in New York
    )

    def __init__(self, zone_name: str) -> None:
        self.tz = zone(zone_name)
        self.standing = Standing()
        self.waiting = [(parse_instant(at), amount, of) for at, amount, of in self.EVENTS]

    def until(self, moment: datetime) -> str | None:
        """The tier at an instant, when everything before it was told in time."""
        while self.waiting and self.waiting[0][0] < moment:
            at, amount, of = self.waiting.pop(0)
            today = local_date(at, self.tz)
            month = month_of(on(of) if of else today)
            self.standing = after(self.standing, QUARTERLY, today, month, Month(spend=amount))
        self.standing = brought_to(self.standing, QUARTERLY, local_date(moment, self.tz))
        return self.standing.tier(QUARTERLY)


@pytest.mark.parametrize(
    ("zone_name", "tiers"),
    [
        # Silver by 1,000 of January, gold by 2,000 of February. The refund of 1 makes them short from 10 March: gold
        # stays over 9 April to the end of April, of whose window (February to April) 2,000 are left: silver. Of May's
        # nothing is left, so silver goes with the end of May. July's 1,200 bring it back; October's 1,900 come before
        # the grace is over, and count to December. Short from 1 January, they lose it with January's end.
        ("Asia/Shanghai", "silver gold gold silver - - silver silver silver silver silver silver -"),
        # The 2,000 are January's here, so gold on 31 January. Short from 10 March as well; but of April's window
        # nothing is left: no tier. The 1,900 are September's, which makes 3,100 with July: gold, until they are short
        # of it on 1 October, and at October's end silver by 1,900. Short of that from 1 December, none on 1 January.
        ("America/New_York", "gold gold gold - - - silver silver gold silver silver - -"),
    ],
)
def test_thirteen_months_of_a_member(zone_name: str, tiers: str) -> None:
    year = Year(zone_name)
    firsts = [date(2026 + n // 12, n % 12 + 1, 1) for n in range(1, 14)]

    found = [year.until(day_start(first, year.tz)) or "-" for first in firsts]

    assert " ".join(found) == tiers


@pytest.mark.parametrize("zone_name", ["Asia/Shanghai", "America/New_York"])
def test_it_does_not_matter_how_often_somebody_looks(zone_name: str) -> None:
    often, seldom = Year(zone_name), Year(zone_name)
    moment = parse_instant("2026-01-01T00:00:00Z")
    while moment < parse_instant("2027-02-01T12:00:00Z"):
        moment += timedelta(hours=18)
        often.until(moment)

    assert seldom.until(moment) == often.until(moment)
    assert seldom.standing == often.standing


def test_a_tier_is_had_at_once() -> None:
    assert spent(Standing(), "2026-05-03", 999).tier(YEARLY) is None
    assert spent(Standing(), "2026-05-03", 1_000).tier(YEARLY) == "silver"
    assert spent(spent(Standing(), "2026-05-03", 2_999), "2026-05-04", 1).tier(YEARLY) == "gold"


def test_a_refund_from_1000_to_999_takes_nothing_at_once_and_the_tier_does_not_come_and_go() -> None:
    silver = spent(Standing(), "2026-05-03", 1_000)
    short = spent(silver, "2026-05-10", -1, of="2026-05-03")

    # 30 days from 10 May end on 9 June, and June's end is on the 30th.
    assert (short.tier(YEARLY), short.short_since, lost_on(short, YEARLY)) == (
        "silver",
        on("2026-05-10"),
        on("2026-07-01"),
    )
    assert brought_to(short, YEARLY, on("2026-06-30")).tier(YEARLY) == "silver"
    assert brought_to(short, YEARLY, on("2026-07-01")).tier(YEARLY) is None

    again = spent(short, "2026-06-29", 1)
    assert (again.short_since, lost_on(again, YEARLY)) == (None, None)
    assert brought_to(again, YEARLY, on("2027-04-30")).tier(YEARLY) == "silver"


@pytest.mark.parametrize(
    ("grace", "short_on", "lost"),
    [
        (30, "2026-05-01", "2026-06-01"),
        (30, "2026-05-02", "2026-06-01"),  # its last day is 31 May
        (30, "2026-05-03", "2026-07-01"),  # its last day is 1 June
        (0, "2026-05-01", "2026-06-01"),
        (0, "2026-05-31", "2026-06-01"),
        (365, "2026-05-10", "2027-06-01"),
    ],
)
def test_the_grace_runs_to_the_end_of_the_month_in_which_it_ends(grace: int, short_on: str, lost: str) -> None:
    tiers = Tiers(Measure.SPEND, 12, grace, (SILVER,))
    silver = spent(Standing(), "2026-05-01", 1_000, tiers=tiers)
    short = spent(silver, short_on, -1, of="2026-05-01", tiers=tiers)
    last = on(lost) - timedelta(days=1)

    assert lost_on(short, tiers) == on(lost)
    assert (brought_to(short, tiers, last).tier(tiers), brought_to(short, tiers, on(lost)).tier(tiers)) == (
        "silver",
        None,
    )


@pytest.mark.parametrize(
    ("measure", "tier"), [(Measure.SPEND, None), (Measure.ORDERS, "silver"), (Measure.POINTS, "gold")]
)
def test_what_is_measured_is_the_brands_choice(measure: Measure, tier: str | None) -> None:
    tiers = Tiers(measure, 12, 30, (Tier("silver", "Silver", 2), Tier("gold", "Gold", 50)))

    standing = after(Standing(), tiers, on("2026-05-01"), "2026-05", Month(spend=1, orders=2, points=50))

    assert standing.tier(tiers) == tier


def test_a_tier_by_hand_lasts_up_to_its_day_and_yields_to_a_higher_one() -> None:
    standing = brought_to(Standing(given=Given("silver", on("2026-05-31"))), YEARLY, on("2026-05-01"))

    assert (standing.tier(YEARLY), next_look(standing, on("2026-05-01"))) == ("silver", on("2026-06-01"))
    assert spent(standing, "2026-05-20", 3_000).tier(YEARLY) == "gold"
    assert brought_to(standing, YEARLY, on("2026-05-31")).tier(YEARLY) == "silver"
    assert brought_to(standing, YEARLY, on("2026-06-01")).tier(YEARLY) is None


def test_tiers_that_change_are_reached_at_once_and_lost_after_the_grace() -> None:
    silver = spent(Standing(), "2026-05-03", 1_000)
    easier = Tiers(Measure.SPEND, 12, 30, (SILVER, Tier("gold", "Gold", 1_000)))
    harder = Tiers(Measure.SPEND, 12, 30, (Tier("silver", "Silver", 1_001), GOLD))
    without = Tiers(Measure.SPEND, 12, 30, (GOLD,))

    assert brought_to(silver, easier, on("2026-05-04")).tier(easier) == "gold"
    short = brought_to(silver, harder, on("2026-05-04"))
    assert (short.tier(harder), lost_on(short, harder)) == ("silver", on("2026-07-01"))
    assert brought_to(silver, without, on("2026-05-04")).tier(without) is None


def test_who_has_nothing_to_lose_is_not_looked_at() -> None:
    assert next_look(spent(Standing(), "2026-05-03", 999), on("2026-05-03")) is None
    assert next_look(spent(Standing(), "2026-12-03", 1_000), on("2026-12-03")) == on("2027-01-01")


def test_months_that_no_window_reaches_are_dropped_and_the_rest_stays_small() -> None:
    standing = Standing()
    for n in range(60):
        standing = spent(standing, f"{2022 + n // 12}-{n % 12 + 1:02d}-15", 10)

    assert len(standing.months) == 36
    assert min(standing.months) == "2024-01"


def test_one_person_who_was_two_members_has_what_both_did() -> None:
    one, other = spent(Standing(), "2026-05-03", 600), spent(Standing(), "2026-05-20", 500)

    both = brought_to(united(one, other, YEARLY), YEARLY, on("2026-05-21"))

    assert (both.months["2026-05"], both.tier(YEARLY)) == (Month(1_100, 2, 0), "silver")


def test_a_standing_is_stored_and_read_back() -> None:
    standing = spent(Standing(given=Given("gold", on("2026-12-31"))), "2026-05-03", 1_000)
    short = spent(standing, "2026-05-10", -1, of="2026-05-03")

    assert Standing.from_json(short.as_json()) == short
    assert Standing.from_json(None) == Standing()
    assert Tiers.from_json(QUARTERLY.as_json()) == QUARTERLY


ORDERS = st.lists(st.tuples(st.integers(0, 400), st.integers(-2_000, 2_000)), max_size=12)


@given(ORDERS)
def test_who_reaches_a_tier_has_it_and_nobody_loses_one_within_the_grace(orders: list[tuple[int, int]]) -> None:
    start, standing, before = on("2026-01-01"), Standing(), -1
    short: date | None = None
    for offset, amount in sorted(orders):
        today = start + timedelta(days=offset)
        standing = after(standing, QUARTERLY, today, month_of(today), Month(spend=amount))
        has = QUARTERLY.place(standing.tier(QUARTERLY))

        assert has >= QUARTERLY.reached(standing.value(QUARTERLY, today))
        if has < before:
            assert short is None or today >= short + timedelta(days=30)
        before, short = has, standing.short_since
