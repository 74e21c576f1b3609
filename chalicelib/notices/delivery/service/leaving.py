"""A letter leaves by the first medium that takes it; else it waits for its provider, or stays in the inbox."""

from collections.abc import Sequence
from datetime import datetime
from time import monotonic

from chalicelib.notices.delivery.model import Item, Status, may_fall_back
from chalicelib.notices.delivery.service.markers import close, wait
from chalicelib.notices.delivery.service.outages import is_spared, note_failure
from chalicelib.notices.delivery.service.withholding import limit_met_at, note_withheld
from chalicelib.notices.media.service import senders
from chalicelib.notices.model.catalogue import notice_of
from chalicelib.notices.model.letters import BadAddress, Letter, Sent
from chalicelib.notices.recipients.model import Channel, Recipient
from chalicelib.notices.records import NoticeRecord
from chalicelib.telemetry import logger


class _Fails(Exception):
    """The provider takes nothing now; it may later."""


def leave(
    record: NoticeRecord, to: Recipient, items: Sequence[Item], letter: Letter, media: Sequence[Channel], now: datetime
) -> None:
    """Sends a letter under a claim that this worker holds, and says on the marker what became of it."""
    category = notice_of(items[0].told.template).telling.category
    fails, ends = False, Status.INBOX
    for channel in media:
        if _is_withheld(record, to, channel, now):
            ends = Status.WITHHELD
            continue
        try:
            _send(record, to, letter, channel, now)
        except BadAddress as reason:
            logger.warning("message_refused", channel=channel, template=record.template, reason=str(reason))
        except _Fails:
            fails = True
            if not may_fall_back(category, record.failing_since, now):
                break
        else:
            close(record, Status.SENT, now, channel)
            return
    if fails:
        wait(record, category, now, items=[item.as_json() for item in items])
    else:
        close(record, ends, now)


def _send(record: NoticeRecord, to: Recipient, letter: Letter, channel: Channel, now: datetime) -> Sent:
    """Raises BadAddress, _Fails."""
    if is_spared(record.tenant_id, channel, now):
        raise _Fails
    begun = monotonic()
    try:
        return senders(record.tenant_id)[channel](to.addresses[channel], letter)
    except BadAddress:
        raise
    except Exception as fault:
        logger.warning("message_waits", channel=channel, template=record.template, exc_info=fault)
        note_failure(record.tenant_id, channel, monotonic() - begun, now)
        raise _Fails from fault


def _is_withheld(record: NoticeRecord, to: Recipient, channel: Channel, now: datetime) -> bool:
    """Whether a limit keeps the message from a medium. One that is tried there again was counted the first time."""
    counted = record.counted_media or []
    if channel in counted:
        return False
    met = limit_met_at(record.tenant_id, channel, to.addresses[channel], now)
    if met is None:
        record.counted_media = [*counted, channel]
        return False
    note_withheld(met, channel, str(record.template))
    return True
