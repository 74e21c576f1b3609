"""What is published for good: no two figures tell what fewer than five answered, and no bar is of one to four."""

from datetime import UTC, datetime, timedelta
from itertools import combinations_with_replacement, product
from statistics import fmean as mean_of

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.improvements.model.reports import Told
from chalicelib.surveys.model.disclosure import FEWEST, tells_of_few
from chalicelib.surveys.model.figures import count
from chalicelib.surveys.model.published import Cut, Given, bars, may_be_published, tells_beside
from chalicelib.surveys.model.questions import Kind, Question

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def span(first, last):
    return sum(1 << place for place in range(first, last))


@pytest.mark.parametrize(
    ("groups", "tells"),
    [
        ([span(0, 4)], True),
        ([span(0, 5)], False),
        ([span(0, 20), span(0, 22)], True),
        ([span(0, 20), span(0, 25)], False),
        ([span(0, 10), span(10, 20), span(0, 23)], True),
        ([span(0, 10), span(10, 20), span(0, 25)], False),
        # Three at a time: the first and the last less those between are of two people.
        ([span(0, 12), span(10, 30), span(12, 30)], True),
        # On the safe side: four small sets, of which only two at a time can be told apart.
        ([span(0, 8), span(4, 12), span(8, 16), span(0, 4) | span(12, 16)], True),
        ([], False),
    ],
)
def test_whether_figures_together_tell_of_few(groups, tells):
    assert tells_of_few(groups) is tells


@settings(max_examples=80)
@given(st.lists(st.integers(1, (1 << 14) - 1), max_size=4))
def test_no_sum_or_difference_of_what_may_be_published_is_of_one_to_four_people(masks):
    published = []
    for mask in masks:
        if may_be_published(mask, published):
            published.append(mask)

    for weights in product((-2, -1, 0, 1, 2), repeat=len(published)):
        counts = [sum(w for w, mask in zip(weights, published, strict=True) if mask >> n & 1) for n in range(14)]
        assert sum(1 for each in counts if each) not in range(1, FEWEST)


def test_what_was_published_over_the_same_answers_may_be_again():
    assert may_be_published(span(0, 5), [span(0, 5)])
    assert not may_be_published(span(0, 4), [])


def at(minutes, name, wave=None):
    return Given(name, NOW + timedelta(minutes=minutes), wave)


def test_an_answer_that_lands_later_is_not_among_those_that_were_counted():
    early, recent, late = at(-60, "a"), at(-1, "b"), at(-1, "c")
    cut = Cut.of([early, recent], "invited", None, None, NOW)

    assert [cut.holds(each) for each in (early, recent, late, at(1, "d"))] == [True, True, False, False]
    assert Cut.from_json(cut.as_json()) == cut


def test_a_cut_is_of_its_wave_and_its_time():
    cut = Cut.of([], "invited", "spring", NOW - timedelta(days=3), NOW)
    assert [cut.holds(each) for each in (at(-60, "a", "spring"), at(-60, "b", "autumn"), at(-9000, "c", "spring"))] == [
        True,
        False,
        False,
    ]
    many = [at(-1, f"{n}") for n in range(151)]
    assert Cut.of(many, "open", None, None, NOW).recent == ()


def shown(question, values):
    return [(each.names, each.answered) for each in bars(question, count(question, values))]


def test_scores_that_few_gave_are_told_with_their_neighbours():
    score = Question("q", Kind.SCORE, "?")
    assert shown(score, [5] * 12 + [4] * 6 + [1, 3, 3]) == [(("1", "2", "3", "4"), 9), (("5",), 12)]
    assert shown(score, [5] * 6 + [4] * 3) == [(("1",), 0), (("2",), 0), (("3",), 0), (("4", "5"), 9)]


def test_recommendations_are_told_as_promoters_detractors_and_those_between():
    nps = Question("q", Kind.NPS, "?")
    found = shown(nps, [10] * 5 + [9] + [8] * 5 + [0] * 3 + [6] * 3)
    assert [(names[0], names[-1], number) for names, number in found] == [("0", "6", 6), ("7", "8", 5), ("9", "10", 6)]


def test_options_that_few_chose_are_told_together_and_never_one_to_four():
    choice = Question("q", Kind.CHOICE, "?", options=("A", "B", "C", "D"))
    assert shown(choice, ["A"] * 9 + ["B"] * 3 + ["C"] * 2) == [(("A",), 9), (("D",), 0), (("B", "C"), 5)]
    assert shown(choice, ["A"] * 9 + ["B"] * 3) == [(("C",), 0), (("D",), 0), (("A", "B"), 12)]
    several = Question("q", Kind.MULTIPLE, "?", options=("A", "B", "C"))
    assert shown(several, [["A", "B"]] * 3 + [["A"]] * 4) == [(("A",), 7), (("B",), None), (("C",), 0)]


@settings(max_examples=60)
@given(st.lists(st.integers(0, 10), min_size=5, max_size=60), st.sampled_from([Kind.SCORE, Kind.NPS]))
def test_no_bar_of_numbers_is_of_one_to_four(values, kind):
    question = Question("q", kind, "?")
    values = [1 + each % 5 for each in values] if kind is Kind.SCORE else values
    found = shown(question, values)

    assert sum(number for _, number in found) == len(values)
    first, end = (1, 6) if kind is Kind.SCORE else (0, 11)
    assert [name for names, _ in found for name in names] == [str(number) for number in range(first, end)]
    assert not any(0 < number < FEWEST for _, number in found)


def told(values, kind=Kind.SCORE):
    question = Question("q", kind, "?")
    return Told(question, count(question, values))


@pytest.mark.parametrize("values", [[5, 5, 5, 5, 1], [1, 1, 1, 1, 2], [5] * 9 + [1], [5] * 9 + [4]])
def test_a_mean_that_tells_how_few_differ_is_left_out(values):
    assert told(values).mean is None


@pytest.mark.parametrize("values", [[5] * 8 + [1, 2], [5, 5, 3, 1, 1], [5] * 20 + [4] * 8 + [3, 2, 1]])
def test_a_mean_beside_bars_of_several_numbers_has_no_bounds(values):
    assert (told(values).mean.low, told(values).mean.high) == (None, None)
    assert told([5] * 5 + [4] * 5).mean.low is not None


@settings(max_examples=60)
@given(st.lists(st.integers(1, 5), min_size=5, max_size=9))
def test_beside_a_mean_there_are_other_answers_that_nobody_or_five_people_gave(values):
    shown = told(values)
    if shown.mean is None:
        return
    same = [
        other
        for other in combinations_with_replacement(range(1, 6), len(values))
        if f"{mean_of(other):.1f}" == f"{shown.mean.value:.1f}" and all(
            bar.answered == sum(str(each) in bar.names for each in other) for bar in shown.bars
        )
    ]  # fmt: skip
    for most in range(1, 5):
        assert not all(0 < sum(each <= most for each in other) < FEWEST for other in same)
        assert not all(0 < sum(each > most for each in other) < FEWEST for other in same)


def compared(before, after, kind=Kind.SCORE, options=()):
    question = Question("q", kind, "?", options=options)
    return tells_beside(question, count(question, before), count(question, after))


@pytest.mark.parametrize(
    ("further", "tells"),
    [
        ([], False),
        ([5] * 5, False),
        ([5] * 5 + [1] * 5, False),
        ([5] * 4 + [1], True),
        ([5] * 5 + [4] * 4, False),
        ([1] * 3 + [2] * 2, False),
    ],
)
def test_what_bars_of_two_reports_tell_of_who_is_in_one_of_them_alone(further, tells):
    before = [5] * 6 + [1] * 3 + [2] * 3
    assert compared(before, before + further) is tells


def test_means_of_two_reports_do_not_tell_of_few_who_are_in_one_of_them_alone():
    before = [5] * 8 + [1, 2]
    open_still, tells = [*before, 1, 2, 2, 2, 3], [*before, 2, 2, 2, 2, 3]
    assert None not in [told(each).mean for each in (before, open_still, tells)]
    assert not compared(before, open_still)
    assert compared(before, tells)


def test_options_of_two_reports_are_compared_by_what_is_told_of_both():
    before = ["A"] * 9 + ["B"] * 5
    assert compared(before, [*before, *["A"] * 4, "B"], Kind.CHOICE, ("A", "B"))
    assert not compared(before, before + ["A"] * 5, Kind.CHOICE, ("A", "B"))
    several = [["A", "B"]] * 5 + [["A"]] * 4
    assert compared(several, several + [["A"]] * 4 + [["B"]], Kind.MULTIPLE, ("A", "B"))
    assert not compared(several, several + [["A", "B"]] * 5, Kind.MULTIPLE, ("A", "B"))
