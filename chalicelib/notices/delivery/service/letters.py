"""The letters of notices: one by itself, or several in a digest."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.notices.delivery.model import Item, unsubscribed_by
from chalicelib.notices.model.letters import Letter
from chalicelib.notices.recipients.model import Recipient
from chalicelib.notices.recipients.service import unsubscribe_link
from chalicelib.notices.templates.service import compose, digest
from chalicelib.notices.templates.service.composing import telling_of


def letter_of(tenant_id: str, to: Recipient, items: Sequence[Item], now: datetime) -> Letter:
    """What a person is told: one notice by itself, or several in a digest. Raises UnknownTemplate."""
    categories = [telling_of(item.told.template).category for item in items]
    links = {category: unsubscribe_link(tenant_id, to.person, category) for category in set(categories)}
    letters = [
        compose(tenant_id, to, item.told, item.message_id, links[category], now)
        for item, category in zip(items, categories, strict=True)
    ]
    return digest(tenant_id, to, letters, links[unsubscribed_by(categories)], now)
