"""The console's imports: a file is sent, worked off, and what was refused of it is read."""

from __future__ import annotations

import pytest

from tests.builders import Shop, made
from tests.pages.site import Seen, fields
from tests.uploads import send

ORDERS = "订单号,会员,下单日期,数量,金额\nA-1,ann,2026-01-05,1,10.00\nA-2,bob,2026-01-05,none,5.00\n"


def begun(desk, kind: str = "Earlier orders") -> Seen:
    """The page of a new import."""
    return desk.send(desk.get("/imports"), f"Import · {kind}")


def sent(page: Seen, content: bytes) -> int:
    """What the bucket answers to the page's file form."""
    form = page.soup.select_one("#file")
    own = {name: value for name, value in fields(form).items() if name != "file"}
    return send({"url": str(form["action"]), "fields": own}, content)


def test_a_file_is_sent_started_and_its_bad_rows_are_read(desk, shop: Shop, drain):
    page = begun(desk)
    assert "Waits for the file" in page.words("h1")
    assert sent(page, ORDERS.encode()) == 204
    page = desk.send(desk.send(page, "Look at the columns"), "Import at once")
    assert page.words(".flash") == "The import has begun. You can leave this page."
    assert page.soup.select_one("progress")
    drain()
    page = desk.get(page.path)
    assert "Done" in page.words("h1")
    assert page.words(".data tbody").startswith("3 ")
    assert page.link("Download all refused rows")
    desk.language = "zh"
    assert "数量" in desk.get(page.path).words(".data tbody")
    assert desk.get("/imports").words(".data tbody").endswith("1 1")


def test_a_file_that_is_another_one_is_refused_and_can_be_sent_anew(desk, drain):
    page = begun(desk)
    refused = desk.send(page, "Look at the columns")
    assert (refused.status, "has not been uploaded" in refused.words(".refusal")) == (409, True)
    assert sent(page, b"apples,pears\n1,2\n") == 204
    page = desk.send(page, "Look at the columns")
    refused = desk.send(page, "Import at once")
    assert (refused.status, "No column holds order_ref" in refused.words(".refusal")) == (422, True)
    assert sent(page, ORDERS.encode()) == 204
    assert desk.send(desk.send(page, "Look at the columns"), "Import at once").status == 200


def test_earlier_orders_are_tried_out_and_the_row_of_their_titles_is_chosen(desk, shop, drain):
    page = begun(desk)
    table = ORDERS.replace("订单号,会员,下单日期,数量,金额", "订单号,会员,备注,备注,备注\n编号,买家,哪天,件,总价")
    assert sent(page, table.encode()) == 204
    page = desk.send(page, "Look at the columns")
    assert "row 1;" in page.words("section[aria-labelledby=columns]")
    page = desk.send(page, "The titles are in this row", header_row="2")
    assert "row 2;" in page.words("section[aria-labelledby=columns]")
    chosen = {"columns__0": "order_ref", "columns__2": "ordered_on", "columns__3": "quantity"}
    page = desk.send(page, "Try it out first", **chosen)
    drain()
    page = desk.get(page.path)
    assert [each.get_text() for each in page.soup.select("main dl.rows dd")] == ["2", "1", "0", "1"]
    assert page.soup.select_one("select[name='columns.2'] option[selected]")["value"] == "ordered_on"
    assert made(shop.brand.get("/v1/members"), 200)["items"] == []
    page = desk.send(page, "Import these rows")
    drain()
    assert "Done" in desk.get(page.path).words("h1")


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kind", ["orders", "members", "products"])
def test_the_empty_file_has_the_columns_that_are_taken(kind, language, desk, shop):
    desk.language = language
    file = desk.get(f"/imports/template-{kind}")
    assert file.headers["content-disposition"] == f'attachment; filename="{kind}.csv"'
    assert made(shop.brand.post("/v1/imports", {"kind": kind, "csv": file.text}), 202)["status"] == "queued"


def test_who_reads_figures_sees_imports_and_no_row(new_desk, desk, shop, drain):
    page = begun(desk)
    sent(page, ORDERS.encode())
    page = desk.send(desk.send(page, "Look at the columns"), "Import at once")
    drain()
    analyst = new_desk(shop, "analyst")
    assert not analyst.get("/imports").soup.select('main form[method="post"]')
    seen = analyst.get(page.path)
    assert "not shown to your role" in seen.words(".data tbody")
    assert not [each for each in seen.soup.select("main a") if "refused rows" in each.get_text()]
    assert new_desk(shop, "editor").get("/imports").status == 403


def test_other_jobs_of_the_brand_are_no_imports(desk, shop):
    made(shop.brand.post("/v1/rollups", {"from_on": "2026-01-01", "to_on": "2026-01-01"}), 202)
    assert "Nothing has been imported yet." in desk.get("/imports").words()


def test_an_import_is_looked_at_before_it_is_undone_and_says_what_stays(desk, shop, drain, sweep, clock):
    table = "title,code,price\nTea,T-1,5\nNuts,N-1,7\n"
    sent_at = made(shop.brand.post("/v1/imports", {"kind": "products", "csv": table}), 202)["id"]
    drain()
    nuts = made(shop.brand.get("/v1/products"), 200)["items"][0]
    made(shop.brand.patch(f"/v1/products/{nuts['id']}", {"origin": "Xinjiang"}), 200)
    page = desk.send(desk.get(f"/imports/{sent_at}"), "See what would go")
    assert "Nothing is changed." in page.words("main")
    drain()
    page = desk.get(page.path)
    assert [each.get_text() for each in page.soup.select("main dl.rows dd")] == ["1", "1"]
    assert "'Nuts' stays: it has been changed since" in page.words(".data tbody")
    assert [each["title"] for each in made(shop.brand.get("/v1/products"), 200)["items"]] == ["Nuts", "Tea"]
    page = desk.send(page, "Undo the import")
    drain()
    assert "Is being undone" in desk.get(page.path).words("h1")
    clock.advance(minutes=3)
    sweep()
    desk.language = "zh"
    page = desk.get(page.path)
    assert "已移除的行" in page.words("main")
    assert "“Nuts”保留：导入后被修改过" in page.words(".data tbody")
    assert [each["title"] for each in made(shop.brand.get("/v1/products"), 200)["items"]] == ["Nuts"]
    assert "上次的结果" in desk.get(f"/imports/{sent_at}").words("section[aria-labelledby=undo]")


def test_earlier_orders_say_why_they_cannot_be_undone(desk, shop, drain):
    sent_at = made(shop.brand.post("/v1/imports", {"kind": "orders", "csv": ORDERS}), 202)["id"]
    drain()
    page = desk.get(f"/imports/{sent_at}")
    assert "Earlier orders cannot be undone" in page.words("section[aria-labelledby=undo]")
    assert not page.soup.select(f"form[action$='{sent_at}/undo']")
