"""A refusal carries what a caller needs to act on it."""

import inspect

from chalicelib.kernel import errors
from chalicelib.kernel.errors import Conflict, DomainError, FieldError, Invalid


class SoldOut(Conflict):
    code, title, title_zh = "sold_out", "Sold out", "已售罄"


def test_a_refusal_without_words_speaks_its_title():
    refusal = SoldOut()

    assert (refusal.status, refusal.code) == (409, "sold_out")
    assert (str(refusal), refusal.detail, refusal.detail_zh) == ("Sold out", "Sold out", "已售罄")


def test_the_english_detail_stands_in_for_a_missing_chinese_one():
    assert SoldOut("Only 3 left.").detail_zh == "Only 3 left."
    assert SoldOut("Only 3 left.", detail_zh="仅剩 3 件。").detail_zh == "仅剩 3 件。"


def test_one_field_can_be_refused_in_a_line():
    refusal = Invalid.at("/lines/0/quantity", "at most 5")

    assert refusal.errors == (FieldError("/lines/0/quantity", "at most 5"),)
    assert refusal.status == 422


def test_refusals_do_not_share_what_they_carry():
    one, extra = SoldOut(extra={"left": 3}), {"left": 4}
    other = SoldOut(extra=extra)
    extra["left"] = 5

    assert (one.extra, other.extra, SoldOut().extra) == ({"left": 3}, {"left": 4}, {})


def test_every_kind_has_a_status_and_words_of_its_own():
    kinds = [k for _, k in inspect.getmembers(errors, inspect.isclass) if issubclass(k, DomainError)]

    assert len({kind.code for kind in kinds}) == len(kinds)
    assert all(400 <= kind.status < 600 and kind.title and kind.title_zh for kind in kinds)
