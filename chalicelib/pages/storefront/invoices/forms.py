"""What the page of an invoice takes."""

from typing import Annotated, Any

from pydantic import StringConstraints

from chalicelib.web import Body

Typed = Annotated[str, StringConstraints(max_length=400)]


class AskForm(Body):
    """Whom it is made out to, as it was typed. The number of a company is left where somebody changes to a person, and
    then means nothing.
    """

    kind: Typed = ""
    title: Typed = ""
    tax_number: Typed = ""
    email: Typed = ""

    def asked(self) -> dict[str, Any]:
        """As the API takes it."""
        asked = {name: value for name, value in self.model_dump().items() if value}
        if self.kind == "person":
            asked.pop("tax_number", None)
        return asked
