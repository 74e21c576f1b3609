"""What the page of the member takes."""

from typing import Annotated

from pydantic import StringConstraints

from chalicelib.kernel.language import Language
from chalicelib.web import Body


class LanguageForm(Body):
    """The language to read from now on, and where the visitor goes on."""

    language: Language
    next: Annotated[str, StringConstraints(max_length=1000)] = ""
