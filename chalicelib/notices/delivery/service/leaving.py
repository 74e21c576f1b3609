"""A letter leaves by the first medium that takes it; else it waits for its provider, or stays in the inbox."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from chalicelib.notices.delivery.model import Item, Status, is_pressing, may_fall_back
from chalicelib.notices.delivery.service.markers import close, wait
from chalicelib.notices.delivery.service.outages import is_spared, is_unsure, note_failure
from chalicelib.notices.delivery.service.withholding import limit_met_at, note_withheld
from chalicelib.notices.media.service import count_refused, count_sent, senders
from chalicelib.notices.model.catalogue import notice_of
from chalicelib.notices.model.letters import BadAddress, Letter, Sender, Sent
from chalicelib.notices.model.notices import Category
from chalicelib.notices.recipients.model import Channel, Recipient
from chalicelib.notices.records import NoticeRecord
from chalicelib.rate_limits.model import LimitReached
from chalicelib.telemetry import logger


class _Fails(Exception):
    """The provider takes nothing now; it may later."""


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What became of a letter, and the media whose providers refused its address for good."""

    status: Status
    refused: Sequence[Channel]
    channel: Channel | None = None
    sent: Sent | None = None


def leave(
    record: NoticeRecord, to: Recipient, items: Sequence[Item], letter: Letter, media: Sequence[Channel], now: datetime
) -> None:
    """Sends a letter under a claim that this worker holds, and says on the marker what became of it."""
    category = notice_of(items[0].told.template).telling.category
    outcome = _tried(record, to, letter, media, category, now)
    if outcome.status is Status.WAITING:
        wait(record, category, now, items=[item.as_json() for item in items])
    else:
        close(record, outcome.status, now, outcome.channel)
    if outcome.sent and outcome.channel:
        count_sent(record.tenant_id, outcome.channel, outcome.sent, now, again=bool(record.repeated))
    for channel in outcome.refused:
        count_refused(record.tenant_id, channel, now)


def _tried(
    record: NoticeRecord, to: Recipient, letter: Letter, media: Sequence[Channel], category: Category, now: datetime
) -> _Outcome:
    refused: list[Channel] = []
    ends, by = Status.INBOX, senders(record.tenant_id, letter.template)
    for channel in (each for each in media if each in by):
        if met := _limit_met(record, to, channel, category, now):
            ends = Status.WITHHELD if ends is Status.INBOX else ends
            if met.limit == "texts_a_day":
                continue
            break
        try:
            return _Outcome(Status.SENT, refused, channel, _send(record, to, letter, channel, by[channel], now))
        except BadAddress as reason:
            logger.warning("message_refused", channel=channel, template=record.template, reason=str(reason))
            refused.append(channel)
        except _Fails:
            ends = Status.WAITING
            if not may_fall_back(category, record.failing_since, now):
                break
    return _Outcome(ends, refused)


def _send(record: NoticeRecord, to: Recipient, letter: Letter, channel: Channel, sender: Sender, now: datetime) -> Sent:
    """Raises BadAddress, _Fails."""
    if is_spared(record.tenant_id, channel, now):
        raise _Fails
    begun = monotonic()
    try:
        return sender(to.addresses[channel], letter)
    except BadAddress:
        raise
    except Exception as fault:
        logger.warning("message_waits", channel=channel, template=record.template, exc_info=fault)
        record.unsure = is_unsure(fault) or record.unsure
        note_failure(record.tenant_id, channel, monotonic() - begun, now)
        raise _Fails from fault


def _limit_met(
    record: NoticeRecord, to: Recipient, channel: Channel, category: Category, now: datetime
) -> LimitReached | None:
    """What keeps the message from a medium. One that is tried there again was counted the first time."""
    counted = record.counted_media or []
    if channel in counted:
        return None
    owed = to.proved and is_pressing(category)
    met = limit_met_at(record.tenant_id, channel, to.addresses[channel], now, owed=owed)
    if met is None:
        record.counted_media = [*counted, channel]
    else:
        note_withheld(met, channel, str(record.template))
    return met
