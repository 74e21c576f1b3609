"""What the API shows of points."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Literal, Self

from chalicelib.loyalty.points.model.lots import Holding
from chalicelib.loyalty.points.model.rules import WHOLE_BPS, EarningRule, PointsRules, SpendRule
from chalicelib.loyalty.points.records import PointsEntryRecord
from chalicelib.web import Instant, LocalDate, MoneyField, UlidStr, View

MOST_SHOWN = 100
"""Days of expiry that an answer lists, the next ones."""


class PerAmountView(View):
    """So many points for each whole part of an amount."""

    amount: MoneyField
    points: int


class CapView(View):
    """The most points that one member earns by an action: in a local day, and ever; null is no limit."""

    per_day: int | None
    per_member: int | None


class RuleView(View):
    """What an action earns."""

    action: str
    points: int | None
    per_amount: PerAmountView | None
    cap: CapView
    valid_days: int | None

    @classmethod
    def of(cls, rule: EarningRule, currency: str) -> Self:
        rate = rule.rate
        per = PerAmountView(amount=MoneyField.of(rate.amount_minor, currency), points=rate.points) if rate else None
        return cls(
            action=rule.action.value,
            points=None if rate else rule.points,
            per_amount=per,
            cap=CapView(per_day=rule.per_day, per_member=rule.per_member),
            valid_days=rule.valid_days,
        )


class SpendView(View):
    """What points pay; ``most_share`` in percent."""

    points: int
    worth: MoneyField
    most_share: str

    @classmethod
    def of(cls, spend: SpendRule, currency: str) -> Self:
        share = (Decimal(spend.most_share_bps) * 100 / WHOLE_BPS).normalize()
        return cls(points=spend.points, worth=MoneyField.of(spend.worth_minor, currency), most_share=f"{share:f}")


class PointsRulesView(View):
    """A brand's rules of points."""

    rules: list[RuleView]
    spend: SpendView | None

    @classmethod
    def of(cls, rules: PointsRules, currency: str) -> Self:
        return cls(
            rules=[RuleView.of(rule, currency) for rule in rules.earning.values()],
            spend=SpendView.of(rules.spend, currency) if rules.spend else None,
        )


class CauseView(View):
    """What an entry comes from: such as the order, the refund, or the local day of a check-in."""

    type: Literal[
        "order", "participation", "check_in", "survey", "birthday", "referral", "referral_back", "review",
        "review_back", "suggestion", "refund",
        "participation_ended", "staff", "expiry", "merge", "spending", "spending_returned", "award",
        "journey",
    ]  # fmt: skip
    id: str


class EntryView(View):
    """An entry of a ledger: what was given (or taken, below zero), and what all entries up to it sum to. ``for_gift``
    says that they were spent on a gift for points, or came back of one.
    """

    id: UlidStr
    delta: int
    cause: CauseView
    order_id: UlidStr | None
    for_gift: bool
    at: Instant
    expires_on: LocalDate | None
    balance: int
    reason: str | None

    @classmethod
    def of(cls, entry: PointsEntryRecord) -> Self:
        return cls(
            id=entry.id,
            delta=int(entry.delta),
            cause=CauseView.model_validate({"type": entry.cause_type, "id": entry.cause_id}),
            order_id=entry.order_id,
            for_gift=bool(entry.for_gift),
            at=entry.at,
            expires_on=entry.expires_on,
            balance=int(entry.balance),
            reason=entry.reason,
        )


class ExpiringView(View):
    """Points that can be used up to and including a local day of the brand."""

    points: int
    expires_on: LocalDate


class BalanceView(View):
    """What a member has, below zero where more was taken back than was there; and what of it expires when, the next
    days first.
    """

    balance: int
    expiring: list[ExpiringView]

    @classmethod
    def of(cls, holding: Holding) -> Self:
        dated = [(lot.points, lot.expires_on) for lot in holding.lots if lot.expires_on]
        expiring = [ExpiringView(points=points, expires_on=day) for points, day in dated[:MOST_SHOWN]]
        return cls(balance=holding.balance, expiring=expiring)


class BookedView(BalanceView):
    """What a member has after an entry was booked, with that entry."""

    items: list[EntryView]

    @classmethod
    def after(cls, holding: Holding, entries: Sequence[PointsEntryRecord]) -> Self:
        shown = BalanceView.of(holding)
        return cls(balance=shown.balance, expiring=shown.expiring, items=[EntryView.of(entry) for entry in entries])
