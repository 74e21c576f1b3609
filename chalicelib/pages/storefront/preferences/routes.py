"""The page of how members want to be told."""

from typing import Any, get_args

from chalicelib.members.preferences import service
from chalicelib.members.preferences.forms import PreferencesForm
from chalicelib.members.preferences.model import Weekday
from chalicelib.members.preferences.views import PreferencesView
from chalicelib.members.service.members import get_member
from chalicelib.pages.shell import N_, Page, Pages, Redirect, Visit
from chalicelib.pages.storefront.preferences.forms import INBOX_ALONE, PreferencesPage
from chalicelib.web import member

pages = Pages(__name__)

CHANNELS = {
    "": N_("as the shop usually does"),
    "sms": N_("by text message"),
    "email": N_("by e-mail"),
    "sms,email": N_("by text message, else by e-mail"),
    "email,sms": N_("by e-mail, else by text message"),
    INBOX_ALONE: N_("only here, under Messages"),
}
WITH_ACCOUNT = {
    "official_account,sms": N_("in WeChat, else by text message"),
    "official_account,email": N_("in WeChat, else by e-mail"),
}
EVERY = {
    "none": N_("each by itself, at once"),
    "daily": N_("together, once a day"),
    "weekly": N_("together, once a week"),
}
WEEKDAYS = dict(
    zip(
        get_args(Weekday),
        (N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday")),
        strict=True,
    )
)
KINDS = {
    "service": (N_("Replies, surveys and what is good to know"), N_("Together or each by itself")),
    "news": (N_("News and offers"), N_("Together or each by itself")),
}


@pages.page("/s/{slug}/me/preferences", allow=member())
def preferences(visit: Visit[Any]) -> Page:
    """What the member has asked for."""
    me = get_member(visit.tenant_id, visit.member_id, consistent=True)
    view = PreferencesView.of(me)
    chosen = "" if view.channels is None else ",".join(view.channels) or INBOX_ALONE
    channels = {**CHANNELS, **(WITH_ACCOUNT if me.open_id else {})}
    values = {
        "wanted": view, "revision": int(me.rev), "chosen": chosen, "every": EVERY.items(),
        "weekdays": WEEKDAYS.items(), "kinds": KINDS,
        "channels": [*channels.items(), *([] if chosen in channels else [(chosen, N_("as I have set it elsewhere"))])],
    }  # fmt: skip
    return Page("storefront/preferences/preferences.html", values)


@pages.form("/s/{slug}/me/preferences", allow=member(), body=PreferencesPage, again=preferences)
def keep_preferences(visit: Visit[PreferencesPage]) -> Redirect:
    """Keeps all of it, where nothing has changed in between."""
    before = PreferencesView.of(get_member(visit.tenant_id, visit.member_id, consistent=True))
    wanted = visit.form(PreferencesForm, visit.body.stated(before)).wanted()
    service.set_for_member(visit.tenant_id, visit.member_id, wanted, visit.revision, visit.now)
    return Redirect("/me/preferences", flash=N_("It is saved."))
