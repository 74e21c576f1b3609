"""A visitor becomes the first member who signs in there: what they did before and do after without signing in is that
member's. A second member who signs in there joins nothing.
"""

from datetime import datetime

from chalicelib.db import Refused, Transaction
from chalicelib.insight.intake.records import JoinedRecord, PointerRecord, VisitorRecord
from chalicelib.insight.intake.service.day_marks import Days
from chalicelib.kernel.clock import zone
from chalicelib.loading import provided
from chalicelib.tenants.service.brand import get_tenant

_DAYS_IN_A_WRITE = 40


def join(tenant_id: str, visitor_id: str, ordinal: int, now: datetime) -> None:
    """Notes whose a visitor is, unless somebody else was the first. The days on which the visitor did something are
    counted again. Repeated, it costs one read.
    """
    place = VisitorRecord.address(tenant_id, visitor_id)
    if VisitorRecord.fetch(*place) is not None:
        return
    days = Days(tenant_id, zone(get_tenant(tenant_id).timezone), now)
    did = sorted({each.on for each in PointerRecord.of_actor(tenant_id, visitor_id)}, reverse=True)
    ended = [on for on in did if days.has_ended(on)]
    further = ended[_DAYS_IN_A_WRITE:]
    days.mark_again(further)  # before, so that a crash after it leaves none of them as it was; and after
    tx = Transaction()
    tx.create("visitor", VisitorRecord(*place, ordinal=ordinal, joined_at=now))
    tx.put("joined", JoinedRecord(*JoinedRecord.address(tenant_id, ordinal, visitor_id)))
    days.mark(tx, ended[:_DAYS_IN_A_WRITE])
    try:
        tx.commit()
    except Refused as refused:
        first = refused.item("visitor", VisitorRecord)
        if first is None or first.ordinal != ordinal:
            return
    days.mark_again(further)
    provided("visitor_joined")(tenant_id, visitor_id, ordinal)
