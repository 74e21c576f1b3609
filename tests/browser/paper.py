"""What a page is on paper, as the browser prints it."""

from __future__ import annotations

import re

from playwright.sync_api import Page

_PAGE = re.compile(rb"/Type\s*/Page\b")


def sheets(page: Page) -> int:
    """How many sheets of paper the page that is shown is printed on, in the size that it asks for."""
    return len(_PAGE.findall(page.pdf(prefer_css_page_size=True)))
