"""The stream of events as it is stored in the InsightTable: what was told, by day and by actor, and a day's columns."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Self

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.db import InsightRecord, InstantAttribute, key
from chalicelib.db.attributes import optional
from chalicelib.insight.model.stream import Actor

_EVERYTHING = 100_000


class EventMarker(InsightRecord):
    """That an event id is used, by which content. It expires with its event, 400 days after receipt.

    ``telling`` is what it was taken in with: whoever asks again after a lost answer finds their own.
    """

    fingerprint = UnicodeAttribute(attr_name="f")
    telling = UnicodeAttribute(attr_name="t")

    @staticmethod
    def address(tenant_id: str, event_id: str) -> tuple[str, str]:
        """The key, which has nothing but the id."""
        return key(tenant_id, "event", event_id), "taken"


class TellingRecord(InsightRecord):
    """What was told in one go of a local day by one actor, packed; see ``intake.model.packing``.

    ``told`` came from a browser or another shop, ``robot`` from what is no person, ``own`` follows from a record of
    ours: its ``rev`` is that record's, and nothing is packed where that counts for nothing any more. One of them says
    that the day has imported orders, which are read from their activity.
    """

    TOLD, ROBOT, OWN = "told", "robot", "own"

    packed = optional(BinaryAttribute(legacy_encoding=False, attr_name="p", null=True))
    rev = NumberAttribute(attr_name="r", null=True)

    @staticmethod
    def partition(tenant_id: str, on: date) -> str:
        """The partition with all of a local day."""
        return key(tenant_id, "events", on.isoformat())

    @classmethod
    def address(cls, tenant_id: str, on: date, source: str) -> tuple[str, str]:
        """The key of a source such as ``told#…`` or ``own#order:…``."""
        return cls.partition(tenant_id, on), source

    @classmethod
    def of_imported(cls, tenant_id: str, on: date) -> tuple[str, str]:
        """Where it stands that a day has imported orders."""
        return cls.address(tenant_id, on, f"{cls.OWN}#imported")

    @property
    def says_imported(self) -> bool:
        return str(self.sk) == f"{self.OWN}#imported"

    @classmethod
    def of_day(cls, tenant_id: str, on: date, kind: str) -> Iterator[Self]:
        """All of a kind that stand for a day, read consistently."""
        partition = cls.partition(tenant_id, on)
        return cls.every(partition, begins_with=f"{kind}#", limit=_EVERYTHING, consistent=True)

    @classmethod
    def all_of_day(cls, tenant_id: str, on: date) -> Iterator[Self]:
        """All of a day, of whichever kind, read consistently."""
        return cls.every(cls.partition(tenant_id, on), limit=_EVERYTHING, consistent=True)

    @property
    def kind(self) -> str:
        """Whether it was told, by a robot, or follows from a record of ours."""
        return str(self.sk).partition("#")[0]


class PointerRecord(InsightRecord):
    """Where something of an actor stands: the day and the source of a telling. It expires with that."""

    @staticmethod
    def partition(tenant_id: str, actor: Actor) -> str:
        """The partition with all pointers of an actor."""
        return key(tenant_id, "did", spelled(actor))

    @classmethod
    def address(cls, tenant_id: str, actor: Actor, on: date, source: str) -> tuple[str, str]:
        return cls.partition(tenant_id, actor), f"{on.isoformat()}#{source}"

    @property
    def on(self) -> date:
        return date.fromisoformat(str(self.sk).partition("#")[0])

    @property
    def source(self) -> str:
        return str(self.sk).partition("#")[2]

    @classmethod
    def of_actor(cls, tenant_id: str, actor: Actor, from_on: date = date.min, to_on: date = date.max) -> Iterator[Self]:
        """All that leads to a day from one to the other, read consistently."""
        between = (from_on.isoformat(), f"{to_on.isoformat()}#~")
        return cls.every(cls.partition(tenant_id, actor), between=between, limit=_EVERYTHING, consistent=True)


class VisitorRecord(InsightRecord):
    """Whose a visitor is: the member's, by ordinal, who was the first to sign in there. It never changes."""

    ordinal = NumberAttribute(attr_name="o")
    joined_at = InstantAttribute()

    @staticmethod
    def address(tenant_id: str, visitor_id: str) -> tuple[str, str]:
        return key(tenant_id, "visitor", visitor_id), "joined"


class JoinedRecord(InsightRecord):
    """The same, to be found by the member."""

    @staticmethod
    def partition(tenant_id: str, ordinal: int) -> str:
        return key(tenant_id, "visitors", f"{ordinal:012d}")

    @classmethod
    def address(cls, tenant_id: str, ordinal: int, visitor_id: str) -> tuple[str, str]:
        return cls.partition(tenant_id, ordinal), visitor_id

    @classmethod
    def of_members(cls, tenant_id: str, ordinals: Iterable[int]) -> list[str]:
        """The visitors who have become any of these members."""
        found = (cls.every(cls.partition(tenant_id, each), consistent=True) for each in ordinals)
        return [str(each.sk) for of_member in found for each in of_member]


class EventDayMark(InsightRecord):
    """That a local day has events. ``mark`` differs with every change of a day that has ended, and until then is set
    once; columns that have seen another are out of date.
    """

    mark = UnicodeAttribute()

    @staticmethod
    def partition(tenant_id: str) -> str:
        return key(tenant_id, "event-days")

    @classmethod
    def address(cls, tenant_id: str, on: date) -> tuple[str, str]:
        return cls.partition(tenant_id), on.isoformat()

    @classmethod
    def marks(cls, tenant_id: str, from_on: date, to_on: date) -> dict[date, str]:
        """The marks of the days from one to the other, both included, oldest first, read consistently."""
        if from_on > to_on:
            return {}
        between = (from_on.isoformat(), to_on.isoformat())
        found = cls.every(cls.partition(tenant_id), between=between, limit=_EVERYTHING, consistent=True)
        return {date.fromisoformat(str(each.sk)): str(each.mark) for each in found}


class DayColumns(InsightRecord):
    """The events of a local day in columns. ``rev`` rises when their content changes, and only then; ``seen`` is the
    mark of the day as it was when they were made. What is too large for one item lies in ``parts`` of its own, named by
    the digest of the whole, so that no two contents are ever mixed. ``robots`` counts events that are nobody's.
    ``whole_until`` is when the first of what they are made of is kept no longer (epoch).
    """

    rev = NumberAttribute(default=0)
    seen = UnicodeAttribute()
    digest = UnicodeAttribute()
    events = NumberAttribute(default=0)
    robots = NumberAttribute(default=0)
    parts = NumberAttribute(default=0)
    whole_until = optional(NumberAttribute(attr_name="w", null=True))
    columns = optional(BinaryAttribute(legacy_encoding=False, attr_name="c", null=True))

    @staticmethod
    def partition(tenant_id: str) -> str:
        """The partition with all days."""
        return key(tenant_id, "event-columns")

    @classmethod
    def address(cls, tenant_id: str, on: date) -> tuple[str, str]:
        return cls.partition(tenant_id), on.isoformat()

    @property
    def on(self) -> date:
        return date.fromisoformat(str(self.sk))

    @classmethod
    def in_days(cls, tenant_id: str, from_on: date, to_on: date) -> Iterator[Self]:
        """The columns of the days from one to the other, both included, the oldest first."""
        if from_on > to_on:
            return iter(())
        between = (from_on.isoformat(), to_on.isoformat())
        return cls.every(cls.partition(tenant_id), between=between, limit=_EVERYTHING, consistent=True)


class ColumnsPart(InsightRecord):
    """A part of a day's columns that are too large for one item."""

    columns = BinaryAttribute(legacy_encoding=False, attr_name="c")

    @staticmethod
    def address(tenant_id: str, on: date, digest: str, number: int) -> tuple[str, str]:
        return key(tenant_id, "event-columns", on.isoformat()), f"{digest}#{number:06d}"


def spelled(actor: Actor) -> str:
    """An actor as a part of a key: a member and a visitor are never taken for one another."""
    return f"visitor-{actor}" if isinstance(actor, str) else f"member-{actor:012d}"
