"""Birthdays are announced once a year, in the brand's morning, whatever happens to the worker; and earn points."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chalicelib.db import metered, tenant_scope
from chalicelib.kernel import clock as kernel_clock
from chalicelib.members.birthdays.records import CalendarRecord
from chalicelib.members.birthdays.service import announcing
from chalicelib.members.birthdays.service.announcing import announce
from chalicelib.members.enrolment.service import find_or_enrol_by_phone
from chalicelib.members.model.birthdays import celebrated, is_birthday
from chalicelib.members.records import MemberRecord
from tests.builders import Member, Shop, made
from tests.conftest import Drain


class TestTheDay:
    def test_the_29th_of_february_is_kept_on_the_28th_in_common_years(self):
        assert celebrated(date(2027, 2, 28)) == ("02-28", "02-29")
        assert celebrated(date(2028, 2, 28)) == ("02-28",)
        assert celebrated(date(2028, 2, 29)) == ("02-29",)
        assert celebrated(date(2100, 2, 28)) == ("02-28", "02-29")

    def test_every_day_of_a_leap_year_is_a_birthday_and_kept_once_in_any_year(self):
        days = [f"{date(2028, 1, 1) + timedelta(days=n):%m-%d}" for n in range(366)]
        assert all(map(is_birthday, days))
        for year in (2027, 2028):
            first = date(year, 1, 1)
            many = (date(year + 1, 1, 1) - first).days
            kept = [each for n in range(many) for each in celebrated(first + timedelta(days=n))]
            assert sorted(kept) == days


class Born:
    """A brand's members with birthdays, and what is announced of them."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop

    def member(self, birthday: str) -> Member:
        member = self.shop.member()
        self.say(member, birthday)
        return member

    def say(self, member: Member, birthday: str | None) -> None:
        change = {"profile": {"birthday": birthday}}
        made(self.shop.caller.call("PATCH", f"{self.shop.path}/me", json=change, token=member.token), 200)

    def announce(self, at: datetime) -> None:
        with tenant_scope(self.shop.tenant_id):
            announce(self.shop.tenant_id, at)

    def record(self, member: Member) -> MemberRecord:
        with tenant_scope(self.shop.tenant_id):
            found = MemberRecord.at(self.shop.tenant_id, member.id, consistent=True)
        assert found is not None
        return found

    def announced(self, member: Member) -> list[str]:
        """The day of the announcement that rides on the record's last write."""
        return [each["d"]["on"] for each in self.record(member).outbox or () if each["t"] == "member.birthday"]

    @property
    def calendar(self) -> CalendarRecord | None:
        with tenant_scope(self.shop.tenant_id):
            return CalendarRecord.fetch(*CalendarRecord.address(self.shop.tenant_id), consistent=True)

    def begin(self, on: date) -> None:
        """Has the brand's calendar begin with a day."""
        tx_calendar = self.calendar
        assert tx_calendar is not None
        tx_calendar.next_on = on
        tx_calendar.arrange()
        with tenant_scope(self.shop.tenant_id):
            tx_calendar.save()


@pytest.fixture
def born(new_shop: Callable[..., Shop]) -> Born:
    return Born(new_shop(timezone="America/New_York"))


def morning(on: date, hour: int = 8, minute: int = 0) -> datetime:
    """A wall time in New York in winter."""
    return datetime(on.year, on.month, on.day, hour, minute, tzinfo=UTC) + timedelta(hours=5)


DAY = date(2027, 1, 20)


def test_a_brand_without_birthdays_has_no_calendar(born: Born):
    born.shop.member()
    assert born.calendar is None


def test_it_is_announced_on_the_local_morning_and_not_before(born: Born):
    ada, bo = born.member("01-20"), born.member("01-21")
    born.begin(DAY)
    assert born.calendar is not None
    assert born.calendar.due_at == morning(DAY)

    born.announce(morning(DAY, 7, 59))
    assert born.announced(ada) == []
    born.announce(morning(DAY))
    assert (born.announced(ada), born.announced(bo)) == ([DAY.isoformat()], [])
    assert born.calendar.due_at == morning(DAY + timedelta(days=1))


def test_once_a_year_however_often_it_is_worked_and_whatever_they_say(born: Born):
    ada = born.member("01-20")
    born.begin(DAY)
    born.announce(morning(DAY))
    stands = int(born.record(ada).rev)
    born.begin(DAY)
    born.announce(morning(DAY))
    assert int(born.record(ada).rev) == stands

    born.say(ada, "01-21")
    born.announce(morning(DAY + timedelta(days=1)))
    assert born.announced(ada) == []
    born.begin(date(2028, 1, 21))
    born.announce(morning(date(2028, 1, 21)))
    assert born.announced(ada) == ["2028-01-21"]


def test_what_was_missed_is_caught_up_with_by_its_own_day(born: Born):
    ada, bo = born.member("01-20"), born.member("01-23")
    born.begin(DAY)
    born.announce(morning(DAY + timedelta(days=4)))
    assert (born.announced(ada), born.announced(bo)) == (["2027-01-20"], ["2027-01-23"])
    assert born.calendar is not None
    assert born.calendar.next_on == DAY + timedelta(days=5)


def test_a_day_with_many_goes_on_where_it_was(born: Born, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(announcing, "MOST_AT_ONCE", 2)
    twenty_eighth = date(2027, 2, 28)
    everybody = [born.member("02-28") for _ in range(3)] + [born.member("02-29") for _ in range(2)]
    born.begin(twenty_eighth)
    found = []
    for _ in range(3):
        born.announce(morning(twenty_eighth))
        found.append(sum(bool(born.announced(each)) for each in everybody))
    assert found == [2, 4, 5]
    assert born.calendar is not None
    assert born.calendar.next_on == date(2027, 3, 1)


def test_a_worker_that_dies_between_members_and_calendar_repeats_nothing(born: Born, monkeypatch: pytest.MonkeyPatch):
    ada = born.member("01-20")
    born.begin(DAY)

    def dies(*_: Any) -> None:
        raise RuntimeError("the worker is gone")

    with monkeypatch.context() as broken:
        broken.setattr(announcing, "_go_on", dies)
        with pytest.raises(RuntimeError):
            born.announce(morning(DAY))
    stands = int(born.record(ada).rev)
    born.announce(morning(DAY))
    assert int(born.record(ada).rev) == stands
    assert born.announced(ada) == [DAY.isoformat()]


def test_who_left_or_is_blocked_is_not_announced(born: Born):
    left, blocked = born.member("01-20"), born.member("01-20")
    made(born.shop.caller.call("POST", f"{born.shop.path}/me/leave", json={}, token=left.token), 200)
    blocking = {"status": "blocked", "reason": "Never collects"}
    made(born.shop.brand.patch(f"/v1/members/{blocked.id}", blocking), 200)
    born.begin(DAY)
    born.announce(morning(DAY))
    assert (born.announced(left), born.announced(blocked)) == ([], [])


def test_somebody_who_has_never_signed_in_is_not_announced(born: Born):
    """The team wrote their birthday down; they have agreed to nothing."""
    shop = born.shop
    with tenant_scope(shop.tenant_id):
        member_id = find_or_enrol_by_phone(shop.tenant_id, "+8613900000000", "Li", kernel_clock.now())
    made(shop.brand.patch(f"/v1/members/{member_id}/profile", {"birthday": "01-20"}), 200)
    written, ada = Member(member_id, "", ""), born.member("01-20")
    born.begin(DAY)
    born.announce(morning(DAY))
    assert (born.announced(written), born.announced(ada)) == ([], [DAY.isoformat()])


def test_it_costs_the_days_members_and_nobody_else(born: Born):
    born.member("01-20")
    born.begin(DAY)
    with metered() as alone:
        born.announce(morning(DAY))
    for _ in range(6):
        born.member("07-07")
    born.member("01-21")
    with metered() as among_many:
        born.announce(morning(DAY + timedelta(days=1)))
    assert among_many.items_read == alone.items_read


def test_a_birthday_earns_points_once_a_year(shop: Shop, drain: Drain):
    rules = {"rules": [{"action": "birthday", "points": 50}]}
    made(shop.brand.put("/v1/points-rules", rules), 200)
    born = Born(shop)
    ada = born.member("01-20")
    born.begin(DAY)
    at = datetime(2027, 1, 20, tzinfo=UTC)
    for _ in range(2):
        born.announce(at)
        drain()
    entries = made(shop.brand.get(f"/v1/members/{ada.id}/points"), 200)
    assert (entries["balance"], [each["cause"] for each in entries["items"]]) == (
        50, [{"type": "birthday", "id": "2027"}]
    )  # fmt: skip


def test_a_birthday_that_is_said_begins_the_calendar_with_the_next_morning(born: Born):
    now = kernel_clock.now()
    born.member("01-20")
    assert born.calendar is not None
    assert now < born.calendar.due_at <= now + timedelta(days=1)
