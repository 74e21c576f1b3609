"""HTML from the templates of this package: every value escaped, compiled ahead where they are deployed."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalicelib.kernel.language import Language
from chalicelib.pages.shell import assets, words
from chalicelib.web.names import xml_text

if TYPE_CHECKING:
    from jinja2 import Environment

PAGES = Path(__file__).parents[1]
COMPILED = PAGES / "built" / "templates"
"""Where `infra/assets.py` puts the templates that it compiles for the package."""


def render(template: str, language: Language, values: Mapping[str, Any]) -> str:
    """The page of a template of this package, in a language."""
    token = words.reading.set(language)
    try:
        return environment().get_template(template).render(values)
    finally:
        words.reading.reset(token)


@cache
def environment() -> "Environment":
    """The environment of all pages. A value that a template names and nobody gave is a defect: it raises."""
    # Imported here: 40 ms that functions which make no page need not pay.
    from jinja2 import Environment, FileSystemLoader, ModuleLoader, StrictUndefined, select_autoescape

    loader = ModuleLoader(COMPILED) if COMPILED.is_dir() else FileSystemLoader(PAGES)
    made = Environment(
        loader=loader,
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
        auto_reload=False,
        finalize=_finalized,
    )
    made.install_gettext_callables(words.said, words.counted, newstyle=True, pgettext=words.in_context)  # type: ignore[attr-defined]
    made.globals["assets"] = assets.path
    return made


def _finalized(value: Any) -> Any:
    """Nothing for None, and of a text only what a document can hold."""
    if value is None:
        return ""
    return xml_text(value) if type(value) is str else value
