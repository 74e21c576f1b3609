"""What a campaign came to: sales against its goal and budget, what it earned and cost, and how it was received."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib.campaigns.model.campaign import Status
from chalicelib.campaigns.progress.service import Progress, progress_of
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.insight.costs.service import changes_of_costs
from chalicelib.insight.earnings.model.figures import By, Cell
from chalicelib.insight.earnings.model.profit import Statement
from chalicelib.insight.earnings.service.days import earned_days
from chalicelib.insight.earnings.service.fixed import costs_of_campaign
from chalicelib.insight.intake.service.reading import events_between
from chalicelib.insight.model import bitmaps
from chalicelib.insight.model.reach import ORDERED, SEEN, Reach, reach_of
from chalicelib.insight.model.summary import Span, average_minor
from chalicelib.insight.reports.service.campaign_care import LASTS, Satisfaction, satisfaction
from chalicelib.insight.reports.service.window import Horizon, history, horizon
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.settlement.campaigns.model import CampaignResult
from chalicelib.settlement.campaigns.service.result import result
from chalicelib.tenants.service.brand import get_tenant

AFTERWARDS = timedelta(days=30)
"""So long after its close the team may still add orders to a campaign."""

MOST_DAYS = 800
_ENDED = frozenset({Status.COMPLETED, Status.SETTLED, Status.REFUNDED})


@dataclass(frozen=True, slots=True)
class Closing:
    """A campaign's report. ``members`` ordered, ``newcomers`` of them for the first time; ``progress`` has its sales,
    ``booked`` what the books say, ``statement`` what it earned and cost. ``ended`` says that nothing is under way.
    """

    campaign: CampaignRecord
    timezone: str
    span: Span
    horizon: Horizon
    revision: int
    progress: Progress
    statement: Statement
    booked: CampaignResult
    members: int
    newcomers: int
    satisfaction: Satisfaction
    reach: Reach
    ended: bool

    @property
    def spent_minor(self) -> int:
        """What its budget is for: what was taken off prices, and what was booked for it."""
        earned = self.statement.earned
        return earned.discounts_minor + earned.gifts_minor + self.statement.fixed.total

    @property
    def refunded_minor(self) -> int:
        """What was given back of its sales."""
        earned = self.statement.earned
        return earned.sold_minor - earned.received_minor

    @property
    def average_minor(self) -> int | None:
        """What an order came to, rounded half to even; None without orders."""
        return average_minor(self.progress.revenue_minor, self.progress.orders)


def closing(tenant_id: str, campaign_id: str, now: datetime) -> Closing:
    """The report of a campaign as things stand. Raises NotFound, Invalid, Unavailable."""
    campaign = get_campaign(tenant_id, campaign_id, consistent=True)
    tenant = get_tenant(tenant_id)
    tz = zone(tenant.timezone)
    span = _span(campaign, tz, now)
    earned = earned_days(tenant_id, By.CAMPAIGN, span.from_on, span.to_on)
    own = {on: cells[campaign_id] for on, cells in earned.days.items() if campaign_id in cells}
    total = sum(own.values(), Cell())
    (progress,) = progress_of([campaign], now, consistent=True)
    began = campaign.published_at or campaign.created_at
    until = min(now, (campaign.closes_at or now) + LASTS)
    seen = horizon(tenant_id, tz, now, span.to_on)
    said = satisfaction(tenant_id, campaign_id, total.members, began, max(began, until))
    statement = Statement(total.earned, costs_of_campaign(tenant_id, campaign_id))
    booked = result(tenant_id, campaign_id)
    ended = progress.status in _ENDED and not booked.outstanding and seen.window.completes(span.to_on)
    revision = earned.revision + changes_of_costs(tenant_id)
    events = events_between(tenant_id, span.from_on, span.to_on, {*SEEN, ORDERED}, now=now)
    return Closing(
        campaign, tz.key, span, seen, revision, progress, statement, booked, total.members.bit_count(),
        _newcomers(tenant_id, own, span, seen), said, reach_of(events, campaign_id), ended,
    )  # fmt: skip


def _span(campaign: CampaignRecord, tz: ZoneInfo, now: datetime) -> Span:
    """The local days on which it may have orders."""
    today = local_date(now, tz)
    first = local_date(campaign.published_at or campaign.created_at, tz)
    last = min(today, local_date(campaign.closes_at + AFTERWARDS, tz)) if campaign.closes_at else today
    last = max(first, last)
    return Span(max(first, last - timedelta(days=MOST_DAYS - 1)), last)


def _newcomers(tenant_id: str, own: Mapping[date, Cell], span: Span, seen: Horizon) -> int:
    """Its members who had never ordered from the brand before the day on which they did here."""
    if not own:
        return 0
    before = history(tenant_id, span.from_on).members_before(span.from_on)
    # What no rollup has seen yet is read as it stands.
    first = min([span.from_on, seen.as_of, *seen.pending])
    days = earned_days(tenant_id, By.DAY, first, max(own)).days
    found = 0
    for on in sorted(days):
        found |= own.get(on, Cell()).members & ~before
        before |= bitmaps.union(cell.members for cell in days[on].values())
    return found.bit_count()
