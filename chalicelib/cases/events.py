"""What every kind of case does when something is due or has happened."""

from datetime import datetime
from typing import Any

from chalicelib.cases.records import CLOCKS_CHANGED, DUTY_ENDED
from chalicelib.cases.service.keeping import C, Keeping, escalate, hand_over, open_cases, retime
from chalicelib.cases.service.owning import entries_of, may_keep, whose_duty_ended
from chalicelib.cases.service.retiming import begin_retiming, retime_slice
from chalicelib.cases.service.uniting import hand_on, hand_on_one
from chalicelib.db import Page
from chalicelib.messaging import Consumer, Message


def opened(kept: Keeping[C], message: Message, now: datetime) -> None:
    """A case was opened. An owner who left the team at that very moment hands it on first, and a member who became
    another.
    """
    case = kept.fetch(message.tenant_id, message.data[f"{kept.name}_id"])
    if case is None:
        return
    hand_on_one(case)
    if not may_keep(message.tenant_id, case.owner):
        hand_over(kept, message.tenant_id, case.id, case.owner, now)


def follow(consumer: Consumer, kept: Keeping[Any]) -> None:
    """Has a consumer do what is alike for cases of each kind."""

    @consumer.due(f"{kept.name}.overdue")
    def overdue(message: Message, now: datetime) -> None:
        """A step of a case's ladder, or its closing, is due, unless it needs none by now."""
        escalate(kept, message.tenant_id, message.data["pk"], message.data["sk"], now)

    @consumer.on(DUTY_ENDED)
    def duty_ended(message: Message, now: datetime) -> None:
        """Somebody left, lost the role or went off duty: their cases go to others."""
        staff_id = whose_duty_ended(message.tenant_id, message.data)
        if staff_id is None or may_keep(message.tenant_id, staff_id):
            return
        for entry in entries_of(message.tenant_id, staff_id, (kept.name,)):
            hand_over(kept, message.tenant_id, entry.id, staff_id, now)

    @consumer.on("member.united")
    def member_united(message: Message, now: datetime) -> None:
        """A member's history became another's: so do their cases."""
        hand_on(kept.record, message.tenant_id, message.data["member_id"])

    @consumer.on(CLOCKS_CHANGED)
    def clocks_changed(message: Message, now: datetime) -> None:
        """The brand's calendar or targets were changed: open cases get their due times anew, slice by slice."""
        begin_retiming(message, kept.name, now)

    @consumer.on(f"{kept.name}.retiming")
    def retiming(message: Message, now: datetime) -> None:
        """The next slice of that."""

        def page(tenant_id: str, cursor: dict[str, Any] | None, limit: int) -> Page[Any]:
            return open_cases(kept, tenant_id, cursor, limit)

        retime_slice(message, kept.name, page, lambda tenant_id, case_id: retime(kept, tenant_id, case_id), now)
