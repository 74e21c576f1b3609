"""What the page of suggestions takes."""

from typing import Annotated, Any

from pydantic import StringConstraints

from chalicelib.web import Body

Typed = Annotated[str, StringConstraints(max_length=8000)]


class SuggestionPage(Body):
    """What somebody suggests."""

    text: Typed | None = None

    def asked(self) -> dict[str, Any]:
        """As the API takes it."""
        return {} if self.text is None else {"text": self.text}
