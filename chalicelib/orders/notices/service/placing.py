"""Members have the receipt of an order that is placed, and hear of one that was not paid for in time, or whose team is
complete or did not fill.
"""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.campaigns.model.campaign import ON_SHOW
from chalicelib.campaigns.service.reading import get_campaign
from chalicelib.notices.model.facts import InWords
from chalicelib.notices.model.notices import Notice
from chalicelib.notices.telling.service import tell_all, tell_member
from chalicelib.orders.model import SOLD, Status
from chalicelib.orders.notices.model.phrases import NOTHING_TO_PAY, what_was_paid
from chalicelib.orders.notices.model.placing import (
    HoldLapsed,
    HoldLapsedForGood,
    OrderPlaced,
    OrderPlacedForMember,
    OrderPlacedInTeam,
    TeamCompleted,
    TeamFailed,
    TeamFilled,
)
from chalicelib.orders.notices.service.saying import Story
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.teams.model import TeamStatus
from chalicelib.orders.teams.service.listing import get_team
from chalicelib.tenancy import brand_of


def tell_placed(tenant_id: str, order_ids: Sequence[str], now: datetime) -> None:
    """Tells members that their orders are placed: what, how much and how it is paid, where, by which code, and until
    when it can be changed. One that was paid online is placed by its payment, so this is the receipt of both. In a rush
    many are placed at once, so they are read and told together.

    Nothing of an order that has ended by now, of one that the team placed, which is told as such, and of one that less
    came for than it costs, which is told with what is missing.
    """
    stories = [story for story in Story.of_all(tenant_id, order_ids, now) if _has_receipt(story.order)]
    tell_all([story.message(_receipt(story)) for story in stories], bundled=True)


def _has_receipt(order: OrderRecord) -> bool:
    missing = order.deposit_minor is None and order.balance_due_at is not None and order.totals.due > 0
    return order.status in SOLD and order.placed_by is None and not missing


def _receipt(story: Story) -> Notice:
    if story.order.team_id is None:
        return OrderPlaced(*story.as_it_stands, story.closes_at)
    team = get_team(story.order.tenant_id, story.order.team_id, consistent=True).team
    if team.status is TeamStatus.FILLED:
        return TeamCompleted(*story.as_it_stands)
    return OrderPlacedInTeam(*story.as_it_stands, team.ends_at)


def tell_placed_for_member(tenant_id: str, order_id: str, event_id: str, now: datetime) -> None:
    """Tells a member that the team placed an order because they asked for it; nothing where it has ended by now."""
    story = Story.of(tenant_id, order_id, now)
    order = story.order
    if order.status in SOLD:
        total = story.money(order.total_minor)
        story.tell(OrderPlacedForMember(*story.about, story.items, total, story.where, order.pickup_code), event_id)


def tell_hold_lapsed(tenant_id: str, order_id: str, now: datetime) -> None:
    """Tells a member that their order has ended unpaid and nothing was charged, and what they can do; nothing where a
    payment that came late has placed it after all.
    """
    story = Story.of(tenant_id, order_id, now)
    if story.order.status != Status.EXPIRED:
        return
    is_open = story.campaign.shown_status(now) in ON_SHOW
    story.tell(HoldLapsed(*story.about, story.closes_at) if is_open else HoldLapsedForGood(*story.about))


def tell_team(tenant_id: str, team_id: str, completed_by: str | None, now: datetime) -> None:
    """Tells everyone in a team that is over, once; nobody where it still forms or was left by all. Whose order has
    completed it hears that with the receipt of that order.
    """
    record = get_team(tenant_id, team_id, consistent=True)
    if record.status == TeamStatus.FAILED:
        for story in Story.of_all(tenant_id, [seat.order_id for seat in record.team.seats], now):
            story.tell(TeamFailed(*story.about, _paid_before(story.order)), team_id)
    if record.status != TeamStatus.FILLED:
        return
    notice = TeamFilled(brand_of(tenant_id).name, get_campaign(tenant_id, record.campaign_id).title)
    for seat in record.team.seats:
        if seat.order_id != completed_by:
            tell_member(tenant_id, seat.member_id, notice, (team_id,), now, subject_id=seat.order_id)


def _paid_before(order: OrderRecord) -> InWords:
    """What comes back of an order that ends, whether its refund was asked for by now or not."""
    return what_was_paid(order.method) if int(order.paid_minor) else NOTHING_TO_PAY
