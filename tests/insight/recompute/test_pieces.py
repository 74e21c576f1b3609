"""What is recounted beside orders: events in columns, members by what they are counted by, and what days earned. What
stands wrong is found, told, and counted again by the night.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from chalicelib.db import Transaction, delete_many, put_many, tenant_scope
from chalicelib.insight.earnings.model.columns import pack, unpack
from chalicelib.insight.earnings.model.figures import By, Cell, Earned
from chalicelib.insight.earnings.records import EarnedDay
from chalicelib.insight.intake.model.packing import digest, pack_day, unpack_day
from chalicelib.insight.intake.records import DayColumns, EventDayMark
from chalicelib.insight.intake.service import own_events
from chalicelib.insight.intake.service.own_events import Recorded
from chalicelib.insight.personas.model import Field, PersonaBits
from chalicelib.insight.personas.records import PersonaBitsRecord
from chalicelib.insight.recompute.service import columns, earnings, members
from chalicelib.insight.recompute.service.looking import Look
from chalicelib.insight.records import DirtyDay
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from tests.builders import Shop, made
from tests.conftest import Clock, Drain, Sweep
from tests.insight.figures import Figures
from tests.insight.intake.conftest import VISITOR, Stream, stream
from tests.insight.personas.test_personas import fold, known
from tests.insight.recompute.planting import checked
from tests.insight.test_profit import Earning, earning

__all__ = ["earning", "known", "stream"]

ROBOT = {"User-Agent": "Googlebot/2.1"}


def found(shop: Shop, kind: Any) -> list[tuple[str, str, int | None, int | None]]:
    """What differs of a kind, as cell, check, stored and recounted."""
    now = product_clock.now()
    look = Look(shop.tenant_id, "job", now, local_date(now, zone(shop.timezone)))
    with tenant_scope(shop.tenant_id):
        results = [kind.check(look, name).found for name in kind.every(shop.tenant_id)]
        assert sum(each.compared for each in results) > 0
        mended = {each: True for result in results for each in kind.wrong(shop.tenant_id, result)}
        kind.mend(shop.tenant_id, mended, now)
        return [(each.cell, each.check, each.stored, each.recounted) for result in results for each in result.first]


def in_scope(shop: Shop, do: Callable[[str], None]) -> None:
    with tenant_scope(shop.tenant_id):
        do(shop.tenant_id)


class TestEvents:
    @pytest.fixture
    def told(self, stream: Stream, clock: Clock) -> Stream:
        """On the middle of three days, now in columns, a visitor looked, became a member, told of an order and ordered;
        a robot came.
        """
        assert stream.statuses(stream.event("e-0")) == ["accepted"]
        clock.advance(days=1)
        ann = stream.shop.member()
        stream.send(stream.event("e-1", ago=50), stream.event("e-2", "search", ago=50, duration_ms=30), token="")
        stream.send(stream.event("e-3", "order", ago=40), visitor=VISITOR, token=ann.token)
        stream.send(stream.event("e-4", "cart", ago=45, channel="wechat"), visitor="somebody-else", token="")
        stream.send(stream.event("e-5", ago=30), visitor="robot-visitor", agent=ROBOT, token="")
        with tenant_scope(stream.tenant_id):
            ordered = Recorded("order", "o-1", 1, ann.id, product_clock.now())
            own_events.record(stream.tenant_id, [ordered], product_clock.now())
        clock.advance(days=1)
        stream.send(stream.event("e-6"))
        clock.advance(days=1)
        self.night(stream)
        return stream

    def night(self, told: Stream) -> None:
        told.compact(500)
        with tenant_scope(told.tenant_id):
            marks = DirtyDay.until(told.tenant_id, date.max, DirtyDay.EVENTS)
            delete_many([(DirtyDay, str(each.pk), str(each.sk)) for each in marks])

    def test_columns_agree_and_what_stands_wrong_is_found_and_made_anew(self, told: Stream) -> None:
        assert found(told.shop, columns) == []
        before = told.read()
        assert [each.kind for each in before] == ["view", "view", "search", "order", "cart", "view"]
        day = told.today - timedelta(days=2)
        for wrong in ("kind", "robots", "no_mark", "columns_of_nothing"):
            in_scope(told.shop, lambda tenant_id, wrong=wrong: self.plant(tenant_id, day, wrong))

            assert found(told.shop, columns), wrong
            self.night(told)

            assert told.read() == before, wrong
            assert found(told.shop, columns) == [], wrong

    def plant(self, tenant_id: str, on: date, wrong: str) -> None:
        place = DayColumns.address(tenant_id, on)
        stands = DayColumns.fetch(*place)
        assert stands is not None
        assert stands.columns is not None
        day = list(unpack_day(stands.columns))
        if wrong == "kind":
            self.change(place, DayColumns.columns.set(pack_day([replace(day[0], kind="visit"), *day[1:]])))
        elif wrong == "missing_event":
            self.change(place, DayColumns.columns.set(pack_day(day[:-1])))
        elif wrong == "robots":
            self.change(place, DayColumns.robots.set(7))
        elif wrong == "no_columns":
            delete_many([(DayColumns, *place)])
        elif wrong == "no_mark":
            delete_many([(EventDayMark, *EventDayMark.address(tenant_id, on))])
        else:
            before, packed = on - timedelta(days=2), pack_day(day)
            put_many([
                DayColumns(
                    *DayColumns.address(tenant_id, before), seen="m", digest=digest(packed), rev=1, columns=packed,
                    events=len(day), expires_at=stands.expires_at,
                ),
                EventDayMark(*EventDayMark.address(tenant_id, before), mark="m", expires_at=stands.expires_at),
            ])  # fmt: skip

    def change(self, place: tuple[str, str], action: Any) -> None:
        tx = Transaction()
        tx.update("planted", DayColumns, *place, actions=[action])
        tx.commit()

    def test_a_difference_says_whose_event_it_is_of_what_and_when(self, told: Stream) -> None:
        in_scope(told.shop, lambda tenant_id: self.plant(tenant_id, told.today - timedelta(days=2), "missing_event"))

        first, *_ = found(told.shop, columns)

        assert first[:3] == ("visitor somebody-else 0 cart   wechat None", "events of a day", None)

    def test_days_that_wait_or_have_lost_a_part_by_age_are_left_out(self, told: Stream, clock: Clock) -> None:
        clock.advance(days=390)
        late = told.event("late", ago=392 * 86_400)
        assert told.statuses(late) == ["accepted"]
        assert self.looked(told) == (0, 1)
        self.night(told)
        assert self.looked(told) == (0, 0)
        clock.advance(days=11)

        assert self.looked(told) == (0, 0)

    def looked(self, told: Stream) -> tuple[int, int]:
        """How many cells differ, and how many days wait."""
        with tenant_scope(told.tenant_id):
            look = Look(told.tenant_id, "job", product_clock.now(), told.today)
            looked = [columns.check(look, name) for name in columns.every(told.tenant_id)]
        return sum(each.found.differing for each in looked), sum(each.waiting_days for each in looked)


class TestMembers:
    @pytest.fixture
    def folded(self, known: Figures, drain: Drain, clock: Clock) -> Figures:
        fold(known, drain)
        clock.advance(days=1)
        return known

    def test_bits_agree_and_what_stands_wrong_is_found_and_noted(self, folded: Figures, drain: Drain) -> None:
        shop = folded.shop
        assert found(shop, members) == []
        before = folded.report("personas")
        in_scope(shop, lambda tenant_id: self.plant(tenant_id, self.wrong))

        assert Counter(each[0] for each in found(shop, members)) == {
            "age_band 65_plus": 2, "agrees": 2, "joined": 3, "member": 2,
        }  # fmt: skip
        assert {**folded.report("personas"), "revision": 0} == {**before, "revision": 0}
        fold(folded, drain)

        assert found(shop, members) == []
        assert folded.report("personas")["revision"] > before["revision"]

    def wrong(self, stands: PersonaBits) -> PersonaBits:
        """The answer of one as another's, one agreement too many and one too few, a day of joining, somebody who is
        nobody, and nobody who is somebody.
        """
        groups = {**stands.groups, Field.AGE: {**stands.groups[Field.AGE], "65_plus": 1 << 7}}
        joined = stands.joined[:]
        joined[3] += 40
        joined.extend([0] * 500)
        return PersonaBits(stands.members ^ 2 | 1 << 500, stands.agreed ^ 1 ^ 1 << 5, groups, joined)

    def plant(self, tenant_id: str, wrong: Callable[[PersonaBits], PersonaBits]) -> None:
        record = PersonaBitsRecord.at(tenant_id, 0)
        record.persona_bits = wrong(record.persona_bits)
        tx = Transaction()
        tx.replace("planted", record)
        tx.commit()


class TestEarnings:
    @pytest.fixture
    def earned(self, earning: Earning) -> Earning:
        made(earning.shop.order(quantity=4))
        made(earning.shop.order(quantity=1))
        earning.report()
        return earning

    def test_days_agree_and_what_stands_wrong_is_found_and_counted_again(self, earned: Earning) -> None:
        before = earned.report(by="product")
        assert found(earned.shop, earnings) == []
        in_scope(earned.shop, self.plant)

        differing = found(earned.shop, earnings)
        assert {each[1] for each in differing} == {"earned by product", "earned by campaign", "earned by day"}
        assert ("* member 40", "earned by day", 1, None) in differing

        after = earned.report(by="product")
        assert {**after, "revision": 0} == {**before, "revision": 0}
        assert after["revision"] > before["revision"]
        assert found(earned.shop, earnings) == []

    def plant(self, tenant_id: str) -> None:
        """Goods that cost too much, a part that is not there, and a member who ordered nothing."""
        self.change(tenant_id, By.PRODUCT, lambda cell: replace(cell, earned=cell.earned + Earned(goods_minor=1)))
        self.change(tenant_id, By.CAMPAIGN, lambda _: Cell())
        self.change(tenant_id, By.DAY, lambda cell: replace(cell, members=cell.members | 1 << 40))

    def change(self, tenant_id: str, by: By, wrong: Callable[[Cell], Cell]) -> None:
        [record] = EarnedDay.every(EarnedDay.partition(tenant_id, by))
        cells = unpack([record.content])
        name = max(cells)
        [record.content] = pack({**cells, name: wrong(cells[name])})
        put_many([record])


def test_one_recount_tells_of_all_and_one_night_mends_all(
    earning: Earning, clock: Clock, sweep: Sweep, drain: Drain
) -> None:
    """An order is an event, its member is counted, and its day earned something."""
    figures = Figures(earning.shop, drain)
    made(earning.shop.order(quantity=2))
    clock.advance(days=1)
    sweep()
    clock.advance(hours=1)
    with tenant_scope(earning.shop.tenant_id):
        tenant_id = earning.shop.tenant_id
        on = next(iter(EventDayMark.marks(tenant_id, date(2000, 1, 1), date(2999, 1, 1))))
        TestEvents().plant(tenant_id, on, "robots")
        TestMembers().plant(tenant_id, lambda bits: replace(bits, members=0))
        TestEarnings().plant(tenant_id)

    job = checked(figures)
    assert {each["check"] for each in job["differences"]} == {
        "how many events", "members by what they are counted by", "earned by product", "earned by campaign",
        "earned by day",
    }  # fmt: skip
    clock.advance(days=1)
    sweep()
    assert checked(figures)["differing"] == 0
