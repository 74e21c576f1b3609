"""Words of the trade, explained on one page: all of them, in the reader's language, where each is explained too."""

from __future__ import annotations

import pytest

from chalicelib.pages.console.terms import TERMS
from chalicelib.pages.shell.words import reading


def names(page):
    return [each.get_text(strip=True) for each in page.soup.select("dt")]


def test_every_word_is_explained_once_in_the_order_of_the_alphabet(desk):
    page = desk.get("/glossary")
    assert {each["id"] for each in page.soup.select("dl > div")} == {f"term-{key}" for key in TERMS}
    assert names(page) == sorted((each.name for each in TERMS.values()), key=str.casefold)
    text = page.words("dl")
    assert all(each.means in text for each in TERMS.values())


def test_in_chinese_words_stand_by_their_pinyin(shop, new_desk):
    """The handler sorts what the page says, so the handler speaks the reader's language as well."""
    page = new_desk(shop, language="zh").get("/glossary")
    assert page.heading == "名词解释"
    found = names(page)
    assert len(found) == len(TERMS)
    places = [found.index(name) for name in ("采购", "成团目标", "店铺网址", "规格", "团长", "周转率")]
    assert places == sorted(places)
    assert reading.get() == "en"  # and whoever asks next is spoken to in theirs


@pytest.mark.parametrize("role", ["service", "technical"])
def test_everyone_of_the_team_finds_it_below_every_page(shop, new_desk, role):
    desk = new_desk(shop, role)
    assert desk.get("").link("Words explained") == desk.at("/glossary")
    assert desk.get(desk.at("/glossary")).heading == "Words explained"


def test_the_help_beside_a_word_leads_to_it(desk):
    page = desk.get("/channels")
    link = page.soup.select_one("details.term a")["href"]
    assert link == desk.at("/glossary#term-channel")
    path, _, anchor = link.partition("#")
    assert desk.get(path).soup.select_one(f"#{anchor} dt").get_text() == "Channel"
