"""What a team is: who has a place in it, when it has filled, and when it has failed. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Self

from chalicelib.kernel.clock import parse_instant, sortable
from chalicelib.kernel.counting import counted
from chalicelib.orders.teams.errors import AlreadyInTeam, TeamClosed, TeamExpired, TeamFilled, TeamFull


class TeamStatus(StrEnum):
    """Where a team stands. Only ``forming`` has a way on: filled in time, failed at its end, or left by everyone."""

    FORMING = "forming"
    FILLED = "filled"
    FAILED = "failed"
    DISSOLVED = "dissolved"


@dataclass(frozen=True, slots=True)
class Seat:
    """A member's place, through an order. It is taken while the order waits for its payment, and ``paid`` after."""

    member_id: str
    order_id: str
    joined_at: datetime
    paid: bool

    def as_json(self) -> list[Any]:
        """As the team's record stores it."""
        return [self.member_id, self.order_id, sortable(self.joined_at), int(self.paid)]

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> Self:
        member_id, order_id, joined_at, paid = stored
        return cls(member_id, order_id, parse_instant(joined_at), bool(paid))


@dataclass(frozen=True, slots=True)
class Team:
    """``size`` people by ``ends_at``. The seats are in the order of joining; the first one's member leads.

    A team has no more seats than its size, so when the last one is paid, all are.
    """

    size: int
    ends_at: datetime
    seats: tuple[Seat, ...]
    status: TeamStatus = TeamStatus.FORMING

    @property
    def leader_id(self) -> str | None:
        """The member who leads: whoever of those still there joined first. None where nobody is."""
        return self.seats[0].member_id if self.seats else None

    @property
    def paid(self) -> int:
        """How many places are paid."""
        return sum(seat.paid for seat in self.seats)

    @property
    def places_left(self) -> int:
        """How many more may join; none where the team forms no longer."""
        return self.size - len(self.seats) if self.status is TeamStatus.FORMING else 0

    @property
    def may_fill(self) -> bool:
        """Whether it forms and has given out all its places: then it fills with the last payment, if that was made."""
        return self.status is TeamStatus.FORMING and len(self.seats) == self.size

    def shown_status(self, now: datetime) -> TeamStatus:
        """The status a reader is shown at ``now``, even where the timer that ends the team is late. One that may still
        fill is shown to form until it is known whether the last payments were made in time.
        """
        over = self.status is TeamStatus.FORMING and now >= self.ends_at and not self.may_fill
        return TeamStatus.FAILED if over else self.status

    def has(self, order_id: str) -> bool:
        """Whether the order holds a place."""
        return any(seat.order_id == order_id for seat in self.seats)

    def joined(self, seat: Seat, now: datetime) -> Self:
        """With one more; filled if that was the last place and all are paid.

        Raises TeamClosed, TeamExpired, AlreadyInTeam, TeamFull.
        """
        self._check_forming(now)
        if any(other.member_id == seat.member_id for other in self.seats):
            raise AlreadyInTeam(
                "You have a place in this team already; invite others to fill it, or start a team of your own.",
                detail_zh="您已在该拼团中，请邀请他人参团，或另开新团。",
            )
        if not self.places_left:
            raise TeamFull(
                f"Each of its {counted(self.size, 'place')} is taken; join another team, or start one.",
                detail_zh=f"{self.size} 个名额已满，请加入其他拼团或自行开团。",
                extra={"size": self.size, "paid": self.paid},
            )
        return self._with((*self.seats, seat))

    def with_payment(self, order_id: str, now: datetime) -> Self | None:
        """With the order's place paid. None where it has none, or where the team no longer forms at ``now``.

        The message of a payment may be late: after its hour a team that has given out all its places still takes one,
        until it has failed.
        """
        is_over = self.status is not TeamStatus.FORMING or (now >= self.ends_at and not self.may_fill)
        if is_over or not self.has(order_id):
            return None
        return self._with(replace(s, paid=True) if s.order_id == order_id else s for s in self.seats)

    def left(self, order_id: str) -> Self:
        """Without the order: the next by joining leads, and without anyone the team dissolves.

        A team that failed or dissolved stays as it was, and so do the places of one that filled.
        """
        if self.status is not TeamStatus.FORMING or not self.has(order_id):
            return self
        stay = tuple(seat for seat in self.seats if seat.order_id != order_id)
        return replace(self, seats=stay, status=TeamStatus.FORMING if stay else TeamStatus.DISSOLVED)

    def failed(self) -> Self:
        """At its end, or at its campaign's close, without being full; any other team stays as it is."""
        return replace(self, status=TeamStatus.FAILED) if self.status is TeamStatus.FORMING else self

    def check_may_leave(self) -> None:
        """Whether a member may take their order back. Raises TeamFilled."""
        if self.status is TeamStatus.FILLED:
            raise TeamFilled(
                "The team has filled, and the others' orders rest on yours; it cannot be cancelled any more. "
                "After the pickup you may ask for a return.",
                detail_zh="拼团已成功，其他团员的订单以您的参团为前提，不可取消；取货后可申请售后。",
            )

    def _check_forming(self, now: datetime) -> None:
        if self.status is not TeamStatus.FORMING:
            raise TeamClosed(
                "The team has come to its end; join another team, or start one.",
                detail_zh="该拼团已结束，请加入其他拼团或自行开团。",
                extra={"team_status": self.status.value},
            )
        if now >= self.ends_at:
            raise TeamExpired(
                "The team's time is up; join another team, or start one.",
                detail_zh="该拼团已过期，请加入其他拼团或自行开团。",
                extra={"expires_at": self.ends_at},
            )

    def _with(self, seats: Any) -> Self:
        seats = tuple(seats)
        full = sum(seat.paid for seat in seats) == self.size
        return replace(self, seats=seats, status=TeamStatus.FILLED if full else TeamStatus.FORMING)


def started(size: int, hours: int, closes_at: datetime, seat: Seat, now: datetime) -> Team:
    """A team of one, its leader. It has so many hours, but never beyond the campaign's close."""
    return Team(size, min(now + timedelta(hours=hours), closes_at), (seat,))
