"""Who has been quiet for 30 days is won back, with a coupon of 10 % and a fifth left alone: in few presses, and less
than three minutes of somebody who reads all that is on the way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.album import Album
from tests.browser.colleague import Colleague
from tests.browser.conftest import pages_served
from tests.browser.holding import faults
from tests.browser.window import DESKTOP, PHONE
from tests.builders import made
from tests.journeys.some import agreed, go_quiet

SAID = {
    "en": {
        "place": "Journeys", "new": "New journey", "use": "Use it : Win back", "quiet": "Days without an order",
        "publish": "Publish it",
        "begins": "Somebody has not ordered for 30 days", "control": "20 % of them are left alone",
        "runs": "Running", "who": "Who is in it",
    },
    "zh": {
        "place": "旅程", "new": "新建旅程", "use": "使用该旅程 : 挽回流失会员", "quiet": "未下单天数",
        "publish": "发布",
        "begins": "会员 30 天未下单", "control": "其中 20% 的会员作为对照组",
        "runs": "运行中", "who": "旅程中的会员",
    },
}  # fmt: skip
PRESSES, BY_THE_MENU = 4, 1
"""The place, a new one, which, and publishing; on a phone the place is in the menu."""
SECONDS, A_PRESS = 180, 2.7
"""A press takes 1.35 s to decide, 1.1 s to point and 0.2 s to press (S. K. Card, T. P. Moran, A. Newell, Communications
of the ACM 23, 1980)."""
READ_A_MINUTE = {"en": 228, "zh": 255}
"""Words of English, characters of Chinese (S. Trauzettel-Klosinski, K. Dietz, Investigative Ophthalmology & Visual
Science 53, 2012)."""


@pytest.fixture
def origin(noon: None, shop: Any, _gateway: Any) -> Iterator[str]:
    """Where the pages are."""
    with pages_served(_gateway) as url:
        yield url


@pytest.mark.parametrize(
    ("language", "size"),
    [
        pytest.param("zh", PHONE, id="zh-phone"),
        pytest.param("en", PHONE, id="en-phone", marks=pytest.mark.verify),
        pytest.param("zh", DESKTOP, id="zh-desktop", marks=pytest.mark.verify),
        pytest.param("en", DESKTOP, id="en-desktop", marks=pytest.mark.verify),
    ],
)
def test_who_was_quiet_is_won_back(shop: Any, origin: str, windows: Any, language: Any, size: Any, clock: Any) -> None:
    said, album = SAID[language], Album.wanted(f"journeys {language} {size['width']}")
    window = windows.open(origin, shop.slug, language=language, size=size)
    window.at_the_console(shop.team_token("owner"))
    kim, page = Colleague(window), window.page
    seen: list[str] = []

    def kept(name: str) -> None:
        album.keep(page, name)
        seen.append(page.locator("main").inner_text())
        assert list(faults(page)) == [], page.url

    kim.begin()
    kim.go_to(said["place"])
    kept("none yet")
    kim.follow(said["new"])
    expect(page.locator("#f-win_back-percent_off")).to_have_value("10")
    expect(page.locator("#f-win_back-control_share")).to_have_value("20")
    kept("six are ready")
    kim.write(said["quiet"], "30")
    kim.press(said["use"])
    kim.reads(said["begins"])
    kim.reads(said["control"])
    kept("the draft")
    kim.press(said["publish"])
    kim.reads(said["runs"])
    assert kim.taps <= PRESSES + BY_THE_MENU * (size == PHONE)
    takes = kim.taps * A_PRESS + sum(seconds_to_read(each, language) for each in seen)
    print(f"{kim.taps} presses and all that is to be read: {takes:.0f} s")  # noqa: T201
    assert takes < SECONDS

    (only,) = made(shop.brand.get("/v1/journeys?status=running"), 200)["items"]
    found = made(shop.brand.get(f"/v1/journeys/{only['id']}"), 200)["definition"]
    assert (found["trigger"]["kind"], found["trigger"]["days"], found["control_share"]) == ("quiet", 30, "20")
    batch = next(each["batch_id"] for each in found["steps"] if each["kind"] == "coupon")
    assert made(shop.brand.get(f"/v1/coupon-batches/{batch}"), 200)["percent_off"] == "10"

    go_quiet(shop, *(agreed(shop, language, name="小王") for _ in range(6)))
    window.go(f"/console/journeys/{only['id']}")
    kept("what it brings")
    kim.follow(said["who"])
    kept("who is in it")
    _of_a_segment(kim, shop, said, kept)


def seconds_to_read(text: str, language: str) -> float:
    """Of all that a page says, what is folded away left out."""
    unit = r"[\u4e00-\u9fff]" if language == "zh" else r"[^\W\d_]+"
    return 60 * len(re.findall(unit, text)) / READ_A_MINUTE[language]


def _of_a_segment(kim: Colleague, shop: Any, said: dict[str, str], kept: Any) -> None:
    """One of the brand's own, that begins with a segment, asks for it and gives a tag, is read in words."""
    made(shop.brand.post("/v1/tags", {"tag": "老顾客"}))
    segment = made(shop.brand.post("/v1/segments", {"title": "Regulars 常客", "kind": "list"}))["id"]
    steps = [
        {"kind": "tag", "tag": "老顾客"}, {"kind": "condition", "asks": "segment", "segment_id": segment},
        {"kind": "points", "points": 20}, {"kind": "staff_notice", "text": "Call {name}"},
    ]  # fmt: skip
    wanted = {"title": "常客关怀", "trigger": {"kind": "segment_entered", "segment_id": segment}, "steps": steps}
    journey = made(shop.brand.post("/v1/journeys", wanted))["id"]
    made(shop.brand.post(f"/v1/journeys/{journey}/publish"), 200)
    member = agreed(shop)
    made(shop.brand.post(f"/v1/segments/{segment}/members", {"add": [member.id]}), 200)
    for path in ("", "/settings", "/steps/0", "/steps/1", "/members", "/end"):
        kim.window.go(f"/console/journeys/{journey}{path}")
        kept(f"a segment {path.replace('/', ' ')}")
    kim.window.go("/console/journeys")
    kept("all of them")
