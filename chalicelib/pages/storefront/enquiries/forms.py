"""What the pages of questions take."""

from typing import Annotated, Any, Literal

from pydantic import StringConstraints

from chalicelib.web import Body, Query, UlidStr

Typed = Annotated[str, StringConstraints(max_length=8000)]


class HelpQuery(Query):
    """What is looked for among the answers."""

    q: Annotated[str, StringConstraints(max_length=100)] = ""


class About(Query):
    """What a question is about: an order of the member, or a product."""

    order: UlidStr | None = None
    product: UlidStr | None = None


class AskForm(Body):
    """A question, and what it is about."""

    text: Typed | None = None
    order_id: Typed | None = None
    product_id: Typed | None = None

    def asked(self) -> dict[str, Any]:
        """As the API takes it."""
        return {name: value for name, value in self.model_dump().items() if value}


class ReplyPage(Body):
    """What a member writes in their question."""

    text: Typed | None = None

    def asked(self) -> dict[str, Any]:
        """As the API takes it."""
        return {} if self.text is None else {"text": self.text}


class HelpedPage(Body):
    """Whether the automatic answer helped."""

    helped: Literal["yes", "no"]


class Nothing(Body):
    """A form that is no more than its button."""
