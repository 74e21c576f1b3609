"""What the pages of signing up take."""

from typing import Annotated

from pydantic import StringConstraints

from chalicelib.web import Body, EmailText, Title


class Beginning(Body):
    """What a brand says of itself first."""

    name: Title
    owner_email: EmailText
    country: Annotated[str, StringConstraints(max_length=2)] = ""
