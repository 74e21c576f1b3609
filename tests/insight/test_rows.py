"""What makes a CSV row an order, and what it says when it is none."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from chalicelib.insight.activity.model import fields, rows
from chalicelib.insight.activity.model.columns import known
from chalicelib.insight.activity.model.csv import Row
from chalicelib.insight.activity.model.dialect import look
from chalicelib.kernel.clock import zone
from chalicelib.orders.export import model as export

SHANGHAI, NEW_YORK = zone("Asia/Shanghai"), zone("America/New_York")
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)


def parsed(tz: Any = SHANGHAI, **changed: str) -> rows.OrderRow:
    given = {
        "order_ref": "A-1",
        "member": "m1",
        "ordered_on": "2026-11-01",
        "quantity": "2",
        "amount_minor": "1250",
        "currency": "CNY",
    } | changed
    return rows.parse(list(given.values()), list(given), tz, NOW)


def header(content: bytes) -> tuple[str, ...]:
    seen = look([content], known)
    return rows.read_header(seen.header).names


class TestHeader:
    def test_order_case_and_byte_order_mark_do_not_matter(self) -> None:
        line = b"\xef\xbb\xbfCurrency,amount_minor,quantity,ordered_at,Member,order_ref,channel\r\n"

        assert header(line) == (
            *("currency", "amount_minor", "quantity", "ordered_at", "member", "order_ref", "channel"),
        )

    @pytest.mark.parametrize(
        "line",
        [
            "Order Ref, Member ,ordered-on,QUANTITY,Amount Minor,Currency",
            '"Order Ref";"Member";"Ordered On";"Quantity";"Amount minor";"Currency"',
            '"order_ref", "member", "ordered_on", "quantity", "amount_minor", "currency"',
            "ｏｒｄｅｒ＿ｒｅｆ,ＭＥＭＢＥＲ,ordered_on,quantity,amount_minor,currency",
            "订单号\t会员\t下单日期\t数量\tamount_minor\t币种",
            "order_ref,member,ordered_on,quantity,amount_minor,currency,,,",
            "sep=;\r\norder_ref;member;ordered_on;quantity;amount_minor;currency",
            "\r\n,,,,,\r\norder_ref,member,ordered_on,quantity,amount_minor,currency",
        ],
    )
    def test_columns_are_known_however_they_are_spelled(self, line: str) -> None:
        assert header(line.encode()) == ("order_ref", "member", "ordered_on", "quantity", "amount_minor", "currency")

    def test_what_is_missing_is_named_to_chinese_readers_as_their_files_may_name_it(self) -> None:
        with pytest.raises(rows.BadHeader) as refused:
            header("订单号,会员编号,下单日期".encode())
        assert refused.value.detail_zh is not None
        missing, _, every = refused.value.detail_zh.partition("。订单文件的列为：")
        assert missing == "缺少列：数量（quantity）；缺少列：金额（amount）或amount_minor，须有其一"
        titles = [each.partition("（")[0] for each in every.rstrip("。").split("、")]
        assert known(titles) == len(titles), "what is named there is taken"

    @pytest.mark.parametrize("language", ["en", "zh"])
    def test_those_of_the_products_own_export_are_known_or_left_unread(self, language: str) -> None:
        titles = export.header(SHANGHAI, language)

        found = rows.read_header(Row(1, titles, 0))

        assert {name for name in found.names if name} == {
            *("order_ref", "member", "ordered_at", "quantity", "amount", "currency", "pickup_point", "status")
        }
        named = dict(zip(found.names, titles, strict=True))
        assert (named["member"], named["amount"]) == (
            {"en": "Member ID", "zh": "会员编号"}[language],
            {"en": "Order total", "zh": "订单总额"}[language],
        )
        assert found.tz == SHANGHAI

    @pytest.mark.parametrize(
        ("line", "said"),
        [
            ("order_ref,member,ordered_on,quantity,currency", "'amount_minor' is missing"),
            ("order_ref,member,ordered_on,quantity,amount,amount_minor,currency", "Only one of the columns"),
            ("order_ref,member,quantity,amount_minor,currency", "'ordered_at' and 'ordered_on'"),
            ("order_ref,member,ordered_on,quantity,amount_minor,currency,colour", "Unknown column 'colour'"),
            ("order_ref,order_ref,member,ordered_on,quantity,amount_minor,currency", "'order_ref' comes twice"),
            ("order_ref,订单号,member,ordered_on,quantity,amount_minor,currency", "'order_ref' comes twice"),
            ("order_ref,member,下单时间（Mars/Base）,quantity,amount_minor,currency", "not an IANA time zone"),
            ("", "'order_ref' is missing"),
        ],
    )
    def test_what_is_wrong_is_named(self, line: str, said: str) -> None:
        with pytest.raises(rows.BadHeader, match=said):
            header(line.encode())


class TestRow:
    def test_an_instant_falls_on_the_tenants_local_day(self) -> None:
        row = parsed(NEW_YORK, ordered_on="", ordered_at="2017-01-01T04:59:59Z")

        assert (row.ordered_on, row.ordered_at) == (date(2016, 12, 31), datetime(2017, 1, 1, 4, 59, 59, tzinfo=UTC))

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"order_ref": ""}, "order_ref is empty"),
            ({"member": ""}, "member is empty"),
            ({"member": "\u200b"}, "member is empty"),
            ({"ordered_on": ""}, "one of ordered_at and ordered_on"),
            ({"ordered_on": "2026-02-30"}, "is no date"),
            ({"ordered_on": "2026-11-23"}, "in the future"),
            ({"ordered_on": "0001-01-01"}, "before 1970-01-01"),
            ({"ordered_at": "2026-11-01T08:00:00"}, "is no instant"),
            ({"ordered_at": "0001-01-01T00:00:00+08:00", "ordered_on": ""}, "is no instant"),
            ({"ordered_at": "2026-10-31T15:00:00Z"}, "ordered_at is on 2026-10-31 in Asia/Shanghai"),
            ({"quantity": "-1"}, "quantity '-1' is not a whole number"),
            ({"quantity": "1.5"}, "quantity '1.5'"),
            ({"quantity": "٣"}, "not a whole number"),
            ({"amount_minor": "1e3"}, "amount_minor '1e3'"),
            ({"amount_minor": "9" * 16}, "from 0 to"),
            ({"currency": "XXX"}, "currency 'XXX'"),
            ({"member": "a\x00b"}, "control character"),
            ({"channel": "a\tb"}, "control character"),
            ({"member": "a\ufffeb"}, "no message can hold"),
            ({"pickup_point": "\uffff"}, "no message can hold"),
            ({"order_ref": "x" * 201}, "longer than 200"),
        ],
    )
    def test_a_row_that_is_no_order_says_why(self, changed: dict[str, str], said: str) -> None:
        with pytest.raises(rows.BadRow, match=said):
            parsed(**changed)

    @pytest.mark.parametrize(
        "text",
        [
            "2026/11/1",
            "2026-11-1",
            "2026.11.01",
            "2026年11月1日",
            "2026 年 11 月 1 日",
            "２０２６/１１/１",
            "2026/11/1 0:00",
        ],
    )
    def test_dates_are_read_as_people_write_them(self, text: str) -> None:
        assert parsed(ordered_on=text) == parsed(ordered_on="2026-11-01")

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("1/10/2026", "could be two days"),
            ("01-10-26", "could be two days"),
            ("25/10/2026", "does not begin with the year"),
            ("2026/10", "is no date"),
            ("46296", "is no date"),
        ],
    )
    def test_a_date_that_could_be_two_days_is_refused_with_its_reason(self, text: str, said: str) -> None:
        with pytest.raises(rows.BadRow, match=said):
            parsed(ordered_on=text)

    def test_a_wall_clock_time_is_the_brands_unless_the_file_names_a_zone(self) -> None:
        own = parsed(NEW_YORK, ordered_on="", ordered_at="2026/11/2 14:05")
        assert own.ordered_at == datetime(2026, 11, 2, 19, 5, tzinfo=UTC)
        for clock in ("2026/3/8 2:30", "2026-11-01 01:30:00"):  # clocks skip the one, and show the other twice
            with pytest.raises(rows.BadRow, match="skipped, or comes twice"):
                parsed(NEW_YORK, ordered_on="", ordered_at=clock)

    @pytest.mark.parametrize(
        ("text", "currency", "minor"),
        [
            ("12.5", "CNY", 1250), ("1,250.00", "CNY", 125000), ("1.250,00", "EUR", 125000), ("12,5", "EUR", 1250),
            ("1,250", "CNY", 125000), ("1 250,00", "EUR", 125000), ("１２．５０", "CNY", 1250), ("1,250", "JPY", 1250),
            ("1,250.000", "KWD", 1250000), ("0", "KWD", 0),
        ],
    )  # fmt: skip
    def test_amounts_are_read_where_they_mean_one_thing(self, text: str, currency: str, minor: int) -> None:
        assert fields.minor("amount", text, currency) == minor

    @pytest.mark.parametrize(
        ("text", "currency", "said"),
        [
            ("1,250", "KWD", "thousands or decimals"), ("1.250", "CNY", "more decimals than CNY"),
            ("1.5", "JPY", "more decimals than JPY"), ("12,50,0", "CNY", "no amount"), ("-1", "CNY", "no amount"),
            ("¥5", "CNY", "no amount"), ("", "CNY", "no amount"), ("9999999999999999", "CNY", "too large"),
        ],
    )  # fmt: skip
    def test_an_amount_that_could_mean_two_things_is_refused(self, text: str, currency: str, said: str) -> None:
        with pytest.raises(rows.BadRow, match=said):
            fields.minor("amount", text, currency)

    def test_what_keeps_a_spreadsheet_from_running_a_text_is_no_part_of_it(self) -> None:
        assert parsed(member="'=1+1", order_ref='="0012"') == parsed(member="=1+1", order_ref="0012")
        assert parsed(member="'tis me").member == "'tis me"

    def test_every_reason_is_said_in_chinese_too(self) -> None:
        with pytest.raises(rows.BadRow) as refused:
            parsed(ordered_on="1/10/2026")
        assert refused.value.reason.said("zh").startswith("下单日期（ordered_on）“1/10/2026”分不清日和月")

    def test_emoji_and_hash_signs_are_text_like_any_other(self) -> None:
        assert parsed(order_ref="#1001 🍊", member="王小明").order_ref == "#1001 🍊"

    def test_what_cannot_be_seen_makes_no_other_name(self) -> None:
        row = parsed(category="茶\u200b叶", pickup_point="\u202eNorth gate")

        assert (row.category, row.pickup_point) == ("茶叶", "North gate")


class TestFingerprint:
    def test_the_same_order_spelled_otherwise_is_the_same(self) -> None:
        utc = parsed(ordered_on="", ordered_at="2026-11-01T02:00:00Z", currency="cny")
        local = parsed(ordered_on="2026-11-01", ordered_at="2026-11-01T10:00:00.0+08:00", currency="CNY")

        assert utc.fingerprint == local.fingerprint

    @pytest.mark.parametrize("changed", [{"member": "m2"}, {"quantity": "3"}, {"amount_minor": "1"}, {"channel": "x"}])
    def test_another_order_has_another(self, changed: dict[str, str]) -> None:
        assert parsed(**changed).fingerprint != parsed().fingerprint

    def test_the_reference_is_no_part_of_what_is_said(self) -> None:
        assert parsed(order_ref="B-2").fingerprint == parsed().fingerprint
