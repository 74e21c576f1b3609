"""What members are told of money once it has come back to them, or could not. Pure."""

from dataclasses import dataclass

from chalicelib.kernel.money import Money
from chalicelib.notices.model.facts import InWords
from chalicelib.notices.model.notices import Category, Notice, Telling, Urgency


@dataclass(frozen=True, slots=True)
class _OfMoney(Notice):
    """So much of a member's order in the campaign of that title."""

    brand: str
    title: str
    amount: Money


@dataclass(frozen=True, slots=True)
class MoneyBack(_OfMoney):
    """A refund has been made by the provider."""

    template = "money_back"
    telling = Telling(Category.MONEY, about="order")
    texts = {
        "en": (
            "Your money is on its way to you",
            (
                "{brand}: {amount} for “{title}” has now been sent back {way}. Your bank may take some days to show "
                "it; you need not do anything."
            ),
        ),
        "zh": (
            "退款已退回",
            "{brand}：“{title}”的退款 {amount} 已{way}，到账时间以银行为准，您无需操作。",
        ),
    }
    way: InWords


@dataclass(frozen=True, slots=True)
class PaidOutInCash(_OfMoney):
    """Somebody at the pickup point says that they gave the member money: the reader knows whether they did."""

    template = "paid_out_in_cash"
    telling = Telling(Category.MONEY, about="order")
    texts = {
        "en": (
            "You got money back in cash",
            (
                "{brand}: {amount} for “{title}” was given to you in cash at your pickup point. If you did not get it, "
                "tell our store."
            ),
        ),
        "zh": (
            "现金退款已领取",
            "{brand}：“{title}”的退款 {amount} 已在自提点以现金退给您。如未收到，请联系店铺。",
        ),
    }


@dataclass(frozen=True, slots=True)
class RefundRefused(_OfMoney):
    """The provider would not make a refund; the brand's people see to it."""

    template = "refund_refused"
    telling = Telling(Category.MONEY, Urgency.ACT, about="order")
    texts = {
        "en": (
            "Your money could not be sent back yet",
            (
                "{brand}: {amount} for “{title}” could not be sent back the way you paid. We know of it and see to it; "
                "your money is not lost. If your card or account has changed, tell our store."
            ),
        ),
        "zh": (
            "退款暂未成功",
            (
                "{brand}：“{title}”的退款 {amount} 未能原路退回，我们已知悉并会处理，您的款项不会丢失。"
                "如您的银行卡或账户已变更，请联系店铺。"
            ),
        ),
    }
