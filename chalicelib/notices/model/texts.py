"""What a message to a person says, by template and language, unless its brand has words of its own. Pure."""

from collections.abc import Mapping

from chalicelib.kernel.language import Language
from chalicelib.notices.model.catalogue import UnknownTemplate, notice_of
from chalicelib.notices.model.notices import Texts

_FORMER: Mapping[str, Texts] = {
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
    texts = _FORMER.get(template) or notice_of(template).texts
    if language not in texts:
        raise UnknownTemplate(f"notice {template!r} says nothing in {language!r}")
    return texts[language]
