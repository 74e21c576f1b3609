"""Which products pass a filter, without a database."""

import pytest

from chalicelib.catalog.model.listing import Card, CardSku, Wanted, keeps
from chalicelib.kernel.errors import Invalid

CARD = Card(
    "P1", "明前龙井 Green Tea", "Tea & Coffee", ("new", "春茶"), "西湖", "", "active",
    (CardSku("S1", "TEA-S", "50 g", 1200), CardSku("S2", "TEA-L", "200 g", 4000)),
)  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ({}, True),
        ({"q": "龙井"}, True),
        ({"q": "green  TEA"}, True),
        ({"q": "tea-l"}, True),
        ({"q": "tea black"}, False),
        ({"category": "tea & coffee"}, True),
        ({"category": "tea"}, False),
        ({"tag": "NEW"}, True),
        ({"tag": "ne"}, False),
        ({"min_price": 4000}, True),
        ({"min_price": 4001}, False),
        ({"max_price": 1200}, True),
        ({"max_price": 1199}, False),
        ({"min_price": 1201, "max_price": 3999}, False),
        ({"status": "archived"}, False),
    ],
)
def test_a_filter_keeps_what_it_asks_for(asked, kept):
    assert keeps(Wanted.asked(**asked), CARD) is kept


def test_a_price_range_upside_down_is_refused():
    with pytest.raises(Invalid):
        Wanted.asked(min_price=2, max_price=1)
