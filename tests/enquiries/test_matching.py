"""Which entry of a FAQ answers a question: by an absolute measure, with figures from a labelled set."""

import pytest

from chalicelib.enquiries.model.matching import DEFAULT_THRESHOLD, Entry, Index
from chalicelib.enquiries.model.order_facts import asks_for_order
from chalicelib.enquiries.model.words import locale_of, terms
from infra.bench.questions import asked, entries, figures, result

INDEX = Index(entries())


def test_of_the_set_most_is_answered_rightly_and_nothing_that_has_no_answer():
    found = result("fit", index=INDEX)

    assert (found.answerable, found.unanswerable) == (71, 34)
    assert found.confident_wrong == []
    assert found.wrong == []
    assert found.right >= 60


def test_of_the_set_that_was_written_apart_nothing_is_answered_wrongly_either():
    found = result("held", index=INDEX)

    assert (found.answerable, found.unanswerable) == (20, 10)
    assert (found.confident_wrong, found.wrong) == ([], [])
    assert found.right >= 14


def test_the_benchmark_tells_these_figures():
    found = {figure.what: figure for figure in figures()}

    assert [figure.what for figure in found.values() if figure.met is False] == []
    assert found["questions answered rightly from the FAQ, seen by nobody before"].measured == "15 of 20, 0 wrong"


def test_the_threshold_is_far_from_what_has_no_answer():
    best = [INDEX.best(each.text) for which in ("fit", "held") for each in asked(which) if each.answered_by is None]

    assert max(match.confidence for match in best if match) < DEFAULT_THRESHOLD - 0.2


def test_a_threshold_that_takes_anything_would_answer_what_has_no_answer():
    assert result("fit", 0.01, INDEX).confident_wrong


def test_the_confidence_is_absolute_and_not_a_rank():
    """With one entry alone every question has a best one; it is not sure for that."""
    index = Index([Entry("only", "en", "How do I cancel my order?", "On its page.")])

    match = index.best("Do you have parking for my order truck")

    assert match is not None
    assert match.entry.id == "only"
    assert not match.sure(DEFAULT_THRESHOLD)
    assert index.best("how can I cancel an order").confidence == pytest.approx(1.0)  # type: ignore[union-attr]


def test_two_entries_that_are_as_likely_are_for_a_person():
    twice = [Entry(name, "en", "How do I cancel my order?", "On its page.") for name in ("a", "b")]

    match = Index(twice).best("how can I cancel my order")

    assert match is not None
    assert match.confidence == pytest.approx(1.0)
    assert not match.sure(0.5)


def test_the_words_of_both_languages_meet_and_small_words_say_nothing():
    assert "=refund" in terms("refund 多久到账") <= terms("退款多久能到账？")
    assert terms("請問怎麼退款") == terms("退款") == terms("ＲＥＦＵＮＤ") == {"=refund"}
    assert terms("Hello, could you please help me") == terms("你好，请问一下") == frozenset()
    assert "=points" not in terms("where is the pickup point")
    assert [locale_of(text) for text in ("Where?", "我的 order")] == ["en", "zh"]


def test_english_words_lose_their_endings_and_chinese_ones_are_divided():
    assert terms("bicycles") == terms("bicycle")
    assert terms("蜂蜜有机") == {"蜂蜜", "有机"}


@pytest.mark.parametrize("text", ["", "?!", "🙏🙏", "吗", "the of"])
def test_what_says_nothing_has_no_answer(text):
    assert INDEX.best(text) is None
    assert Index([]).best("how do I cancel") is None


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Where is my order?", True), ("where's my parcel", True), ("When can I collect it?", True),
        ("我的订单到哪了", True), ("什么时候能取货", True), ("請問什麼時候可以取貨？", True), ("到货了吗", True),
        ("When will my refund come?", False), ("我的订单什么时候退款", False), ("where is the founder from", False),
        ("Where is my order, the eggs were broken last time", False), ("怎么修改订单", False), ("订单", False),
    ],
)  # fmt: skip
def test_whoever_asks_where_their_order_is_asks_nothing_else(text, asks):
    assert asks_for_order(text) is asks
