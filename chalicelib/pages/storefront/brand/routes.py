"""Pages of the brand: its story, and its legal texts, which a member accepts here."""

from typing import Any

from chalicelib.kernel.errors import NotFound
from chalicelib.legal_texts.model import Kind
from chalicelib.legal_texts.service import get_published
from chalicelib.members.forms import AcceptancesForm
from chalicelib.members.service.members import accept
from chalicelib.pages.shell import N_, Page, Pages, Redirect, Visit, accepting, within
from chalicelib.pages.storefront.brand.forms import AcceptForm
from chalicelib.pages.storefront.brand.model import laid_out
from chalicelib.reviews.service.reading import reputation
from chalicelib.reviews.views import ReputationView
from chalicelib.tenants.service.brand import get_tenant
from chalicelib.tenants.views import StoreView
from chalicelib.web import anyone, member

pages = Pages(__name__)

_TITLES = {Kind.PRIVACY: N_("Privacy notice"), Kind.TERMS: N_("Terms"), Kind.IMPRINT: N_("Imprint")}


@pages.page("/s/{slug}/story", allow=anyone())
def story(visit: Visit[None]) -> Page:
    """The face of the brand, as it tells it."""
    store = StoreView.of(get_tenant(visit.tenant_id))
    values = {
        "store": store,
        "blocks": laid_out(store.brand.story or ""),
        "reputation": ReputationView.of(reputation(visit.tenant_id)),
    }
    return Page("storefront/brand/story.html", values)


@pages.page("/s/{slug}/privacy", allow=anyone())
def privacy(visit: Visit[None]) -> Page:
    """What the brand does with personal data."""
    return _text(visit, Kind.PRIVACY)


@pages.page("/s/{slug}/terms", allow=anyone())
def terms(visit: Visit[None]) -> Page:
    """By which terms it sells."""
    return _text(visit, Kind.TERMS)


@pages.page("/s/{slug}/imprint", allow=anyone())
def imprint(visit: Visit[None]) -> Page:
    """Who runs the shop."""
    return _text(visit, Kind.IMPRINT)


def _text(visit: Visit[None], kind: Kind) -> Page:
    """The text in the reader's language, else in one that there is; or that there is none."""
    values: dict[str, Any] = {"title": _TITLES[kind], "text": None, "blocks": (), "read_in": visit.language}
    try:
        text = get_published(visit.tenant_id, kind) if kind in visit.brand.legal_texts else None
    except NotFound:  # taken away within the minute for which the brand is remembered
        text = None
    if text is not None:
        language = visit.language if visit.language in text.texts else min(text.texts)
        values |= {"text": text, "blocks": laid_out(text.texts[language]), "read_in": language}
    return Page("storefront/brand/text.html", values)


@pages.form("/s/{slug}/accept", allow=member(), body=AcceptForm)
def accept_texts(visit: Visit[AcceptForm]) -> Redirect:
    """Notes that the member accepts the versions that they were shown."""
    asked = visit.form(AcceptancesForm, visit.body.accepted(visit.brand, visit.language))
    me = accept(visit.tenant_id, visit.member_id, [each.accepted(visit.now) for each in asked.accepted])
    onward = within(visit.body.next, visit.home)
    return Redirect(onward, flash=N_("Thank you. It is noted."), cookies=(accepting.cookie(me.accepted),))
