"""Which groups of answers may be shown: no two figures tell what fewer than five people answered."""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.surveys.model.disclosure import FEWEST, leaving_enough, merged, shown_beside, shown_groups

CAMPAIGN, LEADER, PRODUCT = "campaign", "leader", "product"
DISJOINT = (CAMPAIGN, LEADER)


def people(*places):
    return sum(1 << place for place in places)


def span(first, last):
    return people(*range(first, last))


def isolates(one, other):
    """Whether the difference of two figures is one of a few people."""
    return one & other in (one, other) and 0 < (one ^ other).bit_count() < FEWEST


def union(masks):
    found = 0
    for mask in masks:
        found |= mask
    return found


def test_a_group_of_four_is_not_shown_and_one_of_five_is():
    groups = {(CAMPAIGN, "a"): span(0, 5), (CAMPAIGN, "b"): span(5, 9), (CAMPAIGN, "c"): span(9, 30)}
    assert shown_groups(groups, span(0, 30), DISJOINT) == {(CAMPAIGN, "c")}
    assert shown_groups(groups, span(0, 14), DISJOINT) == {(CAMPAIGN, "c")}


def test_where_fewer_than_five_answered_nothing_is_shown():
    assert shown_groups({(CAMPAIGN, "a"): span(0, 4)}, span(0, 4), DISJOINT) == frozenset()


def test_what_a_breakdown_leaves_over_is_no_small_group():
    groups = {(CAMPAIGN, "a"): span(0, 6), (CAMPAIGN, "b"): span(6, 20), (CAMPAIGN, "c"): span(20, 22)}
    # All less a and b would be the two of c: the smaller of the shown goes with them.
    assert shown_groups(groups, span(0, 22), DISJOINT) == {(CAMPAIGN, "b")}


def test_of_two_groups_that_differ_by_one_the_smaller_is_not_shown():
    groups = {(CAMPAIGN, "a"): span(0, 10), (LEADER, "x"): span(0, 9), (LEADER, "y"): span(9, 30)}
    assert (LEADER, "x") not in shown_groups(groups, span(0, 30), DISJOINT)


def test_nearly_all_is_not_shown_beside_all():
    assert shown_groups({(PRODUCT, "a"): span(0, 28)}, span(0, 30), DISJOINT) == frozenset()
    assert shown_groups({(PRODUCT, "a"): span(0, 30)}, span(0, 30), DISJOINT) == {(PRODUCT, "a")}


@st.composite
def surveys(draw):
    number = draw(st.integers(5, 40))
    groups = {}
    for place in range(number):
        for breakdown, values in ((CAMPAIGN, "abc"), (LEADER, "xy")):
            value = breakdown, draw(st.sampled_from([*values, ""]))
            groups[value] = groups.get(value, 0) | 1 << place
        for value in draw(st.sets(st.sampled_from("pqr"))):
            groups[PRODUCT, value] = groups.get((PRODUCT, value), 0) | 1 << place
    return {group: mask for group, mask in groups.items() if group[1]}, (1 << number) - 1


@settings(max_examples=60)
@given(surveys())
def test_no_two_figures_that_are_shown_tell_of_a_few_people(survey):
    groups, everyone = survey
    shown = shown_groups(groups, everyone, DISJOINT)

    masks = [everyone, *(groups[group] for group in shown)]
    assert all(mask.bit_count() >= FEWEST for mask in masks)
    assert not any(isolates(one, other) for one, other in permutations(masks, 2))
    for breakdown in DISJOINT:
        parts = [groups[group] for group in shown if group[0] == breakdown]
        for whole in masks:
            within = union(part for part in parts if part & whole == part)
            assert not (within and isolates(whole, within))


@settings(max_examples=40)
@given(surveys(), surveys())
def test_segments_are_shown_only_where_they_tell_nothing_beside_what_is_shown_anyway(survey, other):
    groups, everyone = survey
    shown = shown_groups(groups, everyone, DISJOINT)
    before = {group: groups[group] for group in shown}
    segments = {("segment", value): mask for (_, value), mask in other[0].items()}

    beside = shown_beside(segments, before, everyone, DISJOINT)

    masks = [everyone, *before.values(), *(segments[group] & everyone for group in beside)]
    assert not any(isolates(one, two) for one, two in permutations(masks, 2))


@given(st.lists(st.tuples(st.integers(0, 30).map(lambda n: f"2026-{n:02d}"), st.integers(1, 12)), max_size=12))
def test_spans_of_months_hold_enough_and_all_of_them(sizes):
    sizes = sorted(dict(sizes).items())
    spans = merged(sizes)

    held = [[size for month, size in sizes if first <= month <= last] for first, last in spans]
    assert [each for part in held for each in part] == [size for _, size in sizes]
    if sum(size for _, size in sizes) >= FEWEST:
        assert all(sum(part) >= FEWEST for part in held)


def test_the_last_month_with_few_answers_counts_to_the_one_before():
    assert merged([("2026-01", 3), ("2026-02", 4), ("2026-03", 9), ("2026-04", 2)]) == [
        ("2026-01", "2026-02"), ("2026-03", "2026-04"),
    ]  # fmt: skip


@pytest.mark.parametrize("number", [400])
def test_many_groups_are_looked_at_without_much_work(number):
    groups = {(PRODUCT, str(n)): span(n, n + 5000) for n in range(number)}
    assert shown_groups(groups, span(0, 20_000), DISJOINT)


def test_what_is_united_is_nobody_or_enough() -> None:
    groups = {"a": span(0, 20), "b": span(20, 26), "c": span(26, 29)}
    assert leaving_enough(groups, ["a", "b"]) == {"a"}
    assert leaving_enough({**groups, "d": span(29, 32)}, ["a", "b"]) == {"a", "b"}
    assert leaving_enough({"a": span(0, 20), "c": span(20, 21)}, ["a"]) == frozenset()
    assert leaving_enough({"a": span(0, 20)}, ["a"]) == {"a"}
