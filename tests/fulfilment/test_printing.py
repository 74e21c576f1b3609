"""Sorting sheets on paper: each pickup point with orders has its page, each parcel its box, nobody's code is on it."""

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest

from chalicelib.db import Transaction, tenant_scope
from chalicelib.fulfilment.sorting.model import MemberShare, Parcel, Sheet, parts
from chalicelib.fulfilment.sorting.views import printing
from chalicelib.kernel import clock as product_clock
from chalicelib.members.records import MemberRecord
from chalicelib.orders.adjustments.service import substitute
from tests.builders import Member, Reply, Shop, made
from tests.conftest import Clock, Sweep


class Depot:
    """Two pickup points, a campaign of two products at both, and orders of two members."""

    def __init__(self, shop: Shop, clock: Clock, sweep: Sweep) -> None:
        self.shop = shop
        self.wang, self.ada = shop.member(), shop.member()
        self._name(self.wang, "王小明", "+8613800138000")
        self._name(self.ada, "<b>Ada</b>", None)
        self.points = [shop.pickup_point(name=name)["id"] for name in ("East <gate>", "West gate")]
        titles = ("秋梨 & 蜜", "Eggs")
        skus = [shop.product(title=title)["skus"][0]["id"] for title in (*titles, "Duck eggs")]
        self.instead = skus[2]
        offers = [shop.offer(sku_id=sku) for sku in skus[:2]]
        self.campaign = shop.campaign(
            title="Autumn", offers=offers, pickup_point_ids=self.points, closes_in=timedelta(hours=1)
        )
        self.pears, self.eggs = (offer["offer_id"] for offer in self.campaign["offers"])
        self.first = self.order(self.wang, 0, {self.pears: 3, self.eggs: 2})
        self.second = self.order(self.ada, 0, {self.eggs: 1})
        clock.advance(hours=2)
        sweep(2)

    def _name(self, member: Member, name: str, phone: str | None) -> None:
        with tenant_scope(self.shop.tenant_id):
            record = MemberRecord.at(self.shop.tenant_id, member.id)
            assert record is not None
            record.name, record.phone = name, phone
            tx = Transaction()
            tx.replace("member", record)
            tx.commit()

    def order(self, member: Member, point: int, units: dict[str, int]) -> Any:
        lines = [{"offer_id": offer_id, "quantity": quantity} for offer_id, quantity in units.items()]
        fields = {"campaign": self.campaign, "pickup_point_id": self.points[point], "lines": lines}
        return made(self.shop.order(member, **fields))

    def sheets(self, query: str = "format=html", **options: Any) -> Reply:
        return self.shop.brand.get(f"/v1/campaigns/{self.campaign['id']}/sorting-sheets?{query}", **options)


@pytest.fixture
def depot(shop: Shop, clock: Clock, sweep: Sweep) -> Depot:
    return Depot(shop, clock, sweep)


def test_each_point_with_orders_has_a_sheet_with_its_parcels_member_by_member(depot: Depot) -> None:
    page = depot.sheets()

    assert page.status == 200
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    (east,) = page.text.split('<section class="sheet">')[1:]
    assert re.search(r"2 members · 2 parcels · 6 units", east)
    assert east.count('<tbody class="member">') == 2
    assert '<p class="empty small">Nothing was ordered at West gate</p>' in east
    # Two lines of totals and three of parcels, each with its box.
    assert east.count('<span class="tick"></span>') == 5


def test_a_sheet_names_the_members_and_gives_away_neither_numbers_nor_codes(depot: Depot) -> None:
    page = depot.sheets().text

    assert "<b>王小明</b> ****8000" in page
    assert f"<b>&lt;b&gt;Ada&lt;/b&gt;</b> ·{depot.ada.id[-6:]}" in page
    assert depot.first["id"][-6:] in page
    for secret in ("13800138000", depot.first["pickup_code"], depot.second["pickup_code"]):
        assert secret not in page
    assert "秋梨 &amp; 蜜" in page
    assert "East &lt;gate&gt;" in page
    assert "<script" not in page


def test_who_gave_no_name_goes_by_the_number_or_by_the_id(depot: Depot) -> None:
    depot._name(depot.wang, "", "+8613800138000")
    depot._name(depot.ada, "", None)

    page = depot.sheets().text
    assert "<b>****8000</b> </td>" in page
    assert f"<b>·{depot.ada.id[-6:]}</b> </td>" in page
    wang, ada = depot.sheets("format=json").json["sheets"][0]["members"]
    assert [(wang["name"], wang["phone"]), (ada["name"], ada["phone"])] == [("", "****8000"), ("", None)]


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "the parcels were not at the pickup point"), ("zh", "打印时包裹尚未到达自提点")],
)
def test_until_the_parcels_are_at_the_pickup_point_it_says_that_and_nothing_of_what_came(
    depot: Depot, language: str, said: str
) -> None:
    def printed() -> str:
        return depot.sheets(headers={"Accept-Language": language}).text

    assert said in printed()
    campaign = f"/v1/campaigns/{depot.campaign['id']}"
    for to in ("received", "sorted"):
        made(depot.shop.brand.post(f"{campaign}/advance", {"to": to, "everything_arrived": True}), 200)
        assert said in printed()
        assert "recorded" not in printed()
        assert "登记到货" not in printed()
    depot.shop.arrived(depot.campaign["id"])
    assert said not in printed()


def test_substitutes_and_part_pickups_are_marked(depot: Depot) -> None:
    # Given duck eggs instead of eggs for one member, and two of another's three units handed over
    with tenant_scope(depot.shop.tenant_id):
        substitute(
            depot.shop.tenant_id, depot.second["id"], depot.eggs, "", {depot.instead: 1},
            cause="receipt", reason="No eggs", by="system", now=product_clock.now(),
        )  # fmt: skip
    handed = {
        "code": depot.first["pickup_code"],
        "pickup_point_id": depot.points[0],
        "lines": [{"offer_id": depot.pears, "quantity": 2}, {"offer_id": depot.eggs, "quantity": 2}],
    }
    depot.shop.arrived(depot.first["campaign_id"])
    made(depot.shop.brand.post(f"/v1/orders/{depot.first['id']}/pickup", handed), 200)

    page = depot.sheets().text
    assert page.count('<span class="note">instead of Eggs · One</span>') == 2
    assert "picked up 2/3" in page
    assert page.count('<span class="tick">✓</span>') == 1

    # Then the table says it as well
    rows = depot.sheets("format=csv").text.splitlines()
    assert "title,quantity,picked,substitute_for" in rows[0]
    assert [row.rpartition("placed")[2].partition(",")[2] for row in rows if "Duck" in row] == [
        f"{depot.instead},Duck eggs · One,1,0,Eggs · One,,,,900,CNY,,"
    ]


def test_what_goes_to_a_door_says_where_and_what_is_unpaid_says_how_much(
    shop: Shop, clock: Clock, sweep: Sweep
) -> None:
    # Given an order to the door with two lines, and one that is collected
    home = {"name": "An <i>", "phone": "+8613900139000", "address": "1 Lilac Road, 3-301"}
    terms = {"delivery": {"fee": shop.money(600)}, "payment_methods": ["pickup"], "closes_in": timedelta(hours=1)}
    offers = [shop.offer(sku_id=shop.product()["skus"][0]["id"], price=900) for _ in range(2)]
    campaign = shop.campaign(offers=offers, **terms)
    lines = [{"offer_id": offer["offer_id"], "quantity": 1} for offer in campaign["offers"]]
    brought = made(shop.order(campaign=campaign, lines=lines, delivery=home))
    collected = made(shop.order(shop.member(), campaign=campaign, quantity=3))
    clock.advance(hours=2)
    sweep(2)
    sheets = f"/v1/campaigns/{campaign['id']}/sorting-sheets"

    page = shop.brand.get(f"{sheets}?format=html").text
    assert "<b>An &lt;i&gt;</b> · +8613900139000 · 1 Lilac Road, 3-301" in page
    assert [page.count(f"collect CN¥{amount}</span>") for amount in ("24.00", "27.00")] == [1, 1]
    assert "To collect CN¥51.00" in page

    (sheet,) = shop.brand.get(sheets).json["sheets"]
    orders = {order["order_id"]: order for share in sheet["members"] for order in share["orders"]}
    assert (orders[brought["id"]]["delivery"], orders[brought["id"]]["due"]) == (home, shop.money(2_400))
    assert (orders[collected["id"]]["delivery"], orders[collected["id"]]["due"]) == (None, shop.money(2_700))

    rows = list(csv.DictReader(io.StringIO(shop.brand.get(f"{sheets}?format=csv").text)))
    assert [row["delivery_address"] for row in rows if row["order_id"] == brought["id"]] == [home["address"], ""]
    assert [row["member"] for row in rows if row["order_id"] == brought["id"]] == [home["name"]] * 2
    assert sum(int(row["due_minor"] or 0) for row in rows) == 5_100

    # When it was handed over and paid, nothing is due any more
    shop.arrived(brought["campaign_id"])
    made(shop.brand.post(f"/v1/orders/{brought['id']}/pickup", {"pickup_point_id": brought["pickup_point_id"]}), 200)
    assert "To collect CN¥27.00" in shop.brand.get(f"{sheets}?format=html").text


def test_a_campaign_that_nobody_ordered_from_says_so(shop: Shop, clock: Clock, sweep: Sweep) -> None:
    campaign = shop.campaign(title="Quiet", closes_in=timedelta(hours=1))
    clock.advance(hours=2)
    sweep(2)
    page = shop.brand.get(f"/v1/campaigns/{campaign['id']}/sorting-sheets?format=html")
    assert "Quiet: Nothing was ordered." in page.text
    assert '<section class="sheet">' not in page.text


def test_the_sheet_speaks_the_readers_language(depot: Depot) -> None:
    page = depot.sheets(headers={"Accept-Language": "zh"}).text
    assert '<html lang="zh-Hans">' in page
    assert "分拣单" in page
    assert "2 位会员 · 2 个包裹 · 6 件" in page


def test_a_large_campaign_comes_in_parts_that_lead_to_each_other(depot: Depot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printing, "MOST_PARCELS", 1)

    first = depot.sheets(f"format=html&pickup_point_id={depot.points[0]}")
    following = first.headers["link"].partition(">")[0].partition("sorting-sheets?")[2]
    second = depot.sheets(following)

    assert first.headers["link"].endswith('; rel="next"')
    assert ["part 1 of 2" in first.text, "part 2 of 2" in second.text] == [True, True]
    assert [depot.first["id"][-6:] in page.text for page in (first, second)] == [True, False]
    assert [depot.second["id"][-6:] in page.text for page in (first, second)] == [False, True]
    assert "link" not in second.headers
    assert depot.sheets("format=html&part=4").json["errors"][0]["pointer"] == "?part"


def sheet(point: str, *members: int) -> Sheet:
    """A point's sheet whose members have so many parcels each."""
    shares = tuple(
        MemberShare(f"m{m}", tuple(Parcel(f"{m}-{n}", f"m{m}", point, "placed", {"eggs": 1}) for n in range(count)))
        for m, count in enumerate(members)
    )
    return Sheet(point, {"eggs": sum(members)}, shares)


def test_parts_keep_points_together_cut_large_ones_between_members_and_lose_no_parcel() -> None:
    sheets = [sheet("a", 2, 1), sheet("b", 2), sheet("c", 3, 3, 3), sheet("d"), sheet("e", 9)]

    cut = parts(sheets, 5)

    assert [[(slip.pickup_point_id, slip.units.get("eggs", 0)) for slip in each] for each in cut] == [
        [("a", 3), ("b", 2)],
        [("c", 3)],
        [("c", 3)],
        [("c", 3), ("d", 0)],
        [("e", 9)],
    ]
    seen = [parcel for each in cut for slip in each for share in slip.shares for parcel in share.parcels]
    assert seen == [parcel for each in sheets for share in each.shares for parcel in share.parcels]


def test_nothing_to_sort_is_one_empty_part() -> None:
    assert parts([], 5) == [[]]
