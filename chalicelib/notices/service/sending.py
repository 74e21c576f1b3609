"""Sends one message once, as nearly as two systems without a common transaction allow.

A marker is claimed before sending and closed after it. A second delivery finds it closed and does nothing, or finds it
claimed and comes back later. What may still double: the provider took the message, and the process ended before it
closed the marker; then the claim runs out and the message is sent again. Losing it instead would lock people out.
"""

from contextlib import suppress
from datetime import datetime, timedelta

from chalicelib.db import Refused, Transaction
from chalicelib.kernel.clock import zone
from chalicelib.kernel.language import nearest
from chalicelib.notices.media.service import ALWAYS as SENDERS
from chalicelib.notices.model.facts import said
from chalicelib.notices.model.letters import BadAddress
from chalicelib.notices.model.notices import Destination, IdentityCode, Queued, SignInCode, Told
from chalicelib.notices.model.texts import render
from chalicelib.notices.recipients.service import find
from chalicelib.notices.records import NoticeRecord
from chalicelib.notices.service.withholding import limit_met
from chalicelib.settings import settings
from chalicelib.telemetry import count, logger

SENDING, SENT, DROPPED, WITHHELD = "sending", "sent", "dropped", "withheld"
LEASE = timedelta(seconds=60)
"""Longer than a provider's call with its retries, shorter than the queue's patience."""

_KEPT = timedelta(days=15)
"""A queue and its dead-letter queue keep a message for 14 days at most."""


class BeingSent(Exception):
    """Another worker holds the message's claim; the queue delivers it again later."""


def send_once(tenant_id: str, message_id: str, queued: Queued, now: datetime) -> None:
    """Sends a notice unless the message with this id was sent.

    An address that will never work is logged and dropped; what passes a limit is withheld, for good. Raises BeingSent,
    UnknownTemplate, or the provider's error.
    """
    to = queued.to
    if to.medium == "nobody":
        return
    letter = render(queued.template, to.locale, queued.params)
    notice = _claim(tenant_id, message_id, now)
    if notice is None or _withheld(notice, queued, now):
        return
    if settings().local and queued.template in (SignInCode.template, IdentityCode.template):
        logger.info(queued.template, to=to.address, code=queued.params["code"])
    try:
        SENDERS[to.medium](to.address, letter)
    except BadAddress as reason:
        logger.warning("message_dropped", channel=to.medium, template=queued.template, reason=str(reason))
        if queued.template == SignInCode.template:
            count("SignInCodesDropped", 1)  # somebody cannot sign in: an alarm watches this
        _close(notice, DROPPED)
    except Exception:
        _give_back(notice, now)
        raise
    else:
        _close(notice, SENT)


def deliver(tenant_id: str, message_id: str, told: Told, now: datetime) -> None:
    """Sends a notice to a person by the first medium that reaches them; nobody is told who has left."""
    to = find(tenant_id, told.person)
    if to is None:
        return
    for channel, address in to.addresses.items():
        if channel in SENDERS and channel != "official_account":
            language, tz = nearest(to.locale), zone(to.timezone)
            facts = {name: said(fact, language, tz) for name, fact in told.facts.items()}
            send_once(
                tenant_id, message_id, Queued(Destination(channel, address, to.locale), told.template, facts), now
            )
            return


def _withheld(notice: NoticeRecord, queued: Queued, now: datetime) -> bool:
    """Whether a limit holds the message back. One that is tried again was counted the first time."""
    if notice.counted:
        return False
    met = limit_met(notice.tenant_id, queued, now)
    if met is None:
        notice.counted = True
        return False
    logger.warning("message_withheld", channel=queued.to.medium, template=queued.template, limit=met.limit)
    count("MessagesWithheld", 1)
    if met.limit == "texts_a_day":
        count("TextsUsedUp", 1)  # the whole platform's: an alarm watches this
    _close(notice, WITHHELD)
    return True


def _claim(tenant_id: str, message_id: str, now: datetime) -> NoticeRecord | None:
    """The marker, claimed for this worker; None when the message is done. Raises BeingSent."""
    address = NoticeRecord.address(tenant_id, message_id)
    notice = NoticeRecord(*address, status=SENDING, lease_until=now + LEASE, expires_at=int((now + _KEPT).timestamp()))
    tx = Transaction()
    tx.create("notice", notice)
    try:
        tx.commit()
        return notice
    except Refused as refused:
        found = refused.item("notice", NoticeRecord)
    if found is not None and found.status != SENDING:
        return None
    if found is None or found.lease_until > now:
        raise BeingSent(message_id)
    found.lease_until = now + LEASE
    try:
        _replace(found)
    except Refused:
        raise BeingSent(message_id) from None
    return found


def _give_back(notice: NoticeRecord, now: datetime) -> None:
    """Ends the claim at once, so that the next delivery need not wait for it to run out."""
    notice.lease_until = now
    with suppress(Refused):  # the claim ran out, and another worker has it now
        _replace(notice)


def _close(notice: NoticeRecord, status: str) -> None:
    notice.status = status
    with suppress(Refused):  # the claim ran out, and another worker has it now
        _replace(notice)


def _replace(notice: NoticeRecord) -> None:
    tx = Transaction()
    tx.replace("notice", notice)
    tx.commit()
