"""What a rule may ask for: the fields, what each is compared with, and how. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import get_args

from chalicelib.members.model.classes import MemberClass
from chalicelib.members.model.profiles import CONSENTS, AgeBand, Gender, Household
from chalicelib.members.model.status import Origin


class Op(StrEnum):
    """``any_of``: at least one of the values; ``all_of``: each; ``none_of``: none of them, nor where nothing is known.
    ``at_least`` and ``at_most`` compare numbers; ``from`` and ``until`` days, the day itself included: where no number
    or day is known neither holds, so that a ``not`` around it does. ``bought`` and ``not_bought`` look for a purchase.
    """

    ANY_OF = "any_of"
    ALL_OF = "all_of"
    NONE_OF = "none_of"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    FROM = "from"
    UNTIL = "until"
    BOUGHT = "bought"
    NOT_BOUGHT = "not_bought"


class Kind(StrEnum):
    """What a field holds: one word or several, a number, a day, purchases that there are, or what they add up to."""

    CHOICE = "choice"
    SEVERAL = "several"
    NUMBER = "number"
    DAY = "day"
    PURCHASES = "purchases"
    SUM = "sum"


OPS: Mapping[Kind, tuple[Op, ...]] = {
    Kind.CHOICE: (Op.ANY_OF, Op.NONE_OF),
    Kind.SEVERAL: (Op.ANY_OF, Op.ALL_OF, Op.NONE_OF),
    Kind.NUMBER: (Op.AT_LEAST, Op.AT_MOST),
    Kind.DAY: (Op.FROM, Op.UNTIL),
    Kind.PURCHASES: (Op.BOUGHT, Op.NOT_BOUGHT),
    Kind.SUM: (Op.AT_LEAST, Op.AT_MOST),
}


MOST_NUMBER = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Field:
    """A field, as people call it. ``values`` are all that it can have, where the product knows them; ``named`` is what
    the brand has of its own: tiers, tags, segments or pickup points. ``personal`` is said by the member, and used only
    where they agreed to ``personalisation``. ``of_history`` needs their purchases read, ``of_scores`` what they score
    among all. A number is from ``least`` to ``most``.
    """

    kind: Kind
    en: str
    zh: str
    values: tuple[str, ...] = ()
    named: str = ""
    personal: bool = False
    of_history: bool = False
    of_scores: bool = False
    least: int = 0
    most: int = MOST_NUMBER

    @property
    def ops(self) -> tuple[Op, ...]:
        return OPS[self.kind]


LANGUAGES = ("zh", "en")


def _score(en: str, zh: str) -> Field:
    """How a member stands among all who ever ordered, 5 being best. Who never ordered has no score."""
    return Field(Kind.NUMBER, en, zh, of_scores=True, least=1, most=5)


FIELDS: Mapping[str, Field] = {
    "class": Field(Kind.CHOICE, "class", "会员分类", tuple(each.value for each in MemberClass)),
    "tier": Field(Kind.CHOICE, "tier", "等级", named="tiers"),
    "tags": Field(Kind.SEVERAL, "tags", "标签", named="tags"),
    "segments": Field(Kind.SEVERAL, "segments", "人群", named="segments"),
    "origin": Field(Kind.CHOICE, "way of joining", "加入方式", get_args(Origin)),
    "language": Field(Kind.CHOICE, "language", "语言", LANGUAGES),
    "consents": Field(Kind.SEVERAL, "consents", "授权", CONSENTS),
    "points": Field(Kind.NUMBER, "points", "积分"),
    "joined_on": Field(Kind.DAY, "day of joining", "加入日期"),
    "first_ordered_on": Field(Kind.DAY, "day of the first order", "首单日期"),
    "last_ordered_on": Field(Kind.DAY, "day of the last order", "最近下单日期"),
    "last_active_on": Field(Kind.DAY, "last active day", "最近活跃日期"),
    "days_since_joined": Field(Kind.NUMBER, "days since joining", "加入天数"),
    "days_since_first_order": Field(Kind.NUMBER, "days since the first order", "距首单天数"),
    "recency": Field(Kind.NUMBER, "days since the last order", "距最近下单天数"),
    "frequency": Field(Kind.NUMBER, "days with an order", "下单天数", of_history=True),
    "purchases": Field(Kind.PURCHASES, "purchases", "购买记录", of_history=True),
    "orders": Field(Kind.SUM, "orders", "订单数", of_history=True),
    "units": Field(Kind.SUM, "units bought", "购买件数", of_history=True),
    "monetary": Field(Kind.SUM, "money spent", "消费金额", of_history=True),
    "rfm_recency": _score("recency score", "最近购买评分"),
    "rfm_frequency": _score("frequency score", "购买频次评分"),
    "rfm_monetary": _score("value score", "购买金额评分"),
    "pickup_points": Field(Kind.SEVERAL, "pickup points used", "用过的自提点", named="pickup_points", of_history=True),
    "favourite_point": Field(Kind.CHOICE, "favourite pickup point", "常用自提点", named="pickup_points", personal=True),
    "age_band": Field(Kind.CHOICE, "age", "年龄段", tuple(each.value for each in AgeBand), personal=True),
    "gender": Field(Kind.CHOICE, "gender", "性别", tuple(each.value for each in Gender), personal=True),
    "occupation": Field(Kind.CHOICE, "occupation", "职业", personal=True),
    "income_band": Field(Kind.CHOICE, "income", "收入段", personal=True),
    "household": Field(Kind.CHOICE, "household", "家庭情况", tuple(each.value for each in Household), personal=True),
    "interests": Field(Kind.SEVERAL, "interests", "兴趣", personal=True),
}  # fmt: skip
"""Every field of a rule, by the name that the API takes."""

IN_PROFILE: Mapping[str, str] = {
    "favourite_point": "favourite_point_id", "age_band": "age_band", "gender": "gender", "occupation": "occupation",
    "income_band": "income_band", "household": "household", "interests": "interests",
}  # fmt: skip
"""Where in the profile each personal field stands."""
