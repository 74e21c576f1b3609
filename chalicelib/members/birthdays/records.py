"""What leads from a day of the year to the members whose birthday it is, and how far a brand's year has come."""

from datetime import datetime, time

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.db import DateAttribute, TenantRecord, key
from chalicelib.db.attributes import optional
from chalicelib.kernel.clock import zone
from chalicelib.kernel.wall_time import ANYHOW, to_instant

QUEUE = "service"
DUE = "birthdays.due"
"""What is due of a brand's calendar: the morning of a day of which no birthday was announced yet."""

BIRTHDAY = "member.birthday"
MORNING = time(8)
"""When birthdays are announced, by the brand's clocks."""

_LAST = "9" * 12


class BirthdayRecord(TenantRecord):
    """Leads from a birthday, ``MM-DD``, to a member. It stands in no list and emits nothing: one write unit."""

    ordinal = NumberAttribute()

    @staticmethod
    def partition(tenant_id: str, birthday: str) -> str:
        """The partition of the members with this birthday, by their ordinals."""
        return key(tenant_id, "birthday", birthday)

    @classmethod
    def address(cls, tenant_id: str, birthday: str, ordinal: int) -> tuple[str, str]:
        return cls.partition(tenant_id, birthday), f"{ordinal:012d}"

    @staticmethod
    def after(ordinal: int) -> tuple[str, str]:
        """The sort keys after an ordinal; after -1 all of them."""
        return f"{ordinal + 1:012d}", _LAST


class CalendarRecord(TenantRecord):
    """How far a brand's birthdays are announced: ``next_on`` is the local day whose turn it is, ``begun`` the last of
    it, a birthday and an ordinal, where some of the day are announced already. A brand has it from its first birthday
    on.
    """

    next_on = DateAttribute()
    timezone = UnicodeAttribute()
    begun_with = optional(UnicodeAttribute(null=True))
    begun_after = optional(NumberAttribute(null=True))

    @staticmethod
    def address(tenant_id: str) -> tuple[str, str]:
        """The key, one for each brand."""
        return key(tenant_id, "birthdays"), "calendar"

    @property
    def morning(self) -> datetime:
        """When its day is announced (UTC)."""
        return to_instant(datetime.combine(self.next_on, MORNING), zone(self.timezone), ANYHOW, "")

    def arrange(self) -> None:
        """Is due on the morning of its day."""
        self.schedule(self.morning, DUE, QUEUE)
