"""By which media a person is reached now."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.notices.delivery.model import Item, media_for
from chalicelib.notices.media.service import senders
from chalicelib.notices.model.catalogue import UnknownTemplate, notice_of
from chalicelib.notices.model.notices import Category, Telling
from chalicelib.notices.model.people import Person
from chalicelib.notices.recipients.model import Channel, MessageSettings, Recipient
from chalicelib.notices.recipients.service import find
from chalicelib.notices.restraint.model import RESTRAINED, awake_at
from chalicelib.notices.settings.service import message_settings
from chalicelib.notices.suppression.service import suppressed
from chalicelib.telemetry import logger


@dataclass(frozen=True, slots=True)
class Reached:
    """A person with what their brand decided about messages; ``offered`` are the media that work for them."""

    to: Recipient
    settings: MessageSettings
    offered: frozenset[Channel]

    def media(self, telling: Telling) -> tuple[Channel, ...]:
        return media_for(telling, self.to, self.settings, self.offered)


def telling_of(item: Item) -> Telling | None:
    """How a notice is told; None for one that only a former version knew."""
    try:
        return notice_of(item.told.template).telling
    except UnknownTemplate:
        logger.error("message_unknown", template=item.told.template, message_id=item.message_id)
        return None


def awake_for(whom: Reached, telling: Telling, now: datetime) -> datetime:
    """When a notice may arrive that has waited long enough: what can wait, outside its reader's quiet hours."""
    return awake_at(now, whom.to, whom.settings) if telling.category in RESTRAINED else now


def reached(tenant_id: str, person: Person, category: Category, now: datetime) -> Reached | None:
    """The person, as they are reached with a notice of a category, in at most two reads; None for nobody, and for
    whoever has left.
    """
    to = find(tenant_id, person)
    if to is None:
        return None
    shut = suppressed(tenant_id, to.addresses, category, now) if to.addresses else frozenset[Channel]()
    return Reached(to, message_settings(tenant_id), frozenset(senders(tenant_id)) - shut)
