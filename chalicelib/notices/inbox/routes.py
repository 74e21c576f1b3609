"""Inboxes over HTTP: members read theirs in the store, people of the team with a token of their own."""

from chalicelib.kernel.errors import NotFound
from chalicelib.notices.inbox import service
from chalicelib.notices.inbox.forms import InboxQuery
from chalicelib.notices.inbox.views import InboxView, UnreadView
from chalicelib.notices.model.people import Person
from chalicelib.web import Call, Paged, Router, member, signed_in

routes = Router(__name__)


@routes.get(
    "/v1/stores/{slug}/me/inbox", allow=member(), query=InboxQuery, answer=InboxView, paged=True, beside=UnreadView,
    tag="messages", summary="List what I was told, newest first, and how much of it I have not read",
)  # fmt: skip
def list_my_inbox(call: Call[None]) -> Paged:
    return _listed(call)


@routes.post(
    "/v1/stores/{slug}/me/inbox/read", allow=member(), answer=UnreadView, tag="messages",
    summary="Mark everything in my inbox as read",
)  # fmt: skip
def read_my_inbox(call: Call[None]) -> UnreadView:
    return UnreadView.of(service.mark_all_read(call.tenant_id, _person(call), call.now))


@routes.post(
    "/v1/stores/{slug}/me/inbox/{id}/read", allow=member(), answer=InboxView, tag="messages", errors=(NotFound,),
    summary="Mark a message in my inbox as read",
)  # fmt: skip
def read_my_message(call: Call[None]) -> InboxView:
    return _read(call)


@routes.delete(
    "/v1/stores/{slug}/me/inbox/{id}", allow=member(), status=204, tag="messages", errors=(NotFound,),
    summary="Delete a message from my inbox",
)  # fmt: skip
def delete_my_message(call: Call[None]) -> None:
    service.remove(call.tenant_id, _person(call), call.path["id"])


@routes.get(
    "/v1/inbox", allow=signed_in("staff"), query=InboxQuery, answer=InboxView, paged=True, beside=UnreadView,
    tag="messages", summary="List what I was told as one of the team, newest first, and how much of it I have not read",
)  # fmt: skip
def list_inbox(call: Call[None]) -> Paged:
    return _listed(call)


@routes.post(
    "/v1/inbox/read", allow=signed_in("staff"), answer=UnreadView, tag="messages",
    summary="Mark everything in my inbox of the team as read",
)  # fmt: skip
def read_inbox(call: Call[None]) -> UnreadView:
    return UnreadView.of(service.mark_all_read(call.tenant_id, _person(call), call.now))


@routes.post(
    "/v1/inbox/{id}/read", allow=signed_in("staff"), answer=InboxView, tag="messages", errors=(NotFound,),
    summary="Mark a message in my inbox of the team as read",
)  # fmt: skip
def read_message(call: Call[None]) -> InboxView:
    return _read(call)


@routes.delete(
    "/v1/inbox/{id}", allow=signed_in("staff"), status=204, tag="messages", errors=(NotFound,),
    summary="Delete a message from my inbox of the team",
)  # fmt: skip
def delete_message(call: Call[None]) -> None:
    service.remove(call.tenant_id, _person(call), call.path["id"])


def _person(call: Call[None]) -> Person:
    return Person.member(call.member_id) if call.member_id else Person.staff(call.principal.id)


def _listed(call: Call[None]) -> Paged:
    asked: InboxQuery = call.query
    found = service.read_inbox(
        call.tenant_id, _person(call), call.limit, call.cursor, unread=asked.unread, category=asked.category
    )
    items = [InboxView.of(each, found.mark) for each in found.page.items]
    return Paged(items, found.page.last_key, UnreadView.of(found.unread))


def _read(call: Call[None]) -> InboxView:
    return InboxView.of(*service.mark_read(call.tenant_id, _person(call), call.path["id"], call.now))
