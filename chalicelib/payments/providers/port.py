"""What the product asks of any payment provider."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from chalicelib.payments.model import Dispute, Refunded, RefundState, Report, Terms


@dataclass(frozen=True, slots=True)
class Charge:
    """Money to be taken. ``terms.payment_id`` is the provider's idempotency key: the same charge opens one payment.

    ``way`` is how the payer pays, where a provider knows several; ``payer`` is who, where it must know. From a page of
    the provider's own the payer comes back to ``return_url``, whether they have paid or not.
    """

    terms: Terms
    description: str
    expires_at: datetime
    notify_url: str
    way: str = ""
    payer: str = ""
    return_url: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A payment as the provider opened it: its id there, and what the payer's device needs to pay."""

    reference: str
    client: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Known:
    """A payment that exists: our terms, and the provider's id if it has been told to us."""

    terms: Terms
    reference: str


@dataclass(frozen=True, slots=True)
class Return:
    """Money to be given back. ``refund_id`` is the provider's idempotency key."""

    refund_id: str
    amount_minor: int
    reason: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What a verified message is about. It is a reason to ask, never an answer.

    Where it does not name our payment, ``reference`` is the provider's own id of it. ``money_back`` says that it is
    about refunds or disputes, and ``refund`` names the one refund, where the provider has to be asked by that.
    """

    payment_id: str
    event: str
    reference: str = ""
    money_back: bool = False
    refund: str = ""


class Provider(Protocol):
    """A store's account at a payment provider.

    Calls have time limits and raise ProviderUnavailable when these pass, ProviderRefused when the provider declines,
    and KeysRefused when it does not accept the account's keys.
    """

    @property
    def merchant(self) -> str:
        """The store's account at the provider."""

    def create(self, charge: Charge, now: datetime) -> Opened:
        """Opens a payment; the same charge again gives the same payment."""

    def query(self, known: Known, now: datetime) -> Report:
        """The provider's present word on a payment."""

    def close(self, known: Known, now: datetime) -> Report:
        """Ends an unpaid payment so that nobody can pay it any more, and says what has become of it."""

    def refund(self, known: Known, back: Return, now: datetime) -> RefundState:
        """Gives money back once for each ``refund_id``, and says how far that is.

        ProviderRefused is the provider's word on this very refund: none was made.
        """

    def refund_state(self, known: Known, refund_id: str, now: datetime) -> RefundState | None:
        """How far a refund is, or None where the provider has none of this id.

        Raises ProviderUnavailable, or KeysRefused, where it does not say.
        """

    def refunded(self, known: Known, refund: str, now: datetime) -> Sequence[Refunded]:
        """What of a payment was given back and has arrived, whoever asked for it; from a provider that does not list
        refunds, the one that is named. Raises ProviderUnavailable, or KeysRefused, where it does not say.
        """

    def disputes(self, known: Known, now: datetime) -> Sequence[Dispute]:
        """How the disputes about a payment stand; none where the provider has no such thing."""

    def payment_of(self, reference: str, now: datetime) -> str:
        """Our id of a payment that the provider names by its own; empty where it is none of ours."""

    def verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> Notice | None:
        """What a message is about, or None where it is of no interest. Raises WebhookRefused unless it is proven."""
