"""A list as a chat group passes it on, read line by line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.orders.chat_orders.model import MOST_ENTRIES, MOST_NAME, Doubt, read

OFFERS = {"pear": "Pears", "egg": "Eggs", "tea": "Green tea", "oil": "Olive oil"}
FRUIT = {"li": "秋梨", "dan": "土鸡蛋", "cha": "绿茶", "hong": "红茶"}
ONE = {"li": "秋梨"}


def said(text, offers):
    """The first entry: its name, and units by offer."""
    [entry] = read(text, offers)
    return entry.name, {each.offer_id or f"?{each.said}": each.quantity for each in entry.wanted}


@pytest.mark.parametrize(("line", "name", "wanted"), [
    ("1. Wang, pears 2, eggs 1", "Wang", {"pear": 2, "egg": 1}),
    ("1. Wang pears 2 eggs 1", "Wang", {"pear": 2, "egg": 1}),
    ("2) Anna Lee: 2 pears + 1 egg", "Anna Lee", {"pear": 2, "egg": 1}),
    ("3、Bo Green tea x2", "Bo", {"tea": 2}),
    ("4. O'Neil - 3x olive oil", "O'Neil", {"oil": 3}),
    ("5. Kim, pears 1, pears 2", "Kim", {"pear": 3}),
    ("12 Tom: eggs 10 pcs, pears 2 boxes", "Tom", {"egg": 10, "pear": 2}),
    ("7. Ada (pears*2; eggs*3)", "Ada", {"pear": 2, "egg": 3}),
])  # fmt: skip
def test_lines_in_english(line, name, wanted):
    assert said(line, OFFERS) == (name, wanted)


@pytest.mark.parametrize(("line", "name", "wanted"), [
    ("1. 王阿姨 秋梨2 土鸡蛋1", "王阿姨", {"li": 2, "dan": 1}),
    ("1、王阿姨，秋梨2箱，土鸡蛋1份", "王阿姨", {"li": 2, "dan": 1}),
    ("2. 李四 梨×3", "李四", {"li": 3}),
    ("3. 小红 鸡蛋两盒", "小红", {"dan": 2}),
    ("4．张三：２份秋梨、１份土鸡蛋", "张三", {"li": 2, "dan": 1}),
    ("5. 王阿姨秋梨2", "王阿姨", {"li": 2}),
    ("6. 赵六 绿茶1红茶2", "赵六", {"cha": 1, "hong": 2}),
    ("7. 钱七 秋梨*2+绿茶*1", "钱七", {"li": 2, "cha": 1}),
])  # fmt: skip
def test_lines_in_chinese(line, name, wanted):
    assert said(line, FRUIT) == (name, wanted)


@pytest.mark.parametrize(("line", "name", "quantity"), [
    ("1. 张三 +1", "张三", 1), ("2. 李四 2", "李四", 2), ("3. 王五 3份", "王五", 3), ("4. Ann +2", "Ann", 2),
])  # fmt: skip
def test_where_there_is_one_thing_to_want_a_number_is_enough(line, name, quantity):
    assert said(line, ONE) == (name, {"li": quantity})


@pytest.mark.parametrize(
    "line", ["1. 王五 13800138000 秋梨2", "1. 王五 秋梨2 138 0013 8000", "1. 王五 +86 138-0013-8000 秋梨2"]
)
def test_a_phone_number_is_no_quantity(line):
    [entry] = read(line, FRUIT)
    assert entry.phone is not None
    assert entry.phone.endswith("13800138000")
    assert (entry.name, entry.wanted[0].quantity, len(entry.wanted)) == ("王五", 2, 1)


@pytest.mark.parametrize(("line", "doubts"), [
    ("1. Wang, durian 2", {Doubt.OFFER_UNKNOWN}),
    ("1. 王五 茶2", {Doubt.SEVERAL_OFFERS}),
    ("1. Wang pears", {Doubt.QUANTITY_ASSUMED}),
    ("1. Wang pears 5000", {Doubt.QUANTITY_TOO_LARGE}),
])  # fmt: skip
def test_what_is_not_sure_is_named(line, doubts):
    [entry] = read(line, {**OFFERS, **FRUIT})
    assert entry.wanted[0].doubts == doubts


def test_what_is_no_order_is_said():
    assert read("1. Wang", OFFERS)[0].doubts == {Doubt.NOTHING_WANTED}
    assert Doubt.CALLED_OFF in read("1. 王五 秋梨2 取消", FRUIT)[0].doubts
    assert read("1. Wang, pears 2, please ring twice", OFFERS)[0].unread == ("please ring twice",)


PASTED = """#接龙
[The green valley] Autumn pears
Order until Mon 30 Nov 2026, 18:00

1. Pears ¥9.00 · 12 ordered
   3 more, and everybody pays ¥8.00
2. Eggs ¥12.00

12 neighbours have ordered
Collect at: Gate 3 · 5 Garden Road · 16:00-20:00
Order here: http://127.0.0.1:8000/s/green-valley/go/abc?c=1

1. Wang, pears 2
2. Bo, eggs 1
3. Wang, eggs 3
"""


def test_our_own_text_above_the_list_is_no_entry():
    assert [(each.name, each.nth) for each in read(PASTED, OFFERS)] == [("Wang", 1), ("Bo", 1), ("Wang", 2)]


def test_an_entry_is_the_same_wherever_the_grown_list_has_it():
    grown = PASTED.replace("2. Bo, eggs 1", "2. Eve, pears 1\n3. Bo, eggs 1")
    before = {(each.called, each.nth): each.wanted for each in read(PASTED, OFFERS)}
    after = {(each.called, each.nth): each.wanted for each in read(grown, OFFERS)}
    assert before.items() <= after.items()


def test_a_list_is_read_to_its_most_entries():
    assert len(read("\n".join(f"{n}. Name{chr(97 + n % 26)} pears 1" for n in range(1, 400)), OFFERS)) == MOST_ENTRIES


def test_a_name_is_as_long_as_a_title_may_be():
    [entry] = read(f"1. {'Wang ' * 60}, pears 2", OFFERS)
    assert len(entry.name) <= MOST_NAME
    assert entry.wanted[0].quantity == 2


@given(st.text(max_size=300))
def test_whatever_is_pasted_is_read(text):
    for entry in read(f"1. {text}\n2. {text}", OFFERS):
        assert entry.name
        assert all(each.quantity > 0 for each in entry.wanted)
