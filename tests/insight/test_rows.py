"""What makes a CSV row an order, and what it says when it is none."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from chalicelib.insight.activity.model import rows
from chalicelib.kernel.clock import zone

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


class TestHeader:
    def test_order_case_and_byte_order_mark_do_not_matter(self) -> None:
        header = b"\xef\xbb\xbfCurrency,amount_minor,quantity,ordered_at,Member,order_ref,channel\r\n"

        assert rows.read_header(header) == (
            *("currency", "amount_minor", "quantity", "ordered_at", "member", "order_ref", "channel"),
        )

    @pytest.mark.parametrize(
        ("header", "said"),
        [
            (b"order_ref,member,ordered_on,quantity,currency", "'amount_minor' is missing"),
            (b"order_ref,member,quantity,amount_minor,currency", "'ordered_at' and 'ordered_on'"),
            (b"order_ref,member,ordered_on,quantity,amount_minor,currency,colour", "Unknown column 'colour'"),
            (b"order_ref,order_ref,member,ordered_on,quantity,amount_minor,currency", "'order_ref' comes twice"),
            (b"", "'order_ref' is missing"),
            ("order_ref,member,会员".encode("gbk"), "not UTF-8"),
        ],
    )
    def test_what_is_wrong_is_named(self, header: bytes, said: str) -> None:
        with pytest.raises(rows.BadHeader, match=said):
            rows.read_header(header)


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
