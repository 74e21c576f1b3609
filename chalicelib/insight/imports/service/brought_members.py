"""The members whom an import made, and what has become of them since."""

from collections.abc import Sequence
from datetime import datetime
from functools import cached_property

from chalicelib.insight.activity.model.reasons import Reason
from chalicelib.insight.activity.service.united_members import has_own_orders
from chalicelib.insight.imports.model.undoing import Made, MemberNow, why_member_stays
from chalicelib.jobs.records import JobRecord
from chalicelib.members.enrolment.service import ordinals_given
from chalicelib.members.model.identities import member_id
from chalicelib.members.records import MemberRecord
from chalicelib.members.service import taking_back
from chalicelib.members.service.members import members_by_ordinal
from chalicelib.pickup_points.service import every_leader

_TOGETHER = 100
"""Ordinals that are looked at between two commits."""


class BroughtMembers:
    """Those of one import."""

    def __init__(self, source: JobRecord, undo_id: str) -> None:
        self._source, self._undo_id = source, undo_id
        self._tenant_id = source.tenant_id

    def after(self, key: str) -> tuple[list[Made], str | None]:
        """Some that the import made, of the ordinals from a key on, and from which the next are; None at the end."""
        start = int(key) if key else int(self._source.params.get("first_ordinal", 0))
        end = min(start + _TOGETHER, self._end)
        members = members_by_ordinal(self._tenant_id, range(start, end))
        own = [member for member in members if member.made_by(f"{self._source.id}#")]
        found = [Made(str(int(each.ordinal)), int(str(each.brought_by).rpartition("#")[2])) for each in own]
        return found, str(end) if end < self._end else None

    def judge(self, made: Sequence[Made]) -> dict[str, Reason | None]:
        """Why each stays, by key, None where they may go; those who are gone are left out."""
        members = members_by_ordinal(self._tenant_id, [int(each.key) for each in made])
        return {str(int(member.ordinal)): self._judged(member) for member in members}

    def leave(self, made: Made, now: datetime) -> None:
        """Keeps anybody from ordering for them."""
        taking_back.leave(self._tenant_id, member_id(self._tenant_id, int(made.key)), self._undo_id)

    def remove(self, made: Made, now: datetime) -> Reason | None:
        """Deletes them; else says why they stay."""
        found = members_by_ordinal(self._tenant_id, [int(made.key)])
        if not found:
            return None
        reason = self._judged(found[0])
        if reason is None:
            # Raised where they have come at this very moment: they are judged again when the message comes again.
            taking_back.take_back(found[0], self._undo_id, now)
        else:
            taking_back.stay(self._tenant_id, found[0].id)
        return reason

    def _judged(self, member: MemberRecord) -> Reason | None:
        return why_member_stays(
            MemberNow(
                bool(member.untouched),
                not member.unclaimed,
                member.last_active_on is not None or has_own_orders(self._tenant_id, int(member.ordinal)),
                member.id in self._leaders,
            )
        )

    @cached_property
    def _leaders(self) -> frozenset[str]:
        return every_leader(self._tenant_id)

    @cached_property
    def _end(self) -> int:
        return ordinals_given(self._tenant_id)
