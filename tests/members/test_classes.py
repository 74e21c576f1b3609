"""The class of a member follows from two days and today, without a database."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.members.model.classes import MemberClass, Thresholds, class_of
from chalicelib.members.records import MemberRecord

TODAY = date(2026, 11, 30)
NEW, ACTIVE, DORMANT, CHURNED = MemberClass


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.mark.parametrize(
    ("first", "last", "is_class"),
    [
        (0, 0, NEW),
        (29, 29, NEW),
        (29, 0, NEW),
        (30, 29, ACTIVE),
        (30, 30, DORMANT),
        (400, 0, ACTIVE),
        (400, 89, DORMANT),
        (400, 90, CHURNED),
        (90, 90, CHURNED),
    ],
)
def test_the_borders_of_the_usual_thresholds(first: int, last: int, is_class: MemberClass) -> None:
    assert class_of(ago(first), ago(last), TODAY) is is_class


def test_who_has_never_ordered_has_no_class_and_who_has_left_is_churned_at_once() -> None:
    assert class_of(None, None, TODAY) is None
    assert class_of(None, ago(1), TODAY) is None
    assert class_of(ago(3), ago(0), TODAY, left=True) is CHURNED


def test_a_brand_parts_the_classes_by_its_own_days() -> None:
    weekly = Thresholds(new_days=7, dormant_days=14, churned_days=28)
    assert [class_of(ago(60), ago(last), TODAY, weekly) for last in (13, 14, 27, 28)] == [
        ACTIVE, DORMANT, DORMANT, CHURNED,
    ]  # fmt: skip
    assert class_of(ago(7), ago(7), TODAY, weekly) is ACTIVE
    assert Thresholds.from_json(weekly.as_json()) == weekly
    assert Thresholds.from_json(None) == Thresholds(30, 30, 90, taking_part_counts=False)


def test_taking_part_counts_where_the_brand_says_so() -> None:
    member = MemberRecord("t#member#m", "member")
    member.first_ordered_on, member.last_ordered_on, member.took_part_on = ago(200), ago(100), ago(5)
    assert member.class_on(TODAY) is CHURNED
    assert member.class_on(TODAY, Thresholds(taking_part_counts=True)) is ACTIVE
    member.first_ordered_on = member.last_ordered_on = None
    assert member.class_on(TODAY, Thresholds(taking_part_counts=True)) is None


@given(
    first=st.integers(0, 4000), quiet=st.integers(0, 4000), new=st.integers(1, 400), dormant=st.integers(1, 400),
    more=st.integers(1, 400),
)  # fmt: skip
def test_a_member_who_does_nothing_passes_each_class_once_and_only_forward(
    first: int, quiet: int, new: int, dormant: int, more: int
) -> None:
    first = max(first, quiet)
    thresholds = Thresholds(new, dormant, dormant + more)
    order = list(MemberClass)
    passed = [
        order.index(found)
        for day in range(0, 900, 30)
        if (found := class_of(ago(first), ago(quiet), TODAY + timedelta(days=day), thresholds)) is not None
    ]
    assert passed == sorted(passed)
