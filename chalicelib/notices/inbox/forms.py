"""What the API takes of an inbox."""

from chalicelib.notices.model.notices import Category
from chalicelib.web import Query


class InboxQuery(Query):
    """Which messages to list: with unread=true those that wait to be read."""

    unread: bool = False
    category: Category | None = None
