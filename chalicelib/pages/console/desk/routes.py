"""Pages of the desk: what is open by due time, and by which calendar and targets it becomes due."""

from typing import Any

from chalicelib.aftersales.routes import hand_after_sale_on
from chalicelib.cases.forms import DeskQuery, HolidayQuery
from chalicelib.cases.model.public_holidays import KNOWN
from chalicelib.cases.routes import (
    list_desk,
    read_business_calendar,
    read_case_rules,
    read_public_holidays,
    set_business_calendar,
    set_case_rules,
)
from chalicelib.complaints.routes import edit_complaint
from chalicelib.enquiries.routes.enquiries import edit_enquiry
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import Invalid
from chalicelib.loyalty.tiers.routes import read_tiers
from chalicelib.pages.console.desk import views
from chalicelib.pages.console.desk.forms import CalendarPage, DeskChoice, OwnerForm, RulesPage, WithYear
from chalicelib.pages.console.hours import DAYS, hours_text
from chalicelib.pages.console.people import people
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask, ask_at, may
from chalicelib.suggestions.routes import edit_suggestion
from chalicelib.tenants.model import SERVES
from chalicelib.tenants.routes import list_staff
from chalicelib.web import staff

pages = Console(__name__)

_TEAM = staff("manager", "service")
_MOST = 200
_READERS = staff("manager", "service", "analyst")


@pages.page("/console/desk", allow=_TEAM, query=DeskChoice, paged=True)
def desk(visit: Visit[Any]) -> Page:
    """Everything that is open, the most pressing first."""
    chosen, team = visit.query or DeskChoice(), people(visit)
    query = DeskQuery(
        owner=team.me if chosen.whose == "mine" else None, kind=chosen.kind, overdue=True if chosen.late else None
    )
    found = ask(visit, list_desk, query=query, limit=visit.limit, cursor=visit.cursor)
    values = {
        "rows": views.rows(found.items, visit.now, zone(visit.brand.timezone)),
        "chosen": chosen,
        "people": team,
        "about": views.ABOUT,
        "kinds": views.KINDS,
        "following": visit.following(found.last_key),
    }
    return Page("console/desk/desk.html", values)


@pages.form("/console/desk/complaints/{id}", allow=_TEAM, body=OwnerForm, again=desk)
def give_complaint(visit: Visit[OwnerForm]) -> Redirect:
    """Gives a complaint to somebody."""
    ask(visit, edit_complaint, body={"owner": visit.body.owner})
    return Redirect("/desk", flash=N_("It has another owner."))


@pages.form("/console/desk/enquiries/{id}", allow=_TEAM, body=OwnerForm, again=desk)
def give_enquiry(visit: Visit[OwnerForm]) -> Redirect:
    """Gives an enquiry to somebody."""
    ask(visit, edit_enquiry, body={"owner": visit.body.owner})
    return Redirect("/desk", flash=N_("It has another owner."))


@pages.form("/console/desk/after-sales/{id}", allow=_TEAM, body=OwnerForm, again=desk)
def give_after_sale(visit: Visit[OwnerForm]) -> Redirect:
    """Gives an after-sale to somebody."""
    ask(visit, hand_after_sale_on, body={"owner": visit.body.owner})
    return Redirect("/desk", flash=N_("It has another owner."))


@pages.form("/console/desk/suggestions/{id}", allow=_TEAM, body=OwnerForm, again=desk)
def give_suggestion(visit: Visit[OwnerForm]) -> Redirect:
    """Gives a suggestion to somebody."""
    ask(visit, edit_suggestion, body={"owner": visit.body.owner})
    return Redirect("/desk", flash=N_("It has another owner."))


@pages.page("/console/business-calendar", allow=_READERS, query=WithYear)
def calendar(visit: Visit[Any]) -> Page:
    """When the team works."""
    found, revision = ask_at(visit, read_business_calendar)
    year = visit.query.add if visit.query is not None else None
    known = sorted(year for country, year in KNOWN if country == "CN")
    more = ask(visit, read_public_holidays, query=HolidayQuery(country="CN", year=year)) if year in known else None
    values = {
        "calendar": found,
        "revision": revision,
        "typed": views.typed(found, more),
        "added": more is not None,
        "years": known,
        "days": DAYS,
        "hours_text": hours_text,
        "may_change": may(visit, set_business_calendar),
    }
    return Page("console/desk/calendar.html", values)


@pages.form("/console/business-calendar", allow=staff("manager"), body=CalendarPage, again=calendar)
def set_calendar(visit: Visit[CalendarPage]) -> Redirect:
    """Sets all of it."""
    try:
        ask(visit, set_business_calendar, body=visit.body.asked())
    except Invalid as refusal:
        raise visit.body.beside(refusal) from refusal
    return Redirect("/business-calendar", flash=N_("It is saved. Open cases get their due times by it."))


@pages.page("/console/case-rules", allow=_READERS)
def rules(visit: Visit[Any]) -> Page:
    """Within which working time members are answered."""
    found, revision = ask_at(visit, read_case_rules)
    tiers = ask(visit, read_tiers).tiers if may(visit, read_tiers) else []
    team = ask(visit, list_staff, limit=_MOST).items if tiers and may(visit, list_staff) else []
    values = {
        "rules": found,
        "revision": revision,
        "typed": views.targets_typed(found),
        "counted": views.COUNTED,
        "levels": views.LEVELS,
        "people": people(visit),
        "tiers": tiers,
        "serving": [(each.id, each.name) for each in team if not SERVES.isdisjoint(each.roles)],
        "may_change": may(visit, set_case_rules),
    }
    return Page("console/desk/rules.html", values)


@pages.form("/console/case-rules", allow=staff("manager"), body=RulesPage, again=rules)
def set_rules(visit: Visit[RulesPage]) -> Redirect:
    """Sets all of them."""
    try:
        ask(visit, set_case_rules, body=visit.body.asked())
    except Invalid as refusal:
        raise visit.body.beside(refusal) from refusal
    return Redirect("/case-rules", flash=N_("It is saved. Open cases get their due times by it."))
