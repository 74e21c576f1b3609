"""What SES tells of messages, as it comes from its topic: https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html.

Only SES may publish to the topic, and only the topic may send to the queue (infra/resources.yaml), so that what is read
here is what became of messages of ours. The tenant is the one that was named when the message was sent.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalice.app import SQSEvent

from chalicelib.db import tenant_scope
from chalicelib.kernel import clock, strict_json
from chalicelib.kernel.errors import NotFound
from chalicelib.kernel.ids import is_id
from chalicelib.notices.suppression.model import Feedback, Kind, known_by
from chalicelib.notices.suppression.service import take_in
from chalicelib.telemetry import count, logger
from chalicelib.tenancy import brand_of

QUEUE = "mail-events"
_PASSING = frozenset({"MailboxFull", "ContentRejected", "General", "Undetermined"})
"""Of a bounce that is not for good: a mailbox that is full, or a server that does not take the message today."""


class MalformedMailEvent(ValueError):
    """The queue holds something that SES did not write; it ends in the dead-letter queue, where a person sees it."""


@dataclass(frozen=True, slots=True)
class MailEvent:
    """What became of one message of a tenant, for each of its addresses; empty where it is nothing that counts."""

    tenant_id: str
    feedback: tuple[Feedback, ...]


def work(event: SQSEvent) -> dict[str, Any]:
    """Works a batch off and names the messages that failed, which the queue delivers again."""
    failed = []
    records = event.to_dict()["Records"]
    for record in records:
        try:
            _take(read(record["body"]), clock.now())
        except MalformedMailEvent:
            failed.append(record["messageId"])
            logger.exception("mail_event_malformed", message_id=record["messageId"])
        except Exception:  # noqa: BLE001 - logged, and named in the answer
            failed.append(record["messageId"])
            logger.exception("mail_event_failed", message_id=record["messageId"])
    count("MessagesFailed", len(failed))
    count("MessagesWorked", len(records) - len(failed))
    return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}


def _take(told: MailEvent, now: datetime) -> None:
    if not told.feedback:
        return
    if not is_id(told.tenant_id):
        logger.warning("mail_event_of_nobody")  # sent with this configuration set, but not by this product
        return
    with tenant_scope(told.tenant_id):
        try:
            brand_of(told.tenant_id)
        except NotFound:
            logger.warning("mail_event_of_no_tenant", tenant_id=told.tenant_id)
            return
        for each in told.feedback:
            take_in(told.tenant_id, "email", each, now)


def read(body: str) -> MailEvent:
    """What a message of the queue tells. Raises MalformedMailEvent."""
    try:
        envelope = strict_json.read(body)
        if envelope["Type"] != "Notification":
            raise MalformedMailEvent(f"a message of the topic of type {str(envelope['Type'])[:40]!r}")
        event = strict_json.read(envelope["Message"])
        return MailEvent(_tenant(event["mail"]), tuple(_feedback(event)))
    except (KeyError, TypeError, ValueError, AttributeError) as fault:
        if isinstance(fault, MalformedMailEvent):
            raise
        raise MalformedMailEvent("not a mail event") from fault


def _tenant(mail: Mapping[str, Any]) -> str:
    """The tenant that was named when the message was sent; empty where none was."""
    named = (mail.get("tags") or {}).get("tenant") or [""]
    return str(named[0])


def _feedback(event: Mapping[str, Any]) -> Iterator[Feedback]:
    """What the event says of each address that the message went to."""
    kind, about, recipients = _about(event)
    if kind is None:
        return
    identifier, at = str(about["feedbackId"]), clock.parse_instant(about["timestamp"])
    for recipient in recipients:
        address = str(recipient["emailAddress"])
        if known_by(event["mail"]["destination"], address):
            yield Feedback(identifier, kind, address, at)
        else:
            logger.warning("mail_event_of_another_address")


def _about(event: Mapping[str, Any]) -> tuple[Kind | None, Mapping[str, Any], list[Mapping[str, Any]]]:
    match event.get("eventType") or event["notificationType"]:
        case "Bounce":
            bounce = event["bounce"]
            return _kind_of_bounce(bounce), bounce, bounce["bouncedRecipients"]
        case "Complaint":
            complaint = event["complaint"]
            spam = complaint.get("complaintFeedbackType") != "not-spam"
            return Kind.COMPLAINT if spam else None, complaint, complaint["complainedRecipients"]
    return None, {}, []


def _kind_of_bounce(bounce: Mapping[str, Any]) -> Kind | None:
    """Large messages and refused attachments say nothing of the address."""
    if bounce["bounceType"] == "Permanent":
        return Kind.BOUNCE
    return Kind.FAILING if bounce["bounceSubType"] in _PASSING else None
