"""What a message to a person says, by template and language. Pure."""

from collections.abc import Mapping
from typing import Any

from chalicelib.kernel.language import Language, nearest
from chalicelib.notices.model.catalogue import UnknownTemplate, notice_of
from chalicelib.notices.model.letters import Letter, one_line
from chalicelib.notices.model.notices import DECLARED, Notice
from chalicelib.notices.model.order_texts import OF_ORDERS

_OF_PEOPLE: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "sign_in_code": {
        "en": (
            "Your sign-in code: {code}",
            "{code} is your sign-in code, valid once and for {minutes} minutes. We never ask you for it.",
        ),
        "zh": ("登录验证码：{code}", "您的登录验证码是 {code}，{minutes} 分钟内有效，仅可使用一次。我们不会向您索要。"),
    },
    "sign_in_guessed": {
        "en": (
            "Wrong sign-in codes at {brand}",
            (
                "Somebody typed many wrong sign-in codes for your address at {brand} today; none of them opened "
                "anything. Your next codes of today are longer, and you sign in as always. Never pass a code on."
            ),
        ),
        "zh": (
            "{brand}：有人多次输入错误的验证码",
            (
                "{brand}：今天有人多次用您的地址输入错误的验证码，均未能登录。您今天接下来的验证码会更长，登录方式不变。"
                "请勿将验证码告诉任何人。"
            ),
        ),
    },
    "identity_code": {
        "en": (
            "Your code: {code}",
            (
                "{code} confirms {shown} as what you sign in with, valid once and for {minutes} minutes. If you did "
                "not ask for it, ignore it and give it to nobody."
            ),
        ),
        "zh": (
            "验证码：{code}",
            (
                "{code} 是将 {shown} 设为登录方式的验证码，{minutes} 分钟内有效，仅可使用一次。如非本人操作，请忽略，"
                "且勿告知他人。"
            ),
        ),
    },
    "identity_changed": {
        "en": (
            "How you sign in has changed",
            (
                "{brand}: you sign in with {shown} from now on; what it replaces no longer works. If this was not you, "
                "tell the store at once."
            ),
        ),
        "zh": (
            "您的登录方式已更改",
            "{brand}：您现在使用 {shown} 登录，被替换的登录方式已失效。如非本人操作，请立即联系商家。",
        ),
    },
    "survey_invitation": {
        "en": ("{title}", "Thank you for collecting your order from {brand}. How was it? {url} (until {expires_on})"),
        "zh": ("{title}", "感谢您在{brand}取货，请告诉我们您的感受：{url}（{expires_on} 前有效）"),
    },
}

TEMPLATES = {**_OF_PEOPLE, **OF_ORDERS}

_FORMER: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "refund_ended": {
        "en": (
            "Your order has ended",
            "{brand}: your order of “{title}” was not collected or not paid in full in time. {amount} comes back.",
        ),
        "zh": ("订单已结束", "{brand}：您在“{title}”的订单未按时取货或付清，将退还 {amount}。"),
    },
    "order_forfeited": {
        "en": (
            "Your order is forfeited",
            "{brand}: your order of “{title}” was not collected or not paid in full in time. Its money stays with us.",
        ),
        "zh": ("订单已失效", "{brand}：您在“{title}”的订单未按时取货或付清，按活动规则已付款项不予退还。"),
    },
}
"""Of messages that were queued before an order that was not collected was told from one that was not paid."""


def ours(template: str, language: Language) -> tuple[str, str]:
    """The subject and text that we have of a notice in a language. Raises UnknownTemplate."""
    declared = DECLARED.get(template)
    texts = (declared.texts if declared else None) or TEMPLATES.get(template) or _FORMER.get(template)
    texts = texts or notice_of(template).texts
    if language not in texts:
        raise UnknownTemplate(f"notice {template!r} says nothing in {language!r}")
    return texts[language]

def texts_of(kind: type[Notice]) -> Mapping[Any, tuple[str, str]]:
    """What a notice says, by language: beside the notice, or here. Raises KeyError where it stands nowhere."""
    return kind.texts or TEMPLATES[kind.template]



def render(template: str, locale: str, params: Mapping[str, object]) -> Letter:
    """The subject and text in the language of ours that is nearest to the person's (a BCP 47 tag).

    Raises UnknownTemplate for a template or parameter that is missing.
    """
    subject, text = ours(template, nearest(locale))
    try:
        return Letter(one_line(subject.format_map(params)), text.format_map(params))
    except KeyError as missing:
        raise UnknownTemplate(f"template {template!r}: {missing} is missing") from missing
