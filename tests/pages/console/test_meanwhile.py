"""Where a colleague was faster, every form of the console that carries a revision says so in the same plain words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chalicelib.pages.shell.rendering import PAGES as FOLDER

CONSOLE = FOLDER / "console"
SHOWN_BY = {"cases/confirm.html": "cases/case.html", "campaigns/preview.html": "campaigns/show.html"}
"""Templates whose form is refused on another page."""

_REVISION = re.compile(r"forms\.start\([^}]*revision=")
_IMPORTED = re.compile(r'import "(console/[\w/]+\.html)" as (\w+)')


def says_it(template: Path) -> bool:
    """Whether a template says it by the one macro, itself or by one of the screen's own."""
    text = template.read_text("utf-8")
    if "meanwhile.refusal(" in text:
        return True
    imported = {alias: FOLDER / path for path, alias in _IMPORTED.findall(text)}
    return any(
        f"{alias}.refusal" in text and "meanwhile.refusal(" in path.read_text() for alias, path in imported.items()
    )


CARRYING = sorted(path for path in CONSOLE.rglob("*.html") if _REVISION.search(path.read_text("utf-8")))


@pytest.mark.parametrize("template", CARRYING, ids=lambda path: str(path.relative_to(CONSOLE)))
def test_a_template_with_such_a_form_says_it_by_the_one_macro(template):
    shown_by = SHOWN_BY.get(str(template.relative_to(CONSOLE)))
    assert says_it(CONSOLE / shown_by if shown_by else template), "use meanwhile.refusal() of console/meanwhile.html"


def test_nobody_words_it_a_second_time():
    found = [path for path in CONSOLE.rglob("*.html") if '== "stale"' in path.read_text("utf-8")]
    assert [path.name for path in found] == ["meanwhile.html"]
