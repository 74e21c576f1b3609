"""Who sees which arm: drawn by hash, for good, and logged once.

:func:`arm_of` is what promotions, messages, recommendations and pages ask.
"""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.db import Refused, Transaction
from chalicelib.insight.experiments.model.plan import Plan, Status
from chalicelib.insight.experiments.model.tallies import Tally
from chalicelib.insight.experiments.records import (
    Counting,
    ExperimentRecord,
    ExposureRecord,
    RunningRecord,
    member,
    visitor,
)
from chalicelib.insight.experiments.service.uniting import take_over
from chalicelib.insight.intake.records import VisitorRecord
from chalicelib.insight.intake.service.joining import join
from chalicelib.kernel.clock import zone
from chalicelib.kernel.errors import Invalid, NotFound
from chalicelib.kernel.local_day import local_date
from chalicelib.members.records import MemberRecord
from chalicelib.members.service.members import get_member
from chalicelib.rate_limits.model import Budget
from chalicelib.rate_limits.service import take
from chalicelib.segments.service import tags
from chalicelib.tenants.service.brand import get_tenant
from chalicelib.trials.arms import drawn_arm


@dataclass(frozen=True, slots=True)
class Person:
    """Who is to be shown something: a member, a visitor by the name of their browser, or a member in that browser. A
    ``robot`` is shown an arm like anybody, and counted in none. The ``budget`` is that of logging who was exposed.
    """

    member_id: str | None = None
    visitor_id: str | None = None
    robot: bool = False
    budget: Budget | None = None


@dataclass(frozen=True, slots=True)
class Assigned:
    """The arm that somebody sees; ``counted`` where what they do counts for it."""

    experiment: ExperimentRecord
    number: int
    counted: bool

    @property
    def arm(self) -> str:
        return self.experiment.plan.arms[self.number].name


def arm_of(tenant_id: str, name: str, person: Person, now: datetime) -> Assigned:
    """The arm of somebody in the experiment with a key, or an id, who is exposed from now on: call it where they see
    what differs, and nowhere before. A visitor who signs in keeps their arm. Who does not want to be counted is shown
    the arm that they have seen, or that the hash gives, and logged nowhere. Once the experiment is stopped all see the
    arm that it keeps.

    Raises NotFound for a key of no experiment, or of one that has not started; Invalid where nobody is named,
    LimitReached.
    """
    record = ExperimentRecord.fetch(*ExperimentRecord.named(tenant_id, name))
    if record is None or record.status == Status.DRAFT:
        raise NotFound("There is no such experiment.", detail_zh="没有该实验。")
    if not record.is_running:
        return Assigned(record, int(record.keeps), counted=False)
    found = _whose(tenant_id, person, now)
    if found.uncounted:
        return Assigned(record, _unlogged(tenant_id, record, found.who), counted=False)
    exposure = _exposed(tenant_id, record, found.who, person.budget, now)
    _tag(tenant_id, record.plan, exposure, found.member, now)
    return Assigned(record, int(exposure.arm), counted=exposure.state != ExposureRecord.CROSSED)


def expose_in_shop(tenant_id: str, person: Person, now: datetime) -> None:
    """Exposes somebody who looks around in the brand's own shop to the experiments that run there. A brand without one
    costs one read.
    """
    running = RunningRecord.fetch(*RunningRecord.address(tenant_id))
    for experiment_id in running.in_shop if running else ():
        arm_of(tenant_id, experiment_id, person, now)


@dataclass(frozen=True, slots=True)
class _Whose:
    """Under which name somebody is exposed; the member that they are, if any."""

    who: str
    member: MemberRecord | None
    uncounted: bool


def _whose(tenant_id: str, person: Person, now: datetime) -> _Whose:
    if person.member_id is None:
        return _visitor(tenant_id, person)
    found = get_member(tenant_id, person.member_id)
    if not found.objects_to_figures and person.visitor_id:
        join(tenant_id, person.visitor_id, int(found.ordinal), now)
        take_over(tenant_id, person.visitor_id, int(found.ordinal))
    return _Whose(member(found.id), found, uncounted=found.objects_to_figures)


def _visitor(tenant_id: str, person: Person) -> _Whose:
    """Who looks around in a browser in which a member has signed in is that member."""
    visitor_id = person.visitor_id
    if not visitor_id:
        raise Invalid.at(
            "?visitor_id",
            "Say who sees it: with a member token, or by a random name that you keep for the browser.",
            "请使用会员令牌，或填写为该浏览器保留的随机标识。",
        )
    joined = VisitorRecord.fetch(*VisitorRecord.address(tenant_id, visitor_id))
    if joined is None:
        return _Whose(visitor(visitor_id), None, uncounted=person.robot)
    address = MemberRecord.address_of_ordinal(tenant_id, int(joined.ordinal))
    of_browser = MemberRecord.fetch(*address)
    if of_browser is None:
        return _Whose(visitor(visitor_id), None, uncounted=True)
    found = get_member(tenant_id, of_browser.id)
    return _Whose(member(found.id), found, uncounted=found.objects_to_figures or person.robot)


def _unlogged(tenant_id: str, record: ExperimentRecord, who: str) -> int:
    """The arm of somebody who is not counted: the one that they have seen, or the one that the hash gives."""
    known = ExposureRecord.fetch(*ExposureRecord.address(tenant_id, who, record.id))
    return int(known.arm) if known else drawn_arm(record.id, who, record.plan.shares)


def _exposed(
    tenant_id: str, record: ExperimentRecord, who: str, budget: Budget | None, now: datetime
) -> ExposureRecord:
    """The exposure of somebody: the first one, whoever else logs it at the same moment. Raises LimitReached."""
    address = ExposureRecord.address(tenant_id, who, record.id)
    known = ExposureRecord.fetch(*address)
    if known is not None:
        return known
    if budget is not None:
        take([budget], now)
    on = local_date(now, zone(get_tenant(tenant_id).timezone))
    fresh = ExposureRecord(
        *address, arm=drawn_arm(record.id, who, record.plan.shares), state=ExposureRecord.COUNTED, exposed_at=now,
        exposed_on=on,
    )  # fmt: skip
    tx, counting = Transaction(), Counting(tenant_id, record.id)
    tx.create("exposure", fresh)
    counting.add(fresh, Tally(exposed=1))
    counting.add_to(tx)
    try:
        tx.commit()
    except Refused as refused:
        first = refused.item("exposure", ExposureRecord)
        if first is None:
            raise
        return first
    return fresh


def _tag(tenant_id: str, plan: Plan, exposure: ExposureRecord, whose: MemberRecord | None, now: datetime) -> None:
    """Gives a member the tag of their arm, once: what is for that tag, or for a segment by it, is for them at once."""
    tag = plan.arms[int(exposure.arm)].tag
    if tag is None or whose is None or exposure.tagged or exposure.state != ExposureRecord.COUNTED:
        return
    tags.give(tenant_id, whose.id, tag, lambda tx: None, now)
    tx = Transaction()
    address = str(exposure.pk), str(exposure.sk)
    tx.update(
        "exposure", ExposureRecord, *address, actions=[ExposureRecord.tagged.set(True), ExposureRecord.rev.add(1)],
        condition=ExposureRecord.pk.exists(),
    )  # fmt: skip
    tx.commit()
