"""Pages of the profile and of consents, of the one question, and of leaving and coming back."""

from typing import Any

from chalicelib.fulfilment.leader.routes import list_led_points
from chalicelib.kernel.errors import Invalid
from chalicelib.members.forms import MeEdit
from chalicelib.members.leaving.routes import leave_community, rejoin_community
from chalicelib.members.model.profiles import USES, MemberChanges
from chalicelib.members.routes import list_my_consents
from chalicelib.members.service.classes import classing
from chalicelib.members.service.members import dismiss_question, edit_me, get_member
from chalicelib.members.views import MeView, PurposeView
from chalicelib.pages.shell import N_, Page, Pages, Redirect, Visit, ask, within
from chalicelib.pages.storefront.asked import AGES, DAYS, GENDERS, HOUSEHOLDS, MONTHS, NOT_SAID, WHAT_FOR, asked_of
from chalicelib.pages.storefront.profile.forms import (
    ConsentPage,
    LeavePage,
    Nothing,
    ProfilePage,
    QuestionPage,
    beside,
)
from chalicelib.pages.storefront.profile.views import FIELDS, REASONS, WAYS
from chalicelib.pickup_points.service import list_pickup_points
from chalicelib.web import member

pages = Pages(__name__)

_MOST_POINTS = 100
_OF_A_BIRTHDAY = {"months": list(MONTHS.items()), "days": list(DAYS.items())}


@pages.page("/s/{slug}/me/profile", allow=member())
def profile(visit: Visit[Any]) -> Page:
    """What the member has said of themselves, and what they agree to."""
    found = get_member(visit.tenant_id, visit.member_id, consistent=True)
    me = MeView.of(found, classing(visit.tenant_id, visit.now))
    points = [(each.id, each.name) for each in list_pickup_points(visit.tenant_id, limit=_MOST_POINTS).items]
    known = {point_id for point_id, _ in points}
    gone = me.profile.favourite_point_id is not None and me.profile.favourite_point_id not in known
    values = {
        "me": me,
        "revision": int(found.rev),
        "ages": [NOT_SAID, *AGES.items()],
        "genders": [NOT_SAID, *GENDERS.items()],
        "households": [NOT_SAID, *HOUSEHOLDS.items()],
        "points": points,
        "point_gone": gone,
        "purposes": PurposeView.every(visit.language),
        "what_for": WHAT_FOR,
        **_OF_A_BIRTHDAY,
    }
    return Page("storefront/profile/profile.html", values)


@pages.form("/s/{slug}/me/profile", allow=member(), body=ProfilePage, again=profile)
def keep_profile(visit: Visit[ProfilePage]) -> Redirect:
    """Keeps what was typed, where nothing has changed in between."""
    try:
        edit = visit.form(MeEdit, visit.body.stated())
    except Invalid as refusal:
        raise beside(refusal, "/profile/day") from refusal
    changes = MemberChanges(profile=edit.profile.changes()) if edit.profile else MemberChanges()
    edit_me(visit.tenant_id, visit.member_id, changes, visit.revision, visit.now)
    return Redirect("/me/profile", flash=N_("Your profile is saved."))


@pages.page("/s/{slug}/me/profile/why", allow=member())
def why_profile(visit: Visit[None]) -> Page:
    """What each answer is for, who sees it, and what it is used for only as far as the member agrees."""
    values = {"fields": FIELDS, "what_for": WHAT_FOR, "purposes": PurposeView.every(visit.language), "uses": USES}
    return Page("storefront/profile/why.html", values)


@pages.form("/s/{slug}/me/consents", allow=member(), body=ConsentPage, again=profile)
def answer_consent(visit: Visit[ConsentPage]) -> Redirect:
    """Notes that the member agrees, or no longer does: one tap either way."""
    body = visit.body
    answer = MemberChanges(consent={body.purpose: body.granted}, words=body.words)
    edit_me(visit.tenant_id, visit.member_id, answer, None, visit.now)
    kept = (visit.counting.answered(agrees=body.granted),) if body.purpose == "analytics" else ()
    return Redirect("/me/profile#consents", flash=N_("It is noted."), cookies=kept)


@pages.page("/s/{slug}/me/consents", allow=member(), paged=True)
def past_consents(visit: Visit[None]) -> Page:
    """What the member agreed to and objected to, and when."""
    found = ask(visit, list_my_consents, limit=visit.limit, cursor=visit.cursor)
    titles = {each.purpose: each.title for each in PurposeView.every(visit.language)}
    values = {"answers": found.items, "following": visit.following(found.last_key), "titles": titles, "ways": WAYS}
    return Page("storefront/profile/consents.html", values)


@pages.page("/s/{slug}/me/question", allow=member())
def question(visit: Visit[Any]) -> Page | Redirect:
    """The one thing that the shop asks now, by itself; without one, the profile."""
    asked = asked_of(get_member(visit.tenant_id, visit.member_id, consistent=True), visit.now)
    if asked is None:
        return Redirect("/me/profile")
    back = visit.fields.get("next", "") if visit.fields else ""
    return Page(
        "storefront/profile/question.html", {"asked": asked, "back": back or f"{visit.home}/me", **_OF_A_BIRTHDAY}
    )


@pages.form("/s/{slug}/me/question", allow=member(), body=QuestionPage, again=question)
def answer_question(visit: Visit[QuestionPage]) -> Redirect:
    """Keeps the answer, or puts the question away, and leads back to where it was asked."""
    body, back = visit.body, within(visit.body.next, visit.home)
    if body.then == "dismiss":
        dismiss_question(visit.tenant_id, visit.member_id, body.question, visit.now)
        return Redirect(back)
    try:
        edit = visit.form(MeEdit, body.stated())
        changes = MemberChanges(profile=edit.profile.changes()) if edit.profile else MemberChanges()
        edit_me(visit.tenant_id, visit.member_id, changes, None, visit.now)
    except Invalid as refusal:
        raise body.beside(refusal) from refusal
    return Redirect(back, flash=N_("Thank you, it is noted. You can change it under Me, My profile."))


@pages.page("/s/{slug}/me/leave", allow=member())
def leaving(visit: Visit[Any]) -> Page:
    """What becomes of what is theirs, why they go, and the button."""
    found = get_member(visit.tenant_id, visit.member_id, consistent=True)
    me = MeView.of(found, classing(visit.tenant_id, visit.now))
    leads = bool(ask(visit, list_led_points, limit=1).items)
    return Page("storefront/profile/leave.html", {"me": me, "reasons": list(REASONS.items()), "leads": leads})


@pages.form("/s/{slug}/me/leave", allow=member(), body=LeavePage, again=leaving)
def leave(visit: Visit[LeavePage]) -> Redirect:
    """Leaves, at once."""
    ask(visit, leave_community, body=visit.body.stated())
    return Redirect("/me/leave", flash=N_("You have left. Thank you for having been here."))


@pages.form("/s/{slug}/me/rejoin", allow=member(), body=Nothing, again=leaving)
def rejoin(visit: Visit[Nothing]) -> Redirect:
    """Comes back."""
    ask(visit, rejoin_community)
    return Redirect("/me", flash=N_("Welcome back. Everything is as it was; news come only if you ask for them."))
