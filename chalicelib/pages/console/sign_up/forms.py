"""What the pages of signing up take."""

from typing import Annotated

from pydantic import StringConstraints

from chalicelib.tenants.forms import NewTenant
from chalicelib.web import Body, EmailText, Title


class Beginning(Body):
    """What a brand says of itself first."""

    name: Title
    owner_email: EmailText
    country: Annotated[str, StringConstraints(max_length=2)] = ""


class OpeningForm(NewTenant):
    """All that a brand is made of, seen and confirmed."""
