"""What delivery asks of its neighbours."""

from collections.abc import Mapping
from datetime import datetime

from chalicelib.notices.model.notices import Category
from chalicelib.notices.model.people import Person
from chalicelib.notices.recipients.model import Channel


def suppressed(
    tenant_id: str, addresses: Mapping[Channel, str], category: Category, now: datetime
) -> frozenset[Channel]:
    return frozenset()


def unsubscribe_link(tenant_id: str, person: Person, category: Category) -> str:
    return ""
