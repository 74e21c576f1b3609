"""Pages of leaderboards and awards."""

from datetime import timedelta
from typing import Any

from chalicelib.boards.model.boards import By, Every, Period, period_of
from chalicelib.boards.routes import (
    create_award,
    edit_award,
    end_award,
    list_award_results,
    list_awards,
    read_award,
    read_award_result,
    read_leaderboard,
)
from chalicelib.boards.service.boards import week_begins
from chalicelib.coupons.routes import list_batches
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import DomainError
from chalicelib.kernel.local_day import local_date
from chalicelib.kernel.money import write_amount
from chalicelib.members.routes import read_member
from chalicelib.pages.console import choosing
from chalicelib.pages.console.downloads import handed_out
from chalicelib.pages.console.leaderboards.forms import AwardTyped, BoardPage, Nothing, PeriodPage, named
from chalicelib.pages.console.leaderboards.model import BOARDS, EVERY, MEANS, REWARDS, STATES
from chalicelib.pages.console.registrar import Console
from chalicelib.pages.shell import N_, Content, Page, Redirect, Visit, ask, ask_at, may
from chalicelib.pages.shell.saying import Saying
from chalicelib.pages.shell.typed import Reading, at_fields
from chalicelib.pickup_points.routes import list_pickup_points
from chalicelib.web import staff

pages = Console(__name__)

_LOOKS = staff("manager", "planner", "service", "analyst")
_PLANS = staff("manager", "planner")
_CHOICES, _PERIODS = 100, 6
_DAY = timedelta(days=1)


@pages.page("/console/leaderboards", allow=_LOOKS, query=BoardPage)
def leaderboard(visit: Visit[Any]) -> Page | Redirect | Content:
    """A board of a month or a week, of the whole brand or of one place. What cannot be asked for is refused beside what
    asks for it.
    """
    query: BoardPage = visit.query
    by = query.by if query.by in BOARDS else By.SPEND.value
    board, refusal = None, None
    try:
        board = ask(visit, read_leaderboard, path={"name": by}, query=query.asked())
    except DomainError as refused:
        refusal = refused
    if board is not None and query.format in ("csv", "xlsx"):
        return handed_out(visit, board)
    values = {
        "by": by,
        "boards": BOARDS,
        "others": [(name, said) for name, said in BOARDS.items() if name != By.SPEND.value],
        "means": MEANS[by],
        "asked": query,
        "board": board,
        "refusal": refusal,
        "periods": _periods(visit),
        "called": _called(visit, board) if board else "",
        "campaigns": choosing.campaigns(visit, [query.campaign_id]).items(),
        "points": [(each.id, each.name) for each in ask(visit, list_pickup_points, limit=_CHOICES).items],
        "opens": may(visit, read_member),
        "following": board.next_cursor if board else None,
    }
    return Page("console/leaderboards/board.html", values, status=refusal.status if refusal else 200)


@pages.page("/console/awards", allow=_LOOKS, paged=True)
def awards(visit: Visit[None]) -> Page:
    """All awards, the newest first."""
    found = ask(visit, list_awards, limit=visit.limit, cursor=visit.cursor)
    values = {
        "awards": [(each, _title(visit, each.title), _span(visit, each.next_period)) for each in found.items],
        "coupons": choosing.coupons_named(visit, (each.reward.coupon_batch_id for each in found.items)),
        "following": visit.following(found.last_key),
        "boards": BOARDS,
        "every": EVERY,
        "states": STATES,
        "plans": may(visit, create_award),
    }
    return Page("console/leaderboards/awards.html", values)


@pages.page("/console/awards/new", allow=_PLANS)
def begin(visit: Visit[Any]) -> Page:
    """For whom an award is to be, and what it brings."""
    return Page("console/leaderboards/new.html", _choices(visit))


@pages.form("/console/awards/new", allow=_PLANS, body=AwardTyped, again=begin)
def create(visit: Visit[AwardTyped]) -> Redirect:
    """Makes the award."""
    with at_fields(named):
        made = ask(visit, create_award, body=visit.body.award(_reading(visit)))
    return Redirect(f"/awards/{made.id}", flash=N_("The award runs. Members hear of it when they have won it."))


@pages.page("/console/awards/{id}", allow=_LOOKS, paged=True)
def award(visit: Visit[Any]) -> Page:
    """One award: when it is decided next, who has won it, and what may be changed."""
    found, revision = ask_at(visit, read_award)
    results = ask(visit, list_award_results, limit=visit.limit, cursor=visit.cursor)
    least = found.at_least
    if least is not None and found.currency:
        least = write_amount(least, found.currency)
    values = {
        "award": found,
        "coupons": choosing.coupons_named(visit, [found.reward.coupon_batch_id]),
        "revision": revision,
        "title": _title(visit, found.title),
        "span": _span(visit, found.next_period),
        "state": STATES[found.status],
        "least": least,
        "reward": "points" if found.reward.points else "coupon" if found.reward.coupon_batch_id else "",
        "results": [(each, _span(visit, each.period)) for each in results.items],
        "following": visit.following(results.last_key),
        "plans": may(visit, edit_award) and found.status == "running",
    }
    return Page("console/leaderboards/award.html", values | _choices(visit, found.reward.coupon_batch_id))


@pages.form("/console/awards/{id}", allow=_PLANS, body=AwardTyped, again=award)
def change(visit: Visit[AwardTyped]) -> Redirect:
    """Changes what it is called, who wins it, and what it brings."""
    found = ask(visit, read_award)
    with at_fields(named):
        ask(visit, edit_award, body=visit.body.changes(found.by, _reading(visit)))
    changed = N_("The award is changed. It holds from the next decision on.")
    return Redirect(f"/awards/{visit.path['id']}", flash=changed)


@pages.form("/console/awards/{id}/end", allow=_PLANS, body=Nothing, again=award)
def end(visit: Visit[Nothing]) -> Redirect:
    """Ends it."""
    ask(visit, end_award)
    return Redirect(f"/awards/{visit.path['id']}", flash=N_("The award has ended. It is decided no more."))


@pages.page("/console/awards/{id}/winners", allow=_LOOKS, query=PeriodPage)
def result(visit: Visit[Any]) -> Page:
    """Who has won it for a period, and how they stand by now."""
    found = ask(visit, read_award_result, path={"id": visit.path["id"], "name": visit.query.to_on})
    values = {
        "result": found,
        "coupons": choosing.coupons_named(visit, [found.reward.coupon_batch_id]),
        "title": _title(visit, found.title),
        "span": _span(visit, found.period),
        "boards": BOARDS,
        "opens": may(visit, read_member),
    }
    return Page("console/leaderboards/result.html", values)


def _periods(visit: Visit[Any]) -> list[tuple[str, str]]:
    """The latest months and weeks, the running ones first."""
    today, begins = local_date(visit.now, zone(visit.brand.timezone)), week_begins(visit.tenant_id)
    found: list[Period] = []
    for every in (Every.MONTH, Every.WEEK):
        on = today
        for _ in range(_PERIODS):
            found.append(period_of(on, every, begins))
            on = found[-1].from_on - _DAY
    return [(each.name, _span(visit, each)) for each in found]


def _called(visit: Visit[Any], board: Any) -> str:
    return _span(visit, Period(board.period, board.from_on, board.to_on))


def _span(visit: Visit[Any], period: Any) -> str:
    """A month by its name, and other days by the first and the last; nothing for none."""
    if period is None:
        return ""
    say = Saying(visit.language, zone(visit.brand.timezone))
    if "W" not in period.name and period.name != "campaign":
        return say.month(period.name)
    return f"{say.day(period.from_on)} – {say.day(period.to_on)}"


def _title(visit: Visit[Any], title: Any) -> str:
    wanted, other = (title.zh, title.en) if visit.language == "zh" else (title.en, title.zh)
    return str(wanted or other)


def _choices(visit: Visit[Any], chosen: str | None = None) -> dict[str, Any]:
    batches = [(each.id, f"{each.title} · {each.worth}") for each in ask(visit, list_batches, limit=_CHOICES).items]
    if chosen and chosen not in dict(batches):
        batches.append((chosen, choosing.coupon_named(visit, chosen) or chosen))
    return {
        "boards": BOARDS,
        "every": EVERY,
        "rewards": REWARDS,
        "batches": [("", "–"), *batches],
    }


def _reading(visit: Visit[Any]) -> Reading:
    return Reading(visit.brand.currency, zone(visit.brand.timezone))
