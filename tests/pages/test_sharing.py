"""A campaign passed on: a text for the chat group, a poster, a sheet, and what a chat shows of its link."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest

from chalicelib.pages.shell.qr import squares
from chalicelib.pages.storefront.sharing.model import measured, wrapped
from chalicelib.pages.storefront.sharing.views import MOST_ON_A_POSTER
from tests.builders import Shop, made
from tests.pages.test_pictures import uploaded

BASE = "http://127.0.0.1:8000"


def text(visitor, campaign_id: str) -> list[str]:
    """The lines of the text for the chat group."""
    shown = visitor.get(f"/campaigns/{campaign_id}/chat").soup.select_one("textarea")
    return shown.get_text().removeprefix("\n").split("\n")


def meta(page, name: str) -> str | None:
    found = page.soup.select_one(f'meta[property="og:{name}"]')
    return found and found["content"]


def test_the_text_says_what_there_is_for_how_much_until_when_and_where(shop: Shop, visitor):
    lines = text(visitor, shop.campaign_id)

    assert lines[0] == f"[The {shop.slug}] {shop.open_campaign['title']}"
    assert lines[1].startswith("Order until ")
    assert any(line.startswith("1. ") and "¥9.00" in line for line in lines)
    assert any(line.startswith("Collect at: ") for line in lines)
    assert lines[-1] == f"Order here: {BASE}/s/{shop.slug}/campaigns/{shop.campaign_id}"


def test_the_text_is_chinese_where_the_reader_is(shop: Shop, new_visitor):
    lines = text(new_visitor(shop, language="zh"), shop.campaign_id)

    assert lines[0] == f"【The {shop.slug}】{shop.open_campaign['title']}"
    assert lines[-1].startswith("点此下单：http")


def test_the_text_keeps_up_with_the_orders_and_names_nobody(shop: Shop, visitor):
    made(shop.order(quantity=3))

    lines = text(visitor, shop.campaign_id)

    assert any(line.startswith("1. ") and line.endswith(" · 3 ordered") for line in lines)
    assert shop.shopper.email not in "\n".join(lines)


def test_the_text_says_what_is_left_to_the_target_and_to_the_next_step(shop: Shop, visitor):
    target = {"measure": "quantity", "value": 10, "on_miss": "cancel"}
    ladder = [{"from_quantity": 1, "price": shop.money(900)}, {"from_quantity": 5, "price": shop.money(800)}]
    offer = {"sku_id": shop.sku_id, "quantity": 50, "ladder": ladder}
    campaign = shop.campaign(kind="ladder", target=target, offers=[offer])

    lines = text(visitor, campaign["id"])

    assert "10 more items and the target is reached" in lines
    assert any(line.strip() == "5 more, and everybody pays CN¥8.00" for line in lines)


def test_a_closed_campaign_asks_nobody_to_order(shop: Shop, visitor):
    made(shop.brand.post(f"/v1/campaigns/{shop.campaign_id}/cancel", {"reason": "Hail"}), 200)

    lines = text(visitor, shop.campaign_id)

    assert lines[1] == "Cancelled"
    assert not [line for line in lines if "Order here" in line]


@pytest.mark.parametrize("part", ["chat", "poster", "poster.svg", "link.svg", "notice"])
def test_nothing_is_passed_on_of_a_draft_or_of_another_shops_campaign(shop: Shop, new_shop, visitor, part: str):
    draft = shop.campaign(publish=False)["id"]
    for campaign_id in (draft, new_shop().campaign_id):
        assert visitor.get(f"/campaigns/{campaign_id}/{part}").status == 404


def test_the_poster_is_a_drawing_that_loads_nothing_whatever_the_title(shop: Shop, visitor):
    campaign = shop.campaign(title="<script>alert('1')</script> & 团购" + "长" * 60)

    answer = visitor.get(f"/campaigns/{campaign['id']}/poster.svg")

    drawing = ET.fromstring(answer.text)  # noqa: S314 - our own drawing
    assert answer.headers["content-type"] == "image/svg+xml"
    names = {each.tag.partition("}")[2] for each in drawing.iter()}
    assert names == {"svg", "path", "circle", "text", "rect"}
    assert not [name for each in drawing.iter() for name in each.attrib if "href" in name or name.startswith("on")]
    assert "¥9.00" in answer.text


def test_a_poster_says_how_many_offers_it_has_no_room_for_and_only_then(shop: Shop, visitor):
    offers = [shop.offer(sku_id=shop.product()["skus"][0]["id"]) for _ in range(MOST_ON_A_POSTER + 2)]
    campaigns = [shop.campaign(offers=offers[:2]), shop.campaign(offers=offers)]

    drawings = [visitor.get(f"/campaigns/{each['id']}/poster.svg").text for each in campaigns]

    assert [re.findall(r"and (\S+) more", each) for each in drawings] == [[], ["3"]]


def test_the_code_leads_to_the_campaign(shop: Shop, visitor):
    import segno

    wanted = segno.make(f"{BASE}/s/{shop.slug}/campaigns/{shop.campaign_id}", error="m", micro=False)
    answer = visitor.get(f"/campaigns/{shop.campaign_id}/link.svg")
    drawn = ET.fromstring(answer.text)  # noqa: S314 - our own drawing
    assert [each.attrib["d"] for each in drawn][1] == squares(wanted.matrix)


def test_the_sheet_has_codes_to_tear_off(shop: Shop, visitor):
    page = visitor.get(f"/campaigns/{shop.campaign_id}/notice")

    assert page.heading == shop.open_campaign["title"]
    assert len(page.soup.select(".tear img")) == 8
    assert "¥9.00" in page.words(".sheet")


def test_a_chat_shows_price_close_and_picture_of_a_link(shop: Shop, visitor):
    address = uploaded(shop)
    sku = {"code": "PEAR", "title": "A kilo", "price": shop.money(1000)}
    product = made(shop.brand.post("/v1/products", {"title": "Pears", "images": [address], "skus": [sku]}))
    campaign = shop.campaign(offers=[{"sku_id": product["skus"][0]["id"], "quantity": 5, "price": shop.money(900)}])

    pages = [visitor.get(f"/campaigns/{campaign['id']}"), visitor.get(f"/products/{product['id']}")]

    assert [meta(page, "title") for page in pages] == [campaign["title"], "Pears"]
    assert [meta(page, "image") for page in pages] == [BASE + address] * 2
    assert meta(pages[0], "description").startswith("from CN¥9.00 · until ")
    assert meta(pages[0], "url") == f"{BASE}/s/{shop.slug}/campaigns/{campaign['id']}"


def test_a_link_without_any_picture_has_none(shop: Shop, visitor):
    assert meta(visitor.get(f"/campaigns/{shop.campaign_id}"), "image") is None


# --- rules -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "width", "most", "lines"),
    [
        ("Pears", 10, 2, ["Pears"]),
        ("梨子苹果香蕉", 3, 2, ["梨子苹", "果香蕉"]),
        ("梨子苹果香蕉", 3, 1, ["梨子…"]),
        ("one two", 3, 2, ["one", "two"]),
        ("a" * 12, 3, 2, ["aaaaa", "aaaa…"]),
        ("\u202eabc\u202c", 5, 1, ["abc"]),
        ("", 5, 1, [""]),
    ],
)
def test_a_text_is_put_in_lines_that_have_room(given, width, most, lines):
    assert wrapped(given, width, most) == lines
    assert all(measured(line) <= width for line in lines)


def test_a_code_is_drawn_row_by_row():
    assert squares([(1, 1, 0), (0, 0, 1)]) == "M0 0h2v1h-2zM2 1h1v1h-1z"
