"""Tells people: a notice is queued once for each cause and person, and delivered as they want to hear it."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.kernel.context import correlation_id
from chalicelib.kernel.ids import derived_id
from chalicelib.messaging import Message, publish
from chalicelib.messaging.publish import publish_all
from chalicelib.notices.model.notices import Destination, Notice, Queued, Told
from chalicelib.notices.model.people import Person
from chalicelib.notices.recipients.service import of_team
from chalicelib.rate_limits.model import Ways

Cause = tuple[str, ...]
"""What a notice comes from: such as the id of an order, and a word where an order causes several."""


def tell_person(
    tenant_id: str, person: Person, notice: Notice, cause: Cause, now: datetime, *, subject_id: str = ""
) -> None:
    """Queues a notice to a person. A cause handled twice tells it once.

    ``subject_id`` is the id of what it is about.
    """
    publish("notify", message_to(tenant_id, person, notice, cause, now, subject_id=subject_id))


def tell_member(
    tenant_id: str, member_id: str, notice: Notice, cause: Cause, now: datetime, *, subject_id: str = ""
) -> None:
    """As :func:`tell_person`, to a member."""
    tell_person(tenant_id, Person.member(member_id), notice, cause, now, subject_id=subject_id)


def tell_team(tenant_id: str, notice: Notice, cause: Cause, now: datetime, *, subject_id: str = "") -> None:
    """Queues a notice to everybody of the brand's staff who has one of its roles, or else to the owners."""
    for each in of_team(tenant_id, notice.telling.roles):
        tell_person(tenant_id, each.person, notice, cause, now, subject_id=subject_id)


class NotAllTaken(Exception):
    """The queue did not take every message: all are told again, and who has heard hears nothing twice."""


def tell_all(messages: Sequence[Message], *, bundled: bool = False) -> None:
    """Queues many of :func:`message_to`, ten a request; ``bundled``, for short ones, ten travel as one. Raises
    NotAllTaken.
    """
    if publish_all("notify", messages, {"notify.tell"} if bundled else ()):
        raise NotAllTaken


def message_to(
    tenant_id: str, person: Person, notice: Notice, cause: Cause, now: datetime, *, subject_id: str = ""
) -> Message:
    """The message that tells somebody; its id follows from cause and person, so a second one is known as such."""
    message_id = derived_id(tenant_id, "notice", notice.template, str(person), *cause)
    data = Told.of(notice, person, subject_id).as_json()
    return Message(message_id, "notify.tell", tenant_id, now, data, correlation_id.get())


def tell_address(tenant_id: str, to: Destination, notice: Notice, cause: Cause, now: datetime, ways: Ways = ()) -> None:
    """Queues a notice to an address of which nobody knows yet whose it is, or that is somebody's no longer.

    ``ways`` are budgets that let it leave: where none of them has anything left, it is withheld.
    """
    message_id = derived_id(tenant_id, "notice", *cause)
    data = Queued.of(notice, to, ways).as_json()
    publish("notify", Message(message_id, "notify.send", tenant_id, now, data, correlation_id.get()))
