"""What the pages of points and tiers show beyond the API's views."""

from dataclasses import dataclass

from chalicelib.kernel.money import write_amount
from chalicelib.loyalty.points.views import PointsRulesView, RuleView
from chalicelib.loyalty.tiers.views import TiersView, TierView
from chalicelib.pages.console.loyalty.model import ACTIONS
from chalicelib.pages.shell.typed import written


@dataclass(frozen=True, slots=True)
class RuleFields:
    """A rule as its fields show it."""

    action: str
    name: str
    points: str = ""
    amount: str = ""
    per_day: str = ""
    per_member: str = ""
    valid_days: str = ""


@dataclass(frozen=True, slots=True)
class TierFields:
    """A tier as its fields show it."""

    code: str = ""
    title: str = ""
    threshold: str = ""
    points_factor: str = ""
    free_delivery: bool = False
    early_access_hours: str = ""
    member_price: bool = False


def rule_fields(rules: PointsRulesView) -> list[RuleFields]:
    """A row for each action that there is."""
    found = {rule.action: rule for rule in rules.rules}
    return [_rule(action, name, found.get(action)) for action, name in ACTIONS.items()]


def tier_fields(tiers: TiersView, currency: str, rows: int) -> list[TierFields]:
    """A row for each tier, and empty ones up to so many."""
    shown = [_tier(tier, tiers.measure, currency) for tier in tiers.tiers]
    return shown + [TierFields()] * max(1, rows - len(shown))


def _rule(action: str, name: str, rule: RuleView | None) -> RuleFields:
    if rule is None:
        return RuleFields(action, name)
    per = rule.per_amount
    return RuleFields(
        action,
        name,
        points=str(per.points if per else rule.points),
        amount=written(per.amount) if per else "",
        per_day=str(rule.cap.per_day or ""),
        per_member=str(rule.cap.per_member or ""),
        valid_days=str(rule.valid_days or ""),
    )


def _tier(tier: TierView, measure: str, currency: str) -> TierFields:
    good = tier.privileges
    return TierFields(
        code=tier.code,
        title=tier.title,
        threshold=write_amount(tier.threshold, currency) if measure == "spend" else str(tier.threshold),
        points_factor="" if good.points_factor == "1" else good.points_factor,
        free_delivery=good.free_delivery,
        early_access_hours=str(good.early_access_hours or ""),
        member_price=good.member_price,
    )
