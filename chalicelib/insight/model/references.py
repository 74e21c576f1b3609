"""What the field reports of group buying, to be read beside a brand's own figures and never mixed into them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from chalicelib.insight.model.charts import Words


class Topic(StrEnum):
    """What a figure of the field is about: each report shows those that its own figures compare with."""

    AGE = "age"
    FREQUENCY = "frequency"
    MOBILE_PAYMENT = "mobile_payment"
    PRAISE = "praise"
    GOODS = "goods"
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class Reference:
    """A figure of the field, and what of ours it compares with."""

    topic: Topic
    text: Words
    compares_with: Words


SOURCE = Words("2025 report on group-buying user behaviour and retention", "2025 年团购用户行为与留存研究报告")
YEAR = 2025

REFERENCES: Sequence[Reference] = (
    Reference(
        Topic.AGE,
        Words("Most who buy in groups are between 25 and 45 years old.", "团购用户以 25–45 岁人群为主。"),
        Words(
            "The age bands 25–34 and 35–44 together, of the members who said their age.",
            "已填写年龄的会员中，25–34 岁与 35–44 岁两段之和。",
        ),
    ),
    Reference(
        Topic.FREQUENCY,
        Words("A typical user buys about once a week.", "用户通常每周购买约一次。"),
        Words("Orders for each member-week in periodicity.", "周期报表中的每会员每周订单数。"),
    ),
    Reference(
        Topic.MOBILE_PAYMENT,
        Words("More than 80% pay by mobile.", "超过 80% 的用户使用移动支付。"),
        Words(
            "The share of mobile payment, of the orders whose way of paying is known.",
            "支付方式已知的订单中，移动支付所占比例。",
        ),
    ),
    Reference(
        Topic.PRAISE,
        Words("More than 70% of reviews praise.", "好评率超过 70%。"),
        Words("The rate of reviews that praise in service rates.", "服务指标报表中的好评率。"),
    ),
    Reference(
        Topic.GOODS,
        Words("Food is bought first, daily goods second.", "食品类居首，其次为日用品。"),
        Words("The categories by the occasions on which they were bought.", "按购买次数（会员·日）排列的类目。"),
    ),
    Reference(
        Topic.HOURS,
        Words("Orders peak in the morning and in the evening.", "下单高峰在早间与晚间。"),
        Words("Orders by local hour.", "按当地小时统计的订单数。"),
    ),
)


def references(*topics: Topic) -> list[Reference]:
    """The figures of the field about some topics."""
    return [each for each in REFERENCES if each.topic in topics]
