"""That a tap is counted where there is one, and typing is none: what counts nothing would allow everything."""

from __future__ import annotations

import pytest

from tests.browser.colleague import Colleague
from tests.browser.window import DESKTOP, Window

PAGE = """<!doctype html><html lang="en"><body><main><h1>Page</h1><form action="about:blank">
<label>Name <input name="a"></label><label>Yes <input type="checkbox" name="b"></label>
<label>Which <select name="c"><option>Pear</option><option>Plum</option></select></label>
<details><summary>More</summary><p>Text</p></details>
<button hidden>Send</button><button>Send</button></form><a href="about:blank">Away</a></main></body></html>"""


@pytest.fixture
def somebody(browser):
    context = browser.new_context(viewport=DESKTOP)
    yield Colleague(Window(context.new_page(), "", ""))
    context.close()


def test_each_press_is_a_tap_and_typing_is_none(somebody):
    somebody.page.set_content(PAGE)
    somebody.write("Name", "Ada")
    assert somebody.taps == 0
    somebody.tick("Yes")
    somebody.choose("Which", "Plum")
    somebody.unfold("More")
    somebody.reads("Text", "details")
    assert somebody.taps == 3
    somebody.press("Send")
    assert somebody.taps == 4
    somebody.page.set_content(PAGE)
    somebody.follow("Away")
    assert somebody.taps == 5
