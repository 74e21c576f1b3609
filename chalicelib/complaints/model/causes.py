"""What complaints are about more closely than by category: a standard list, and a brand's own. Pure.

A cause is known by its code, which records, rules and skills name; people read its words. One that is paused names no
new complaint; those that have it keep it. A rule of the brand that names something new makes that a cause as well.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Self

from chalicelib.complaints.errors import CauseUnknown
from chalicelib.complaints.model.cases import LEADER, Category
from chalicelib.complaints.model.rules import Rule
from chalicelib.complaints.model.words import plain
from chalicelib.kernel.errors import NotFound

MOST_OWN = 40
"""Causes of a brand's own."""

_CODE = re.compile(r"[^\s/?#&]{1,40}")

UNSPECIFIED = "unspecified"
"""Where neither the member nor the words say more."""


@dataclass(frozen=True, slots=True)
class Cause:
    """A cause of complaints under its category, with its words: ``own`` of the brand's, ``also`` called otherwise."""

    code: str
    category: Category
    en: str
    zh: str
    own: bool = False
    paused: bool = False
    also: Sequence[str] = ()

    @property
    def names(self) -> set[str]:
        """All that it may be called by, as :func:`plain` has it."""
        return {plain(each) for each in (self.code, self.en, self.zh, *self.also)}


_Q, _S, _P, _M, _T, _O = Category
STANDARD: tuple[Cause, ...] = (
    Cause("damaged", _Q, "Damaged", "商品破损"),
    Cause("spoiled", _Q, "Spoiled or past its date", "变质或过期"),
    Cause("poor_quality", _Q, "Poor quality, or not fresh", "质量差或不新鲜"),
    Cause("not_as_described", _Q, "Not as described", "与描述不符"),
    Cause("unsafe", _Q, "Unsafe: it made somebody ill, or could", "存在安全隐患或食用后不适"),
    Cause("missing_item", _S, "Something is missing", "少发或漏发"),
    Cause("wrong_item", _S, "The wrong goods", "发错商品"),
    Cause("short_weight", _S, "Less weight or content than stated", "缺斤短两"),
    Cause("late", _P, "Too late", "送达或到货太晚"),
    Cause("not_ready", _P, "Not ready when I came", "到点未备好"),
    Cause("point_closed", _P, "The pickup point was closed", "自提点未开门"),
    Cause("handed_to_another", _P, "Somebody else was given my order", "订单被他人取走"),
    Cause("overcharged", _M, "Charged too much, or twice", "多收或重复扣款"),
    Cause("price", _M, "Another price than was shown", "价格与展示不一致"),
    Cause("discount_missing", _M, "A coupon or points were not counted", "优惠券或积分未抵扣"),
    Cause("refund_late", _M, "The refund has not come", "退款迟迟未到"),
    Cause("invoice", _M, "The invoice", "发票问题"),
    Cause(LEADER, _T, "How the leader behaves", "团长服务不当", also=("团长",)),
    Cause("rude", _T, "Rude or unfriendly", "态度恶劣"),
    Cause("no_answer", _T, "Nobody answers", "无人回复"),
    Cause("advertising", _T, "Too many messages", "消息打扰过多"),
    Cause("app", _O, "The shop does not work", "页面或系统故障"),
    Cause("privacy", _O, "What is done with my data", "个人信息问题"),
    Cause(UNSPECIFIED, _O, "Not said", "未说明"),
)
"""What group buyers complain of, by category."""

_STANDARD = {each.code: each for each in STANDARD}


@dataclass(frozen=True, slots=True)
class Causes:
    """A brand's causes: the standard ones, its own, and those that its rules name; less those that are paused."""

    own: Mapping[str, Cause] = field(default_factory=dict)
    paused: frozenset[str] = frozenset()
    ruled: Sequence[Rule] = ()

    @property
    def every(self) -> list[Cause]:
        """All of them by category, the standard ones first, with whether each is paused."""
        named = {rule.cause: Cause(rule.cause, rule.category, rule.cause, rule.cause, own=True) for rule in self.ruled}
        found = {**named, **self.own, **_STANDARD}
        order = {code: at for at, code in enumerate(_STANDARD)}
        listed = sorted(found.values(), key=lambda each: (order.get(each.code, len(order)), each.code))
        by_category = sorted(listed, key=lambda each: list(Category).index(each.category))
        return [replace(each, paused=each.code in self.paused) for each in by_category]

    @property
    def allowed(self) -> list[Cause]:
        """Those that a new complaint may name."""
        return [each for each in self.every if not each.paused]

    @property
    def by_category(self) -> dict[str, list[Cause]]:
        """Those that a new complaint may name, by the name of their category."""
        return {each.value: [one for one in self.allowed if one.category is each] for each in Category}

    def get(self, code: str) -> Cause | None:
        """A cause by its code, paused or not; None for what is none, such as words of before there was a list."""
        return next((each for each in self.every if each.code == code), None)

    def named(self, said: str) -> Cause:
        """The cause that is meant by its code, or by its words in either language. Raises CauseUnknown, which lists
        those that may be named, also for one that is paused.
        """
        wanted = plain(said)
        found = next((each for each in self.allowed if wanted in each.names), None)
        if found is None:
            raise _unknown(said, self.allowed)
        return found

    def with_cause(self, cause: Cause) -> Self:
        """With a cause of the brand's own added or changed, or one paused or taken up again."""
        own = self.own if cause.code in _STANDARD else {**self.own, cause.code: replace(cause, paused=False)}
        paused = self.paused | {cause.code} if cause.paused else self.paused - {cause.code}
        return replace(self, own=own, paused=frozenset(paused))

    def as_json(self) -> dict[str, Any]:
        """As records keep it: the brand's own, and what is paused."""
        own = {each.code: [each.category.value, each.en, each.zh] for each in self.own.values()}
        return {"own": own, "paused": sorted(self.paused)}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any] | None, ruled: Iterable[Rule] = ()) -> Self:
        """What was kept, with those that the brand's rules name."""
        own = {
            code: Cause(code, Category(category), en, zh, own=True)
            for code, (category, en, zh) in ((stored or {}).get("own") or {}).items()
        }
        return cls(own, frozenset((stored or {}).get("paused") or ()), tuple(ruled))


def checked_code(said: str) -> str:
    """A code as it is kept. Raises NotFound for what can be none."""
    code = said.strip()
    if not _CODE.fullmatch(code) or not code.isprintable():
        message = (
            "There is no such cause; its code has at most 40 characters, and no blanks or slashes, such as unripe."
        )
        raise NotFound(message, detail_zh="没有该投诉原因；代码最多 40 个字符，不含空格和斜杠，例如 unripe。")
    return code


def is_standard(code: str) -> bool:
    """Whether a cause is one of the standard list, whose words and category are fixed."""
    return code in _STANDARD


def _unknown(said: str, allowed: Sequence[Cause]) -> CauseUnknown:
    codes = [each.code for each in allowed]
    refusal = CauseUnknown.at(
        "/cause", f"“{said}” is no cause that can be chosen; name one of: {', '.join(codes)}; or leave it out.",
        f"“{said}”不是可选的原因，请选择：{'、'.join(f'{each.zh}（{each.code}）' for each in allowed)}；或不填写。",
    )  # fmt: skip
    refusal.extra["allowed"] = codes
    return refusal
