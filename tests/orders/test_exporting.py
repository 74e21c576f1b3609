"""Orders as CSV and as a workbook: all that a filter matches, as a spreadsheet shows it."""

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import openpyxl
import pytest

from chalicelib.kernel import clock
from chalicelib.orders.export import service as export
from chalicelib.web.tokens import issue
from infra.local import application
from infra.local.gateway import Gateway, Request
from tests.builders import Reply, Shop, made

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HOME = {"name": "=1+1", "phone": "+8613800138000", "address": "花园路 8 号"}


def asked(shop: Shop, query: str = "", **headers: str) -> Reply:
    return shop.brand.get(f"/v1/orders?{query}", headers=headers)


def table(reply: Reply) -> list[dict[str, str]]:
    """The rows of a CSV by the names of its columns."""
    assert reply.status == 200, reply.text
    return list(csv.DictReader(io.StringIO(reply.text.removeprefix("\ufeff"))))


@pytest.fixture
def two_lines(shop: Shop, clock: Any) -> Any:
    """Three at 9.00 and one at 12.50, placed a quarter past midnight in Shanghai and delivered for 6.00."""
    clock.set(datetime(2028, 6, 14, 16, 15, tzinfo=UTC))
    wanted = [{"code": code, "title": code, "price": shop.money(1_300)} for code in ("A", "B")]
    skus = shop.product(title="=HYPERLINK(1)", skus=wanted)["skus"]
    offers = [shop.offer(sku_id=skus[0]["id"]), shop.offer(sku_id=skus[1]["id"], price=1_250)]
    campaign = shop.campaign(title="秋梨 🍐", offers=offers, delivery={"fee": shop.money(600)})
    lines = [{"offer_id": offer["offer_id"], "quantity": units}
             for offer, units in zip(campaign["offers"], (3, 1), strict=True)]  # fmt: skip
    return made(shop.order(campaign=campaign, lines=lines, delivery=HOME))


def test_each_line_is_a_row_and_amounts_of_the_order_stand_in_its_first(shop: Shop, two_lines: Any) -> None:
    reply = asked(shop, "format=csv")
    first, second = table(reply)
    assert {first["Order"], second["Order"]} == {two_lines["id"]}
    assert {first["Placed at (Asia/Shanghai)"], second["Placed at (Asia/Shanghai)"]} == {"2028-06-15 00:15"}
    assert [(row["Units"], row["Unit price"], row["Line total"]) for row in (first, second)] == [
        ("3", "9.00", "27.00"),
        ("1", "12.50", "12.50"),
    ]
    money = ("Order goods", "Order discount", "Delivery fee", "Order total", "Paid", "Refunded", "Due", "Currency")
    assert [first[name] for name in money] == ["39.50", "0.00", "6.00", "45.50", "0.00", "0.00", "45.50", "CNY"]
    assert [second[name] for name in money] == [*[""] * 7, "CNY"]
    assert (first["Campaign"], first["Status"], first["Payment"]) == ("秋梨 🍐", "placed", "unpaid")
    assert (first["Payment method"], first["Pickup code"]) == ("at pickup", two_lines["pickup_code"])
    assert (reply.headers["X-Row-Count"], reply.headers["Content-Type"]) == ("2", "text/csv; charset=utf-8")


def test_a_csv_for_people_begins_once_with_its_mark_and_runs_nothing(shop: Shop, two_lines: Any) -> None:
    text = asked(shop, Accept="text/csv").text
    assert text.startswith("\ufeff")
    assert text.count("\ufeff") == 1
    row = table(asked(shop, "format=csv"))[0]
    assert row["Item"].startswith("'=")
    assert row["Delivered to"].startswith("'=")


def test_the_columns_and_states_are_named_in_the_language_asked_for(shop: Shop, two_lines: Any) -> None:
    row = table(asked(shop, "format=csv", **{"Accept-Language": "zh"}))[0]
    assert (row["订单号"], row["付款状态"], row["订单状态"]) == (two_lines["id"], "未付款", "已下单")
    assert row["付款方式"] == "取货时支付", "as the message about the order says; there is no shop to pay in"
    assert row["下单时间（Asia/Shanghai）"] == "2028-06-15 00:15"


def test_a_workbook_says_the_same_with_numbers_as_numbers(shop: Shop, two_lines: Any) -> None:
    headers = {"Authorization": f"Bearer {shop.api_key}", "Accept": XLSX}
    answer = Gateway(application.load()).answer(Request("GET", "/v1/orders?format=xlsx", tuple(headers.items())))
    said = dict(answer.headers)
    assert (answer.status, said["Content-Type"], said["X-Row-Count"]) == (200, XLSX, "2")
    sheet = openpyxl.load_workbook(io.BytesIO(answer.body)).active
    rows = list(sheet.iter_rows(values_only=True))
    names = list(rows[0])
    first = dict(zip(names, rows[1], strict=True))
    assert (len(rows), first["Line total"], first["Units"], first["Order total"]) == (3, 27, 3, 45.5)
    assert str(first["Item"]).startswith("=HYPERLINK")
    assert {cell.data_type for cell in sheet[2]} <= {"s", "n", "inlineStr"}, "no formulas"


def test_a_table_holds_all_that_matches_and_not_a_page(
    shop: Shop, monkeypatch: pytest.MonkeyPatch, new_shop: Callable[..., Shop]
) -> None:
    monkeypatch.setattr(export, "PAGE", 2)
    orders = [made(shop.order())["id"] for _ in range(5)]
    assert [row["Order"] for row in table(asked(shop, "format=csv&limit=1"))] == orders[::-1]
    assert table(asked(shop, "format=csv&payment=paid")) == []
    assert table(asked(new_shop(slug="elsewhere"), "format=csv")) == []


def test_what_is_too_much_for_one_answer_is_refused_by_name_and_never_cut(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "AT_ONCE", 2)
    for _ in range(3):
        made(shop.order())
    refused = asked(shop, "format=csv")
    assert (refused.status, refused.json["code"], refused.json["most"]) == (422, "too_many_orders", 2)
    assert "POST /v1/order-exports" in refused.json["detail"]
    assert len(table(asked(shop, f"format=csv&campaign_id={shop.campaign_id}&pickup_point_id={UNKNOWN}"))) == 0


UNKNOWN = "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"


def colleague(shop: Shop, role: str) -> str:
    """The token of someone of the brand's with that role."""
    wanted = {"email": f"{role}@{shop.slug}.example", "name": role, "roles": [role]}
    staff_id = made(shop.brand.post("/v1/staff", wanted))["id"]
    return issue("staff", shop.tenant_id, shop.slug, staff_id, frozenset({role}), clock.now(), 10**7)


def test_the_code_stands_only_where_who_reads_it_hands_over(shop: Shop) -> None:
    order = made(shop.order())
    codes = {}
    for role in ("service", "analyst"):
        reply = shop.caller.call("GET", "/v1/orders?format=csv", token=colleague(shop, role))
        codes[role] = table(reply)[0]["Pickup code"]
    assert codes == {"service": order["pickup_code"], "analyst": ""}
