"""The purchase list of a locked campaign, on the engine."""

import io
from datetime import timedelta
from urllib.parse import unquote
from urllib.request import urlopen

import openpyxl
import pytest

from chalicelib.aws import client
from chalicelib.db import metered
from chalicelib.fulfilment.purchasing import service
from chalicelib.fulfilment.purchasing.errors import NoSuchVersion
from chalicelib.fulfilment.purchasing.records import PurchaseListRecord
from chalicelib.fulfilment.purchasing.views.workbook import workbook
from chalicelib.fulfilment.suppliers.model import Rounding
from chalicelib.kernel import clock
from chalicelib.media.service import files
from chalicelib.orders.adjustments.service import adjust
from chalicelib.orders.ending.service.cancelling import cancel
from chalicelib.web import XLSX
from chalicelib.web.workbooks import book
from infra.local import application
from infra.local.gateway import Gateway, Request
from tests.builders import made
from tests.fulfilment.buying import agree, frozen, supplier
from tests.orders.store import Store


def test_the_list_is_what_live_orders_hold_and_never_changes(store: Store) -> None:
    campaign = store.publish(40, 40, 40, peak=4)
    for n in range(9):
        store.place(campaign, 1 + n % 2, 3, member=n)
    gone = store.place(campaign, 5, member=20)
    cancel(store.tenant_id, store.member(20), gone.id, clock.now())
    store.lock(campaign)
    now = clock.now()
    first = service.freeze(store.tenant_id, campaign.id, now)
    assert [(line.sku_id, line.code, line.quantity) for line in first.lines] == [
        (store.skus[0], "C0", 13),
        (store.skus[1], "C1", 27),
    ]
    again = service.freeze(store.tenant_id, campaign.id, now + timedelta(days=1))
    assert (again.version, again.frozen_at, again.lines) == (1, now, first.lines)


def test_it_is_bought_in_packs_from_each_skus_main_supplier(store: Store) -> None:
    orchard, mill = supplier(store), supplier(store, "Mill")
    agree(store, orchard, 0, pack_size=10)
    agree(store, mill, 1, pack_size=6, rounding=Rounding.FLOOR, tolerance=2, lead_days=3)
    campaign = store.publish(40, 40, 40)
    store.place(campaign, 23, 14, 5)
    store.lock(campaign)
    with metered() as meter:
        lines = frozen(store, campaign.id)
    assert (lines[0].supplier_id, lines[0].packs, lines[0].bought, lines[0].surplus) == (orchard, 3, 30, 7)
    assert (lines[1].supplier_id, lines[1].packs, lines[1].short, lines[1].lead_days) == (mill, 2, 2, 3)
    assert (lines[2].supplier_id, lines[2].bought) == (None, 5)
    # Campaign, latest version, buckets, SKUs, main suppliers, suppliers with their terms; one transaction.
    assert (meter.reads, meter.writes) == (6, 1)


def test_staff_adjustments_make_the_next_version_and_it_says_what_changed(store: Store) -> None:
    campaign = store.publish(40, 40)
    order = store.place(campaign, 5, 4)
    store.lock(campaign)
    tenant_id, first = store.tenant_id, frozen(store, campaign.id)
    assert service.freeze_again(tenant_id, campaign.id, store.staff, clock.now()).version == 1
    lowered = {campaign.offers[0].offer_id: 3}
    adjust(tenant_id, order.id, lowered, cause="call-1", reason="She called.", by="staff:x", now=clock.now())

    again = service.freeze_again(tenant_id, campaign.id, store.staff, clock.now())

    assert (again.version, again.frozen_by) == (2, store.staff.label)
    found = service.read_version(tenant_id, campaign.id, None, clock.now())
    assert (found.record.version, found.before.version if found.before else 0, found.latest) == (2, 1, 2)
    assert [line.quantity for line in found.record.lines] == [3, 4]
    old = service.read_version(tenant_id, campaign.id, 1, clock.now())
    assert (old.record.lines, old.before) == ([first[0], first[1]], None)
    with pytest.raises(NoSuchVersion):
        service.read_version(tenant_id, campaign.id, 3, clock.now())


def test_the_workbook_has_a_sheet_for_each_supplier(store: Store) -> None:
    agree(store, supplier(store, "Orchard [north]: pears & apples of the hills"), 0, pack_size=10)
    agree(store, supplier(store, "=cmd|calc"), 1, cost_minor=315)
    campaign = store.publish(40, 40, 40)
    store.place(campaign, 23, 14, 5)
    store.lock(campaign)
    record = service.freeze(store.tenant_id, campaign.id, clock.now())

    made = openpyxl.load_workbook(io.BytesIO(workbook_of(record)))

    assert made.sheetnames == ["Orchard north pears & apples of", "=cmd|calc", "No supplier"]
    orchard = [[cell.value for cell in row] for row in made.worksheets[0].rows]
    assert orchard[0] == [
        "Code", "Supplier code", "Title", "Packs", "Units a pack", "Units", "Cost (CNY)", "Amount (CNY)",
    ]  # fmt: skip
    assert orchard[1] == ["C0", None, "Autumn · Pears", 3, 10, 30, 4, 120]
    assert (orchard[2][2], orchard[2][5], orchard[2][7]) == ("Total", 30, 120)
    assert made.worksheets[1]["H2"].value == 44.1
    assert [
        sheet.title for sheet in openpyxl.load_workbook(io.BytesIO(workbook_of(record, record.lines[1].supplier_id)))
    ] == ["=cmd|calc"]


def workbook_of(record: PurchaseListRecord, supplier_id: str | None = None) -> bytes:
    return book("x.xlsx", *workbook(record, supplier_id, "CNY", "en")).content


def test_it_is_read_as_json_table_and_workbook(shop, sweep, clock):
    campaign = shop.campaign(closes_in=timedelta(hours=1))
    made(shop.order(campaign=campaign, quantity=3))
    path = f"/v1/campaigns/{campaign['id']}/purchase-list"
    assert (shop.brand.post(path).status, shop.brand.post(path).json["code"]) == (409, "campaign_not_locked")
    clock.advance(hours=2)
    sweep(2)

    shown = made(shop.brand.get(path), 200)
    assert (shown["version"], shown["latest_version"], shown["quantity"], shown["changes"]) == (1, 1, 3, [])
    assert shown["lines"][0]["offers"] == [{"offer_id": campaign["offers"][0]["offer_id"], "quantity": 3}]
    assert made(shop.brand.post(path), 200)["version"] == 1
    table = shop.brand.get(f"{path}?format=csv").text.splitlines()
    assert (len(table), table[1].split(",")[5:10]) == (2, ["3", "0", "1", "3", "3"])
    headers = {"Authorization": f"Bearer {shop.api_key}", "Accept": XLSX}
    answer = Gateway(application.load()).answer(Request("GET", f"{path}?format=xlsx", tuple(headers.items())))
    assert (answer.status, dict(answer.headers)["Content-Type"]) == (200, XLSX)
    assert openpyxl.load_workbook(io.BytesIO(answer.body)).sheetnames == ["No supplier"]


BROWSER = f"text/html,application/xhtml+xml,{XLSX};q=0.9,*/*;q=0.8"


def test_a_browsers_link_leads_to_the_workbook_under_its_name(shop, sweep, clock):
    campaign = shop.campaign(title='秋梨 "A/B"', closes_in=timedelta(hours=1))
    made(shop.order(campaign=campaign))
    clock.advance(hours=2)
    sweep(2)
    path = f"/v1/campaigns/{campaign['id']}/purchase-list?format=xlsx"

    for accept in ("", "*/*", "application/json", BROWSER):
        answer = shop.brand.get(path, headers={"Accept": accept, "Accept-Language": "zh-CN,zh;q=0.9"})
        assert (answer.status, answer.headers["location"]) == (303, answer.json["url"])

    with urlopen(answer.json["url"]) as file:  # noqa: S310 - a link of the engine's own
        assert file.headers["Content-Type"] == XLSX
        assert unquote(file.headers["Content-Disposition"]).endswith("filename*=UTF-8''purchase-list 秋梨 A B v1.xlsx")
        assert openpyxl.load_workbook(io.BytesIO(file.read())).sheetnames == ["无供应商"]
    key = files.names(f"{shop.tenant_id}/downloads/")[0]
    tags = client("s3").get_object_tagging(Bucket=files.bucket(), Key=key)["TagSet"]
    assert tags == [{"Key": "lasting", "Value": "no"}]
