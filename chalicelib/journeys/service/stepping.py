"""Waits, conditions, messages and notices to the team: many members in one transaction, what is told riding on it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.db import Transaction, change, fetch_many
from chalicelib.journeys.model.running import Outcome, Place, Why, answers, kept, message_leaves_at
from chalicelib.journeys.model.steps import Condition, Message, StaffNotice, Wait
from chalicelib.journeys.records import ASKS_TEAM, TELLS, Counting, ToldRecord, WayRecord
from chalicelib.journeys.service.people import known, recipient
from chalicelib.journeys.service.round import Round, again, members_of, save
from chalicelib.members.records import MemberRecord
from chalicelib.notices.model.notices import Category
from chalicelib.notices.model.people import Person
from chalicelib.notices.restraint.model import NEVER
from chalicelib.notices.restraint.records import HeldRecord
from chalicelib.notices.settings.service import message_settings

TOGETHER = 25
"""Members in one transaction: each writes two items, and the steps that they go through are counted."""


@dataclass(slots=True)
class _Traveller:
    """A member with their way, and what messages left for them: those of journeys, and news of the brand."""

    way: WayRecord
    member: MemberRecord | None
    told: ToldRecord
    is_new: bool
    news: Sequence[datetime]
    tells: bool = field(default=False)


def step_on(this: Round, ways: Sequence[WayRecord]) -> None:
    """Takes these members on through what is due, up to a wait or a step that gives something."""

    def decide(travellers: Sequence[_Traveller], tx: Transaction) -> None:
        due = [each for each in travellers if each.way.wakes_at is not None and each.way.wakes_at <= this.now]
        if not due:
            return
        counting = this.counting([each.way for each in due])
        for each in due:
            _take_on(this, counting, each)
            save(tx, each.way)
            if each.tells and each.is_new:
                tx.create(f"told {each.way.member_id}", each.told)
            elif each.tells:
                tx.replace(f"told {each.way.member_id}", each.told)
        counting.add_to(tx)

    change(lambda: _read(this, ways), decide)


def _read(this: Round, ways: Sequence[WayRecord]) -> list[_Traveller]:
    tenant_id = this.tenant.id
    found = again(ways)
    if not found:
        return []
    members = members_of(tenant_id, found)
    ids = [each.member_id for each in found]
    told = fetch_many([(ToldRecord, *ToldRecord.address(tenant_id, each)) for each in ids], consistent=True)
    held = fetch_many(
        [(HeldRecord, *HeldRecord.address(tenant_id, Person.member(each))) for each in ids], consistent=True
    )
    return [
        _Traveller(
            way, members.get(way.member_id), record or ToldRecord(*ToldRecord.address(tenant_id, way.member_id)),
            is_new=record is None, news=left.left_of(Category.NEWS) if left else (),
        )
        for way, record, left in zip(found, told, held, strict=True)
    ]  # fmt: skip


def _take_on(this: Round, counting: Counting, one: _Traveller) -> None:
    """Through the steps of one member, until one is not due, or gives something. One message leaves at a time."""
    way = one.way
    while way.is_inside and way.wakes_at is not None and way.wakes_at <= this.now:
        member, number = one.member, int(way.step)
        if (why := this.must_leave(way, member)) is not None or member is None:
            way.leaves(why or Why.BRAND, this.now)
            return
        match this.step(number):
            case None:
                this.put(way, Place(number, this.now))
            case Wait():
                this.reaches(counting, way, number, Outcome.DONE)
                this.go_on(way, member, number)
            case Condition() as condition:
                _ask(this, counting, way, member, condition)
            case Message():
                if not _tell(this, counting, one, member):
                    return
            case StaffNotice():
                way.emit(ASKS_TEAM, this.now, journey_id=way.journey_id, member_id=way.member_id, step=number,
                         version=int(way.version), entry=int(way.entry))  # fmt: skip
                this.reaches(counting, way, number, Outcome.DONE)
                this.go_on(way, member, number)
            case _:
                return


def _ask(this: Round, counting: Counting, way: WayRecord, member: MemberRecord, condition: Condition) -> None:
    number = int(way.step)
    if answers(condition, known(member, this.tenant, way, this.now)):
        this.reaches(counting, way, number, Outcome.YES)
        this.go_on(way, member, number)
        return
    this.reaches(counting, way, number, Outcome.NO)
    if condition.otherwise == "skip":
        this.go_on(way, member, number + condition.skip)
    else:
        way.leaves(Why.CONDITION, this.now)


def _tell(this: Round, counting: Counting, one: _Traveller, member: MemberRecord) -> bool:
    """Tells a member a message, or leaves it out, or has it wait; whether they go on at once."""
    way, number = one.way, int(one.way.step)
    to = recipient(member)
    if to is None or not member.agrees_to_news:
        this.reaches(counting, way, number, Outcome.HELD, "no_consent")
        this.go_on(way, member, number)
        return True
    at = message_leaves_at(
        this.definition, this.now, to, message_settings(way.tenant_id), one.told.instants, one.news
    )  # fmt: skip
    if at == NEVER:
        this.reaches(counting, way, number, Outcome.HELD, "no_news")
        this.go_on(way, member, number)
        return True
    if at > this.now or one.tells:
        this.put(way, Place(number, max(at, this.now)))
        return False
    way.emit(TELLS, this.now, journey_id=way.journey_id, member_id=way.member_id, step=number,
             version=int(way.version), entry=int(way.entry))  # fmt: skip
    one.told.instants = kept([*one.told.instants, this.now], this.now)
    one.tells = True
    this.reaches(counting, way, number, Outcome.DONE)
    this.go_on(way, member, number)
    return True
