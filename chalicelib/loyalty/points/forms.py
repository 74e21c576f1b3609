"""What the API takes of points."""

from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StringConstraints, model_validator

from chalicelib.kernel.errors import Invalid, InvalidField
from chalicelib.loyalty.points.errors import ActionNotOffered, TwoRulesForOneAction
from chalicelib.loyalty.points.model.rules import (
    LONGEST_VALID_DAYS,
    OFFERED,
    WHOLE_BPS,
    Action,
    EarningRule,
    PointsRules,
    Rate,
    SpendRule,
)
from chalicelib.web import Body, Harmless, PriceField

MOST_POINTS = 1_000_000
Points = Annotated[int, Field(ge=1, le=MOST_POINTS)]
ActionName = Literal[
    "order", "participation", "review", "post", "featured", "comment", "share", "topic", "check_in", "survey",
    "referral", "birthday",
]  # fmt: skip
_PERCENT_BPS = 100


def _share(text: str) -> str:
    if not 0 < Decimal(text) <= _PERCENT_BPS:
        raise InvalidField("write a percentage above 0, 100 at most", "请填写大于 0 且不超过 100 的百分比")
    return text


Percent = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{1,3}(?:\.[0-9]{1,2})?$"),
    AfterValidator(_share),
    Field(description="A percentage above 0, 100 at most, with at most two decimals.", examples=["50"]),
]


class PerAmountForm(Body):
    """So many points for each whole part of the amount that was paid for goods."""

    amount: PriceField
    points: Points


class CapForm(Body):
    """The most points that one member earns by the action: in a local day of the brand, and ever."""

    per_day: Points | None = None
    per_member: Points | None = None


class RuleForm(Body):
    """What an action earns: ``points`` each time or, for orders, ``per_amount``. Points can be used up to and including
    the day that comes ``valid_days`` after they were earned; without, for ever.
    """

    action: ActionName
    points: Points | None = None
    per_amount: PerAmountForm | None = None
    cap: CapForm = CapForm()
    valid_days: Annotated[int, Field(ge=1, le=LONGEST_VALID_DAYS)] | None = None

    @model_validator(mode="after")
    def _points_or_per_amount(self) -> Self:
        if (self.points is None) == (self.per_amount is None):
            raise InvalidField(
                "give points each time, or points for an amount: one of the two",
                "每次积分与按金额积分须且只能填写其中一项",
            )
        if self.per_amount is not None and self.action != "order":
            raise InvalidField(
                "only an order has an amount; give points each time", "仅订单可按金额计算，请填写每次积分"
            )
        return self

    def terms(self) -> EarningRule:
        per = self.per_amount
        rate = Rate(per.amount.amount_minor, per.points) if per else None
        cap = self.cap
        return EarningRule(Action(self.action), self.points or 0, rate, cap.per_day, cap.per_member, self.valid_days)


class SpendForm(Body):
    """So many ``points`` pay ``worth``, up to a share of what the goods of an order still cost, in percent."""

    points: Points
    worth: PriceField
    most_share: Percent = "100"

    def terms(self) -> SpendRule:
        share = int(Decimal(self.most_share) * _PERCENT_BPS)
        return SpendRule(self.points, self.worth.amount_minor, min(share, WHOLE_BPS))


class PointsRulesForm(Body):
    """All rules: at most one for each action. Without ``spend`` points pay nothing."""

    EXAMPLES = {
        "a point for each yuan, five for a check-in": {
            "rules": [
                {
                    "action": "order",
                    "per_amount": {"amount": {"amount_minor": 100, "currency": "CNY"}, "points": 1},
                    "valid_days": 365,
                },
                {"action": "check_in", "points": 5, "cap": {"per_member": 500}, "valid_days": 90},
            ],
            "spend": {"points": 100, "worth": {"amount_minor": 100, "currency": "CNY"}, "most_share": "50"},
        },
    }

    rules: Annotated[list[RuleForm], Field(max_length=len(Action))] = []
    spend: SpendForm | None = None

    def terms(self, currency: str) -> PointsRules:
        """Raises ActionNotOffered, TwoRulesForOneAction, and Invalid for amounts in another currency."""
        earning: dict[Action, EarningRule] = {}
        for place, form in enumerate(self.rules):
            rule = form.terms()
            if rule.action not in OFFERED:
                known, words = ", ".join(sorted(OFFERED)), "、".join(sorted(OFFERED))
                raise ActionNotOffered.at(
                    f"/rules/{place}/action",
                    f"Nobody can earn points by '{rule.action}' yet; leave the rule out. There are {known}.",
                    f"“{rule.action}”暂不支持积分，请删除该规则。可用：{words}。",
                )
            if rule.action in earning:
                raise TwoRulesForOneAction.at(
                    f"/rules/{place}/action",
                    f"There is a rule for '{rule.action}' already; make one of the two.",
                    f"“{rule.action}”已有规则，请合并为一条。",
                )
            if form.per_amount:
                _check_currency(f"/rules/{place}/per_amount/amount/currency", form.per_amount.amount.currency, currency)
            earning[rule.action] = rule
        if self.spend:
            _check_currency("/spend/worth/currency", self.spend.worth.currency, currency)
        return PointsRules(earning, self.spend.terms() if self.spend else None)


def _check_currency(pointer: str, given: str, currency: str) -> None:
    if given != currency:
        raise Invalid.at(pointer, f"The brand's currency is {currency}.", f"品牌币种为 {currency}。")


def _not_nothing(delta: int) -> int:
    if delta == 0:
        raise InvalidField("give more than 0 points, or take some with a minus", "积分不能为 0；扣减请填写负数")
    return delta


class BookPointsForm(Body):
    """Points for a member, or with a minus points that are taken, and why; the member reads it in their ledger."""

    EXAMPLES = {"100 points": {"delta": 100, "reason": "参加品鉴会"}}

    delta: Annotated[int, Field(ge=-MOST_POINTS, le=MOST_POINTS), AfterValidator(_not_nothing)]
    reason: Annotated[str, StringConstraints(min_length=1, max_length=200), Harmless]
