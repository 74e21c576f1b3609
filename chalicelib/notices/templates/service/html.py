"""The HTML part of a letter: small, sober, readable on a phone and in the dark. Nothing in it runs or reports back."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from chalicelib.kernel.language import Language
from chalicelib.notices.model.letters import one_line
from chalicelib.notices.templates.model.foot import unsubscribe_label
from chalicelib.notices.templates.model.spans import Paragraph
from chalicelib.settings import settings
from chalicelib.tenancy import Brand

if TYPE_CHECKING:
    from jinja2 import Template

_LAYOUT = Path(__file__).parent.parent / "layout" / "letter.html.j2"
_PLAIN_COLOUR = "#3f4a57"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a letter, with a heading of its own where it is one of several; ``page`` is where more of it is, and
    ``page_label`` what the link there says.
    """

    heading: str
    paragraphs: Sequence[Paragraph]
    page: str = ""
    page_label: str = ""


def page(
    brand: Brand, language: Language, subject: str, sections: Sequence[Section], reason: str, unsubscribe: str
) -> str:
    """The page, with every value escaped."""
    return _template().render(
        name=one_line(brand.name),
        logo=settings().public_url + brand.logo if brand.logo.startswith("/") else brand.logo,
        colour=brand.colour or _PLAIN_COLOUR,
        language=language,
        subject=subject,
        sections=sections,
        reason=reason,
        unsubscribe=unsubscribe,
        unsubscribe_label=unsubscribe_label(language),
    )


@cache
def _template() -> "Template":
    # Imported here because few functions ever write a letter: 40 ms that the others need not pay.
    from jinja2 import Environment

    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_LAYOUT.read_text("utf-8"))
