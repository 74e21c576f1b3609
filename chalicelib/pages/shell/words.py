"""The words of pages in the reader's language: English in the code, Chinese in the catalogues beside it (gettext)."""

from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

from chalicelib.kernel.language import Language

CATALOGUES = Path(__file__).parents[1] / "built" / "words"
"""Where `infra/assets.py` puts the catalogues that it compiles: ``zh.mo``."""

reading: ContextVar[Language] = ContextVar("reading", default="en")
"""The language of who asks for the page, from the handler on until the page is made."""


def N_(message: str) -> str:  # noqa: N802 - the name that catalogues are collected by
    """Marks a message for the catalogue that is said later."""
    return message


def said(message: str) -> str:
    """The message in the language of the page; in a handler as in a template."""
    return _words(reading.get()).gettext(message)


def counted(one: str, several: str, n: int) -> str:
    """The message for a number of things."""
    return _words(reading.get()).ngettext(one, several, n)


def in_context(context: str, message: str) -> str:
    """A message that means several things, told apart by ``context``."""
    return _words(reading.get()).pgettext(context, message)


@cache
def _words(language: Language) -> NullTranslations:
    if language == "en":
        return NullTranslations()
    with (CATALOGUES / f"{language}.mo").open("rb") as compiled:
        return GNUTranslations(compiled)
