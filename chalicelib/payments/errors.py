"""Why a payment was not started, or a provider's message not believed."""

from chalicelib.kernel.errors import Conflict, Invalid, Malformed, TooManyRequests, Unavailable


class ProviderNotSetUp(Conflict):
    """The store has no account with this payment provider, or has switched it off."""

    code, title, title_zh = "provider_not_set_up", "The store does not take this payment method", "店铺未开通该支付方式"


class CurrencyNotTaken(Invalid):
    """The provider pays out in other currencies than the store's."""

    code, title, title_zh = "currency_not_taken", "The provider does not take this currency", "该支付方式不支持此币种"


class NotPayable(Conflict):
    """The order wants no payment now: it is paid, expired, cancelled, changed meanwhile, or paid at pickup."""

    code, title, title_zh = "not_payable", "This order awaits no payment", "订单无需支付"


class PaymentOver(Conflict):
    """The attempt was closed meanwhile; a new one needs a new Idempotency-Key."""

    code, title, title_zh = "payment_over", "This payment attempt is over", "本次支付已结束"


class TooManyAttempts(TooManyRequests):
    """The order was tried to be paid too often; ``retry_after`` says in how many seconds to come back."""

    code, title, title_zh = "too_many_attempts", "Too many attempts to pay", "支付尝试次数过多"


class NothingDiffers(Conflict):
    """The provider's word agrees with what was asked, so there is nothing to accept."""

    code, title, title_zh = "nothing_differs", "Nothing differs", "没有不一致之处"


class NotAcceptable(Conflict):
    """More than the amount differs: another currency has no place in the books, and another order's money none here;
    ``extra`` names in what it differs.
    """

    code, title, title_zh = "not_acceptable", "This payment cannot be accepted", "该支付无法确认"


class NothingCame(Conflict):
    """The payer has not paid, or not yet: only money that came is accepted."""

    code, title, title_zh = "nothing_came", "No money has come", "款项尚未到账"


class GivenBack(Conflict):
    """Some or all of the money was refunded at the provider, though not by us: what came is no longer there."""

    code, title, title_zh = "given_back", "The money was given back", "款项已退回"


class ProviderUnavailable(Unavailable):
    """The provider did not answer in time; the same request may be sent again and is never carried out twice."""

    code, title, title_zh = "provider_unavailable", "The payment provider does not answer", "支付渠道暂时无响应"


class ProviderRefused(Conflict):
    """The provider understood the request and declined it; ``extra`` carries its code."""

    code, title, title_zh = "provider_refused", "The payment provider declined", "支付渠道拒绝了请求"


class KeysRefused(ProviderRefused):
    """The provider does not accept the store's keys, so it has said nothing of what was asked; ``extra`` carries its
    code.
    """

    code, title, title_zh = (
        "provider_keys_refused",
        "The payment provider does not accept the store's keys",
        "支付渠道不接受店铺的密钥",
    )


class PayerUnknown(Conflict):
    """WeChat did not say who pays: the code was used, too old, or not the account's. It gives a new one for asking."""

    code, title, title_zh = "payer_unknown", "It is not known who pays", "无法确认付款人"


class PaymentUndecided(Unavailable):
    """The payer has paid and their bank has not decided yet, so the provider neither has the money nor ends the
    payment.
    """

    code, title, title_zh = "payment_undecided", "The payment is not decided yet", "支付结果尚未确定"


NOT_ASKED = (KeysRefused, ProviderNotSetUp, ProviderUnavailable)
"""Faults after which nothing is known of what was asked: it may have been carried out, so it stays open."""


class NothingDeclined(Conflict):
    """No refund through the payment was declined, so there is none to try again."""

    code, title, title_zh = "nothing_declined", "No refund was declined", "没有被拒绝的退款"


class PaymentDisputed(Conflict):
    """Its payer disputes the payment: a refund beside the dispute would pay the money back twice."""

    code, title, title_zh = "payment_disputed", "The payment is disputed", "该支付存在争议"


class NothingToDismiss(Conflict):
    """Nobody has to look at the payment."""

    code, title, title_zh = "nothing_to_dismiss", "Nothing is to be dismissed", "没有待处理事项"


class WebhookRefused(Malformed):
    """The message does not prove that it comes from the provider, for this store, now. Never says which."""

    code, title, title_zh = "webhook_refused", "The message is not from the provider", "通知验证失败"
