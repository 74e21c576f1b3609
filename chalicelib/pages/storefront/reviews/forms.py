"""What the pages of reviews take."""

from typing import Annotated, Any

from pydantic import Field, StringConstraints

from chalicelib.reviews.model.reviews import MAX_PHOTOS
from chalicelib.reviews.service.reading import Sort
from chalicelib.web import Body, Query

Typed = Annotated[str, StringConstraints(max_length=8000)]


class Nothing(Body):
    """A form that is no more than its button."""


class Chosen(Query):
    """Which article of an order is reviewed."""

    sku: Typed = ""


class Sorted(Query):
    """In which order reviews of a product are read."""

    sort: Sort = "newest"
    rating: Typed = ""


class AspectsPage(Body):
    """Stars of aspects; empty where one is left out."""

    goods: Typed = ""
    service: Typed = ""
    delivery: Typed = ""


class ReviewPage(Body):
    """Stars, words, and the ids of photos that were sent already."""

    rating: Typed | None = None
    aspects: AspectsPage = AspectsPage()
    text: Typed = ""
    photos: Annotated[list[Typed], Field(max_length=2 * MAX_PHOTOS)] = []

    def asked(self) -> dict[str, Any]:
        """As the API takes it."""
        aspects = {name: stars for name, stars in self.aspects.model_dump().items() if stars}
        given = {"text": self.text, "photos": self.photos, "aspects": aspects}
        return given | ({"rating": self.rating} if self.rating else {})


class NewReviewPage(ReviewPage):
    """The same of an article of an order."""

    sku: Typed | None = None
