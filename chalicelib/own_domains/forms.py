"""What the routes of a brand's own domain take."""

from typing import Annotated

from pydantic import Field, StringConstraints

from chalicelib.web import Body

HostText = Annotated[str, StringConstraints(max_length=500), Field(examples=["shop.your-brand.com"])]


class DomainForm(Body):
    """The name of a domain that the brand has, without scheme, port and path; in any script."""

    EXAMPLES = {"a name below one's own domain": {"host": "shop.your-brand.com"}}

    host: HostText
