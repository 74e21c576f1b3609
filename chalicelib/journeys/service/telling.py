"""What steps have decided to tell leaves: each message once, by an id that follows from its step."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.db import fetch_many
from chalicelib.journeys.model.journeys import NAMELESS
from chalicelib.journeys.model.notices import JourneyMessage, JourneyTask
from chalicelib.journeys.model.steps import Message as MessageStep
from chalicelib.journeys.model.steps import StaffNotice
from chalicelib.journeys.records import VersionRecord
from chalicelib.journeys.service.reading import get_journey, get_version
from chalicelib.kernel.language import nearest
from chalicelib.members.records import MemberRecord
from chalicelib.messaging import Message
from chalicelib.notices.model.people import Person
from chalicelib.notices.telling.service import message_to, tell_all, tell_team
from chalicelib.notices.templates.model.wording import Wording
from chalicelib.settings import required, settings
from chalicelib.tenancy import brand_of


def tell_members(tenant_id: str, messages: Sequence[Message], now: datetime) -> None:
    """Tells members what their steps say, in their language."""
    versions = {
        (each.journey_id, each.number): each.definition
        for each in fetch_many(
            [
                (VersionRecord, *VersionRecord.address(tenant_id, each.data["journey_id"], each.data["version"]))
                for each in messages
            ],
            consistent=True,  # the step has counted them as told
        )
        if each is not None
    }
    places = [(MemberRecord, *MemberRecord.address(tenant_id, each.data["member_id"])) for each in messages]
    leaving = []
    for message, member in zip(messages, fetch_many(places), strict=True):
        data = message.data
        definition = versions.get((data["journey_id"], data["version"]))
        step = definition.steps[data["step"]] if definition else None
        if member is None or not isinstance(step, MessageStep):
            continue
        notice = said(tenant_id, step, member.locale or brand_of(tenant_id).locale, member.name)
        cause = (data["journey_id"], str(data["entry"]), str(data["step"]))
        to = Person.member(member.id)
        leaving.append(message_to(tenant_id, to, notice, cause, now, subject_id=data["journey_id"]))
    tell_all(leaving)


def said(tenant_id: str, step: MessageStep, locale: str, name: str | None) -> JourneyMessage:
    """A message as a member of that language and name reads it."""
    words, facts = step.words_for(locale), _facts(tenant_id, locale, name)
    return JourneyMessage(
        facts["brand"], Wording.parse(words.subject).fill(facts), Wording.parse(words.text).fill(facts)
    )  # fmt: skip


def _facts(tenant_id: str, locale: str, name: str | None) -> dict[str, str]:
    brand = brand_of(tenant_id)
    shop = brand.shop(required(settings().public_url, "PUBLIC_URL"))
    return {"brand": brand.name, "name": (name or "").strip() or NAMELESS[nearest(locale)], "shop": shop}


def ask_team(tenant_id: str, message: Message, now: datetime) -> None:
    """Tells the team what a step asks them to do for a member."""
    data = message.data
    step = get_version(tenant_id, data["journey_id"], data["version"]).definition.steps[data["step"]]
    member = MemberRecord.at(tenant_id, data["member_id"])
    if member is None or not isinstance(step, StaffNotice):
        return
    brand, journey = brand_of(tenant_id), get_journey(tenant_id, data["journey_id"])
    facts = _facts(tenant_id, brand.locale, member.name)
    who = member.name or member.email or member.phone or facts["name"]
    notice = JourneyTask(journey.title, who, Wording.parse(step.text).fill(facts))
    cause = (data["journey_id"], data["member_id"], str(data["entry"]), str(data["step"]))
    tell_team(tenant_id, notice, cause, now, subject_id=data["member_id"])
