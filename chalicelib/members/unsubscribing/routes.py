"""The page that a link in a message leads to, for people; mail programs send the same address a POST (RFC 8058)."""

from collections.abc import Callable
from typing import Any

from chalicelib.kernel.language import nearest
from chalicelib.members.unsubscribing import service, views
from chalicelib.members.unsubscribing.forms import Tracked
from chalicelib.members.unsubscribing.model import LinkUnknown, UndoOver
from chalicelib.web import Answer, Call, Html, Router, anyone

routes = Router(__name__)

_LINK = "/s/{slug}/unsubscribe/{token}"


@routes.get(
    _LINK, allow=anyone(), query=Tracked, html=True, tag="storefront", errors=(LinkUnknown,),
    summary="Ask whether messages of a kind are to end, from the link in one",
)  # fmt: skip
def ask_to_unsubscribe(call: Call[None]) -> Answer:
    """A page with one button, in the reader's language. Opening it changes nothing."""
    slug, token = call.path["slug"], call.path["token"]
    return _page(call, lambda: views.asking(service.look(slug, token, call.now), token))


@routes.post(
    _LINK, allow=anyone(), query=Tracked, html=True, tag="storefront", errors=(LinkUnknown,),
    summary="End messages of a kind, from the link in one",
)  # fmt: skip
def unsubscribe(call: Call[None]) -> Answer:
    """Without signing in, and whatever is sent along: a mail program's `List-Unsubscribe=One-Click`, or nothing.
    Messages about orders and money go on."""
    slug, token = call.path["slug"], call.path["token"]
    return _page(call, lambda: views.left(service.leave(slug, token, call.now), token))


@routes.post(
    f"{_LINK}/undo", allow=anyone(), query=Tracked, html=True, tag="storefront", errors=(LinkUnknown, UndoOver),
    summary="Have messages of a kind again that the link has just ended",
)  # fmt: skip
def undo_unsubscribing(call: Call[None]) -> Answer:
    """For a day, and only where nothing was said of it since."""
    slug, token = call.path["slug"], call.path["token"]
    try:
        return _page(call, lambda: views.back(service.come_back(slug, token, call.now)))
    except UndoOver as late:
        page = views.over(service.look(slug, token, call.now))
        return Answer(Html(page), status=late.status)


def _page(call: Call[Any], make: Callable[[], str]) -> Answer:
    """The page; what is no link of ours gets one, too, which says nothing of anybody."""
    try:
        return Answer(Html(make(), form=True))
    except LinkUnknown as unknown:
        return Answer(Html(views.unknown(nearest(call.locale))), status=unknown.status)
