"""Use cases of asking: who is asked after what has happened, at once or days later, and reminded once."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from chalicelib.complaints.service.handling import get_complaint
from chalicelib.db import Refused, Transaction, change
from chalicelib.kernel.errors import NotFound
from chalicelib.members.service.members import get_member
from chalicelib.orders.model import Line
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.service.reading import get_order
from chalicelib.surveys.model.invitations import About, Occasion, answer_fault, expiry
from chalicelib.surveys.model.questions import Trigger
from chalicelib.surveys.model.sending import counts_as_asked
from chalicelib.surveys.records import (
    ACTIVE,
    ANSWERED,
    OPEN,
    PLANNED,
    SKIPPED,
    AskedRecord,
    InvitationRecord,
    SurveyRecord,
    TallyRecord,
)
from chalicelib.surveys.service.rules import get_rules
from chalicelib.surveys.service.surveys import get_survey, survey_in_force
from chalicelib.telemetry import logger


def after_pickup(tenant_id: str, order_id: str, now: datetime) -> None:
    """Asks the member of a picked-up order, once for the order however often its event arrives."""
    order = get_order(tenant_id, order_id)
    if order.status != "picked_up":
        logger.info("invitation_skipped", order_id=order_id, status=order.status)
        return
    picked_up_at: datetime | None = order.picked_up_at
    at = picked_up_at or now
    ask(tenant_id, Occasion(Trigger.PICKUP, (order_id,), order.member_id, at, about_order(order)), now)


def after_complaint(tenant_id: str, complaint_id: str, now: datetime) -> None:
    """Asks whose complaint was closed, once for the complaint however often it is opened again."""
    complaint = get_complaint(tenant_id, complaint_id)
    if not complaint.resolved:
        return
    about = About(complaint.order_id, closed_complaint_id=complaint_id)
    if complaint.order_id is not None:
        of_order = about_order(get_order(tenant_id, complaint.order_id))
        about = About(of_order.order_id, of_order.campaign_id, of_order.pickup_point_id, of_order.sku_ids, complaint_id)
    resolved_at: datetime | None = complaint.resolved_at
    at = resolved_at or now
    ask(tenant_id, Occasion(Trigger.COMPLAINT_CLOSED, (complaint_id,), complaint.member_id, at, about), now)


def after_joining(tenant_id: str, joined: Mapping[str, datetime], now: datetime) -> None:
    """Asks who has joined, by id with when, once. A brand that does not ask that costs one read, whoever joined."""
    survey = survey_in_force(tenant_id, Trigger.JOINED, now)
    if survey is not None:
        for member_id, joined_at in joined.items():
            ask_by(survey, Occasion(Trigger.JOINED, (member_id,), member_id, joined_at), now)


def about_order(order: OrderRecord) -> About:
    """What an invitation that an order brings is about."""
    return About(order.id, order.campaign_id, order.pickup_point_id, _goods(order.lines))


def _goods(lines: Iterable[Line]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line.sku_id for line in lines))


def ask(tenant_id: str, occasion: Occasion, now: datetime) -> None:
    """Asks by the survey that is in force for what has happened, if any is."""
    survey = survey_in_force(tenant_id, occasion.trigger, now)
    if survey is not None:
        ask_by(survey, occasion, now)


def ask_by(survey: SurveyRecord, occasion: Occasion, now: datetime) -> None:
    """Asks by this survey: at once, or plans it for the day on which it is to go out. Once for the occasion."""
    tenant_id, asks_at = survey.tenant_id, occasion.at + timedelta(days=survey.plan.after_days)
    new = occasion.invitation_id(tenant_id)
    invitation = InvitationRecord(
        *InvitationRecord.address(tenant_id, new),
        id=new, survey_id=survey.id, version=survey.version, member_id=occasion.member_id, status=PLANNED,
        trigger=occasion.trigger.value, created_at=asks_at, ends_at=expiry(asks_at), asks_at=asks_at,
    )  # fmt: skip
    invitation.about = occasion.about
    if asks_at <= now:
        _send(invitation, survey, now, new=True)
        return
    tx = Transaction()
    tx.create("invitation", invitation)
    with suppress(Refused):  # it was planned before
        tx.commit()


def send_planned(tenant_id: str, pk: str, sk: str, now: datetime) -> None:
    """Sends an invitation whose day has come. By a survey that is in the archive meanwhile nobody is asked, nor is
    somebody who cannot be asked any more.
    """
    invitation = InvitationRecord.fetch(pk, sk, consistent=True)
    if invitation is None or invitation.status != PLANNED:
        return
    survey = get_survey(tenant_id, invitation.survey_id, consistent=True)
    if survey.status == ACTIVE and _may_hear(tenant_id, invitation.member_id):
        _send(invitation, survey, now)
    else:
        _skip(invitation)


def drop_planned(tenant_id: str, member_id: str) -> None:
    """Drops what a member who has left was to be asked later, for good. Who has come back meanwhile is a member again:
    a message that comes late drops nothing of theirs.
    """
    if _may_hear(tenant_id, member_id):
        return
    partition = InvitationRecord.planned_for(tenant_id, member_id)
    for listed in InvitationRecord.every(partition, index="gsi2"):
        invitation = InvitationRecord.fetch(str(listed.pk), str(listed.sk), consistent=True)
        if invitation is not None and invitation.status == PLANNED:
            _skip(invitation)


def _may_hear(tenant_id: str, member_id: str) -> bool:
    try:
        member = get_member(tenant_id, member_id, consistent=True)
    except NotFound:  # removed meanwhile
        return False
    return not member.blocked and member.left_at is None


def _send(invitation: InvitationRecord, survey: SurveyRecord, now: datetime, *, new: bool = False) -> None:
    """Opens an invitation with its event; or notes that its member was asked a short time ago."""
    read = int(invitation.rev)
    invitation.status, invitation.version = OPEN, survey.version
    invitation.created_at, invitation.ends_at = now, expiry(now)
    invitation.emit("invitation.created", now, invitation_id=invitation.id)
    tx = Transaction()
    _put(tx, invitation, new=new)
    tx.update("tally", TallyRecord, *invitation.tally, actions=[TallyRecord.invited.add(1)])
    if counts_as_asked(invitation.sent_by):
        _note_asked(tx, invitation, now)
    try:
        tx.commit()
    except Refused as refused:
        if refused.names == {"asked"}:
            invitation.rev = read
            _skip(invitation, new=new)
        # Else it was sent before, or somebody else sends it at this moment.


def _put(tx: Transaction, invitation: InvitationRecord, *, new: bool) -> None:
    if new:
        tx.create("invitation", invitation)
    else:
        tx.replace("invitation", invitation)


def _note_asked(tx: Transaction, invitation: InvitationRecord, now: datetime) -> None:
    quiet = timedelta(days=get_rules(invitation.tenant_id).quiet_days)
    tx.update(
        "asked",
        AskedRecord,
        *AskedRecord.address(invitation.tenant_id, invitation.member_id),
        actions=[
            AskedRecord.at.set(now),
            AskedRecord.invitation_id.set(invitation.id),
            AskedRecord.expires_at.set(int((now + quiet).timestamp()) + 1),
        ],
        condition=AskedRecord.at.does_not_exist() | (AskedRecord.at <= now - quiet),
    )


def _skip(invitation: InvitationRecord, *, new: bool = False) -> None:
    """Notes that the member is not asked, so that a message which comes again days later does not ask either."""
    invitation.status = SKIPPED
    tx = Transaction()
    _put(tx, invitation, new=new)
    with suppress(Refused):  # somebody else has decided
        tx.commit()


def remind(tenant_id: str, pk: str, sk: str, now: datetime) -> None:
    """Reminds who has not answered, once."""

    def decide(found: InvitationRecord | None, tx: Transaction) -> None:
        if found is None or found.reminded_at is not None:
            return
        if found.status != OPEN or answer_fault(found.status == ANSWERED, found.ends_at, now):
            return
        found.reminded_at = now
        found.emit("invitation.reminded", now, invitation_id=found.id)
        tx.replace("invitation", found)

    change(lambda: InvitationRecord.fetch(pk, sk, consistent=True), decide)
