"""Where somebody was faster, every form that carries a revision says so in plain words, the same at each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from chalicelib.pages.shell.declared import PageRoute
from chalicelib.pages.shell.rendering import PAGES as FOLDER
from tests.isolation.conftest import world
from tests.pages.examples import pages, path
from tests.pages.test_intrusion import Browsers, ask, browsers

__all__ = ["browsers", "world"]

PAGES = pages()
MANY = 40
SHOWN_BY = {
    "console/cases/confirm.html": "console/cases/case.html",
    "console/campaigns/preview.html": "console/campaigns/show.html",
}
"""Templates whose form is refused on another page."""

_REVISION = re.compile(r"forms\.start\([^}]*revision=")
_IMPORTED = re.compile(r'import "((?:console|storefront|leader)/[\w/]+\.html)" as (\w+)')


def says_it(template: Path) -> bool:
    """Whether a template says it by the one macro, itself or by one of the screen's own."""
    text = template.read_text("utf-8")
    if "meanwhile.refusal(" in text:
        return True
    imported = {alias: FOLDER / path for path, alias in _IMPORTED.findall(text)}
    return any(
        f"{alias}.refusal" in text and "meanwhile.refusal(" in path.read_text() for alias, path in imported.items()
    )


CARRYING = sorted(path for path in FOLDER.rglob("*.html") if _REVISION.search(path.read_text("utf-8")))


@pytest.mark.parametrize("template", CARRYING, ids=lambda path: str(path.relative_to(FOLDER)))
def test_a_template_with_such_a_form_says_it_by_the_one_macro(template):
    shown_by = SHOWN_BY.get(str(template.relative_to(FOLDER)))
    assert says_it(FOLDER / shown_by if shown_by else template), "use meanwhile.refusal() of the place's meanwhile.html"


def test_nobody_words_it_a_second_time():
    found = [path for path in FOLDER.rglob("*.html") if '== "stale"' in path.read_text("utf-8")]
    assert {str(path.relative_to(FOLDER)) for path in found} == {"console/meanwhile.html", "storefront/meanwhile.html"}


def test_every_form_that_carries_a_revision_says_so_when_it_is_late(browsers):
    late = []
    for route in carrying(browsers):
        seen = ask(browsers.ours(route), route, browsers.world.ours, _rev=str(10**9))
        browsers.put_back()
        late.append(route.path)
        assert seen.status == 412, f"{route.path}: {seen.status} {seen.heading}"
        said = seen.words(".refusal")
        assert not re.search("If-Match|resource|read it again|ETag", said), f"{route.path}: {said}"
    assert len(late) > MANY, "few forms were found: does the world still show them?"


def carrying(browsers: Browsers) -> Iterator[PageRoute]:
    """The forms with a revision on the pages that our member and our owner see."""
    found = set()
    for page in PAGES:
        if page.method == "GET" and (seen := ask(browsers.ours(page), page, browsers.world.ours)).status == 200:
            forms = seen.soup.select("form:has(input[name=_rev])")
            found |= {(page.place, urlsplit(str(form["action"])).path) for form in forms}
    for route in PAGES:
        if route.method == "POST" and (route.place, path(route, browsers.world.ours)) in found:
            yield route
