"""What keeps something of an import from being undone."""

from __future__ import annotations

from dataclasses import replace

import pytest

from chalicelib.insight.imports.model.undoing import MemberNow, ProductNow, why_member_stays, why_product_stays

PRODUCT = ProductNow("Tea", untouched=True, stock_moved=False, terms_changed=False)
MEMBER = MemberNow(untouched=True, claimed=False, ordered=False, has_coupons=False, leads=False)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"used_in": "Autumn"}, "offered in 'Autumn'"),
        ({"stock_moved": True}, "its stock has moved"),
        ({"terms_changed": True}, "its supplier"),
        ({"wanted": True}, "members want it"),
        ({"untouched": False}, "has been changed"),
    ],
)
def test_a_product_stays_that_was_used_or_changed(changed: dict[str, object], words: str) -> None:
    assert why_product_stays(PRODUCT) is None
    reason = why_product_stays(replace(PRODUCT, **changed))  # type: ignore[arg-type]
    assert reason is not None
    assert words in reason.en
    assert reason.zh.startswith("“Tea”保留：")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"claimed": True}, "have signed in"),
        ({"ordered": True}, "have ordered"),
        ({"has_coupons": True}, "given a coupon"),
        ({"leads": True}, "lead a pickup point"),
        ({"untouched": False}, "has changed them"),
    ],
)
def test_a_member_stays_who_signed_in_ordered_or_was_changed(changed: dict[str, bool], words: str) -> None:
    assert why_member_stays(MEMBER) is None
    reason = why_member_stays(replace(MEMBER, **changed))
    assert reason is not None
    assert words in reason.en
    assert reason.zh.startswith("会员保留：")
