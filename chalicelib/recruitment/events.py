"""What recruitment does when something has happened."""

from datetime import datetime

from chalicelib.messaging import Consumer, Message
from chalicelib.recruitment.prospects.records import REDEEMED
from chalicelib.recruitment.service import applications, welcoming
from chalicelib.recruitment.service.applications import ARRIVED, DECIDED

consumer = Consumer("service")


@consumer.on("member.joined")
def joined(message: Message, now: datetime) -> None:
    """Somebody joined: where they came from is kept, and they are welcomed."""
    if "joined_by" in message.data:
        welcoming.joined(message.tenant_id, message.data["member_id"], now)


@consumer.on(REDEEMED)
def redeemed(message: Message, now: datetime) -> None:
    """Somebody whom the brand had named came by their personal invitation: they are welcomed as who is new."""
    welcoming.joined(message.tenant_id, message.data["member_id"], now)


@consumer.on(ARRIVED)
def application_arrived(message: Message, now: datetime) -> None:
    """An application arrived: the team hears of it."""
    applications.tell_team_of(message.tenant_id, message.data["application_id"], now)


@consumer.on(DECIDED)
def application_decided(message: Message, now: datetime) -> None:
    """An application was approved or declined: the applicant hears of it."""
    data = message.data
    applications.tell_applicant(message.tenant_id, data["application_id"], data["decision"], message.id, now)
