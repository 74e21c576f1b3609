"""What the page of a complaint takes."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from chalicelib.complaints.model.cases import LEADER
from chalicelib.complaints.model.remedies import MAX_PHOTOS
from chalicelib.kernel.errors import Invalid
from chalicelib.web import Body

Typed = Annotated[str, StringConstraints(max_length=8000)]
Sent = Annotated[list[Typed], Field(max_length=2 * MAX_PHOTOS)]
"""Ids of photos that were sent already."""


class ReplyPage(Body):
    """What a member writes about their complaint."""

    text: Typed | None = None
    photos: Sent = []

    def asked(self) -> dict[str, Any]:
        """As the API takes it."""
        return {} if self.text is None else {"text": self.text, "photos": self.photos}


class VerdictPage(Body):
    """Whether what came of it settles it, and else what does not."""

    verdict: Typed | None = None
    comment: Typed | None = None
    resolution: Annotated[int, Field(ge=1, le=1_000)] | None = None

    def asked(self) -> dict[str, Any]:
        """As the API takes it. Raises Invalid for a rejection that does not say why."""
        if self.verdict == "rejected" and self.comment is None:
            raise Invalid.at("/comment", "Say what is not settled: it is looked at again.", "请说明哪里没有解决。")
        given = {"verdict": self.verdict, "comment": self.comment, "resolution": self.resolution}
        return {name: value for name, value in given.items() if value is not None}


class ComplaintForm(Body):
    """What it is about, a category or the leader; what exactly, which says the category as well; what went wrong."""

    about: Typed | None = None
    cause: Typed | None = None
    text: Typed | None = None
    photos: Sent = []

    def asked(self, order_id: str) -> dict[str, Any]:
        """As the API takes it."""
        chosen = {"category": self.about}
        if self.about == LEADER or self.cause:
            chosen = {"cause": LEADER if self.about == LEADER else self.cause}
        given = {"order_id": order_id, "text": self.text, "photos": self.photos, **chosen}
        return {name: value for name, value in given.items() if value is not None}
