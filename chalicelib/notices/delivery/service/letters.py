"""The letters of notices: in their reader's language and zone."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib.kernel.clock import zone
from chalicelib.kernel.language import nearest
from chalicelib.notices.delivery.model import Item
from chalicelib.notices.model.facts import said
from chalicelib.notices.model.letters import Letter
from chalicelib.notices.model.notices import Queued
from chalicelib.notices.model.texts import render
from chalicelib.notices.recipients.model import Recipient


def letter_of(tenant_id: str, to: Recipient, items: Sequence[Item], now: datetime) -> Letter:
    """What a person is told: one notice by itself, or several in a digest."""
    letters = [_single(tenant_id, to, item) for item in items]
    if len(letters) == 1:
        return letters[0]
    return Letter(letters[0].subject, "\n\n".join(letter.text for letter in letters))


def _single(tenant_id: str, to: Recipient, item: Item) -> Letter:
    language, tz = nearest(to.locale), zone(to.timezone)
    facts = {name: said(fact, language, tz) for name, fact in item.told.facts.items()}
    return render(item.told.template, to.locale, facts)


def letter_for_address(tenant_id: str, queued: Queued) -> Letter:
    """What is told to an address."""
    return render(queued.template, queued.to.locale, queued.params)
