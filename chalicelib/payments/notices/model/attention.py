"""What the people who run a store are told of payments and refunds that do not go as they should. Pure."""

from dataclasses import dataclass

from chalicelib.notices.model.facts import InWords
from chalicelib.notices.model.notices import Notice
from chalicelib.payments.notices.model.disputes import TO_ACT, TO_KNOW, AboutPayment


@dataclass(frozen=True, slots=True)
class RefundFailed(AboutPayment):
    """The provider declined to send money back; ``code`` is the order's pickup code."""

    template = "refund_failed_at_provider"
    telling = TO_ACT
    texts = {
        "en": (
            "A refund did not go out",
            (
                "{brand}, “{title}”: {provider} did not send {amount} back for the order with pickup code {code}. "
                "See at {provider} why, such as too low a balance; then have it tried again, under payments to look at."
            ),
        ),
        "zh": (
            "有退款未成功",
            (
                "{brand}：“{title}”取货码 {code} 的订单有一笔 {amount} 的退款被 {provider} 拒绝。"
                "请到 {provider} 查明原因（如余额不足），再到“待处理支付”重新退款。"
            ),
        ),
    }
    code: str


@dataclass(frozen=True, slots=True)
class PaymentDiffers(AboutPayment):
    """What the provider says of a payment differs from what was asked, so nothing is booked."""

    template = "payment_differs"
    telling = TO_ACT
    texts = {
        "en": (
            "A payment differs from what was asked",
            (
                "{brand}, “{title}”: what {provider} says of the payment for the order with pickup code {code} differs "
                "from the {amount} that was asked. It is not booked. Compare it at {provider}, then accept or dismiss "
                "it, under payments to look at."
            ),
        ),
        "zh": (
            "有付款与应付不符",
            (
                "{brand}：“{title}”取货码 {code} 的订单应付 {amount}，与 {provider} 的记录不符，尚未入账。"
                "请到 {provider} 核对，再到“待处理支付”确认或忽略。"
            ),
        ),
    }
    code: str


@dataclass(frozen=True, slots=True)
class PaymentNotAsked(AboutPayment):
    """The provider does not say what became of a payment or refund, and what hangs on it waits."""

    template = "payment_not_asked"
    telling = TO_KNOW
    texts = {
        "en": (
            "{provider} does not answer",
            (
                "{brand}, “{title}”: {provider} does not say what became of {amount} for the order with pickup code "
                "{code}. We go on asking, and its deadline waits. Should that last, look at {provider} itself, then "
                "dismiss it, under payments to look at."
            ),
        ),
        "zh": (
            "{provider} 暂无回应",
            (
                "{brand}：“{title}”取货码 {code} 的订单有一笔 {amount}，{provider} 未告知结果。我们会继续查询，"
                "该订单的期限暂缓。如长时间无结果，请到 {provider} 核对，再到“待处理支付”忽略。"
            ),
        ),
    }
    code: str


@dataclass(frozen=True, slots=True)
class KeysRefused(Notice):
    """The provider does not accept the account's keys, so nothing can be found out about payments there."""

    template = "payment_keys_refused"
    telling = TO_ACT
    texts = {
        "en": (
            "{provider} does not accept your keys",
            (
                "{brand}: {provider} does not accept the store's keys, so we cannot find out who has paid, and no "
                "refund goes out there. Put the keys right, under payment settings; then we go on by ourselves."
            ),
        ),
        "zh": (
            "{provider} 不接受您的密钥",
            (
                "{brand}：{provider} 不接受店铺的密钥，我们无法查询付款结果，退款也无法发出。"
                "请到支付设置更正密钥，之后会自动继续处理。"
            ),
        ),
    }
    brand: str
    provider: InWords
