"""What the page of coupons takes."""

from typing import Annotated

from pydantic import StringConstraints

from chalicelib.web import Body


class CodePage(Body):
    """A code as it is typed."""

    code: Annotated[str, StringConstraints(max_length=200)] = ""
