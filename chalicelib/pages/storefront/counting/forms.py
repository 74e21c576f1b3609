"""What the pages about counting take."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from chalicelib.members.model.consents import WORDS
from chalicelib.pages.shell.onward import Onward
from chalicelib.web import Body


class CountingForm(Onward):
    """A reader's answer, and the version of the words that they were shown."""

    answer: Literal["yes", "no"]
    words: Annotated[int, Field(ge=1, le=WORDS)] = WORDS


class LeftForm(Body):
    """What a page tells when it is left: events as the API takes them, as JSON, and the instant of sending."""

    events: Annotated[str, StringConstraints(max_length=30_000)]
    sent_at: Annotated[str, StringConstraints(max_length=40)] = ""
