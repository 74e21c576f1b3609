"""The letters of notices: one by itself, or several in a digest."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.notices.delivery.model import Item, unsubscribed_by
from chalicelib.notices.model.catalogue import UnknownTemplate
from chalicelib.notices.model.letters import Letter
from chalicelib.notices.recipients.model import Recipient
from chalicelib.notices.recipients.service import unsubscribe_link
from chalicelib.notices.templates.service import compose, digest
from chalicelib.notices.templates.service.composing import telling_of
from chalicelib.telemetry import logger


def letter_of(tenant_id: str, to: Recipient, items: Sequence[Item], now: datetime) -> Letter:
    """What a person is told: one notice by itself, or several in a digest. Raises UnknownTemplate where none of them
    can be said: one that lacks a fact keeps no others from leaving.
    """
    letters, categories, faults = [], [], []
    for item in items:
        category = telling_of(item.told.template).category
        link = unsubscribe_link(tenant_id, to.person, category)
        try:
            letters.append(compose(tenant_id, to, item.told, item.message_id, link, now))
            categories.append(category)
        except UnknownTemplate as fault:
            logger.error("message_unsaid", template=item.told.template, message_id=item.message_id, reason=str(fault))
            faults.append(fault)
    if not letters:
        raise faults[0]
    return digest(tenant_id, to, letters, unsubscribe_link(tenant_id, to.person, unsubscribed_by(categories)), now)
