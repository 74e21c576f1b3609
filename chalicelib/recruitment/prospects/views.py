"""What the API shows of personal invitations."""

from datetime import datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from chalicelib.kernel.local_day import local_date
from chalicelib.recruitment.prospects.model import Outcome, State
from chalicelib.recruitment.prospects.records import ProspectRecord
from chalicelib.recruitment.prospects.service.prospects import Invited
from chalicelib.web import Contact, Instant, LocalDate, UlidStr, View


class ProspectView(View):
    """Somebody invited. ``source`` and ``agreed_on`` say where and when they agreed to be; ``join_by`` is the last day
    on which they may join by it. Of who has joined, or declined for good, it is not kept any more who they were.
    """

    id: UlidStr
    status: State
    name: Contact[str]
    email: Contact[str]
    phone: Contact[str]
    source: str
    agreed_on: LocalDate
    join_by: LocalDate
    coupon_batch_id: UlidStr | None
    invited_at: Instant
    invited_by: str
    told_at: Instant | None
    reminded_at: Instant | None
    ended_at: Instant | None
    member_id: UlidStr | None

    @classmethod
    def of(cls, found: ProspectRecord, tz: ZoneInfo, now: datetime) -> Self:
        """``tz`` is the store's zone."""
        names = ("id", "name", "source", "agreed_on", "invited_at", "invited_by", "told_at", "reminded_at",
                 "ended_at", "member_id")  # fmt: skip
        by_email = found.kind == "email"
        return cls(
            **{name: getattr(found, name) for name in names}, status=found.state_at(now),
            email=found.value if by_email else None, phone=None if by_email else found.value,
            join_by=local_date(found.until_at - timedelta(microseconds=1), tz), coupon_batch_id=found.batch_id,
        )  # fmt: skip


class ProspectOutcomeView(View):
    """What became of one who was to be invited: ``invited``; ``invited_before`` and the invitation stands; a ``member``
    already; ``declined`` for good; ``unreachable``, since their address takes no mail; ``repeated`` in the list.
    ``prospect_id`` is the invitation's, where there is one.
    """

    email: Contact[str]
    phone: Contact[str]
    outcome: Outcome
    prospect_id: UlidStr | None

    @classmethod
    def of(cls, invited: Invited) -> Self:
        identity = invited.person.identity
        by_email = identity.kind == "email"
        return cls(
            email=identity.value if by_email else None, phone=None if by_email else identity.value,
            outcome=invited.outcome, prospect_id=invited.prospect.id if invited.prospect else None,
        )  # fmt: skip


class ProspectOutcomesView(View):
    """What became of each, in the order in which they were sent, and how many are ``invited`` now."""

    invited: int
    people: list[ProspectOutcomeView]

    @classmethod
    def of(cls, outcomes: list[Invited]) -> Self:
        invited = sum(each.outcome == "invited" for each in outcomes)
        return cls(invited=invited, people=[ProspectOutcomeView.of(each) for each in outcomes])
