"""The pages of the links that end messages of a kind, in the language of who reads them."""

from collections.abc import Mapping

from chalicelib.kernel.language import Language, nearest
from chalicelib.members.unsubscribing.model import Standing
from chalicelib.notices.model.notices import Category
from chalicelib.web.colours import theme
from chalicelib.web.html import render

Words = Mapping[Language, str]

_KINDS: Mapping[Category, Words] = {
    Category.SERVICE: {"en": "replies, surveys and other notes", "zh": "回复、问卷等提示消息"},
    Category.NEWS: {"en": "news and offers", "zh": "资讯与优惠消息"},
}
_GO_ON: Words = {
    "en": "Messages about your orders and your money still come: somebody may wait for you, or owe you something.",
    "zh": "与您的订单和资金有关的消息仍会发送，以免您错过提货或退款。",
}
_BUTTONS: Mapping[str, Words] = {
    "leave": {"en": "Stop these messages", "zh": "停止接收"},
    "undo": {"en": "Undo", "zh": "撤销"},
}
_TITLES: Mapping[str, Words] = {
    "ask": {"en": "Stop {kind}?", "zh": "停止接收{kind}？"},
    "left": {"en": "You get no {kind} any more", "zh": "您已不再接收{kind}"},
    "back": {"en": "You get {kind} again", "zh": "您已恢复接收{kind}"},
    "unknown": {"en": "This link does not work", "zh": "链接无效"},
    "over": {"en": "This can no longer be undone here", "zh": "已无法在此撤销"},
}
_TEXTS: Mapping[str, Words] = {
    "ask": {"en": "{brand} sends you {kind}.", "zh": "“{brand}”会向您发送{kind}。"},
    "left": {"en": "{brand} sends you none from now on.", "zh": "“{brand}”今后不再向您发送此类消息。"},
    "back": {"en": "{brand} sends you these messages as before.", "zh": "“{brand}”将照常向您发送此类消息。"},
    "unknown": {
        "en": "It may have been cut off, or it is too old. Open the one in the latest message, or sign in to the store "
        "and choose there what you want to hear.",
        "zh": "链接可能不完整或已过期。请打开最近一条消息中的链接，或登录店铺设置通知偏好。",
    },
    "over": {
        "en": "To get {kind} from {brand} again, sign in to the store and choose there what you want to hear.",
        "zh": "如需重新接收“{brand}”的{kind}，请登录店铺设置通知偏好。",
    },
}


def asking(standing: Standing, token: str) -> str:
    """Says what the button ends; where it is ended already, that it is."""
    return _page("ask", standing, button="leave") if standing.on else left(standing, token)


def left(standing: Standing, token: str) -> str:
    """Says that it is ended, and offers to undo it while that is possible, below the address of the link."""
    return _page("left", standing, button="undo" if standing.undo else "", action=f"{token}/undo")


def back(standing: Standing) -> str:
    """Says that it is as before."""
    return _page("back", standing)


def over(standing: Standing) -> str:
    """Says that it is too late to undo it here."""
    return _page("over", standing)


def unknown(language: Language) -> str:
    """Says what to do with a link that is none, to whoever has it."""
    title, text = _TITLES["unknown"][language], _TEXTS["unknown"][language]
    return render(
        "unsubscribe.html.j2",
        language=language, theme=theme(""), brand="", title=title, text=text, goes_on="", button="",
    )  # fmt: skip


def _page(name: str, standing: Standing, button: str = "", action: str = "") -> str:
    language = nearest(standing.locale)
    kind = _KINDS[standing.category][language]
    return render(
        "unsubscribe.html.j2",
        language=language,
        theme=theme(standing.colour),
        brand=standing.brand,
        title=_TITLES[name][language].format(kind=kind),
        text=_TEXTS[name][language].format(kind=kind, brand=standing.brand),
        goes_on=_GO_ON[language],
        button=_BUTTONS[button][language] if button else "",
        action=action,
    )
