"""What the columns of a file seem to hold, and what may be said of them by hand."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from chalicelib.insight.activity.model.columns import BadHeader
from chalicelib.insight.activity.model.dialect import look
from chalicelib.insight.imports.model.mapping import FIELDS
from chalicelib.orders.export.model import COLUMNS

ORDERS = FIELDS["orders"]
WHOLE = ("order_ref", "member", "ordered_on", "quantity", "amount")


@pytest.mark.parametrize("language", [0, 1], ids=["en", "zh"])
def test_the_products_own_table_of_orders_is_understood_by_its_titles(language: int) -> None:
    titles = [each[language].format(zone="Asia/Shanghai") for each in COLUMNS]
    guessed = dict(zip(ORDERS.guess(titles), titles, strict=True))
    guessed.pop("")
    ids = {"order_ref": 0, "ordered_at": 1, "pickup_point": 3, "status": 4, "member": 8, "quantity": 13, "amount": 20}
    assert guessed == {name: titles[at] for name, at in ids.items()} | {"currency": titles[24]}


def test_a_table_of_another_program_is_guessed_and_a_phone_number_counts_before_a_name() -> None:
    titles = ["订单编号", "买家", "手机号", "下单时间", "商品名称", "商品数量", "实付金额（元）", "备注"]
    assert ORDERS.guess(titles) == ("order_ref", "", "member", "ordered_at", "", "quantity", "amount", "")


def test_amounts_are_guessed_once_in_whichever_unit() -> None:
    assert ORDERS.guess(["Total to pay", "Amount Minor"]) == ("", "amount_minor")
    assert ORDERS.guess(["金额", "amount_minor"]) == ("amount", "")


@pytest.mark.parametrize(
    ("columns", "pointer", "words"),
    [
        ((*WHOLE, "amount_minor"), "/columns/5", "Only one of amount and amount_minor is taken"),
        ((*WHOLE, "member"), "/columns/5", "member is column 2 already"),
        ((*WHOLE, "colour"), "/columns/5", "'colour' is nothing that a column can hold"),
        (WHOLE[:-1], "/columns", "No column holds amount or amount_minor"),
        (("order_ref", "member", "", "quantity", "amount"), "/columns", "No column holds ordered_at or ordered_on"),
    ],
)
def test_what_cannot_be_a_file_of_orders_is_named(columns: Sequence[str], pointer: str, words: str) -> None:
    with pytest.raises(BadHeader) as refused:
        ORDERS.check(columns)
    [fault] = refused.value.errors
    assert (fault.pointer, words in fault.message, bool(fault.message_zh)) == (pointer, True, True)


TWO_ROWS = "会员,商品,,\n姓名,编号,件,单价\nAnn,A-1,2,3\n".encode()


def test_the_titles_are_in_the_row_that_is_said() -> None:
    known = FIELDS["members"].known
    assert look([TWO_ROWS], known).header.number == 1
    seen = look([TWO_ROWS], known, 2)
    assert (seen.header.values, seen.total) == (["姓名", "编号", "件", "单价"], 1)
    assert [row.number for row in seen.top] == [1, 2, 3]


@pytest.mark.parametrize("row", [2, 9])
def test_a_row_without_anything_has_no_titles(row: int) -> None:
    assert look([b"a,b\n\n1,2\n"], FIELDS["members"].known, row).header.number == 0


def test_the_separator_is_that_of_the_row_that_is_said() -> None:
    seen = look(["报表，十一月\n一;二;三\n1;2;3\n".encode()], FIELDS["products"].known, 2)
    assert seen.header.values == ["一", "二", "三"]
