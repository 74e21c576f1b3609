"""Pages of reviews: the list, one of them, and what is done about it."""

from typing import Any

from chalicelib.members.routes import read_member
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.console.reviews.forms import AsksPage, Nothing
from chalicelib.pages.console.said import REVIEW
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask, ask_at, may
from chalicelib.reviews.forms import HidingForm, ReviewQuery, ReviewReplyForm
from chalicelib.reviews.routes import (
    get_review,
    hide_review,
    list_reviews,
    read_review_rules,
    reply_to_review,
    set_review_rules,
    show_review,
)
from chalicelib.web import staff

pages = Console(__name__)

_TEAM = staff("manager", "service")
_LOOKS = staff("manager", "editor", "planner", "service", "analyst")


@pages.page("/console/reviews", allow=_LOOKS, query=ReviewQuery, paged=True)
def reviews(visit: Visit[None]) -> Page:
    """All of them, the newest first, and whether buyers are asked."""
    wanted = visit.query or ReviewQuery()
    found = ask(visit, list_reviews, query=wanted, limit=visit.limit, cursor=visit.cursor)
    rules, revision = ask_at(visit, read_review_rules)
    values = {
        "reviews": found.items,
        "wanted": wanted,
        "states": REVIEW,
        "rules": rules,
        "revision": revision,
        "sets": may(visit, set_review_rules),
        "following": visit.following(found.last_key),
    }
    return Page("console/reviews/list.html", values)


@pages.form("/console/reviews/asking", allow=staff("manager"), body=AsksPage, again=reviews)
def set_asking(visit: Visit[AsksPage]) -> Redirect:
    """Sets whether buyers are asked for a review."""
    ask(visit, set_review_rules, body=visit.body.model_dump())
    return Redirect("/reviews", flash=N_("It is saved."))


@pages.page("/console/reviews/{id}", allow=_LOOKS)
def review(visit: Visit[Any]) -> Page:
    """One of them, with its author."""
    found, revision = ask_at(visit, get_review)
    values = {
        "review": found,
        "revision": revision,
        "state": REVIEW[found.status],
        "member": ask(visit, read_member, path={"id": found.member_id}),
        "acts": may(visit, reply_to_review),
    }
    return Page("console/reviews/review.html", values)


@pages.form("/console/reviews/{id}/reply", allow=_TEAM, body=ReviewReplyForm, again=review)
def reply(visit: Visit[ReviewReplyForm]) -> Redirect:
    """Answers it, for everybody to read."""
    ask(visit, reply_to_review, body=visit.body)
    return Redirect(f"/reviews/{visit.path['id']}", flash=N_("Your answer stands beside the review."))


@pages.form("/console/reviews/{id}/hide", allow=_TEAM, body=HidingForm, again=review)
def hide(visit: Visit[HidingForm]) -> Redirect:
    """Hides it; its author is told why."""
    ask(visit, hide_review, body=visit.body)
    return Redirect(f"/reviews/{visit.path['id']}", flash=N_("It is hidden. Its author is told why."))


@pages.form("/console/reviews/{id}/show", allow=_TEAM, body=Nothing, again=review)
def show(visit: Visit[Nothing]) -> Redirect:
    """Shows it again."""
    ask(visit, show_review)
    return Redirect(f"/reviews/{visit.path['id']}", flash=N_("It is shown again."))
