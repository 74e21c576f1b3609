"""What people are told, by whom it reaches and with which facts. Pure.

A notice is a class of its own, named by its template; its fields are the facts that the template's texts show. Instants
and amounts come as texts, as the person is to read them.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, Literal, Self

Medium = Literal["email", "sms", "nobody"]
"""How a message goes out. To ``nobody`` nothing is sent: an unknown person's sign-in is queued like any other, to look
the same."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is told: an address, the medium that reaches it, and the language (BCP 47) they read."""

    medium: Medium
    address: str
    locale: str


@dataclass(frozen=True, slots=True)
class Notice:
    """Something that people are told."""

    template: ClassVar[str]


@dataclass(frozen=True, slots=True)
class SignInCode(Notice):
    """A code to sign in with, valid for so many minutes."""

    template = "sign_in_code"
    code: str
    minutes: int


@dataclass(frozen=True, slots=True)
class IdentityCode(Notice):
    """A code that confirms an e-mail or a phone number as what somebody signs in with, valid for so many minutes."""

    template = "identity_code"
    brand: str
    code: str
    shown: str
    minutes: int


@dataclass(frozen=True, slots=True)
class IdentityChanged(Notice):
    """To where somebody was reached so far: what they sign in with from now on, in part."""

    template = "identity_changed"
    brand: str
    shown: str


@dataclass(frozen=True, slots=True)
class SurveyInvitation(Notice):
    """A link to a survey, open up to and including a local day."""

    template = "survey_invitation"
    brand: str
    title: str
    url: str
    expires_on: str


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
class _AboutOrder(Notice):
    """Of a member's order in the campaign of that title."""

    brand: str
    title: str


@dataclass(frozen=True, slots=True)
class TeamFilled(_AboutOrder):
    template = "team_filled"


@dataclass(frozen=True, slots=True)
class TeamFailed(_AboutOrder):
    """The team did not fill in time: the order is cancelled, and what was paid comes back."""

    template = "team_failed"


@dataclass(frozen=True, slots=True)
class OrderReady(_AboutOrder):
    """Where the order is ready, and against which code it is handed over."""

    template = "order_ready"
    point: str
    address: str
    code: str


@dataclass(frozen=True, slots=True)
class _OrderAsAsked(_AboutOrder):
    """What the team did in an order as its member asked them to: its items, its price, where it is handed over."""

    items: str
    total: str
    where: str
    code: str


@dataclass(frozen=True, slots=True)
class OrderPlacedForMember(_OrderAsAsked):
    """The team placed an order for a member who called."""

    template = "order_placed_for_member"


@dataclass(frozen=True, slots=True)
class OrderChangedForMember(_OrderAsAsked):
    """The team changed an order for a member who asked them to."""

    template = "order_changed_for_member"


@dataclass(frozen=True, slots=True)
class OrderChangeWaits(_AboutOrder):
    """The team noted a change that takes effect when the member pays its difference in time."""

    template = "order_change_waits"
    amount: str
    until: str


@dataclass(frozen=True, slots=True)
class OrderCancelledForMember(_AboutOrder):
    """The team cancelled an order for a member who asked them to."""

    template = "order_cancelled_for_member"


@dataclass(frozen=True, slots=True)
class OrderMoved(_AboutOrder):
    """The team moved an order after the cutoff: where it is handed over now, and why in their own words."""

    template = "order_moved"
    where: str
    code: str
    note: str


@dataclass(frozen=True, slots=True)
class OrderSubstituted(_AboutOrder):
    """What comes in an order instead of what was ordered, such as ``2 × Nashi``, one after the other."""

    template = "order_substituted"
    instead: str


@dataclass(frozen=True, slots=True)
class OrderForfeited(_AboutOrder):
    """The order's money is kept, as the campaign said before it was ordered."""

    template = "order_forfeited"


@dataclass(frozen=True, slots=True)
class BalanceDue(_AboutOrder):
    """How much is to be paid until when."""

    template = "balance_due"
    amount: str
    until: str


@dataclass(frozen=True, slots=True)
class RefundOfLadder(_AboutOrder):
    """The final price is lower than what was paid."""

    template = "refund_ladder"
    amount: str


@dataclass(frozen=True, slots=True)
class RefundOfCampaign(_AboutOrder):
    """The campaign does not take place."""

    template = "refund_campaign"
    amount: str


@dataclass(frozen=True, slots=True)
class RefundOfEnded(_AboutOrder):
    """The order was not collected, or not paid in full, in time."""

    template = "refund_ended"
    amount: str


@dataclass(frozen=True, slots=True)
class RefundOfDelivery(_AboutOrder):
    """The order is collected, although its delivery was paid for."""

    template = "refund_delivery"
    amount: str


@dataclass(frozen=True, slots=True)
class RefundOfShort(_AboutOrder):
    """Not all of the order can be handed over; ``note`` are the team's own words, or empty."""

    template = "refund_short"
    amount: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class RefundOfGoodwill(_AboutOrder):
    """The brand gives money back because it wants to; ``note`` are the team's own words."""

    template = "refund_goodwill"
    amount: str
    note: str


@dataclass(frozen=True, slots=True)
class RefundOfGoodwillInCash(RefundOfGoodwill):
    """The same, in cash at the pickup point."""

    template = "refund_goodwill_in_cash"


@dataclass(frozen=True, slots=True)
class PaymentTooLate(_AboutOrder):
    """A payment came when its order had ended, and goes back whole."""

    template = "payment_too_late"
    amount: str


@dataclass(frozen=True, slots=True)
class PaymentTwice(_AboutOrder):
    """A payment came that the order did not need any more, and goes back whole."""

    template = "payment_twice"
    amount: str


@dataclass(frozen=True, slots=True)
class RefundByBrand(_AboutOrder):
    """The brand has given money back on its payment provider's own pages."""

    template = "refund_by_brand"
    amount: str


@dataclass(frozen=True, slots=True)
class PaymentDisputed(_AboutOrder):
    """A payer disputes a payment; the reader, who runs the store, is to answer it at the provider."""

    template = "payment_disputed"
    amount: str
    provider: str


@dataclass(frozen=True, slots=True)
class DisputeLost(_AboutOrder):
    """A dispute ended in the payer's favour; the reader runs the store."""

    template = "dispute_lost"
    amount: str
    provider: str


@dataclass(frozen=True, slots=True)
class DisputeWon(_AboutOrder):
    """A dispute ended in the store's favour; the reader runs it."""

    template = "dispute_won"
    amount: str
    provider: str


@dataclass(frozen=True, slots=True)
class RefundedElsewhere(_AboutOrder):
    """Money of an order was given back on the provider's own pages; the reader, who runs the store, is to look."""

    template = "refunded_elsewhere"
    amount: str
    provider: str


@dataclass(frozen=True, slots=True)
class AfterSaleOpened(Notice):
    """An after-sale case belongs to the reader, from the team, who decides it in time; ``kind`` in their language."""

    template = "aftersale_opened"
    kind: str
    goods: str
    act_by: str


@dataclass(frozen=True, slots=True)
class AfterSaleEscalated(Notice):
    """An after-sale case was not decided in time, and belongs to the reader now."""

    template = "aftersale_escalated"
    kind: str
    goods: str


@dataclass(frozen=True, slots=True)
class AfterSaleApproved(Notice):
    """A member's request is granted, and no money waits for it: where the goods are to be brought; ``note`` are the
    team's own words, or empty.
    """

    template = "aftersale_approved"
    brand: str
    goods: str
    point: str
    address: str
    note: str


@dataclass(frozen=True, slots=True)
class AfterSaleKept(Notice):
    """A member's request is granted, and the goods stay with them; ``note`` are the team's own words, or empty."""

    template = "aftersale_kept"
    brand: str
    goods: str
    note: str


@dataclass(frozen=True, slots=True)
class AfterSaleRefunded(Notice):
    """Units of an exchange, or of a repair, are paid back; ``note`` are the team's own words, or empty."""

    template = "aftersale_refunded"
    brand: str
    amount: str
    note: str


@dataclass(frozen=True, slots=True)
class ReturnApproved(Notice):
    """A return is granted: where to bring the goods, and how much goes back when they have arrived."""

    template = "return_approved"
    brand: str
    goods: str
    point: str
    address: str
    amount: str
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
    goods: str
    amount: str
    note: str


@dataclass(frozen=True, slots=True)
class ReturnArrived(Notice):
    """Goods have arrived, and the money for them goes back."""

    template = "return_arrived"
    brand: str
    goods: str
    amount: str


@dataclass(frozen=True, slots=True)
class ReturnArrivedInPart(ReturnArrived):
    """Some goods have arrived, and the money for them goes back; ``rest`` are the others."""

    template = "return_arrived_in_part"
    rest: str


@dataclass(frozen=True, slots=True)
class ReturnClosed(Notice):
    """A return is closed with what came; ``rest`` did not, and nothing goes back for it."""

    template = "return_closed"
    brand: str
    rest: str


@dataclass(frozen=True, slots=True)
class AfterSaleRejected(Notice):
    """A member's request is declined, with the team's own words."""

    template = "aftersale_rejected"
    brand: str
    note: str


@dataclass(frozen=True, slots=True)
class Queued:
    """A notice on its way: as the ``notify`` queue carries it, where its template is known by name."""

    to: Recipient
    template: str
    params: Mapping[str, Any]

    @classmethod
    def of(cls, notice: Notice, to: Recipient) -> Self:
        return cls(to, notice.template, asdict(notice))

    def as_json(self) -> dict[str, Any]:
        """The message's data. Messages are in flight while a new version is deployed: the names stay as they are."""
        return {
            "channel": self.to.medium, "to": self.to.address, "locale": self.to.locale,
            "template": self.template, "params": dict(self.params),
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(Recipient(data["channel"], data["to"], data["locale"]), data["template"], data["params"])
