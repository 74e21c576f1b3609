"""The pages of leaderboards with a member's own place, and of who has won awards."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Literal

from pydantic import Field

from chalicelib.boards.model.boards import Every, Period, period_of
from chalicelib.boards.routes import list_store_awards, read_store_leaderboard
from chalicelib.boards.service.boards import week_begins
from chalicelib.coupons.records import BatchRecord
from chalicelib.coupons.views import BatchView
from chalicelib.db import fetch_many
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.members.routes import change_me
from chalicelib.pages.shell import N_, Page, Pages, Redirect, Visit, ask
from chalicelib.pages.shell.saying import Saying
from chalicelib.pages.storefront.leaderboards.views import BOARDS, MEANS, SPANS
from chalicelib.web import Body, Query, member

pages = Pages(__name__)

_DAY = timedelta(days=1)
_WINNERS = 3


class BoardPage(Query):
    """Which board, of which days."""

    by: Literal["spend", "quantity", "orders", "points", "referrals", "activity"] = "spend"
    span: Literal["month", "last_month", "week", "last_week"] = "month"
    cursor: str = Field("", max_length=500)


class NamePage(Body):
    """Whether others may read my name."""

    shown: bool


@pages.page("/s/{slug}/leaderboards", allow=member(), query=BoardPage)
def leaderboard(visit: Visit[Any]) -> Page:
    """A board, where the member stands on it, whether others read their name, and who has won awards lately."""
    query: BoardPage = visit.query or BoardPage.model_validate({})
    period = _period(visit, query.span)
    asked = {"period": period.name} | ({"cursor": query.cursor} if query.cursor else {})
    board = ask(visit, read_store_leaderboard, path={"name": query.by}, query=asked)
    won = ask(visit, list_store_awards, limit=_WINNERS)
    values = {
        "by": query.by,
        "span": query.span,
        "boards": BOARDS,
        "means": MEANS[query.by],
        "spans": SPANS,
        "board": board,
        "called": _called(visit, period),
        "won": [(each, _called(visit, each.period)) for each in won.items],
        "more": won.last_key is not None,
        "coupons": _coupons(visit, won.items),
    }
    return Page("storefront/leaderboards/board.html", values)


@pages.form("/s/{slug}/leaderboards", allow=member(), body=NamePage, again=leaderboard)
def show_name(visit: Visit[NamePage]) -> Redirect:
    """Lets others read the member's name, or no longer."""
    ask(visit, change_me, body={"consent": {"leaderboards": visit.body.shown}})
    shown, hidden = N_("Others can read your name now."), N_("Others read the first character of your name alone.")
    return Redirect("/leaderboards", flash=shown if visit.body.shown else hidden)


@pages.page("/s/{slug}/awards", allow=member(), paged=True)
def awards(visit: Visit[None]) -> Page:
    """Who has won awards, the latest first."""
    found = ask(visit, list_store_awards, limit=visit.limit, cursor=visit.cursor)
    values = {
        "won": [(each, _called(visit, each.period)) for each in found.items],
        "following": visit.following(found.last_key),
        "coupons": _coupons(visit, found.items),
    }
    return Page("storefront/leaderboards/awards.html", values)


def _coupons(visit: Visit[Any], won: Sequence[Any]) -> dict[str, str]:
    """What the coupons give that were won, by their batches."""
    ids = dict.fromkeys(each.reward.coupon_batch_id for each in won if each.reward.coupon_batch_id)
    if not ids:
        return {}
    found = fetch_many([(BatchRecord, *BatchRecord.address(visit.tenant_id, each)) for each in ids])
    batches = [BatchView.of(each, visit.language) for each in found if each is not None]
    return {each.id: f"{each.title} · {each.worth}" for each in batches}


def _period(visit: Visit[Any], span: str) -> Period:
    on, begins = local_date(visit.now, zone(visit.brand.timezone)), week_begins(visit.tenant_id)
    every = Every.WEEK if span.endswith("week") else Every.MONTH
    running = period_of(on, every, begins)
    return period_of(running.from_on - _DAY, every, begins) if span.startswith("last") else running


def _called(visit: Visit[Any], period: Any) -> str:
    """A month by its name, a week by its first and last day."""
    say = Saying(visit.language, zone(visit.brand.timezone))
    if "W" not in period.name:
        return say.month(period.name)
    return f"{say.day(period.from_on)} – {say.day(period.to_on)}"
