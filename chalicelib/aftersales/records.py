"""After-sale: the case, the claims on an order's units, and their keys."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pynamodb.attributes import NumberAttribute, UnicodeAttribute

from chalicelib.aftersales.model.arrivals import Part, still_expected, units_of
from chalicelib.aftersales.model.cases import ENDED, CaseLine, Kind, Status, awaits_goods
from chalicelib.aftersales.model.exchanges import RefundedInstead
from chalicelib.cases.model.clocks import Kind as CaseKind
from chalicelib.cases.model.clocks import Priority, Promise, Run, Step
from chalicelib.cases.records import CaseEntry, CaseRecord
from chalicelib.db import InstantAttribute, JsonAttribute, TenantRecord, Transaction, key
from chalicelib.db.attributes import optional
from chalicelib.kernel.clock import instant, sortable

QUEUE = "service"
OVERDUE = "aftersale.overdue"

_MOST_SHOWN = 90


class AfterSaleRecord(CaseRecord):
    """A return, exchange or repair with its history, ``{type, at, by, …}``, oldest first.

    ``photos`` are ids of uploads, ``photo_files`` the names that they are kept under. ``body_hash`` and
    ``decision_hash`` tell whether a request under the same Idempotency-Key is the same. ``paid_order_id`` is the order
    that paid for the goods, where that is another one; ``complaint_id`` the complaint that it makes good.
    ``goods`` says whether the goods are to come back, and ``pays`` when money goes back: what the decision pays back in
    all is ``refund_minor``, for ``promised_units``, or as the plain amount ``promised_minor``; ``gifts_kept_minor`` is
    kept back of that for gifts that stay, and ``points`` come back beside it. ``refund_units`` are all
    units that money went back for, ``instead_units`` those of them that were to be replaced, by offer id. ``gsi1``
    lists the tenant's cases, those in work before the ended ones, newest first within each; ``gsi2`` lists a member's
    own. Until it ends its owner has to act until ``act_by``: to decide until ``first_response_due_at``, then to finish
    until ``resolution_due_at`` or, while the member is to bring goods, to ask after them.
    """

    id = UnicodeAttribute()
    kind = UnicodeAttribute()
    status = UnicodeAttribute()
    order_id = UnicodeAttribute()
    paid_order_id = optional(UnicodeAttribute(null=True))
    campaign_id = UnicodeAttribute()
    member_id = UnicodeAttribute()
    pickup_point_id = UnicodeAttribute()
    currency = UnicodeAttribute()
    complaint_id = optional(UnicodeAttribute(null=True))
    stored_lines = JsonAttribute(attr_name="lines")
    reason = UnicodeAttribute()
    photos = JsonAttribute()
    photo_files = JsonAttribute(null=True)
    body_hash = UnicodeAttribute()
    stored_priority = optional(UnicodeAttribute(attr_name="priority", null=True))
    first_response_due_at = optional(InstantAttribute(null=True))
    resolution_due_at = optional(InstantAttribute(null=True))
    opened_at = InstantAttribute()
    since = InstantAttribute()
    act_by = InstantAttribute(null=True)
    decided_at = InstantAttribute(null=True)
    decided_by = UnicodeAttribute(null=True)
    decision_reason = UnicodeAttribute(null=True)
    decision_key = UnicodeAttribute(null=True)
    decision_hash = UnicodeAttribute(null=True)
    refund_minor = NumberAttribute(null=True)
    refund_id = UnicodeAttribute(null=True)
    refund_units = JsonAttribute(null=True)
    goods = optional(UnicodeAttribute(null=True))
    pays = optional(UnicodeAttribute(null=True))
    promised_units = optional(JsonAttribute(attr_name="promised", null=True))
    promised_minor = optional(NumberAttribute(null=True))
    gifts_kept_minor = optional(NumberAttribute(null=True))
    points = optional(NumberAttribute(null=True))
    instead_units = optional(JsonAttribute(null=True))
    stored_instead = JsonAttribute(attr_name="instead", null=True)
    exchange_order_id = UnicodeAttribute(null=True)
    stored_parts = JsonAttribute(attr_name="parts", null=True)
    escalated_at = InstantAttribute(null=True)
    history = JsonAttribute()

    @staticmethod
    def address(tenant_id: str, case_id: str) -> tuple[str, str]:
        """Where a case is kept."""
        return key(tenant_id, "after-sale", case_id), "after-sale"

    @staticmethod
    def of_tenant(tenant_id: str) -> str:
        """The partition of ``gsi1`` with all cases of the tenant."""
        return key(tenant_id, "after-sales")

    @staticmethod
    def of_member(tenant_id: str, member_id: str) -> str:
        """The partition of ``gsi2`` with a member's cases."""
        return key(tenant_id, "member-after-sales", member_id)

    @property
    def lines(self) -> list[CaseLine]:
        return [CaseLine(*line) for line in self.stored_lines]

    @lines.setter
    def lines(self, lines: list[CaseLine]) -> None:
        self.stored_lines = [
            [line.offer_id, line.sku_id, line.title, line.units, *([line.per] if line.per > 1 else [])]
            for line in lines
        ]

    @property
    def parts(self) -> list[Part]:
        """What came back, part by part."""
        return [Part.from_json(raw) for raw in self.stored_parts or []]

    @parts.setter
    def parts(self, parts: list[Part]) -> None:
        self.stored_parts = [part.as_json() for part in parts]

    @property
    def arrived(self) -> dict[str, int]:
        """The units that came back so far, by offer id."""
        return units_of(line for part in self.parts for line in part.lines)

    @property
    def still_expected(self) -> dict[str, int]:
        """The units that are to come back and did not yet, by offer id."""
        waits = self.status in (Status.APPROVED, Status.RECEIVED) and self.goods != "not_needed"
        return still_expected(self.units, self.arrived) if waits else {}

    def note_besides(self, gifts_kept_minor: int, points: int) -> None:
        """Notes what else its decision comes to."""
        self.gifts_kept_minor, self.points = gifts_kept_minor or None, points or None

    @property
    def pays_on_receipt(self) -> bool:
        """Whether the money of the decision goes back as the goods arrive."""
        return self.pays == "on_receipt"

    @property
    def refunded_minor(self) -> int:
        """What went back so far, or is on its way."""
        parts = sum(part.refund_minor for part in self.parts) if self.pays_on_receipt else int(self.refund_minor or 0)
        return parts + sum(each.refund_minor for each in self.instead)

    @property
    def not_replaced(self) -> dict[str, int]:
        """The units of an exchange for which money goes back instead of goods, by offer id."""
        promised = self.promised_units if self.promised_units is not None else self.refund_units
        return dict(Counter(promised or {}) + Counter(self.instead_units or {}))

    @property
    def instead(self) -> list[RefundedInstead]:
        """What was paid back and not replaced, in its order."""
        return [RefundedInstead.from_json(raw) for raw in self.stored_instead or []]

    @instead.setter
    def instead(self, instead: list[RefundedInstead]) -> None:
        self.stored_instead = [each.as_json() for each in instead]

    @property
    def units(self) -> dict[str, int]:
        """The units that the case is about, by offer id."""
        return {line.offer_id: line.units for line in self.lines}

    @property
    def earned_on(self) -> str:
        """The order on which a leader earns what these goods were sold for."""
        return str(self.paid_order_id or self.order_id)

    @property
    def ended(self) -> bool:
        return self.status in ENDED

    @property
    def priority(self) -> Priority:
        """p3 unless the team said otherwise."""
        return Priority(self.stored_priority or Priority.P3)

    @property
    def awaits_goods(self) -> bool:
        """Whether its member is to bring goods: until they do, its clock stands still."""
        return awaits_goods(Kind(self.kind), Status(self.status), sum(self.still_expected.values()))

    @property
    def run(self) -> Run:
        """Since when it is worked on after its decision."""
        decided_at: datetime | None = self.decided_at
        return self.run_from(decided_at or self.since)

    @property
    def promises(self) -> Sequence[Promise]:
        """When it is to be decided, or finished; one of before there were warnings is warned of when it is due."""
        act_by: datetime | None = self.act_by
        if self.ended or act_by is None:
            return ()
        if self.status == Status.REQUESTED:
            due_at = self.first_response_due_at or act_by
            return (Promise(Step.ANSWER_WARNED, Step.ANSWER_BREACHED, self.answer_warn_at or due_at, due_at, False),)
        due_at, stands = self.resolution_due_at or act_by, self.waiting_for is not None
        return (
            Promise(
                Step.SOLUTION_WARNED, Step.SOLUTION_BREACHED, self.solution_warn_at or due_at, due_at, False, stands
            ),
        )

    @property
    def steps(self) -> list[str]:
        """The steps of its ladder that were taken; one that was escalated before there were steps took them all."""
        if self.stored_steps is None and self.escalated_at is not None:
            return [Step.ANSWER_BREACHED.value, Step.SOLUTION_BREACHED.value]
        return super().steps

    def copy(self) -> CaseEntry | None:
        """As the desk lists it, while it is in work."""
        act_by: datetime | None = self.act_by
        if self.ended or act_by is None:
            return None
        decides = self.status == Status.REQUESTED
        act = "answer" if decides else "follow_up" if self.waiting_for else "solution"
        warn_at = None if self.waiting_for else self.answer_warn_at if decides else self.solution_warn_at
        goods = ", ".join(f"{line.title} × {line.units}" for line in self.lines)
        return CaseEntry(
            *CaseEntry.address(self.tenant_id, self.id),
            kind=CaseKind.AFTER_SALE.value, status=self.status, about=self.kind, priority=self.priority.value,
            subject=goods if len(goods) <= _MOST_SHOWN else f"{goods[: _MOST_SHOWN - 1]}…",
            owner=self.owner, member_id=self.member_id, order_id=self.order_id, waiting_for=self.waiting_for,
            opened_at=self.opened_at, act=act, act_at=act_by, warn_at=warn_at,
        )  # fmt: skip

    def move_to(self, status: Status, at: datetime, by: str, **details: Any) -> None:
        """Takes a state that the rules allow; notes it in the history, and emits an event when that is the end."""
        self.status, self.since = status.value, at
        self.note(status.value, at, by, **details)
        if self.ended:
            self.emit("aftersale.ended", at, aftersale_id=self.id, order_id=self.order_id, earned_on=self.earned_on)

    def note(self, what: str, at: datetime, by: str, **details: Any) -> None:
        """Adds an entry to the history; what is None is left out."""
        given = {name: value for name, value in details.items() if value is not None}
        self.history = [*(self.history or []), {"type": what, "at": instant(at), "by": by, **given}]

    def arrange(self) -> None:
        """Stands in both lists, and is due while a step of its ladder is to be taken."""
        part = "done" if self.ended else "open"
        self.gsi1pk = self.of_tenant(self.tenant_id)
        self.gsi1sk = f"{part}#{sortable(self.opened_at)}#{self.id}"
        self.gsi2pk = self.of_member(self.tenant_id, self.member_id)
        self.gsi2sk = f"{sortable(self.opened_at)}#{self.id}"
        self.schedule(self.next_look_at, OVERDUE, QUEUE)


class ClaimsRecord(TenantRecord):
    """Which units of an order are in cases (units by offer id, by case id), and for which money went back already.

    Written with every case that opens, is decided or is withdrawn, so that no unit is claimed or paid back twice.
    """

    cases = JsonAttribute(default=dict)
    paid_back = JsonAttribute(attr_name="settled", default=dict)

    @staticmethod
    def address(tenant_id: str, order_id: str) -> tuple[str, str]:
        """Where an order's claims are kept: with the order."""
        return key(tenant_id, "order", order_id), "after-sales"

    @classmethod
    def of(cls, tenant_id: str, order_id: str) -> "ClaimsRecord":
        """An order's claims as they are now; those of an order without any are new, with revision 0."""
        return cls.fetch(*cls.address(tenant_id, order_id), consistent=True) or cls.fresh(tenant_id, order_id)

    @classmethod
    def fresh(cls, tenant_id: str, order_id: str) -> "ClaimsRecord":
        """The claims of an order without any."""
        return cls(*cls.address(tenant_id, order_id), rev=0)

    @property
    def claimed(self) -> dict[str, int]:
        """Units by offer id that cases hold."""
        total: Counter[str] = Counter()
        for units in self.cases.values():
            total.update(units)
        return dict(total)

    def write(self, tx: Transaction) -> None:
        """Adds the claims to a transaction, as ``claims``."""
        if self.rev == 0:
            self.rev = 1
            tx.create("claims", self)
        else:
            tx.replace("claims", self)

    def claim(self, case_id: str, units: dict[str, int]) -> None:
        """Units go into a case."""
        self.cases = {**self.cases, case_id: units}

    def free(self, case_id: str, paid_back: dict[str, int]) -> None:
        """A case has come to nothing: its units can be claimed again, but for those that money went back for."""
        others = {each: units for each, units in self.cases.items() if each != case_id}
        self.cases = others | ({case_id: paid_back} if paid_back else {})

    def pay_back(self, units: dict[str, int]) -> None:
        """Money went back for units."""
        self.paid_back = dict(Counter(self.paid_back) + Counter(units))
