"""What the people of the week type, in each language, and what it comes to."""

from __future__ import annotations

from dataclasses import dataclass

from chalicelib.kernel.language import Language
from chalicelib.kernel.money import Money

PRICE, COST = "10.00", "3.75"
"""Of one bag, whichever apples are in it: what neighbours pay, and what the supplier gets."""

OWNER, LEADER, FIRST, LAST = (
    f"{name}@{host}"
    for name, host in (
        ("owner", "green-valley.example"),
        ("lin", "people.example"),
        ("wang", "people.example"),
        ("li", "people.example"),
    )
)
SLUG = "green-valley"
"""What the pages propose as the shop's address, by the name of the brand or the address of its owner."""


@dataclass(frozen=True)
class Typed:
    """The words of one language; country, zone and currency are those that the pages propose to its readers."""

    language: Language
    country: str
    zone: str
    currency: str
    brand: str
    product: str
    description: str
    category: str
    ordered: str
    instead: str
    supplier: str
    place: str
    address: str
    hours: str
    campaign: str
    leader: str
    first: str
    last: str
    fault: str
    answer: str

    def money(self, minor: int) -> str:
        """An amount as pages write it."""
        return Money(minor, self.currency).said(self.language)


CHINESE = Typed(
    language="zh",
    country="CN",
    zone="Asia/Shanghai",
    currency="CNY",
    brand="青谷果园",
    product="陕西苹果",
    description="清晨采摘，当天装袋。放冰箱可保存两周。",
    category="水果",
    ordered="红富士 2 公斤",
    instead="嘎啦 2 公斤",
    supplier="洛川果农合作社",
    place="东门便利店",
    address="幸福小区 3 号楼底商",
    hours="每天 17:00–20:00",
    campaign="周末吃苹果",
    leader="林芳",
    first="王秀英",
    last="李强",
    fault="有一袋苹果压坏了，切开是黑的。",
    answer="非常抱歉，请把这一袋带到自提点，当面退款。",
)
ENGLISH = Typed(
    language="en",
    country="GB",
    zone="Europe/London",
    currency="GBP",
    brand="Green Valley",
    product="Kentish apples",
    description="Picked in the morning, bagged the same day. They keep for two weeks in the fridge.",
    category="Fruit",
    ordered="Bramley, 2 kg",
    instead="Gala, 2 kg",
    supplier="Hill Farm",
    place="East gate",
    address="The corner shop, 3 Orchard Road",
    hours="daily 17:00–20:00",
    campaign="Apples for the weekend",
    leader="Grace Lin",
    first="Mary Wang",
    last="Ben Lee",
    fault="One bag was crushed; the apples are black inside.",
    answer="We are sorry. Please bring the bag to the pickup point, and you get your money back there.",
)
