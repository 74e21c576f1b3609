"""What a brand wants of prices in each stage of a product's life, and what that comes to for a SKU. Pure.

Nothing here changes a price: it is said with its reasons, and people decide. Amounts are minor units, shares basis
points.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from chalicelib.kernel.money import Money
from chalicelib.kernel.percent import percent_text
from chalicelib.pricing.model.floors import WHOLE_BPS, Floor, floor_of, margin_bps
from chalicelib.pricing.model.rules import Words
from chalicelib.pricing.model.stages import IN_WORDS, Stage

BELOW_BPS = 1_000
"""A competitor who is cheaper by a tenth is worth a look, where a brand has set nothing else."""


@dataclass(frozen=True, slots=True)
class StagePolicy:
    """For one stage: the ``largest_discount_bps`` off the list price, the ``margin_bps`` that a price is to leave, and
    by how much the list price is to change. What is None is left open.
    """

    largest_discount_bps: int | None = None
    margin_bps: int | None = None
    change_bps: int | None = None

    def __bool__(self) -> bool:
        return (self.largest_discount_bps, self.margin_bps, self.change_bps) != (None, None, None)

    def as_json(self) -> list[int | None]:
        return [self.largest_discount_bps, self.margin_bps, self.change_bps]


@dataclass(frozen=True, slots=True)
class PriceRules:
    """A brand's rules of prices: the ``floor`` of products without one of their own, by how much a competitor may be
    cheaper before that is an alert, on which weekday its weeks begin (0 for Monday), and a policy for each stage.
    """

    floor: Floor | None = None
    below_bps: int = BELOW_BPS
    week_begins: int = 0
    stages: Mapping[Stage, StagePolicy] = field(default_factory=dict)

    def stage(self, stage: Stage | None) -> StagePolicy:
        """What is wanted in a stage."""
        return self.stages.get(stage, StagePolicy()) if stage else StagePolicy()

    def as_json(self) -> dict[str, Any]:
        stages = {stage.value: policy.as_json() for stage, policy in self.stages.items() if policy}
        floor = self.floor.as_json() if self.floor else None
        return {"floor": floor, "below": self.below_bps, "week": self.week_begins, "stages": stages}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(
            Floor.from_json(stored["floor"]) if stored["floor"] else None,
            stored["below"],
            stored["week"],
            {Stage(stage): StagePolicy(*policy) for stage, policy in stored["stages"].items()},
        )


@dataclass(frozen=True, slots=True)
class Advice:
    """A list price that the policy of a stage leads to, and the lowest price of a campaign that it allows; None where
    it says nothing of them. ``reasons`` say how each was found.
    """

    price_minor: int | None = None
    lowest_minor: int | None = None
    reasons: tuple[Words, ...] = ()


def advise(
    price_minor: int, cost_minor: int | None, currency: str, stage: Stage | None, rules: PriceRules, own: Floor | None
) -> Advice:
    """What the rules come to for a SKU at a list price."""
    policy, reasons = rules.stage(stage), list[Words]()
    floor = floor_of(own, rules.floor, cost_minor)
    wanted = price_minor
    called = IN_WORDS[stage] if stage else Words("", "")
    if policy.change_bps:
        wanted = _half_up(price_minor * (WHOLE_BPS + policy.change_bps), WHOLE_BPS)
        reasons.append(_changes(policy.change_bps, called))
    wanted = _with_margin(wanted, cost_minor, policy, reasons)
    if floor > wanted:
        wanted = floor
        reasons.append(_stops_at(Money(floor, currency)))
    lowest = None
    if policy.largest_discount_bps is not None:
        least = -(-price_minor * (WHOLE_BPS - policy.largest_discount_bps) // WHOLE_BPS)
        lowest = max(least, floor)
        reasons.append(_discounts(policy.largest_discount_bps, called))
        if floor > least:
            reasons.append(_stops_at(Money(floor, currency)))
    return Advice(wanted if wanted != price_minor else None, lowest, tuple(dict.fromkeys(reasons)))


def _with_margin(wanted: int, cost_minor: int | None, policy: StagePolicy, reasons: list[Words]) -> int:
    if policy.margin_bps is None:
        return wanted
    target = percent(policy.margin_bps)
    if cost_minor is None:
        reasons.append(
            Words(
                f"The margin of {target} needs a cost, and none is stated.", f"未填写成本，无法计算 {target} 的毛利。"
            )
        )
        return wanted
    needed = -(-cost_minor * WHOLE_BPS // (WHOLE_BPS - policy.margin_bps))
    if needed <= wanted:
        return wanted
    left = margin_bps(wanted, cost_minor)
    is_now = percent(left) if left is not None else "0%"
    reasons.append(
        Words(
            f"It is to leave a margin of {target}; that price would leave {is_now}.",
            f"目标毛利率为 {target}，该价格仅有 {is_now}。",
        )
    )
    return needed


def percent(bps: int) -> str:
    """``12.5%``."""
    return f"{'-' if bps < 0 else ''}{percent_text(abs(bps))}%"


def _changes(bps: int, called: Words) -> Words:
    up, up_zh = ("raised", "上调") if bps > 0 else ("lowered", "下调")
    by = percent(abs(bps))
    return Words(f"In {called.en} your list prices are {up} by {by}.", f"{called.zh}的标价按您的规则{up_zh} {by}。")


def _discounts(bps: int, called: Words) -> Words:
    by = percent(bps)
    return Words(f"In {called.en} you take off {by} at most.", f"{called.zh}的优惠幅度最多为 {by}。")


def _stops_at(floor: Money) -> Words:
    return Words(f"The margin floor is {floor:en}.", f"最低限价为 {floor:zh}。")


def _half_up(dividend: int, divisor: int) -> int:
    return (2 * dividend + divisor) // (2 * divisor)
