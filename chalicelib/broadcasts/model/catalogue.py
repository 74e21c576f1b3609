"""All that is published, and all that is not."""

from collections.abc import Mapping

from chalicelib.broadcasts.model.aftersales import AFTER_SALES
from chalicelib.broadcasts.model.campaigns import CAMPAIGNS
from chalicelib.broadcasts.model.complaints import COMPLAINTS
from chalicelib.broadcasts.model.enquiries import ENQUIRIES
from chalicelib.broadcasts.model.event import Entity, Event
from chalicelib.broadcasts.model.invoices import INVOICES
from chalicelib.broadcasts.model.members import MEMBERS, REMOVED_MEMBERS
from chalicelib.broadcasts.model.orders import ORDERS
from chalicelib.broadcasts.model.payments import PAYMENTS
from chalicelib.broadcasts.model.refunds import REFUNDS
from chalicelib.broadcasts.model.reviews import REVIEWS
from chalicelib.broadcasts.model.suggestions import SUGGESTIONS
from chalicelib.broadcasts.model.supply import PURCHASE_LISTS, RECEIPTS
from chalicelib.broadcasts.model.surveys import INVITATIONS
from chalicelib.broadcasts.model.teams import TEAMS

ENTITIES = (
    ORDERS,
    TEAMS,
    PAYMENTS,
    REFUNDS,
    CAMPAIGNS,
    PURCHASE_LISTS,
    RECEIPTS,
    AFTER_SALES,
    COMPLAINTS,
    ENQUIRIES,
    SUGGESTIONS,
    REVIEWS,
    MEMBERS,
    REMOVED_MEMBERS,
    INVITATIONS,
    INVOICES,
)

PUBLISHED: Mapping[str, tuple[Entity, Event]] = {
    event.internal: (entity, event) for entity in ENTITIES for event in entity.events
}
"""Each public event and what it is about, by the type under which records emit it."""

MEANINGS: Mapping[str, str] = {event.type: event.meaning for _, event in PUBLISHED.values()}
"""What each event that an endpoint may ask for means."""

UNPUBLISHED: Mapping[str, str] = {
    "coupon.redeemed": "books what a complaint's coupon has cost; the order and the complaint are published",
    "order.costs_booked": "the books know what an order cost; reports count it, and programs read those",
    "order.held": "the order waits for its payment; it is placed or expires next",
    "order.balance_due": "asks for a message to the member; the change of the order itself is published",
    "order.moved": "a message to the member beside order.changed of the same write",
    "order.lessened": "a message to the member beside order.changed of the same write",
    "order.shortage_settled": "a message to the member after order.changed of earlier writes",
    "order.placed_for_member": "a message to the member beside order.placed of the same write",
    "order.edited_for_member": "a message to the member beside order.changed of the same write",
    "order.cancelled_for_member": "a message to the member beside order.cancelled of the same write",
    "order.edited": "a message to the member beside order.changed of the same write",
    "order.edit_lapsed": "a message to the member; the order is as it was",
    "order.paid": "a message to the member; the payment is published",
    "order.rest_due": "a message to the member; the payment is published",
    "order.price_fell": "a message to the member beside order.changed of the same write",
    "order.collect_soon": "a reminder to the member; nothing has changed",
    "order.balance_soon": "a reminder to the member; nothing has changed",
    "order.campaign_extended": "a message to the member; the campaign's own event is published",
    "order.arrival_moved": "a message to the member; the campaign's own event is published",
    "application.arrived": "a message to the team, who decides; programs list applications",
    "application.decided": "a message to the applicant, who is no member yet",
    "prospect.message_leaves": "a message to somebody invited, who is no member yet",
    "prospect.redeemed": "welcomes somebody who was a member already, written down or imported",
    "referral.rewarded": "has coupons follow; the referrer's points are published",
    "referral.reversed": "takes coupons back; the referrer's points are published",
    "order.rewarded": "has what points and tiers cost counted; the member's points are published",
    "announcement.goes_on": "continues an announcement, which says itself how far it is",
    "orders.counting": "continues our own counting",
    "orders.passing": "continues our own passes over a campaign's orders",
    "payment.given_back": "a part of a refund, which is published as a whole",
    "payment.refund_declined": "a part of a refund, which is published as a whole",
    "payment.dismissed": "what waited for somebody to look goes on by itself",
    "payment.keys_mended": "has the provider asked again",
    "payment.not_asked": "a message to the team; nothing became of the payment",
    "payment_settings.changed": "the brand's own account at a provider, no event of its trade",
    "campaign.offer_raised": "has those who wait for the offer told; the campaign says itself what it offers",
    "waiting.available": "a message to members; the stock of an offer has no events",
    "waiting.looking": "continues our own look at a waiting list",
    "reminders.going_on": "continues messages to members; the campaign's own event is published",
    "campaign.decision_due": "reminds us of a decision that is outstanding",
    "campaign.refunds_due": "reminds us to look at refunds again",
    "campaign.releasing": "continues the release of a cancelled campaign's stock",
    "complaint.assigned": "a message to whoever has it now; who that is is the team's own matter",
    "aftersale.assigned": "a message to whoever has it now; who that is is the team's own matter",
    "complaint.due_soon": "a message to its owner; nothing has changed",
    "complaint.remedy_failed": "a message to its owner; that it is open again has an event of its own",
    "complaint.leader_cleared": "has commission looked at again; whose doing it was is the team's own matter",
    "complaint.told": "a message to the member, which only they read",
    "complaint.replied": "a message to its owner; what the member wrote is for the team",
    "suggestion.assigned": "a message to whoever has it now; who that is is the team's own matter",
    "suggestion.due_soon": "a message to its owner; nothing has changed",
    "suggestion.retiming": "continues our own look at the due times of open suggestions",
    "complaint.retiming": "continues our own look at the due times of open complaints",
    "enquiry.assigned": "a message to whoever has it now; who that is is the team's own matter",
    "enquiry.due_soon": "a message to its owner; nothing has changed",
    "enquiry.retiming": "continues our own look at the due times of open enquiries",
    "aftersale.due_soon": "a message to its owner; nothing has changed",
    "aftersale.retiming": "continues our own look at the due times of open cases",
    "cases.clocks_changed": "has open complaints and cases get their due times anew",
    "staff.duty_ended": "has cases handed over, which is the team's own matter",
    "series.failed": "a message to the team; no campaign came of it",
    "orders.not_collected": "a message to leaders; the end of each order is published",
    "points.counting": "continues our own counting",
    "supply.allocated": "a message to the team and to leaders; the change of each order is published",
    "statement.paid": "a message to the leader",
    "supply.allocating": "continues the adjustment of orders to what came",
    "product.priced": "has our own look at its prices; the catalogue publishes nothing",
    "prices.competitor_seen": "has our own look at the prices of a product",
    "prices.changed": "has our own look at the prices of a product",
    "prices.rules_changed": "continues our own look at the prices of every product",
    "price_alert.began": "a message to the team; nothing was changed",
    "price_alert.ended": "a message to the team; nothing was changed",
    "stock.moved": "only a part of what moves stock emits it, and stock has no revision that would order it",
    "member.united": "a member that is no more; whose history it is now was a member before",
    "member.birthday": "has what a birthday brings done; nothing of the member has changed",
    "member.returning": "has who ordered after leaving come back, which is published when it is done",
    "member.points_expiring": "a reminder to the member; nothing has changed",
    "tiers.applying": "continues our own look at every member's tier",
    "member.identity_changed": "how a person is reached",
    "staff.identity_changed": "how a person is reached",
    "staff.added": "a message to whoever was put on the team",
    "staff.lessened_keys": "a message to their keeper and the owners",
    "staff.left_keys": "a message to the team",
    "work.stuck": "a message to the owners; what it concerns has its own events when it is carried out",
    "webhook_delivery.queued": "an event that is on its way already",
    "webhook_endpoint.disabled": "the endpoint that is to hear of it takes nothing any more",
    "own_domain.proved": "has the edge asked for a certificate; the brand's own address, no event of its trade",
    "own_domain.live": "a message to the owners; the brand's own address, no event of its trade",
    "own_domain.broken": "a message to the owners; the brand's own address, no event of its trade",
    "own_domain.taken": "has the brand that had the host until then told; another brand's event",
    "own_domain.lost": "a message to the owners; the brand's own address, no event of its trade",
    "own_domain.released": "has the edge lead there no more; the brand's own address, no event of its trade",
    "tenant.created": "nobody can have asked for it before",
    "invitation.created": "sends the link by which only the member answers",
    "invitation.reminded": "sends that link once more",
    "survey.wave_goes_on": "is how a survey goes out to many, a slice after the other",
    "member.checked_in": "has a day of taking part counted; what points it brought is published",
    "members.class_changed": "has journeys begin, and names many members at once; a class is read with each of them",
    "members.quiet": "has journeys begin for members who have not ordered for long; nothing of them has changed",
    "classes.changed": "has every member looked at anew; where classes part is the brand's own rule",
    "members.read_on": "continues our own reading of members",
    "orders.read_on": "continues our own reading of orders",
    "night.over": "has our own look at what a day changes begin",
    "segments.scored": "has our own look at whose scores changed go on; who is in a segment is read of it",
    "segment.entered": "has journeys begin for who entered; who is in a segment is read of it",
    "segment.left": "the counterpart of segment.entered; who is in a segment is read of it",
    "journey.crowd": "continues our own start of a journey for many members",
    "journey.resuming": "continues our own resumption of a journey",
    "journey.tells": "a message to the member",
    "journey.asks_team": "a message to the team",
    "import.continue": "continues a job, which says itself how far it is",
    "import.members": "continues a job, which says itself how far it is",
    "import.products": "continues a job, which says itself how far it is; each product has its own event",
    "import.prices": "continues a job, which says itself how far it is",
    "import.undo": "continues a job, which says itself how far it is; each member who goes has an event of their own",
    "export.continue": "continues a job, which says itself how far it is",
    "rollup.continue": "continues a job, which says itself how far it is",
    "lifetime.fit": "continues a job, which says itself how far it is",
    "boards.counting": "continues our own counting",
    "award.decided": "has winners get theirs, so many at a time; who has won is read of the award",
    "coupons.making": "continues a job, which says itself how far it is",
    "coupons.granting": "continues a job, which says itself how far it is",
    "coupon.granted": "a message to the member; the job says to how many coupons were granted",
}
"""What only we are to hear of, by the type under which records emit it, with the reason."""
