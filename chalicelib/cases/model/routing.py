"""Who gets a case: by role, duty, skill, pickup point and load, and never nobody. Pure."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from chalicelib.tenants.model import SERVES

FIRST = ("service", "manager", "owner")
"""Roles that a new case goes to; the first that has anybody on duty."""

ABOVE = ("manager", "owner")
"""Roles that an overdue case goes to."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the team. Without ``skills`` they take any cause, without ``points`` cases of any pickup point."""

    id: str
    roles: Collection[str]
    on_duty: bool = True
    skills: Collection[str] = ()
    points: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a case asks of its owner: it is about these ``causes``, and comes from this pickup point. ``first`` are the
    staff ids of those who get the cases of its member's tier, if any of them is on duty.
    """

    causes: Collection[str] = ()
    point: str | None = None
    first: Collection[str] = ()


ANYBODY = Wanted()
"""A case that anybody can take."""


def choose(
    case_id: str,
    team: Sequence[Colleague],
    ranks: Sequence[str],
    *,
    wanted: Wanted = ANYBODY,
    load: Mapping[str, int] | None = None,
    fallback: str | None = None,
    but_not: str | None = None,
) -> str | None:
    """The staff id that gets a case. Who is on duty for its member's tier comes first; else of the first rank that has
    anybody on duty: who knows its cause, then who is there for its pickup point, then who has least in work; ties by
    the case's own hash, the same for every repeat.

    ``but_not`` is passed over while another is on duty, and keeps it where they alone of these ranks are. With nobody
    on duty it goes to ``fallback`` if they are on the team still; else to the first rank that has anybody but them, to
    them where nobody else is there at all, and to nobody where even they have left.
    """

    def weigh(person: Colleague) -> tuple[int, int, int, bytes]:
        return (
            _fit(wanted.causes, person.skills),
            _fit((wanted.point,) if wanted.point else (), person.points),
            -(load or {}).get(person.id, 0),
            _weight(case_id, person.id),
        )

    others = [person for person in team if person.id != but_not]
    if own := [each for each in others if each.id in wanted.first and each.on_duty and may_serve(each.roles)]:
        return max(own, key=weigh).id
    for rank in ranks:
        if there := [person for person in others if rank in person.roles and person.on_duty]:
            return max(there, key=weigh).id
    if any(each.id == but_not and each.on_duty and not set(ranks).isdisjoint(each.roles) for each in team):
        return but_not
    if fallback != but_not and any(person.id == fallback and may_serve(person.roles) for person in team):
        return fallback
    for rank in ranks:
        if there := [person for person in others if rank in person.roles]:
            return max(there, key=weigh).id
    return but_not if any(person.id == but_not and may_serve(person.roles) for person in team) else None


def may_serve(roles: Collection[str]) -> bool:
    """Whether somebody with these roles can work on cases."""
    return not SERVES.isdisjoint(roles)


def _fit(asked: Collection[str], has: Collection[str]) -> int:
    """2 where somebody is there for just this, 1 for anything, 0 for other things."""
    if not has:
        return 1
    return 2 if {each.casefold() for each in asked} & {each.casefold() for each in has} else 0


def _weight(case_id: str, staff_id: str) -> bytes:
    return hashlib.sha256(f"{case_id}/{staff_id}".encode()).digest()
