"""News at the console: written in one language or two, held, resumed and ended."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from chalicelib.kernel import clock
from tests.builders import made


def stored(shop):
    return made(shop.brand.get("/v1/announcements"), 200)["items"]


def written(desk, **typed):
    tomorrow = (clock.now() + timedelta(days=1)).astimezone(ZoneInfo("Asia/Shanghai"))
    wanted = {"texts__en__subject": "Pears are back", "texts__en__text": "Until Sunday."}
    wanted |= {"send_at": f"{tomorrow:%Y-%m-%dT%H:%M}"} | typed
    return desk.send(desk.get("/announcements/new"), "Send it", **wanted)


def test_news_are_written_in_both_languages_for_some_members(desk, shop):
    assert "You have told no news yet" in desk.get("/announcements").words()
    more = {"texts__zh__subject": "梨子回来了", "texts__zh__text": "到周日。"}
    page = written(desk, audience__interests="fruit， bread", audience__languages="zh", **more)
    assert page.heading == "Pears are back"
    assert page.words(".badge") == "Waiting for its time"
    news = stored(shop)[0]
    assert set(news["texts"]) == {"zh", "en"}
    assert news["audience"]["interests"] == ["fruit", "bread"]
    assert news["audience"]["languages"] == ["zh"]
    assert "fruit, bread" in page.words()
    assert "Pears are back" in desk.get("/announcements?status=scheduled").words(".data")
    assert "No news are like that" in desk.get("/announcements?status=sent").words()


def test_what_is_missing_stands_beside_its_field_and_nothing_goes_out(desk, shop):
    page = written(desk, texts__en__text="")
    assert page.status == 422
    assert page.soup.select_one("#f-texts-en-text-fault")
    assert page.soup.select_one("#f-texts-en-subject")["value"] == "Pears are back"
    page = written(desk, send_at="2020-01-01T08:00")
    assert page.soup.select_one("#f-send_at-fault")
    assert stored(shop) == []


def test_news_are_held_resumed_and_ended(desk, shop):
    page = desk.send(written(desk), "Hold it")
    assert page.words(".badge") == "Paused"
    page = desk.send(page, "Resume it")
    assert page.words(".badge") in ("Waiting for its time", "Going out")
    page = desk.get(page.link("End it …"))
    assert "0 members were told" in page.words()
    page = desk.send(page, "End it")
    assert page.words(".badge") == "Cancelled"
    assert stored(shop)[0]["status"] == "cancelled"
    assert "Hold it" not in page.text


def test_news_of_a_group_buy_begin_with_its_name_and_link(desk, shop):
    page = desk.get(f"/announcements/new?campaign={shop.campaign_id}")
    assert page.soup.select_one("#f-texts-zh-subject")["value"] == shop.open_campaign["title"]
    assert f"http://127.0.0.1:8000/s/{shop.slug}/campaigns/{shop.campaign_id}" in page.words("#f-texts-zh-text")


def test_who_only_reads_cannot_write(desk, new_desk, shop):
    path = written(desk).path
    analyst = new_desk(shop, "analyst")
    assert not analyst.get(path).soup.select("main form")
    assert analyst.get("/announcements/new").status == 403
