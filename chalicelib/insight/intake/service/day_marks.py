"""Which days have events that no columns show yet.

A day that has ended gets a new mark with every change, in the transaction of the change, so that columns under way
notice it and no crash comes between. The running day is marked once: it is read from what was told, and its mark stays
until the night.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from chalicelib.db import InsightRecord, Transaction, fetch_many, put_many
from chalicelib.insight.intake.model.told import KEPT
from chalicelib.insight.intake.records import EventDayMark
from chalicelib.insight.records import DirtyDay
from chalicelib.kernel.ids import secret_token
from chalicelib.kernel.local_day import local_date

WRITES_A_DAY = 2
"""Operations that a day which has ended adds to a transaction."""

_UNDER_WAY = timedelta(minutes=2)
"""For how long at most a request is under way that was begun before midnight."""


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a brand at an instant."""

    tenant_id: str
    tz: ZoneInfo
    now: datetime

    def has_ended(self, on: date) -> bool:
        """Whether a day has ended, or will have before a request of now is through."""
        return on < local_date(self.now + _UNDER_WAY, self.tz)

    def mark(self, tx: Transaction, ended: Iterable[date]) -> None:
        """Adds to a transaction that these days, which have ended, change by it."""
        for on in ended:
            for name, record in self._marks(on):
                tx.put(f"#{name} {on}", record)

    def mark_running(self, days: Iterable[date]) -> None:
        """Marks days that have not ended, where nobody has yet: a read each, and no write as a rule."""
        running = [on for on in days if not self.has_ended(on)]
        places = [(type(record), str(record.pk), str(record.sk)) for on in running for _, record in self._marks(on)]
        if running and None in fetch_many(places):
            put_many(record for on in running for _, record in self._marks(on))

    def mark_again(self, days: Iterable[date]) -> None:
        """Marks days whose change was written before, by what is repeated after a crash."""
        every = set(days)
        self.mark_running(every)
        put_many(record for on in sorted(every) if self.has_ended(on) for _, record in self._marks(on))

    def _marks(self, on: date) -> list[tuple[str, InsightRecord]]:
        mark = secret_token(12)
        expires_at = int((self.now + KEPT + timedelta(days=3)).timestamp())
        return [
            ("events", EventDayMark(*EventDayMark.address(self.tenant_id, on), mark=mark, expires_at=expires_at)),
            ("dirty", DirtyDay(DirtyDay.partition(self.tenant_id, DirtyDay.EVENTS), on.isoformat(), mark=mark)),
        ]
