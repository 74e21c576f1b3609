"""What the people who run a store are told of disputes, and of money given back at the provider itself. Pure."""

from dataclasses import dataclass

from chalicelib.kernel.money import Money
from chalicelib.notices.model.facts import InWords
from chalicelib.notices.model.notices import Category, Notice, Telling, Urgency

_WHO = frozenset({"owner", "manager"})
"""Who may decide what becomes of a payment."""

TO_ACT = Telling(Category.MONEY, Urgency.ACT, "team", _WHO, "payment")
TO_KNOW = Telling(Category.MONEY, Urgency.KNOW, "team", _WHO, "payment")


@dataclass(frozen=True, slots=True)
class AboutPayment(Notice):
    """Of a payment for an order in the campaign of that title."""

    brand: str
    title: str
    amount: Money
    provider: InWords


@dataclass(frozen=True, slots=True)
class PaymentDisputed(AboutPayment):
    """A payer disputes a payment, which is to be answered at the provider."""

    template = "payment_disputed"
    telling = TO_ACT
    texts = {
        "en": (
            "A payment is disputed",
            "{brand}, “{title}”: a payer disputes {amount} at {provider}. Answer it there in time; refunds wait.",
        ),
        "zh": (
            "有付款被提出争议",
            "{brand}：“{title}”有一笔 {amount} 的付款在 {provider} 被提出争议，请及时前往答复，期间不再退款。",
        ),
    }


@dataclass(frozen=True, slots=True)
class DisputeLost(AboutPayment):
    """A dispute ended in the payer's favour."""

    template = "dispute_lost"
    telling = TO_KNOW
    texts = {
        "en": ("A dispute is lost", "{brand}, “{title}”: {provider} has given the payer {amount}. See the order."),
        "zh": ("争议未获支持", "{brand}：“{title}”的付款争议已判付款人胜诉，{provider} 已退还 {amount}，请查看订单。"),
    }


@dataclass(frozen=True, slots=True)
class DisputeWon(AboutPayment):
    """A dispute ended in the store's favour."""

    template = "dispute_won"
    telling = TO_KNOW
    texts = {
        "en": ("A dispute is won", "{brand}, “{title}”: the dispute about {amount} at {provider} is decided for you."),
        "zh": ("争议已胜诉", "{brand}：“{title}”在 {provider} 的 {amount} 付款争议已判商家胜诉。"),
    }


@dataclass(frozen=True, slots=True)
class RefundedElsewhere(AboutPayment):
    """Money of an order was given back on the provider's own pages."""

    template = "refunded_elsewhere"
    telling = TO_ACT
    texts = {
        "en": (
            "Money was given back at {provider}",
            "{brand}, “{title}”: {amount} was given back at {provider} itself. See whether the order still stands.",
        ),
        "zh": (
            "{provider} 有退款",
            "{brand}：“{title}”的订单在 {provider} 直接退款 {amount}，请确认订单是否仍有效。",
        ),
    }
