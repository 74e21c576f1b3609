"""A brand's rules: words that make a complaint urgent and important, amounts from which its order weighs. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from chalicelib.complaints.model.cases import Category, Importance, Urgency
from chalicelib.complaints.model.words import says

MOST_RULES = 40
MOST_WORDS = 60
"""Of one rule, in one language."""


@dataclass(frozen=True, slots=True)
class Rule:
    """What a complaint is that says one of the words: its cause, category, and least urgency and importance.

    A word that ends in ``*`` begins other words as well; that is for English.
    """

    cause: str
    category: Category
    urgency: Urgency
    english: Sequence[str] = ()
    chinese: Sequence[str] = ()
    importance: Importance = Importance.LOW

    def speaks_of(self, text: str) -> bool:
        """Whether a plain text is about this rule's cause: by its words, or by its very name."""
        return text == self.cause or says(text, self.english, self.chinese)

    def as_json(self) -> dict[str, Any]:
        """As records keep it."""
        return {
            "cause": self.cause, "category": self.category.value, "urgency": self.urgency.value,
            "importance": self.importance.value, "english": list(self.english), "chinese": list(self.chinese),
        }  # fmt: skip

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(
            stored["cause"], Category(stored["category"]), Urgency(stored["urgency"]),
            tuple(stored["english"]), tuple(stored["chinese"]), Importance(stored["importance"]),
        )  # fmt: skip


STANDARD: tuple[Rule, ...] = (
    Rule("unsafe", Category.QUALITY, Urgency.CRITICAL, importance=Importance.NORMAL, english=(
        "food poisoning", "poison*", "allerg*", "injur*", "hurt", "burn", "scald*", "bleed*", "hospital*",
        "ambulance", "doctor", "emergency", "broken glass", "glass in", "metal in", "choke*", "choking", "sick",
        "ill", "vomit*", "throw up", "threw up", "throwing up", "diarrh*", "stomach ache*", "stomachache*",
        "stomach pain*", "fever*", "rash", "faint*",
    ), chinese=(
        "中毒", "过敏", "受伤", "划伤", "烫伤", "流血", "住院", "医院", "急诊", "送医", "看医生", "玻璃渣", "碎玻璃",
        "铁丝", "钉子", "拉肚子", "拉稀", "腹泻", "闹肚子", "肚子疼", "肚子痛", "肠胃炎", "呕吐", "吐了", "上吐下泻",
        "恶心想吐", "发烧", "生病", "起疹子", "晕倒", "噎到", "噎住",
    )),
    Rule("spoiled", Category.QUALITY, Urgency.HIGH, english=(
        "spoil*", "rotten", "rotting", "moldy", "mouldy", "mold", "mould", "expired", "stinks", "stank", "smelly",
        "maggot*", "worm*", "cockroach*", "insect*",
    ), chinese=(
        "变质", "腐烂", "烂了", "烂的", "发霉", "长毛", "霉了", "过期", "发臭", "臭了", "馊", "酸了", "坏了", "坏的",
        "有虫", "虫子", "生虫", "蟑螂",
    )),
    Rule("missing_item", Category.SHORTAGE, Urgency.HIGH, english=(
        "missing", "short of", "not in the bag", "incomplete", "never arrived", "not received", "did not receive",
        "didn't receive", "haven't received",
    ), chinese=("少了", "漏发", "漏了一", "缺货", "缺少", "没收到", "没有收到", "未收到", "少发", "少给")),
    Rule("wrong_item", Category.SHORTAGE, Urgency.HIGH, english=(
        "wrong item*", "wrong product*", "wrong size", "wrong color", "wrong colour", "not what i ordered",
        "someone else's order",
    ), chinese=("发错", "错发", "拿错", "给错", "不是我买的", "不是我订的")),
    Rule("overcharged", Category.PAYMENT, Urgency.HIGH, english=(
        "overcharg*", "charged twice", "paid twice", "double charge*", "wrong price", "wrong amount", "refund*",
        "money back",
    ), chinese=("多收", "多扣", "重复扣", "扣款", "扣了两次", "退款", "退钱", "价格不对", "金额不对")),
    Rule("late", Category.PICKUP, Urgency.NORMAL, english=(
        "late", "delay*", "still waiting", "not ready", "was closed", "nobody there", "no one there",
    ), chinese=("迟到", "延迟", "太慢", "晚到", "没开门", "没人在", "取不到", "等了", "等太久")),
    Rule("rude", Category.SERVICE, Urgency.NORMAL, english=(
        "rude*", "impolite*", "unfriendly", "attitude", "ignored", "shout*", "insult*",
    ), chinese=("态度", "不耐烦", "骂人", "没人理", "不理人", "服务差", "凶我", "吼我")),
    Rule("damaged", Category.QUALITY, Urgency.NORMAL, english=(
        "damage*", "broke", "broken", "crush*", "leak*", "torn", "defect*", "dented",
    ), chinese=("破损", "压坏", "漏了", "碎了", "损坏", "瑕疵", "破了", "摔坏")),
    Rule("poor_quality", Category.QUALITY, Urgency.NORMAL, english=(
        "quality", "not fresh", "tasteless", "too small", "tastes bad", "bland",
    ), chinese=("质量", "不新鲜", "难吃", "不好吃", "太小", "没味道")),
)  # fmt: skip
"""The rules of a brand that has set none, the gravest first."""

PLAIN_URGENCY: Mapping[Category, Urgency] = {
    Category.QUALITY: Urgency.NORMAL,
    Category.SHORTAGE: Urgency.HIGH,
    Category.PICKUP: Urgency.NORMAL,
    Category.PAYMENT: Urgency.HIGH,
    Category.SERVICE: Urgency.NORMAL,
    Category.OTHER: Urgency.LOW,
}
"""What a category means where no word says more and the brand has set nothing."""


@dataclass(frozen=True, slots=True)
class RuleBook:
    """A brand's rules. None, or a category left out, is as standard.

    ``normal_from`` and ``high_from`` are the amounts in minor units from which an order makes a complaint normally and
    highly important; None is by the brand's typical order.
    """

    rules: Sequence[Rule] | None = None
    by_category: Mapping[Category, Urgency] = field(default_factory=dict)
    normal_from: int | None = None
    high_from: int | None = None

    @property
    def in_force(self) -> Sequence[Rule]:
        return STANDARD if self.rules is None else self.rules

    def urgency_of(self, category: Category) -> Urgency:
        """How urgent a complaint of the category is that says nothing more."""
        return self.by_category.get(category, PLAIN_URGENCY[category])
