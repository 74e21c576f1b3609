"""Orders as a file: by a filter, in the background, and what became of it."""

from __future__ import annotations

import csv
import io
from urllib.request import urlopen

from tests.builders import made
from tests.pages.site import fields


def test_a_file_of_orders_is_written_and_fetched(desk, shop, drain):
    campaign = shop.campaign(title="Pears")
    order = made(shop.order(campaign=campaign))
    made(shop.order(campaign=shop.campaign(title="Plums")))
    page = desk.get(f"/exports?campaign_id={campaign['id']}")
    seen = desk.send(page, "Write the file", format="csv")
    assert seen.words(".badge") == "Begins in a moment"
    assert seen.soup.select_one('meta[http-equiv="refresh"]')
    drain()
    seen = desk.get(seen.path)
    assert seen.words(".badge") == "Done"
    assert not seen.soup.select_one('meta[http-equiv="refresh"]')
    with urlopen(seen.link("Download the file")) as file:  # noqa: S310 - a link of the engine's own
        table = list(csv.DictReader(io.StringIO(file.read().decode("utf-8-sig"))))
    assert {row["Order"] for row in table} == {order["id"]}


def test_the_filter_of_the_list_of_orders_comes_along(desk):
    form = desk.get("/exports?status=ready&due=true&q=Ada").form("Write the file")
    sent = fields(form)
    assert (sent["status"], sent["due"], sent["q"]) == ("ready", "true", "Ada")


def test_what_is_refused_stands_beside_its_field_and_the_rest_is_kept(desk):
    page = desk.send(desk.get("/exports"), "Write the file", from_on="2026-05-02", to_on="2026-05-01", status="ready")
    assert page.status == 422
    assert "2026-05-02" in page.words("#f-to_on-fault")
    assert fields(page.form("Write the file"))["status"] == "ready"


def test_all_work_is_listed_page_by_page(desk, shop):
    assert "There is none yet." in desk.get("/jobs").words()
    for _ in range(21):
        made(shop.brand.post("/v1/order-exports?format=csv"), 202)
    page = desk.get("/jobs")
    assert len(page.soup.select("a.way")) == 20
    assert len(desk.get(page.link("Show more")).soup.select("a.way")) == 1


def test_only_those_who_may_export_find_it(shop, new_desk):
    assert new_desk(shop, "service").get("/exports").status == 403
    analyst = new_desk(shop, "analyst")
    analyst.language = "zh"
    assert analyst.get("/exports").heading == "导出订单"
