"""Members hear that an order has ended: cancelled by them or for them, with its campaign, uncollected or unpaid."""

from datetime import datetime

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.kernel.principal import SYSTEM
from chalicelib.notices.model.facts import InWords
from chalicelib.orders.ending.service.cancelling import BY_CAMPAIGN, BY_MEMBER
from chalicelib.orders.model import Status
from chalicelib.orders.notices.model.ending import (
    CampaignCancelled,
    CampaignMissed,
    ForfeitedUncollected,
    ForfeitedUnpaid,
    OrderCancelled,
    OrderCancelledForMember,
    OrderUncollected,
)
from chalicelib.orders.notices.model.phrases import NOTHING, NOTHING_TO_PAY, joined
from chalicelib.orders.notices.service.saying import Story
from chalicelib.orders.passes.service.collecting import NO_SHOW
from chalicelib.orders.payment.service.balance import BALANCE

_OF_CANCEL = "cancel"


def tell_ended(tenant_id: str, order_id: str, now: datetime) -> None:
    """Tells a member of an order that has ended: that they have cancelled it, and what comes back; or, where nothing
    was paid, that its campaign does not take place, or that it was not collected in time. Who has paid is told of the
    refund, or of what is kept; of a team that did not fill, and of what the team cancelled for them, as such.
    """
    story = Story.of(tenant_id, order_id, now)
    order = story.order
    if order.status != Status.CANCELLED or order.forfeited_at is not None:
        return
    if order.cancelled_by == BY_MEMBER:
        story.tell(OrderCancelled(*story.about, _money(story)))
    elif order.cancelled_by == BY_CAMPAIGN and not story.refunds_for(BY_CAMPAIGN):
        kind = CampaignMissed if missed_target(story.campaign) else CampaignCancelled
        story.tell(kind(*story.about), story.campaign.id)
    elif order.cancelled_by == NO_SHOW and not story.refunds_for(NO_SHOW):
        story.tell(OrderUncollected(*story.about))


def tell_cancelled_for_member(tenant_id: str, order_id: str, event_id: str, now: datetime) -> None:
    """Tells a member that the team cancelled an order because they asked for it, and what comes back."""
    story = Story.of(tenant_id, order_id, now)
    story.tell(OrderCancelledForMember(*story.about, _money(story)), event_id)


def _money(story: Story) -> InWords:
    back = story.comes_back(_OF_CANCEL)
    return joined(NOTHING_TO_PAY if back == NOTHING else back, story.own_comes_back)


def missed_target(campaign: CampaignRecord) -> bool:
    """Whether a cancelled campaign ended by itself, and not by the brand's people."""
    return any(entry["type"] == "cancelled" and entry["by"] == SYSTEM for entry in campaign.history or ())


def tell_forfeited(tenant_id: str, order_id: str, now: datetime) -> None:
    """Tells a member that an order's money is kept, as the campaign said before it was ordered."""
    story = Story.of(tenant_id, order_id, now)
    kind = ForfeitedUnpaid if story.order.cancelled_by == BALANCE else ForfeitedUncollected
    story.tell(kind(*story.about))
