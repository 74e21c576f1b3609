"""Members by the ten thousand, written directly: what they are put through is measured, not how they came."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from chalicelib.db import Transaction, put_many
from chalicelib.kernel import clock
from chalicelib.members.enrolment.service import ordinals_given
from chalicelib.members.records import MemberRecord, OrdinalCounter
from tests.builders import Shop

AGREES = {"marketing": {"granted": True}}


def nobody_says(n: int) -> Mapping[str, Any]:
    """Nothing more is known of the nth of them."""
    return {}


def crowd(shop: Shop, count: int, fields: Callable[[int], Mapping[str, Any]] = nobody_says) -> range:
    """So many more members, with what ``fields`` says of each by ordinal; their ordinals. Within the tenant."""
    first, joined_on = ordinals_given(shop.tenant_id), clock.now().date()

    def member(ordinal: int) -> Any:
        place = MemberRecord.address_of_ordinal(shop.tenant_id, ordinal)
        usual = {"email": f"crowd{ordinal}@people.example", "joined_on": joined_on, "locale": "en", "consent": AGREES}
        made = MemberRecord(*place, ordinal=ordinal, rev=1, **{**usual, **fields(ordinal)})
        made.arrange()
        return made

    ordinals = range(first, first + count)
    put_many(member(each) for each in ordinals)
    place = OrdinalCounter.address(shop.tenant_id)
    tx = Transaction()
    if found := OrdinalCounter.fetch(*place, consistent=True):
        found.next = first + count
        tx.replace("ordinals", found)
    else:
        tx.create("ordinals", OrdinalCounter(*place, next=count))
    tx.commit()
    return ordinals


def ordered_last(on: date) -> Mapping[str, Any]:
    """Somebody who ordered on one day alone."""
    return {"first_ordered_on": on, "last_ordered_on": on}
