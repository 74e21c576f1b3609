"""What the API shows of an inbox."""

from typing import Self

from pydantic import Field

from chalicelib.notices.inbox.model import MOST_COUNTED, ReadMark, Unread
from chalicelib.notices.inbox.records import InboxRecord
from chalicelib.notices.model.notices import Category
from chalicelib.web import Instant, View


class AboutView(View):
    """What a message is about, such as an order, by its kind and id."""

    type: str
    id: str


class InboxView(View):
    """A message as it was told; read_at is null while it waits to be read."""

    id: str
    category: Category
    subject: str
    text: str
    about: AboutView | None
    at: Instant
    read_at: Instant | None

    @classmethod
    def of(cls, record: InboxRecord, mark: ReadMark | None) -> Self:
        at_once = mark.at if mark and mark.covers(record.id) else None
        about = AboutView(type=record.about_type, id=record.about_id or "") if record.about_type else None
        return cls(
            id=record.id, category=Category(record.category), subject=record.subject, text=record.text, about=about,
            at=record.at, read_at=record.read_when or at_once,
        )  # fmt: skip


class UnreadView(View):
    """How many messages wait to be read: counted up to 99, and unread_more says whether there are more."""

    unread_count: int = Field(ge=0, le=MOST_COUNTED)
    unread_more: bool

    @classmethod
    def of(cls, unread: Unread) -> Self:
        return cls(unread_count=unread.count, unread_more=unread.more)
