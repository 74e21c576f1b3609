"""When mail to an address stops, and for how long. Pure.

A mailbox that does not exist stops it at once, and so does a complaint, except for codes to sign in with; one that is
full, or refuses what it is sent, after the third time in two weeks, for two weeks.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from chalicelib.notices.model.notices import Category

SPAN = timedelta(days=14)
"""In which failures that pass are counted, and for which they stop mail."""

FAILURES = 3
_REMEMBERED = 20
"""Feedback that is known to have been seen; a queue delivers a message again within days, and of one address few."""


class Kind(StrEnum):
    """What a provider tells of an address."""

    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    FAILING = "failing"


@dataclass(frozen=True, slots=True)
class Feedback:
    """What became of a message to an address; ``id`` is the provider's, the same however often it is told."""

    id: str
    kind: Kind
    address: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Reachability:
    """What is known of an address. ``reason`` is why mail stopped, None where it goes; ``until`` ends that by itself.

    ``failures`` are the instants of failures that pass; ``lifted_at`` is when somebody proved the address, or the brand
    said so: nothing that happened before counts any more.
    """

    reason: Kind | None = None
    since: datetime | None = None
    until: datetime | None = None
    failures: tuple[datetime, ...] = ()
    seen: tuple[str, ...] = ()
    lifted_at: datetime | None = None

    def stops(self, now: datetime, category: Category | None = None) -> bool:
        """Whether mail of a category does not go to the address now. Codes to sign in with always go."""
        if self.reason is None or category is Category.ACCESS:
            return False
        return self.until is None or now < self.until

    @property
    def troubled(self) -> bool:
        """Whether there is anything that lifting would forget."""
        return self.reason is not None or bool(self.failures)

    def after(self, told: Feedback) -> "Reachability":
        """What is known with this feedback; the same where it says nothing new, or is older than the lifting."""
        if told.id in self.seen or (self.lifted_at is not None and told.at <= self.lifted_at):
            return self
        heard = replace(self, seen=(*self.seen, told.id)[-_REMEMBERED:])
        if told.kind is Kind.FAILING:
            return heard._failed(told.at)
        if self.reason is Kind.COMPLAINT or self.reason is told.kind:
            return heard  # stopped for good already; that somebody complained says more than that the address is gone
        return replace(heard, reason=told.kind, since=told.at, until=None)

    def _failed(self, at: datetime) -> "Reachability":
        latest = max((at, *self.failures))
        failures = tuple(sorted(each for each in (*self.failures, at) if each > latest - SPAN))[-FAILURES:]
        heard = replace(self, failures=failures)
        stopped_for_good = self.reason is not None and self.until is None
        if stopped_for_good or len(failures) < FAILURES:
            return heard
        return replace(heard, reason=Kind.FAILING, since=failures[-1], until=failures[-1] + SPAN)

    def lifted(self, now: datetime) -> "Reachability":
        """Mail goes again, and what happened so far is forgotten."""
        return Reachability(seen=self.seen, lifted_at=now)


def spelled(address: str) -> str:
    """An address as it is compared: in lower case, its domain in ASCII, as mail servers give it back."""
    local, at, domain = address.strip().lower().rpartition("@")
    if domain.isascii():
        return local + at + domain
    import idna  # few domains have other letters

    try:
        return local + at + idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        return local + at + domain


def known_by(names: Collection[str], address: str) -> bool:
    """Whether an address is among those that a message went to."""
    return spelled(address) in {spelled(each) for each in names}
