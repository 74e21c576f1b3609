"""Pages of the profile and of consents."""

from typing import Any

from chalicelib.members.forms import MeEdit
from chalicelib.members.model.profiles import CONSENTS, AgeBand, Gender, MemberChanges
from chalicelib.members.service.members import edit_me, get_member
from chalicelib.members.views import MeView
from chalicelib.pages.shell import N_, Page, Pages, Redirect, Visit
from chalicelib.pages.storefront.profile.forms import ConsentPage, ProfilePage
from chalicelib.web import member

pages = Pages(__name__)

NOT_SAID = ("", N_("not said"))
AGES = {
    AgeBand.UNDER_18: N_("under 18"),
    AgeBand.FROM_18: N_("18 to 24"),
    AgeBand.FROM_25: N_("25 to 34"),
    AgeBand.FROM_35: N_("35 to 44"),
    AgeBand.FROM_45: N_("45 to 54"),
    AgeBand.FROM_55: N_("55 to 64"),
    AgeBand.FROM_65: N_("65 and over"),
}
GENDERS = {
    Gender.FEMALE: N_("female"),
    Gender.MALE: N_("male"),
    Gender.OTHER: N_("other"),
    Gender.UNDISCLOSED: N_("I would rather not say"),
}
PURPOSES = {
    "marketing": (N_("News and offers"), N_("The shop sends you news and offers.")),
    "analytics": (N_("How the shop is used"), N_("The shop counts which pages and offers you look at.")),
    "personalisation": (
        N_("Chosen for you"),
        N_("The shop chooses what to show you by what you saw and bought."),
    ),
}


@pages.page("/s/{slug}/me/profile", allow=member())
def profile(visit: Visit[Any]) -> Page:
    """What the member has said of themselves, and what they agree to."""
    found = get_member(visit.tenant_id, visit.member_id, consistent=True)
    values = {
        "me": MeView.of(found),
        "revision": int(found.rev),
        "ages": [NOT_SAID, *AGES.items()],
        "genders": [NOT_SAID, *GENDERS.items()],
    }
    purposes = [(purpose, *PURPOSES[purpose]) for purpose in CONSENTS]
    return Page("storefront/profile/profile.html", {**values, "purposes": purposes})


@pages.form("/s/{slug}/me/profile", allow=member(), body=ProfilePage, again=profile)
def keep_profile(visit: Visit[ProfilePage]) -> Redirect:
    """Keeps what was typed, where nothing has changed in between."""
    edit = visit.form(MeEdit, visit.body.stated())
    changes = MemberChanges(profile=edit.profile.changes()) if edit.profile else MemberChanges()
    edit_me(visit.tenant_id, visit.member_id, changes, visit.revision, visit.now)
    return Redirect("/me/profile", flash=N_("Your profile is saved."))


@pages.form("/s/{slug}/me/consents", allow=member(), body=ConsentPage, again=profile)
def answer_consent(visit: Visit[ConsentPage]) -> Redirect:
    """Notes that the member agrees, or no longer does: one tap either way."""
    answer = MemberChanges(consent={visit.body.purpose: visit.body.granted})
    edit_me(visit.tenant_id, visit.member_id, answer, None, visit.now)
    return Redirect("/me/profile#consents", flash=N_("It is noted."))
