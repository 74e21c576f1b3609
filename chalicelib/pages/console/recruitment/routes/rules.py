"""Pages of how the store is joined, and what bringing a neighbour brings."""

from typing import Any

from chalicelib.kernel.errors import DomainError
from chalicelib.pages.console.recruitment import views
from chalicelib.pages.console.recruitment.forms import RulesPage
from chalicelib.pages.console.recruitment.model import JOINING
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask, ask_at, may
from chalicelib.recruitment.routes import list_applications, list_invite_codes, read_recruitment, set_recruitment
from chalicelib.web import staff

pages = Console(__name__)

_LOOKS = staff("manager", "planner", "service", "analyst")
_PLANS = staff("manager", "planner")


@pages.page("/console/recruitment", allow=_LOOKS)
def recruitment(visit: Visit[Any]) -> Page:
    """How the store is joined, with what waits to be decided, and the latest invite codes."""
    found, revision = ask_at(visit, read_recruitment)
    terms = found.referral
    plans = may(visit, set_recruitment)
    chosen = (found.welcome.coupon_batch_id, *((terms.coupon_batch_id, terms.friend_coupon_batch_id) if terms else ()))
    values = {
        "rules": found,
        "revision": revision,
        "joining": list(JOINING.items()),
        "joined_by": JOINING[found.joining],
        "rows": views.question_rows(visit, found.questions),
        "coupons": views.coupon_choices(visit, *chosen),
        "plans": plans,
        "pending": ask(visit, list_applications, query={"status": "pending"}, limit=100).items,
        "has_codes": bool(ask(visit, list_invite_codes, limit=1).items),
    }
    return Page("console/recruitment/recruitment.html", values)


@pages.form("/console/recruitment", allow=_PLANS, body=RulesPage, again=recruitment)
def change_recruitment(visit: Visit[RulesPage]) -> Redirect:
    """Sets all of it."""
    try:
        ask(visit, set_recruitment, body=visit.body.rules())
    except DomainError as refusal:
        raise visit.body.beside(refusal) from refusal
    return Redirect("/recruitment", flash=N_("It is saved. It holds for whoever comes from now on."))
