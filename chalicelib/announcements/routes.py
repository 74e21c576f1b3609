"""HTTP routes of announcements."""

from chalicelib.announcements.errors import AnnouncementOver
from chalicelib.announcements.forms import AnnouncementQuery, NewAnnouncement
from chalicelib.announcements.records import AnnouncementRecord
from chalicelib.announcements.service import announcing
from chalicelib.announcements.views import AnnouncementView
from chalicelib.kernel.errors import NotFound, Stale
from chalicelib.notices.templates.model.checking import WordsRefused
from chalicelib.web import Answer, Call, Paged, Router, staff

routes = Router(__name__)

_AUTHORS = staff("manager", "editor", "planner")
_READERS = staff("manager", "editor", "planner", "service", "analyst")
_REFUSED = (NotFound, AnnouncementOver, Stale)


@routes.post(
    "/v1/announcements", allow=_AUTHORS, body=NewAnnouncement, answer=AnnouncementView, status=201, tag="messages",
    errors=(WordsRefused,), summary="Tell news to all members, or some",
)  # fmt: skip
def announce(call: Call[NewAnnouncement]) -> Answer:
    """It goes out in the background, to members who have agreed to news (`consent.marketing`), each within the caps and
    quiet hours. The same request within an hour answers with the same announcement, so it may be sent again."""
    body = call.body
    texts, audience = body.texts.words(), body.audience.audience()
    return _answer(announcing.announce(call.tenant_id, texts, audience, body.send_at, call.principal, call.now))


@routes.get(
    "/v1/announcements", allow=_READERS, query=AnnouncementQuery, answer=AnnouncementView, paged=True, tag="messages",
    summary="List announcements, newest first",
)  # fmt: skip
def list_announcements(call: Call[None]) -> Paged:
    page = announcing.list_announcements(call.tenant_id, call.query.status, call.limit, call.cursor)
    return Paged([AnnouncementView.of(each) for each in page.items], page.last_key)


@routes.get(
    "/v1/announcements/{id}", allow=_READERS, answer=AnnouncementView, tag="messages", errors=(NotFound,),
    summary="Show an announcement and how far it is",
)  # fmt: skip
def get_announcement(call: Call[None]) -> Answer:
    return _answer(announcing.get_announcement(call.tenant_id, call.path["id"]))


@routes.post(
    "/v1/announcements/{id}/pause", allow=_AUTHORS, answer=AnnouncementView, tag="messages", errors=_REFUSED,
    summary="Hold an announcement",
)  # fmt: skip
def pause(call: Call[None]) -> Answer:
    """Nobody further is told until it is resumed; whoever was told already gets it."""
    return _answer(announcing.pause(call.tenant_id, call.path["id"], call.if_match, call.principal, call.now))


@routes.post(
    "/v1/announcements/{id}/resume", allow=_AUTHORS, answer=AnnouncementView, tag="messages", errors=_REFUSED,
    summary="Let an announcement go on where it was held",
)  # fmt: skip
def resume(call: Call[None]) -> Answer:
    return _answer(announcing.resume(call.tenant_id, call.path["id"], call.if_match, call.principal, call.now))


@routes.post(
    "/v1/announcements/{id}/cancel", allow=_AUTHORS, answer=AnnouncementView, tag="messages", errors=_REFUSED,
    summary="End an announcement before everybody was told",
)  # fmt: skip
def cancel(call: Call[None]) -> Answer:
    """Whoever was told already keeps it, and nobody else hears of it."""
    return _answer(announcing.cancel(call.tenant_id, call.path["id"], call.if_match, call.principal, call.now))


def _answer(record: AnnouncementRecord) -> Answer:
    return Answer(AnnouncementView.of(record), etag=int(record.rev))
