"""What to do next, from what the product knows already: a few facts by fixed rules, the most pressing first. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from chalicelib.pages.console.today.model import Left, Tile, share
from chalicelib.pages.shell.words import N_

MOST_STEPS = 5

SOON = timedelta(hours=48)
"""A group buy that closes within this time, and is short of its target, is spoken of."""

DOUBTS = {
    "gaps": N_("Were you closed, or is an import missing? · See the days"),
    "double_orders": N_("They may count twice; the summary can leave them out · See which"),
    "outliers": N_("Are the amounts right? The summary can leave them out · See which"),
    "double_members": N_("Are they one person each? · See who"),
    "no_cost": N_("Enter what they cost, or their profit stays unknown · See which"),
}
"""Rules of the report on the data of which somebody can do something, what distorts figures most first, and what."""


class Kind(StrEnum):
    """What a step is about, the most pressing first."""

    LATE = "late"
    TARGET = "target"
    FAILED = "failed"
    STOCK = "stock"
    RISK = "risk"
    DUE = "due"
    OVERDUE = "overdue"
    DOUBT = "doubt"


@dataclass(frozen=True, slots=True)
class Step:
    """Something to be done: about so many, ``more`` than which were not counted; on which page. ``name`` is what it is
    about, ``rule`` which one of the data found it, ``percent`` how far it is, ``left`` for how long, ``amount`` the
    money in it, in minor units.
    """

    kind: Kind
    count: int
    to: str
    more: bool = False
    name: str = ""
    rule: str = ""
    percent: int = 0
    left: Left | None = None
    amount: int = 0


def late(tiles: Iterable[Tile]) -> list[Step]:
    """What was to be answered or resolved by now."""
    return [Step(Kind.LATE, each.count, each.to, each.more, each.name) for each in tiles if each.late]


def failed(tiles: Iterable[Tile]) -> list[Step]:
    """What was done in the background and came to nothing."""
    return [Step(Kind.FAILED, each.count, each.to, name=each.name) for each in tiles]


def short_of_target(campaign_id: str, title: str, reached_bps: int, seconds_left: int) -> Step | None:
    """A group buy that closes soon, and has not reached its target."""
    if reached_bps >= 10_000 or not 0 < seconds_left <= SOON.total_seconds():
        return None
    to = f"/campaigns/{campaign_id}"
    return Step(Kind.TARGET, 1, to, name=title, percent=share(reached_bps), left=Left.of(seconds_left))


def running_out(lasting: Iterable[int | None], few_days: int, to: str) -> Step | None:
    """Goods that last no longer than a few days if they go on leaving as they do."""
    return _counted(Kind.STOCK, sum(days is not None and days <= few_days for days in lasting), to)


def due_again(due: int, overdue: int, to: str) -> Step | None:
    """Members who would have ordered by now by their own rhythm; where there are none, those who are twice as late. The
    page has a place for which of them are listed.
    """
    if due:
        return Step(Kind.DUE, due, to.format(state="due"))
    return _counted(Kind.OVERDUE, overdue, to.format(state="overdue"))


def at_risk(amounts: Sequence[int], to: str) -> Step | None:
    """Members with money at risk, in minor units each."""
    found = [each for each in amounts if each > 0]
    return Step(Kind.RISK, len(found), to, amount=sum(found)) if found else None


def doubtful(found: Iterable[tuple[str, str, int]], to: str) -> Step | None:
    """The first of the rules that found something, of rules by name with title and count."""
    by_rule = {rule: (title, count) for rule, title, count in found if count}
    rule = next((each for each in DOUBTS if each in by_rule), None)
    return None if rule is None else Step(Kind.DOUBT, by_rule[rule][1], to, name=by_rule[rule][0], rule=rule)


def next_steps(found: Iterable[Step | None]) -> list[Step]:
    """At most five, the most pressing kind first, and of a kind as they were found."""
    order = list(Kind)
    some = [each for each in found if each is not None]
    return sorted(some, key=lambda each: order.index(each.kind))[:MOST_STEPS]


def _counted(kind: Kind, count: int, to: str) -> Step | None:
    return Step(kind, count, to) if count else None
