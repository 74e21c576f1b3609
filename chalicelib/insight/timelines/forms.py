"""What a request for a timeline may say."""

from typing import Literal

from chalicelib.web import Query

KindName = Literal[
    "after_sale", "complaint", "enquiry", "joined", "left", "message", "order", "points", "purchase", "returned",
    "review", "suggestion", "survey", "visit",
]  # fmt: skip


class TimelineQuery(Query):
    """Entries of one kind alone; by default of all that the caller's role may read."""

    kind: KindName | None = None
