"""Buyers are asked what they think where their brand wants that: once for an order, some days after its handover."""

from contextlib import suppress
from datetime import datetime

from chalicelib.db import Refused, Transaction, change, check_revision
from chalicelib.kernel.principal import Principal
from chalicelib.members.service.members import get_member
from chalicelib.notices.telling.service import tell_member
from chalicelib.orders.records import OrderRecord
from chalicelib.reviews.model.notices import ReviewWanted
from chalicelib.reviews.model.reviews import bought
from chalicelib.reviews.records import AskRecord, ReviewRulesRecord
from chalicelib.reviews.service.buying import parts_of, reviews_of
from chalicelib.settings import required, settings
from chalicelib.tenancy import brand_of
from chalicelib.tenants.service.audit import audit
from chalicelib.tenants.service.brand import get_tenant


def get_rules(tenant_id: str, *, consistent: bool = False) -> ReviewRulesRecord:
    """What the brand has set; before it has, nobody is asked."""
    address = ReviewRulesRecord.address(tenant_id)
    return ReviewRulesRecord.fetch(*address, consistent=consistent) or ReviewRulesRecord(*address, rev=0)


def set_rules(tenant_id: str, asks: bool, if_match: int | None, by: Principal, now: datetime) -> ReviewRulesRecord:
    """Sets whether buyers are asked. Raises Stale."""

    def decide(rules: ReviewRulesRecord, tx: Transaction) -> ReviewRulesRecord:
        check_revision(rules, if_match)
        if rules.asks == asks:
            return rules
        new = not int(rules.rev)
        rules.asks, rules.updated_at = asks, now
        if new:
            rules.rev = 1
            tx.create("rules", rules)
        else:
            tx.replace("rules", rules)
        audit(tx, tenant_id, by, "review_rules.changed", "review-rules", now, {"asks": asks})
        return rules

    return change(lambda: get_rules(tenant_id, consistent=True), decide)


def begin(tenant_id: str, order_id: str, now: datetime) -> None:
    """Notes that the member of an order that was handed over is to be asked. Told of again, nothing changes."""
    if not get_rules(tenant_id).asks:
        return
    tx = Transaction()
    tx.create("ask", AskRecord.new(tenant_id, order_id, now))
    with suppress(Refused):
        tx.commit()


def ask(tenant_id: str, order_id: str, now: datetime) -> None:
    """Asks the member of an order, unless the brand wants it no more, they have left, nothing was kept, or they have
    reviewed any of it by now.
    """
    ends = AskRecord.fetch(*AskRecord.address(tenant_id, order_id), consistent=True)
    order = OrderRecord.fetch(*OrderRecord.address(tenant_id, order_id), consistent=True)
    if ends is None or ends.asks_at is None or ends.asks_at > now:
        return
    if order is not None and get_rules(tenant_id).asks and _wants(order):
        base = required(settings().public_url, "PUBLIC_URL")
        url = f"{brand_of(tenant_id).shop(base)}/orders/{order_id}/reviews"
        notice = ReviewWanted(get_tenant(tenant_id).name, url)
        tell_member(tenant_id, order.member_id, notice, (order_id, "review-wanted"), now, subject_id=order_id)
    ends.asks_at = None
    tx = Transaction()
    tx.replace("ask", ends)
    with suppress(Refused):  # the same message at the same time
        tx.commit()


def _wants(order: OrderRecord) -> bool:
    member = get_member(order.tenant_id, order.member_id)
    if member.left_at is not None or member.blocked or member.unclaimed:
        return False
    return bool(bought(parts_of(order))) and not any(reviews_of(order).values())
