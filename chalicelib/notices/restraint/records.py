"""What waits for a person, and when what can wait left for them last."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Self

from pynamodb.attributes import UnicodeAttribute

from chalicelib.db import JsonAttribute, TenantRecord, Transaction, key
from chalicelib.kernel.clock import parse_instant, sortable
from chalicelib.notices.model.notices import Category
from chalicelib.notices.model.people import Person
from chalicelib.notices.recipients.model import MessageSettings
from chalicelib.notices.restraint.model import Held, remembered

DUE = "notices.held"

_KEPT = timedelta(days=90)
"""From the last write on: longer than any cap looks back, and than anything waits."""


class HeldRecord(TenantRecord):
    """One person's: the notices that may not leave yet, and by category when others left, as far as a cap asks."""

    person = UnicodeAttribute()
    waiting = JsonAttribute()
    left = JsonAttribute()

    @staticmethod
    def address(tenant_id: str, person: Person) -> tuple[str, str]:
        return key(tenant_id, "held", str(person)), "held"

    @classmethod
    def of(cls, tenant_id: str, person: Person) -> Self:
        """The person's record; a new one, never written yet, where there is none."""
        address = cls.address(tenant_id, person)
        return cls.fetch(*address, consistent=True) or cls(*address, rev=0, person=str(person), waiting=[], left={})

    @property
    def held(self) -> list[Held]:
        return [Held.from_json(each) for each in self.waiting]

    @held.setter
    def held(self, held: Sequence[Held]) -> None:
        self.waiting = [each.as_json() for each in held]

    def is_due(self, now: datetime) -> bool:
        return any(each.leaves_at <= now for each in self.held)

    def left_of(self, category: Category) -> list[datetime]:
        return [parse_instant(each) for each in self.left.get(category, ())]

    def leaves(self, category: Category, now: datetime, settings: MessageSettings) -> None:
        """Notes that a message of the category leaves, and forgets what no cap asks about any more."""
        kept = remembered([*self.left_of(category), now], category, now, settings)
        self.left = self.left | {category.value: [sortable(each) for each in kept]}

    def keep(self, tx: Transaction, now: datetime) -> None:
        """Adds the writing of this record to a transaction: for the revision that was read."""
        self.expires_at = int((now + _KEPT).timestamp())
        if self.rev == 0:
            self.rev = 1
            tx.create("held", self)
        else:
            tx.replace("held", self)

    def arrange(self) -> None:
        self.schedule(min((each.leaves_at for each in self.held), default=None), DUE, "notify")
