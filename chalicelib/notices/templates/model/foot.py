"""What stands below a message: where more is, why its reader gets it, and how to get no more of the kind. Pure."""

from collections.abc import Mapping

from chalicelib.kernel.language import Language
from chalicelib.notices.model.notices import Audience, Category, Telling

DECLINABLE = frozenset({Category.SERVICE, Category.NEWS})
"""What a person may ask not to get."""

_OF_MEMBERS: Mapping[Category, tuple[str, str]] = {
    Category.ACCESS: (
        "You get this because your address was used at {brand}.",
        "您收到此消息，是因为有人在{brand}使用了您的地址。",
    ),
    Category.ORDER: (
        "You get this as a customer of {brand}. What concerns your orders is always sent.",
        "您收到此消息，是因为您是{brand}的顾客。与您订单有关的消息必定发送。",
    ),
    Category.MONEY: (
        "You get this as a customer of {brand}. What concerns your money is always sent.",
        "您收到此消息，是因为您是{brand}的顾客。与您款项有关的消息必定发送。",
    ),
    Category.SERVICE: ("You get this as a member of {brand}.", "您收到此消息，是因为您是{brand}的会员。"),
    Category.NEWS: (
        "You get this because you agreed to get news from {brand}.",
        "您收到此消息，是因为您同意接收{brand}的资讯。",
    ),
}
_OF_OTHERS: Mapping[Audience, tuple[str, str]] = {
    "leader": (
        "You get this because you lead a pickup point of {brand}.",
        "您收到此消息，是因为您是{brand}自提点的团长。",
    ),
    "team": ("You get this because you work for {brand}.", "您收到此消息，是因为您是{brand}团队的成员。"),
}
_TOGETHER = (
    "What can wait comes to you together from {brand}.",
    "{brand}将可以稍后查看的消息汇总后发送给您。",
)
_PAGE: Mapping[Audience, tuple[str, str]] = {
    "member": ("See it in the shop", "在店铺中查看"),
    "leader": ("Open it on your leader's page", "在团长页面查看"),
    "team": ("Open it at the console", "在管理后台查看"),
}
_LINK = ("Unsubscribe from messages of this kind", "退订此类消息")


def why(telling: Telling, brand: str, language: Language) -> str:
    """Why the reader gets a message."""
    texts = _OF_MEMBERS[telling.category] if telling.audience == "member" else _OF_OTHERS[telling.audience]
    return _in(texts, language).replace("{brand}", brand)


def why_together(brand: str, language: Language) -> str:
    """Why the reader gets several messages as one."""
    return _in(_TOGETHER, language).replace("{brand}", brand)


def page_label(audience: Audience, language: Language) -> str:
    """What the link says that leads to the page of what a message is about."""
    return _in(_PAGE[audience], language)


def lead_text(label: str, page: str, language: Language) -> str:
    """The same link without markup; empty without one."""
    return _labelled(label, page, language) if page else ""


def unsubscribe_label(language: Language) -> str:
    """What the link says by which the reader gets no more of the kind."""
    return _in(_LINK, language)


def foot_text(reason: str, unsubscribe: str, language: Language) -> str:
    """The foot of a message without markup."""
    if not unsubscribe:
        return reason
    return f"{reason}\n{_labelled(unsubscribe_label(language), unsubscribe, language)}"


def _labelled(label: str, link: str, language: Language) -> str:
    colon = "：" if language == "zh" else ": "
    return f"{label}{colon}{link}"


def _in(texts: tuple[str, str], language: Language) -> str:
    return texts[1] if language == "zh" else texts[0]
