"""What the API shows of messages."""

from typing import Literal, Self, cast

from pydantic import Field

from chalicelib.notices.delivery.forms import StatusName
from chalicelib.notices.model.catalogue import UnknownTemplate, notice_of
from chalicelib.notices.model.people import Person
from chalicelib.notices.recipients.model import Channel
from chalicelib.notices.records import NoticeRecord
from chalicelib.web import Instant, View


class SubjectView(View):
    """What a message is about, such as an order, by its kind and id."""

    type: str
    id: str


class MessageView(View):
    """What became of a message: held for a time that suits its reader, waiting for a provider, sent by a medium, joined
    with others in the letter that is named; in the inbox alone, withheld by a limit, or dead after days of failure.
    """

    id: str
    recipient: Literal["member", "staff"]
    recipient_id: str
    template: str
    about: SubjectView | None
    status: StatusName
    medium: Channel | None
    at: Instant
    updated_at: Instant
    attempts: int = Field(ge=0, description="How often a provider failed to take it.")
    letter_id: str | None = Field(description="The message with which it left, of several in one letter.")

    @classmethod
    def of(cls, record: NoticeRecord) -> Self:
        person = Person.parse(record.person)
        at, updated_at = record.told_at or record.lease_until, record.changed_at or record.lease_until
        status, medium = cast("StatusName", record.status), cast("Channel | None", record.medium)
        return cls(
            id=record.message_id, recipient=person.kind, recipient_id=person.id, template=record.template,
            about=_about(record), status=status, medium=medium, at=at, updated_at=updated_at,
            attempts=int(record.attempts), letter_id=record.letter,
        )  # fmt: skip


def _about(record: NoticeRecord) -> SubjectView | None:
    try:
        kind = notice_of(record.template).telling.about
    except UnknownTemplate:  # of a former version
        return None
    return SubjectView(type=kind, id=record.subject_id) if kind and record.subject_id else None
