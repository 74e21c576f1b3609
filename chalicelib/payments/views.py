"""What the API shows of payments."""

from typing import Any, Self

from chalicelib.payments.model import Attention, DisputeState, RefundState, State
from chalicelib.payments.records import PaymentRecord
from chalicelib.payments.service.starting import client_of
from chalicelib.web import Instant, MoneyField, View


class PaymentView(View):
    """An attempt to pay what an order wants. Until ``held_until`` it can be paid with what ``client`` holds: for
    ``test`` a ``page_url``; for ``stripe`` a ``client_secret`` and a ``publishable_key``, or a ``page_url``; for
    ``wechat`` a ``code_url``, or what the page inside WeChat hands over. It is empty once nothing can be paid any more.
    ``returned`` says that the order no longer wanted the money that came, which goes back whole.
    """

    id: str
    order_id: str
    provider: str
    status: State
    amount: MoneyField
    client: dict[str, Any]
    held_until: Instant
    created_at: Instant
    succeeded_at: Instant | None
    returned: bool

    @classmethod
    def of(cls, payment: PaymentRecord) -> Self:
        """The payment as it stands."""
        client = client_of(payment) if payment.state is State.PENDING else {}
        return cls(
            **_payment(payment),
            status=payment.state,
            client=client,
            succeeded_at=payment.succeeded_at,
            returned=payment.applied == "returned",
        )

    @classmethod
    def as_started(cls, payment: PaymentRecord) -> Self:
        """The first answer to its start, given again from what never changes in it."""
        about = _payment(payment) | {"amount": MoneyField.of(payment.asked_minor, payment.currency)}
        return cls(**about, status=State.PENDING, client=client_of(payment), succeeded_at=None, returned=False)


class RefundPartView(View):
    """Money on its way back through a payment. A refund of the order may have parts on several payments, of which some
    may arrive and others be declined; ``tried_again`` counts how often staff had a declined one sent once more.
    """

    refund_id: str
    amount: MoneyField
    status: RefundState
    tried_again: int


class AcceptanceView(View):
    """That staff took a payment as it came: ``asked`` is what had been asked for."""

    asked: MoneyField
    at: Instant
    by: str
    reason: str


class DisputeView(View):
    """A payer's objection to a payment at their bank. ``fee`` is what the provider took for it."""

    status: DisputeState
    amount: MoneyField
    fee: MoneyField


class DismissalView(View):
    """That staff have seen to a reason to look at a payment."""

    reason: str
    at: Instant
    by: str
    note: str


class StaffPaymentView(View):
    """A payment as the brand's people see it. ``applied`` is ``captured`` where it paid the order, ``returned`` where
    the order no longer wanted it. ``differs`` names in what the provider's word contradicts our record: then nothing
    is booked until someone has looked. ``not_asked`` is why the provider could not be asked at the last look, while
    anything is open: ``provider_not_set_up`` (the account's keys are not there any more, or do not open),
    ``provider_keys_refused``, ``provider_refused``, ``provider_unavailable``. ``fee`` is what the provider keeps, by
    the rates agreed when it was started. ``accepted`` says that staff took it in another amount than was asked.
    ``attention`` is why a person should look at it; ``refunded_at_provider`` what went back there without us.
    """

    id: str
    order_id: str
    provider: str
    status: State
    amount: MoneyField
    held_until: Instant
    created_at: Instant
    succeeded_at: Instant | None
    reference: str | None
    merchant_id: str
    fee: MoneyField
    applied: str | None
    differs: list[str]
    not_asked: str | None
    accepted: AcceptanceView | None
    attention: Attention | None
    disputes: list[DisputeView]
    refunded_at_provider: MoneyField
    dismissed: list[DismissalView]
    refunds: list[RefundPartView]

    @classmethod
    def of(cls, payment: PaymentRecord) -> Self:
        """The payment as it stands."""
        refunds = [
            RefundPartView(
                refund_id=refund_id,
                amount=MoneyField.of(back.amount_minor, payment.currency),
                status=back.state,
                tried_again=back.attempt,
            )
            for refund_id, back in payment.backs.items()
        ]
        return cls(
            **_payment(payment),
            status=payment.state,
            succeeded_at=payment.succeeded_at,
            reference=payment.reference,
            merchant_id=payment.merchant,
            fee=MoneyField.of(payment.fee_minor, payment.currency),
            applied=payment.applied,
            differs=payment.differs or [],
            not_asked=payment.unasked,
            accepted=_accepted(payment),
            attention=payment.attention,
            disputes=_disputes(payment),
            refunded_at_provider=MoneyField.of(
                sum(amount for amount, _ in (payment.elsewhere or {}).values()), payment.currency
            ),
            dismissed=[
                DismissalView(reason=reason, at=each.at, by=each.by, note=each.note)
                for reason, each in payment.dismissals.items()
            ],
            refunds=refunds,
        )


class PaymentList(View):
    """An order's payments, oldest first."""

    items: list[PaymentView]


class StaffPaymentList(View):
    """An order's payments, oldest first."""

    items: list[StaffPaymentView]


def _accepted(payment: PaymentRecord) -> AcceptanceView | None:
    found = payment.acceptance
    if found is None:
        return None
    asked = MoneyField.of(found.asked_minor, payment.currency)
    return AcceptanceView(asked=asked, at=found.at, by=found.by, reason=found.reason)


def _disputes(payment: PaymentRecord) -> list[DisputeView]:
    return [
        DisputeView(
            status=each.state,
            amount=MoneyField.of(each.amount_minor, payment.currency),
            fee=MoneyField.of(each.fee_minor, payment.currency),
        )
        for each in payment.disputes.values()
    ]


def _payment(payment: PaymentRecord) -> dict[str, Any]:
    return {
        "id": payment.id,
        "order_id": payment.order_id,
        "provider": payment.provider,
        "amount": MoneyField.of(int(payment.amount_minor), payment.currency),
        "held_until": payment.held_until,
        "created_at": payment.created_at,
    }
