"""Experiments as they are stored, who was exposed, and what was counted, with their keys."""

import zlib
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Self

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.expressions.update import Action

from chalicelib.db import DateAttribute, InstantAttribute, JsonAttribute, TenantRecord, Transaction, key
from chalicelib.db.attributes import optional
from chalicelib.insight.experiments.model.findings import Verdict
from chalicelib.insight.experiments.model.plan import Plan, Status
from chalicelib.insight.experiments.model.tallies import NAMES, Ordered, Outcome, Tally
from chalicelib.kernel.ids import derived_id, is_id

LOOK, QUEUE = "experiment.look", "rollup"

PARTS = 4
"""Into how many parts counters are divided, since each exposure of a rush writes one."""

CROSSED = "crossed"
"""Where people are counted who were in two arms."""


class ExperimentRecord(TenantRecord):
    """An experiment. ``planned`` is how many people it was planned with at its start; ``looks_at`` when it is looked
    whether the verdict is due. ``keeps`` is the number of the arm that everybody sees once it is stopped.
    """

    id = UnicodeAttribute()
    key = UnicodeAttribute()
    status = UnicodeAttribute()
    stored_plan = JsonAttribute(attr_name="plan")
    planned = NumberAttribute(default=0)
    stored_verdict = optional(JsonAttribute(attr_name="verdict", null=True))
    looks_at = optional(InstantAttribute(null=True))
    keeps = NumberAttribute(default=0)
    created_at = InstantAttribute()
    started_at = optional(InstantAttribute(null=True))
    stopped_at = optional(InstantAttribute(null=True))

    @staticmethod
    def id_of(tenant_id: str, name: str) -> str:
        """The id of the experiment with a key: so a brand has one of each."""
        return derived_id(tenant_id, "experiment", name)

    @staticmethod
    def address(tenant_id: str, experiment_id: str) -> tuple[str, str]:
        return key(tenant_id, "experiment", experiment_id), "experiment"

    @classmethod
    def named(cls, tenant_id: str, name: str) -> tuple[str, str]:
        """Where the experiment with a key stands, or with an id. What is digits alone is a key, however long."""
        return cls.address(tenant_id, name if is_id(name) and not name.isdigit() else cls.id_of(tenant_id, name))

    @staticmethod
    def of_tenant(tenant_id: str) -> str:
        """The partition of ``gsi1`` with all experiments, by creation."""
        return key(tenant_id, "experiments")

    @property
    def plan(self) -> Plan:
        return Plan.from_json(self.stored_plan)

    @plan.setter
    def plan(self, plan: Plan) -> None:
        self.stored_plan = plan.as_json()

    @property
    def verdict(self) -> Verdict | None:
        """What was found, once it was due."""
        return Verdict.from_json(self.stored_verdict) if self.stored_verdict else None

    @verdict.setter
    def verdict(self, verdict: Verdict | None) -> None:
        self.stored_verdict = verdict.as_json() if verdict else None

    @property
    def is_running(self) -> bool:
        return self.status == Status.RUNNING

    def arrange(self) -> None:
        """Lists it by its creation, and has it looked at."""
        self.gsi1pk = self.of_tenant(self.tenant_id)
        self.gsi1sk = f"{self.created_at:%Y%m%d%H%M%S%f}#{self.id}"
        self.schedule(self.looks_at, LOOK, QUEUE)


class RunningRecord(TenantRecord):
    """The ids of the experiments of a brand that run: what was ordered counts for no other. Those ``in_shop`` expose
    whoever looks around in the brand's own shop.
    """

    ids = JsonAttribute(default=list)
    in_shop = JsonAttribute(default=list)

    @staticmethod
    def address(tenant_id: str) -> tuple[str, str]:
        return key(tenant_id, "running-experiments"), "running"


class ExposureRecord(TenantRecord):
    """That somebody was exposed to an experiment, in which arm by number, since when. Written once.

    ``counted`` until they were in another arm, too (``crossed``), or have become another person (``moved``). ``orders``
    and ``complaints`` are what counts since; ``tagged`` where the tag of the arm was given; ``handed_on`` where they
    have become another person, and what that one had ordered is counted.
    """

    COUNTED, CROSSED, MOVED = "counted", "crossed", "moved"

    arm = NumberAttribute()
    state = UnicodeAttribute()
    exposed_at = InstantAttribute()
    exposed_on = DateAttribute()
    stored_orders = JsonAttribute(attr_name="orders", default=dict)
    complaints = JsonAttribute(default=list)
    tagged = optional(BooleanAttribute(null=True))
    handed_on = optional(BooleanAttribute(null=True))

    @staticmethod
    def partition(tenant_id: str, who: str) -> str:
        """The partition with all exposures of somebody, see :func:`member` and :func:`visitor`."""
        return key(tenant_id, "exposures", who)

    @classmethod
    def address(cls, tenant_id: str, who: str, experiment_id: str) -> tuple[str, str]:
        return cls.partition(tenant_id, who), experiment_id

    @classmethod
    def of(cls, tenant_id: str, who: str) -> Iterator[Self]:
        """All of somebody, read consistently."""
        return cls.every(cls.partition(tenant_id, who), consistent=True)

    @property
    def experiment_id(self) -> str:
        return str(self.sk)

    @property
    def who(self) -> str:
        return str(self.pk).rpartition("#")[2]

    @property
    def outcome(self) -> Outcome:
        orders = {name: Ordered.from_json(said) for name, said in self.stored_orders.items()}
        return Outcome(self.exposed_on, orders, frozenset(self.complaints))

    @outcome.setter
    def outcome(self, outcome: Outcome) -> None:
        self.exposed_on = outcome.exposed_on
        self.stored_orders = {name: each.as_json() for name, each in sorted(outcome.orders.items())}
        self.complaints = sorted(outcome.complaints)

    def tally(self, plan: Plan) -> Tally:
        """What they add to their arm; nothing where they are not counted in one."""
        return self.outcome.tally(plan) if self.state == self.COUNTED else Tally()


class ArmCountRecord(TenantRecord):
    """A part of what came of those of an arm who were exposed on a local day; or of how many were in two arms. Added to
    in place.
    """

    exposed = NumberAttribute(default=0)
    buyers = NumberAttribute(default=0)
    returned = NumberAttribute(default=0)
    orders = NumberAttribute(default=0)
    orders_squares = NumberAttribute(default=0)
    revenue_minor = NumberAttribute(default=0)
    revenue_squares = NumberAttribute(default=0)
    revenue_by_orders = NumberAttribute(default=0)
    refunds_minor = NumberAttribute(default=0)
    refunds_squares = NumberAttribute(default=0)
    complaints = NumberAttribute(default=0)
    complaints_squares = NumberAttribute(default=0)

    @staticmethod
    def partition(tenant_id: str, experiment_id: str, part: int) -> str:
        return key(tenant_id, "experiment-counts", experiment_id, str(part))

    @classmethod
    def address(cls, tenant_id: str, experiment_id: str, part: int, arm: str, on: date) -> tuple[str, str]:
        """The key of a part of an arm's day."""
        return cls.partition(tenant_id, experiment_id, part), f"{arm}#{on.isoformat()}"

    @property
    def arm(self) -> str:
        """The number of the arm, or ``crossed``."""
        return str(self.sk).partition("#")[0]

    @property
    def on(self) -> date:
        return date.fromisoformat(str(self.sk).partition("#")[2])

    @property
    def tally(self) -> Tally:
        return Tally(*(int(getattr(self, name)) for name in NAMES))

    @classmethod
    def of_experiment(cls, tenant_id: str, experiment_id: str) -> Iterator[Self]:
        """All parts of all days, read consistently."""
        for part in range(PARTS):
            yield from cls.every(cls.partition(tenant_id, experiment_id, part), consistent=True)


class Counting:
    """What a transaction adds to the counters of an experiment, gathered so that each item is one operation."""

    def __init__(self, tenant_id: str, experiment_id: str) -> None:
        self._of = tenant_id, experiment_id
        self._sums: dict[tuple[int, str, date], Tally] = {}

    def add(self, exposure: ExposureRecord, tally: Tally) -> None:
        """Adds to an arm, on the day of an exposure."""
        self._add(exposure, str(int(exposure.arm)), tally)

    def cross(self, exposure: ExposureRecord, n: int) -> None:
        """Counts somebody who was in two arms."""
        self._add(exposure, CROSSED, Tally(exposed=n))

    def _add(self, exposure: ExposureRecord, arm: str, tally: Tally) -> None:
        place = part_of(exposure.who), arm, exposure.exposed_on
        self._sums[place] = self._sums.get(place, Tally()) + tally

    def add_to(self, tx: Transaction) -> None:
        """Adds what was gathered to a transaction."""
        tenant_id, experiment_id = self._of
        for (part, arm, on), tally in self._sums.items():
            if tally != Tally():
                address = ArmCountRecord.address(tenant_id, experiment_id, part, arm, on)
                tx.update(f"count of {arm} on {on} in {part}", ArmCountRecord, *address, actions=_added(tally))


def _added(tally: Tally) -> list[Action]:
    said: Mapping[str, int] = dict(zip(NAMES, tally.as_json(), strict=True))
    record: Any = ArmCountRecord
    return [*(getattr(record, name).add(n) for name, n in said.items() if n), record.rev.add(1)]


def part_of(who: str) -> int:
    """The part of the counters in which somebody is counted."""
    return zlib.crc32(who.encode()) % PARTS


def member(member_id: str) -> str:
    """A member as exposures name them."""
    return f"member-{member_id}"


def visitor(visitor_id: str) -> str:
    """Somebody who is not signed in, by the name of their browser."""
    return f"visitor-{visitor_id}"
