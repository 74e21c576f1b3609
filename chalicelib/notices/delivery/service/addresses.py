"""Sends a message to an address alone: codes, and what goes to where somebody is reached no longer."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.db import Refused, Transaction
from chalicelib.notices.delivery.model import Status
from chalicelib.notices.delivery.service.markers import close, give_back, marker, taken_over, wait
from chalicelib.notices.delivery.service.outages import is_unsure
from chalicelib.notices.delivery.service.withholding import limit_met, note_withheld
from chalicelib.notices.media.service import ALWAYS, count_refused, count_sent
from chalicelib.notices.model.letters import BadAddress, Letter, SenderRefused
from chalicelib.notices.model.notices import SIGN_IN_CODE, WITH_CODES, Category, Queued
from chalicelib.notices.records import NoticeRecord
from chalicelib.notices.templates.service import compose_for_address
from chalicelib.settings import settings
from chalicelib.telemetry import count, logger


@dataclass(frozen=True, slots=True)
class _Failed:
    """The provider took no message now; it may later."""

    record: NoticeRecord
    fault: Exception


def send(tenant_id: str, message_id: str, queued: Queued, now: datetime) -> None:
    """Sends a notice unless the message with this id was sent; what fails for a time waits for its provider.

    A code does not wait: the queue brings it again while it is valid, and no code is kept. Raises what
    :func:`send_once` raises.
    """
    failed = _attempt(tenant_id, message_id, queued, now)
    if failed is None:
        return
    if queued.template in WITH_CODES:
        give_back(failed.record, now)
        raise failed.fault
    logger.warning("message_waits", channel=queued.to.medium, template=queued.template, exc_info=failed.fault)
    wait(failed.record, Category.ACCESS, now, queued=queued.as_json())


def send_once(tenant_id: str, message_id: str, queued: Queued, now: datetime) -> None:
    """Sends a notice unless the message with this id was sent.

    An address that will never work is logged and dropped; what passes a limit is withheld, for good. Raises BeingSent,
    UnknownTemplate, or the provider's error.
    """
    failed = _attempt(tenant_id, message_id, queued, now)
    if failed is not None:
        give_back(failed.record, now)
        raise failed.fault


def send_again(record: NoticeRecord, queued: Queued, now: datetime) -> None:
    """Sends what waited for its provider, under a claim that this worker holds."""
    failed = _leave(record, queued, compose_for_address(record.tenant_id, queued), now)
    if failed is not None:
        wait(record, Category.ACCESS, now, queued=queued.as_json())


def _attempt(tenant_id: str, message_id: str, queued: Queued, now: datetime) -> _Failed | None:
    if queued.to.medium == "nobody":
        return None
    letter = compose_for_address(tenant_id, queued)
    record = _claim(tenant_id, message_id, queued, now)
    if record is None or _withheld(record, queued, now):
        return None
    return _leave(record, queued, letter, now)


def _leave(record: NoticeRecord, queued: Queued, letter: Letter, now: datetime) -> _Failed | None:
    to, medium = queued.to, queued.to.medium
    if medium == "nobody":
        return None
    if settings().local and queued.template in WITH_CODES:
        logger.info(queued.template, to=to.address, code=queued.params["code"])
    try:
        sent = ALWAYS[medium](to.address, letter)
    except BadAddress as reason:
        _drop(record, queued, reason, now)
    except SenderRefused as reason:
        if queued.template not in WITH_CODES:
            return _Failed(record, reason)
        _drop(record, queued, reason, now)  # a code is no longer valid by the time that anybody has mended it
    except Exception as fault:  # noqa: BLE001 - raised, or logged by whoever has it wait
        record.unsure = is_unsure(fault) or record.unsure
        return _Failed(record, fault)
    else:
        close(record, Status.SENT, now, medium)
        count_sent(record.tenant_id, medium, sent, now, again=bool(record.repeated))
    return None


def _drop(record: NoticeRecord, queued: Queued, reason: Exception, now: datetime) -> None:
    medium = queued.to.medium
    logger.warning("message_dropped", channel=medium, template=queued.template, reason=str(reason))
    if queued.template == SIGN_IN_CODE:
        count("SignInCodesDropped", 1)  # somebody cannot sign in: an alarm watches this
    close(record, Status.DROPPED, now)
    if medium != "nobody":
        count_refused(record.tenant_id, medium, now)


def _withheld(record: NoticeRecord, queued: Queued, now: datetime) -> bool:
    """Whether a limit holds the message back. One that is tried again was counted the first time."""
    if record.counted:
        return False
    met = limit_met(record.tenant_id, queued, now)
    if met is None:
        record.counted = True
        return False
    note_withheld(met, queued.to.medium, queued.template)
    close(record, Status.WITHHELD, now)
    return True


def _claim(tenant_id: str, message_id: str, queued: Queued, now: datetime) -> NoticeRecord | None:
    """The marker, claimed for this worker; None when the message is done. Raises BeingSent."""
    record = marker(tenant_id, message_id, now)
    record.template = queued.template
    tx = Transaction()
    tx.create("notice", record)
    try:
        tx.commit()
        return record
    except Refused as refused:
        found = refused.item("notice", NoticeRecord)
    return None if found is None else taken_over(found, now)
