"""What becomes of a claimed domain by what stands in the DNS and at the edge. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

Status = Literal["waiting_for_dns", "waiting_for_certificate", "live", "broken"]
"""``waiting_for_dns``: the brand has to set its records. ``waiting_for_certificate``: these are right, and we ask for a
certificate. ``live``: neighbours reach the shop there. ``broken``: something has to be put right, see the problem."""

Problem = Literal["", "no_proof", "wrong_proof", "not_pointed", "no_certificate", "held", "taken"]
"""What is missing: the proof or the right one, the way to us, the certificate; another shop has it (``held``), or has
proved it anew (``taken``)."""

Certificate = Literal["pending", "issued", "failed"]

BROKEN_AFTER = 3
"""Daily looks in a row that found something missing, after which the brand is told. A slip of an hour tells nobody."""

CERTIFICATE_WITHIN = timedelta(days=3)
"""An authority that has not seen the domain lead to us by then asks no more."""

LOOKED_FOR = timedelta(days=14)
"""So long a domain that waits for its records is looked at without being asked; after that when somebody asks."""

_SOONEST, _LATEST = timedelta(minutes=2), timedelta(hours=6)
_DAILY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Seen:
    """What stands in the DNS: the texts of the proof, and whether the host leads to us."""

    proofs: frozenset[str]
    points_here: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """How a claimed domain stands. ``since`` is when it came to its status, ``failed`` how many daily looks in a row
    found something missing.
    """

    status: Status
    problem: Problem
    since: datetime
    failed: int = 0

    def become(self, status: Status, now: datetime, problem: Problem = "") -> "Standing":
        """Another status, or the same with another problem."""
        since = self.since if status == self.status else now
        return Standing(status, problem, since)


def problem_of(seen: Seen, token: str) -> Problem:
    """What is missing in the DNS; empty for nothing."""
    if token not in seen.proofs:
        return "wrong_proof" if seen.proofs else "no_proof"
    return "" if seen.points_here else "not_pointed"


def after_look(standing: Standing, problem: Problem, now: datetime, *, daily: bool) -> Standing:
    """How it stands after a look at the DNS. Only a daily look counts as one of those that break a domain; what is put
    right counts at once.
    """
    if standing.status in ("waiting_for_dns", "waiting_for_certificate"):
        if not problem:
            return standing.become("waiting_for_certificate", now)
        # While the certificate is on its way a missing record leads back: without it none will come.
        return standing.become("waiting_for_dns", now, problem)
    if not problem:
        if daily and standing.problem == "no_certificate":
            return standing  # another one is asked for when somebody has done something about it
        # What was put right is led to anew at the edge, which may have lost its certificate in the meantime.
        return standing.become("live" if standing.status == "live" else "waiting_for_certificate", now)
    failed = standing.failed + daily
    if standing.status == "live" and failed >= BROKEN_AFTER:
        return replace(standing.become("broken", now, problem), failed=failed)
    return replace(standing, problem=problem, failed=failed)


def after_certificate(standing: Standing, certificate: Certificate, now: datetime) -> Standing:
    """How a domain with the right records stands, by its certificate. A live one whose certificate was lost waits for
    another as long as the first time.
    """
    if certificate == "issued":
        return standing.become("live", now)
    waits = standing.status == "waiting_for_certificate"
    if certificate == "failed" or (waits and now - standing.since >= CERTIFICATE_WITHIN):
        return standing.become("broken", now, "no_certificate")
    return standing.become("waiting_for_certificate", now)


def next_look(standing: Standing, now: datetime) -> datetime | None:
    """When to look again without being asked; None for never: what waits is looked at ever more seldom."""
    if standing.problem == "taken":
        return None
    if standing.status in ("live", "broken"):
        return now + _DAILY
    waited = now - standing.since
    if standing.status == "waiting_for_dns" and waited >= LOOKED_FOR:
        return None
    return now + min(max(waited / 4, _SOONEST), _LATEST)
