"""What people are told of complaints and of after-sale cases. Pure."""

from dataclasses import dataclass

from chalicelib.kernel.money import Money
from chalicelib.notices.model.notices import Listed, Notice


@dataclass(frozen=True, slots=True)
class ComplaintOpened(Notice):
    """A complaint belongs to the reader, from the team, who answers and solves it in time; ``category`` is in their
    language, ``text`` what the member said.
    """

    template = "complaint_opened"
    text: str
    category: str
    priority: str
    first_response_due_at: str
    resolution_due_at: str


@dataclass(frozen=True, slots=True)
class ComplaintUnanswered(ComplaintOpened):
    """Nobody answered a complaint in time, and it belongs to the reader now."""

    template = "complaint_unanswered"


@dataclass(frozen=True, slots=True)
class ComplaintEscalated(Notice):
    """A complaint was not solved in time, and belongs to the reader now."""

    template = "complaint_escalated"
    text: str
    category: str
    priority: str
    resolution_due_at: str


@dataclass(frozen=True, slots=True)
class ComplaintResolved(Notice):
    """What came of a member's complaint."""

    template = "complaint_resolved"
    brand: str
    outcome: str


@dataclass(frozen=True, slots=True)
class AfterSaleOpened(Notice):
    """An after-sale case belongs to the reader, from the team, who decides it in time; ``kind`` in their language."""

    template = "aftersale_opened"
    kind: str
    goods: Listed
    act_by: str


@dataclass(frozen=True, slots=True)
class AfterSaleEscalated(Notice):
    """An after-sale case was not decided in time, and belongs to the reader now."""

    template = "aftersale_escalated"
    kind: str
    goods: Listed


@dataclass(frozen=True, slots=True)
class AfterSaleApproved(Notice):
    """A member's request is granted, and no money waits for it: where the goods are to be brought; ``note`` are the
    team's own words, or empty.
    """

    template = "aftersale_approved"
    brand: str
    goods: Listed
    point: str
    address: str
    note: str


@dataclass(frozen=True, slots=True)
class AfterSaleKept(Notice):
    """A member's request is granted, and the goods stay with them; ``note`` are the team's own words, or empty."""

    template = "aftersale_kept"
    brand: str
    goods: Listed
    note: str


@dataclass(frozen=True, slots=True)
class AfterSaleRefunded(Notice):
    """Units of an exchange, or of a repair, are paid back; ``note`` are the team's own words, or empty."""

    template = "aftersale_refunded"
    brand: str
    amount: Money
    note: str


@dataclass(frozen=True, slots=True)
class RepairReady(Notice):
    """Repaired goods may be fetched, and where."""

    template = "repair_ready"
    brand: str
    goods: Listed
    point: str
    address: str


@dataclass(frozen=True, slots=True)
class ReturnApproved(Notice):
    """A return is granted: where to bring the goods, and how much goes back when they have arrived."""

    template = "return_approved"
    brand: str
    goods: Listed
    point: str
    address: str
    amount: Money
    note: str


@dataclass(frozen=True, slots=True)
class ReturnPaid(ReturnApproved):
    """A return is granted and paid back; the goods are still to be brought."""

    template = "return_paid"


@dataclass(frozen=True, slots=True)
class ReturnKept(Notice):
    """A return is granted and paid back, and the goods stay with the member."""

    template = "return_kept"
    brand: str
    goods: Listed
    amount: Money
    note: str


@dataclass(frozen=True, slots=True)
class ReturnArrived(Notice):
    """Goods have arrived, and the money for them goes back."""

    template = "return_arrived"
    brand: str
    goods: Listed
    amount: Money


@dataclass(frozen=True, slots=True)
class ReturnArrivedInPart(ReturnArrived):
    """Some goods have arrived, and the money for them goes back; ``rest`` are the others."""

    template = "return_arrived_in_part"
    rest: Listed


@dataclass(frozen=True, slots=True)
class ReturnClosed(Notice):
    """A return is closed with what came; ``rest`` did not, and nothing goes back for it."""

    template = "return_closed"
    brand: str
    rest: Listed


@dataclass(frozen=True, slots=True)
class AfterSaleRejected(Notice):
    """A member's request is declined, with the team's own words."""

    template = "aftersale_rejected"
    brand: str
    note: str
