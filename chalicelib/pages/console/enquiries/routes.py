"""Pages of enquiries: what waits, one conversation with what is known beside it, canned replies and rules."""

from datetime import timedelta
from typing import Any

from chalicelib.enquiries.forms import EnquiryEdit, EnquiryQuery, RatesQuery
from chalicelib.enquiries.model.rules import MOST_REPLIES, CannedReply
from chalicelib.enquiries.routes.enquiries import (
    answer_enquiry,
    close_enquiry,
    edit_enquiry,
    get_enquiry,
    list_enquiries,
    read_canned_replies,
    read_enquiry_rates,
    read_enquiry_rules,
    set_canned_replies,
    set_enquiry_rules,
)
from chalicelib.enquiries.service.facts import live_orders, product_facts
from chalicelib.enquiries.views import EnquiryView
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.members.routes import read_member
from chalicelib.pages.console.enquiries import views
from chalicelib.pages.console.enquiries.forms import AnswerPage, Nothing, RepliesPage, Reply, RulesPage
from chalicelib.pages.console.people import called, people
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.console.said import ENQUIRY
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask, ask_at, may
from chalicelib.web import MoneyField, staff

pages = Console(__name__)

_TEAM = staff("manager", "service")
_READERS = staff("manager", "service", "analyst")
_DAYS = 30
_SPARE = 3
"""Empty rows in which further canned replies can be written."""


@pages.page("/console/enquiries", allow=_TEAM, query=EnquiryQuery, paged=True)
def enquiries(visit: Visit[None]) -> Page:
    """Those for the team, the most pressing first; then those answered automatically, and the closed."""
    found = ask(visit, list_enquiries, query=visit.query, limit=views.SHOWN, cursor=visit.cursor)
    tz = zone(visit.brand.timezone)
    today = local_date(visit.now, tz)
    period = RatesQuery.model_validate({"from": today - timedelta(days=_DAYS - 1), "to": today})
    values = {
        "rows": views.rows(found.items, visit.now, tz),
        "wanted": visit.query,
        "people": people(visit),
        "topics": views.TOPICS,
        "states": ENQUIRY,
        "rates": ask(visit, read_enquiry_rates, query=period),
        "days": _DAYS,
        "following": visit.following(found.last_key),
    }
    return Page("console/enquiries/list.html", values)


@pages.page("/console/enquiries/{id}", allow=_TEAM, query=Reply)
def enquiry(visit: Visit[Any]) -> Page:
    """One conversation, what is known of its member, order and product, and what can be done."""
    found, revision = ask_at(visit, get_enquiry)
    member = ask(visit, read_member, path={"id": found.member_id})
    replies = ask(visit, read_canned_replies).replies
    chosen = visit.query.reply if visit.query else ""
    begun = replies[int(chosen)] if chosen and int(chosen) < len(replies) else None
    about = product_facts(visit.tenant_id, found.product_id)
    values = {
        "enquiry": found,
        "revision": revision,
        "due": views.next_due(found, visit.now, zone(visit.brand.timezone)),
        "member": member,
        "orders": live_orders(visit.tenant_id, found.member_id, found.order_id),
        "product": about.product if about else None,
        "prices": [MoneyField.of(each, visit.brand.currency) for each in about.prices] if about else [],
        "free": about.free if about else None,
        "replies": replies,
        "chosen": chosen,
        "begun": _filled(begun, found, called(member)) if begun else "",
        "people": people(visit),
        "topics": views.TOPICS,
        "levels": [(each, each.upper()) for each in views.LEVELS],
        "happened": views.HAPPENED,
        "why": views.WHY,
        "means": views.MEANS,
        "state": ENQUIRY[found.status],
    }
    return Page("console/enquiries/enquiry.html", values)


def _filled(reply: Any, enquiry: EnquiryView, member: str) -> str:
    order = enquiry.order_id[-6:] if enquiry.order_id else ""
    return CannedReply(reply.title, reply.en, reply.zh).filled(enquiry.locale, member, order)


@pages.form("/console/enquiries/{id}", allow=_TEAM, body=EnquiryEdit, again=enquiry)
def edit(visit: Visit[EnquiryEdit]) -> Redirect:
    """Gives it to somebody, sets topic and priority, notes something."""
    ask(visit, edit_enquiry, body=visit.body)
    return Redirect(f"/enquiries/{visit.path['id']}", flash=N_("It is saved."))


@pages.form("/console/enquiries/{id}/messages", allow=_TEAM, body=AnswerPage, again=enquiry)
def write(visit: Visit[AnswerPage]) -> Redirect:
    """Answers the member."""
    ask(visit, answer_enquiry, body=visit.body.asked())
    return Redirect(f"/enquiries/{visit.path['id']}", flash=N_("It is sent."))


@pages.form("/console/enquiries/{id}/close", allow=_TEAM, body=Nothing, again=enquiry)
def close(visit: Visit[Nothing]) -> Redirect:
    """Closes it."""
    ask(visit, close_enquiry)
    return Redirect(f"/enquiries/{visit.path['id']}", flash=N_("The enquiry is closed. The member is told."))


@pages.page("/console/canned-replies", allow=_TEAM)
def canned_replies(visit: Visit[Any]) -> Page:
    """Replies that are written once."""
    found, revision = ask_at(visit, read_canned_replies)
    rows = [*found.replies, *[CannedReply("", "", "")] * _SPARE][:MOST_REPLIES]
    return Page("console/enquiries/replies.html", {"rows": rows, "revision": revision})


@pages.form("/console/canned-replies", allow=_TEAM, body=RepliesPage, again=canned_replies)
def save_replies(visit: Visit[RepliesPage]) -> Redirect:
    """Keeps them in this order."""
    ask(visit, set_canned_replies, body=visit.body.asked())
    return Redirect("/canned-replies", flash=N_("The replies are saved."))


@pages.page("/console/enquiry-rules", allow=_READERS)
def rules(visit: Visit[Any]) -> Page:
    """Whether and how surely enquiries are answered automatically, and when they close by themselves."""
    found, revision = ask_at(visit, read_enquiry_rules)
    values = {
        "rules": found,
        "percent": round(found.threshold * 100),
        "revision": revision,
        "may_change": may(visit, set_enquiry_rules),
    }
    return Page("console/enquiries/rules.html", values)


@pages.form("/console/enquiry-rules", allow=staff("manager"), body=RulesPage, again=rules)
def save_rules(visit: Visit[RulesPage]) -> Redirect:
    """Sets them."""
    ask(visit, set_enquiry_rules, body=visit.body.asked())
    return Redirect("/enquiry-rules", flash=N_("The rules are saved."))
