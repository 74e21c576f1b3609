"""A step gives a tag: the member with the tag, what segments make of it, and their way are one transaction."""

from collections.abc import Sequence
from contextlib import suppress

from chalicelib.db import Transaction, change
from chalicelib.journeys.model.running import Outcome, Why
from chalicelib.journeys.model.steps import Tag
from chalicelib.journeys.records import WayRecord
from chalicelib.journeys.service.round import Round, again, members_of, save, still_there
from chalicelib.kernel.errors import NotFound
from chalicelib.members.records import MemberRecord
from chalicelib.segments.service import tags


class _GoesNoFurther(Exception):
    """They are not before the step any more, or are to leave: nothing is given."""


def give_tag(this: Round, ways: Sequence[WayRecord]) -> None:
    """Gives one member the tag of their step, and takes them on. Who carries it already goes on as well."""
    (way,) = ways
    number, step = int(way.step), this.step(int(way.step))
    if not isinstance(step, Tag):
        return

    def noted(tx: Transaction) -> None:
        found = _read(this, way, number)
        if found is None or found[1] is None or this.must_leave(*found) is not None:
            raise _GoesNoFurther
        _goes_on(this, tx, found[0], found[1], number, "")

    held = None
    with suppress(_GoesNoFurther, NotFound):
        held = tags.give(this.tenant.id, way.member_id, step.tag, noted, this.now)

    def decide(found: tuple[WayRecord, MemberRecord | None] | None, tx: Transaction) -> None:
        if found is None:
            return
        standing, member = found
        if (why := this.must_leave(standing, member)) is not None or member is None:
            standing.leaves(why or Why.BRAND, this.now)
            save(tx, standing)
        else:
            _goes_on(this, tx, standing, member, number, held.value if held else "")

    change(lambda: _read(this, way, number), decide)


def _read(this: Round, way: WayRecord, number: int) -> tuple[WayRecord, MemberRecord | None] | None:
    """The way and its member as they stand now; None once the step is behind them."""
    found = again([way])
    if not found or not still_there(found[0], number, this.now):
        return None
    return found[0], members_of(this.tenant.id, found).get(way.member_id)


def _goes_on(this: Round, tx: Transaction, way: WayRecord, member: MemberRecord, number: int, held: str) -> None:
    counting = this.counting([way])
    this.reaches(counting, way, number, Outcome.HELD if held else Outcome.DONE, held)
    this.go_on(way, member, number)
    save(tx, way)
    counting.add_to(tx)
