"""What the pages of what members want take."""

from typing import Annotated, Literal

from pydantic import StringConstraints

from chalicelib.pages.shell.onward import Path
from chalicelib.web import Body


class KeepForm(Body):
    """Whether a product is to be kept, or told of, from now on, and where the member goes on."""

    keep: Literal["true", "false"]
    next: Path = ""


class WaitPage(Body):
    """For how many a member waits."""

    quantity: Annotated[str, StringConstraints(max_length=12)] = "1"


class StopPage(Body):
    """Where the member goes on who waits no more."""

    next: Path = ""
