"""What the pages about the signed-in one of the team take."""

from typing import Literal

from chalicelib.pages.shell.onward import Onward


class LanguageForm(Onward):
    """The language to read in."""

    language: Literal["zh", "en"]
