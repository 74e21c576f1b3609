"""What can be told of what somebody does. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KindOfEvent:
    """What a kind of event means. ``told`` is whether a browser or another shop may tell of it; else it comes from our
    own records alone.
    """

    en: str
    zh: str
    told: bool = True


KINDS: Mapping[str, KindOfEvent] = {
    "visit": KindOfEvent("came to the shop", "进入店铺"),
    "view": KindOfEvent("looked at a product, a campaign or another page", "浏览商品、团购活动或其他页面"),
    "search": KindOfEvent("searched the products", "搜索商品"),
    "filter": KindOfEvent("filtered or sorted a list", "筛选或排序"),
    "compare": KindOfEvent("compared products", "比较商品"),
    "cart": KindOfEvent("put something into the basket", "加入购物篮"),
    "checkout": KindOfEvent("began to order", "开始下单"),
    "order": KindOfEvent("ordered", "下单"),
    "review": KindOfEvent("wrote a review", "发表评价"),
    "share": KindOfEvent("passed something on", "分享"),
    "favourite": KindOfEvent("kept a product as a favourite", "收藏商品"),
    "survey": KindOfEvent("answered a survey", "填写问卷", told=False),
    "complaint": KindOfEvent("complained", "提交投诉", told=False),
    "enquiry": KindOfEvent("asked a question", "咨询", told=False),
    "suggestion": KindOfEvent("made a suggestion", "提出建议", told=False),
    "message": KindOfEvent("opened a message", "阅读消息", told=False),
}
"""Each kind by its name."""

TOLD = tuple(name for name, kind in KINDS.items() if kind.told)
"""The kinds that a browser or another shop may tell of."""

BRIEF: Mapping[str, tuple[str, str]] = {
    "visit": ("visit", "进店"), "view": ("view", "浏览"), "search": ("search", "搜索"), "filter": ("filter", "筛选"),
    "compare": ("compare", "比较"), "cart": ("basket", "加购"), "checkout": ("checkout", "开始下单"),
    "order": ("order", "下单"), "review": ("review", "评价"), "share": ("share", "分享"),
    "favourite": ("favourite", "收藏"), "survey": ("survey", "问卷"), "complaint": ("complaint", "投诉"),
    "enquiry": ("question", "咨询"), "suggestion": ("suggestion", "建议"), "message": ("message", "消息"),
}  # fmt: skip
"""Each kind in a word or two, where there is little room."""

RECORDED = frozenset({"order", "review"})
"""The kinds that may be told of and also come from our own records, which then stand for what was told."""
