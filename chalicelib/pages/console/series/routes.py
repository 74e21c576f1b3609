"""Pages of recurring group buys."""

from typing import Any

from chalicelib.campaigns.routes import LOOKS, PLANS, list_campaigns, read_campaign
from chalicelib.campaigns.series.routes import create_series, edit_series, end_series, list_series, read_series
from chalicelib.catalog.routes.products import get_sku
from chalicelib.catalog.views.products import SkuStockView
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.local_day import local_date
from chalicelib.kernel.money import Money
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.console.said import SERIES
from chalicelib.pages.console.series import model
from chalicelib.pages.console.series.forms import Like, LikeForm, SeriesForm, named
from chalicelib.pages.console.series.views import days_after, open_minutes, terms_like
from chalicelib.pages.shell import N_, Page, Redirect, Visit, ask, ask_at, may
from chalicelib.pages.shell.onward import Onward
from chalicelib.pages.shell.typed import at_fields

pages = Console(__name__)


@pages.page("/console/campaign-series", allow=LOOKS, paged=True)
def all_series(visit: Visit[None]) -> Page:
    """All rules, the newest first, each with what comes next."""
    found = ask(visit, list_series, limit=visit.limit, cursor=visit.cursor)
    values = {
        "found": found.items,
        "following": visit.following(found.last_key),
        "states": SERIES,
        "plans": may(visit, create_series),
        "weekdays": model.WEEKDAYS,
    }
    return Page("console/series/list.html", values)


@pages.page("/console/campaign-series/new", allow=PLANS, query=Like)
def begin(visit: Visit[None]) -> Page:
    """A group buy to repeat is chosen first, then the rule is typed."""
    like = visit.fields.get("campaign", "") or (visit.query.campaign if visit.query else None)
    if not like:
        found = ask(visit, list_campaigns, query={}, limit=20).items
        return Page("console/series/choose.html", {"campaigns": [each for each in found if each.offers]})
    campaign, local = ask(visit, read_campaign, path={"id": like}), zone(visit.brand.timezone)
    opened = (campaign.opens_at or visit.now).astimezone(local)
    stored = {
        "title": campaign.title,
        "rule.every": "week",
        "rule.interval": "1",
        "rule.month_day": "",
        "rule.opens": f"{opened:%H:%M}",
        "rule.starts_on": local_date(visit.now, local).isoformat(),
        "rule.ends_on": "",
        "open_hours": model.hours(open_minutes(campaign)),
        "hours_ahead": "24",
        "arrives_after_days": days_after(campaign, local),
    }
    days = {list(model.WEEKDAYS)[opened.weekday()]}
    return _form({"campaign": campaign, "stored": stored, "days": days, "publish": True, "series": None})


@pages.form("/console/campaign-series/new", allow=PLANS, body=SeriesForm, again=begin)
def create(visit: Visit[SeriesForm]) -> Redirect:
    """Sets it up, with the goods and terms of the group buy."""
    details = visit.body.details()
    campaign = ask(visit, read_campaign, path={"id": visit.body.campaign})
    with at_fields(named):
        made = ask(visit, create_series, body={**terms_like(campaign), **details})
    return Redirect(f"/campaign-series/{made.id}", flash=N_("It is set up: the group buys make themselves now."))


@pages.page("/console/campaign-series/{id}", allow=LOOKS)
def series(visit: Visit[None]) -> Page:
    """One rule: what comes next, what it makes, and what happened."""
    found, revision = ask_at(visit, read_series)
    offers = found.template.get("offers") or []
    values = {
        "series": found,
        "revision": revision,
        "state": SERIES[found.status],
        "weekdays": model.WEEKDAYS,
        "happened": model.HAPPENED,
        "hours": model.hours(found.rule.open_minutes),
        "offers": [(each, _sku(visit, each["sku_id"]), _price(each)) for each in offers],
        "plans": may(visit, edit_series),
    }
    return Page("console/series/series.html", values)


@pages.page("/console/campaign-series/{id}/change", allow=PLANS)
def ask_change(visit: Visit[None]) -> Page:
    """The rule, for the group buys that are still to be made."""
    found, revision = ask_at(visit, read_series)
    rule = found.rule
    stored = {
        "title": found.title,
        "rule.every": rule.every,
        "rule.interval": str(rule.interval),
        "rule.month_day": str(rule.month_day or ""),
        "rule.opens": rule.opens,
        "rule.starts_on": rule.starts_on.isoformat(),
        "rule.ends_on": rule.ends_on.isoformat() if rule.ends_on else "",
        "open_hours": model.hours(rule.open_minutes),
        "hours_ahead": str(found.hours_ahead),
        "arrives_after_days": "" if found.arrives_after_days is None else str(found.arrives_after_days),
    }
    values = {"campaign": None, "stored": stored, "days": set(rule.weekdays), "publish": found.publish}
    return _form({**values, "series": found, "revision": revision})


@pages.form("/console/campaign-series/{id}/change", allow=PLANS, body=SeriesForm, again=ask_change)
def change(visit: Visit[SeriesForm]) -> Redirect:
    """Changes the rule; what was made stays."""
    with at_fields(named):
        ask(visit, edit_series, body=visit.body.details())
    return _back(visit, N_("The rule is changed, for the group buys that are still to be made."))


@pages.page("/console/campaign-series/{id}/goods", allow=PLANS)
def ask_goods(visit: Visit[None]) -> Page:
    """Which group buy's goods, prices and terms the next ones are to have."""
    found, revision = ask_at(visit, read_series)
    recent = ask(visit, list_campaigns, query={}, limit=20).items
    values = {"series": found, "revision": revision, "campaigns": [each for each in recent if each.offers]}
    return Page("console/series/goods.html", values)


@pages.form("/console/campaign-series/{id}/goods", allow=PLANS, body=LikeForm, again=ask_goods)
def change_goods(visit: Visit[LikeForm]) -> Redirect:
    """Takes goods, prices and terms from another group buy; the rule stays."""
    campaign = ask(visit, read_campaign, path={"id": visit.body.campaign})
    ask(visit, edit_series, body=terms_like(campaign))
    return _back(visit, N_("The next ones have the goods, prices and terms of that group buy."))


@pages.form("/console/campaign-series/{id}/pause", allow=PLANS, body=Onward, again=series)
def pause(visit: Visit[Onward]) -> Redirect:
    """Makes no more for now."""
    ask(visit, edit_series, body={"status": "paused"})
    return _back(visit, N_("It is paused: no group buy is made until you resume it."))


@pages.form("/console/campaign-series/{id}/resume", allow=PLANS, body=Onward, again=series)
def resume(visit: Visit[Onward]) -> Redirect:
    """Goes on with the next opening."""
    ask(visit, edit_series, body={"status": "active"})
    return _back(visit, N_("It goes on with the next opening."))


@pages.page("/console/campaign-series/{id}/end", allow=PLANS)
def ask_end(visit: Visit[None]) -> Page:
    """What ending it means."""
    found, revision = ask_at(visit, read_series)
    return Page("console/series/end.html", {"series": found, "revision": revision})


@pages.form("/console/campaign-series/{id}/end", allow=PLANS, body=Onward, again=ask_end)
def end(visit: Visit[Onward]) -> Redirect:
    """Ends it for good."""
    ask(visit, end_series)
    return _back(visit, N_("It is ended. What it has made stays."))


def _form(values: dict[str, Any]) -> Page:
    shared = {"every": model.EVERY, "weekdays": model.WEEKDAYS, "revision": None}
    return Page("console/series/form.html", {**shared, **values})


def _back(visit: Visit[Any], flash: str) -> Redirect:
    return Redirect(f"/campaign-series/{visit.path['id']}", flash=flash)


def _sku(visit: Visit[Any], sku_id: str) -> SkuStockView | None:
    try:
        found: SkuStockView = ask(visit, get_sku, path={"id": sku_id})
    except NotFound:
        return None
    return found


def _price(offer: dict[str, Any]) -> Money | None:
    """The price, or that of a ladder's first step."""
    steps = offer.get("ladder") or []
    return Money.from_json(offer.get("price") or (steps[0]["price"] if steps else None))
