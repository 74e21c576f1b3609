"""That what a screen is held to finds what is wrong: a check that passes everything would prove nothing."""

from __future__ import annotations

import pytest

from tests.browser.holding import faults, faults_without_scripts
from tests.browser.window import PHONE

GOOD = """<!doctype html><html lang="en"><head><title>Good</title><meta name="viewport"
content="width=device-width, initial-scale=1"></head><body><main><h1>Good</h1>{}</main></body></html>"""
BUTTON = '<button class="wide" style="width:99px;height:48px">Send</button>'


@pytest.fixture
def page(browser):
    context = browser.new_context(viewport=PHONE, is_mobile=True, has_touch=True)
    yield context.new_page()
    context.close()


def _found(page, html):
    page.set_content(html)
    return [*faults(page), *faults_without_scripts(page)]


def test_nothing_is_wrong_with_a_plain_page_and_a_link_within_a_sentence(page):
    assert _found(page, GOOD.format(f'<form>{BUTTON}</form><p>Read <a href="/x">this</a> first.</p>')) == []


@pytest.mark.parametrize(
    ("html", "said"),
    [
        (
            f"""<h1>Two</h1><img src="data:," width="9"><p style="color:#999">faint</p>
            <form><div style="height:500px"></div>{BUTTON}</form>
            <a href="/x">go</a><label>A<input type="checkbox"></label>""",
            ["2 headings of the first level", "image-alt", "color-contrast", "out of sight", '<a href="/x">',
             'type="checkbox"'],
        ),
        (
            f"""<form>{BUTTON}</form><p style="position:fixed;inset:0;background:#fff">covered</p><p>{"W" * 99}</p>
            <button type="button" style="width:99px;height:48px">x</button><form><input aria-label="A"></form>""",
            ["scrolls sideways", "out of sight", "this does nothing: <button", "this does nothing: <form"],
        ),
    ],
    ids=["drawn", "acting"],
)  # fmt: skip
def test_each_fault_is_found(page, html, said):
    found = _found(page, GOOD.format(html))
    assert [each for each in said if not any(each in fault for fault in found)] == [], found
