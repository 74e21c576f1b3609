"""What is shown of promotions on the console: how they stand, their goods, and what the form begins with. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self
from zoneinfo import ZoneInfo

from chalicelib.catalog.views.lists import CardView
from chalicelib.pages.console.promotions.model import STATES
from chalicelib.pages.console.said import State
from chalicelib.pages.shell.typed import clock_time, written
from chalicelib.promotions.forms import MOST_STEPS
from chalicelib.promotions.views import PromotionView
from chalicelib.web import MoneyField

_FEWEST_STEPS = 3
_FIELDS = (
    "title", "starts_at", "ends_at", "percent_off", "amount_off", "price", "sku_id", "quantity", "from_amount",
    "from_quantity", "categories", "tags", "exclusive_group", "budget", "per_member", "total",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Use:
    """What orders have of a promotion: of its budget, and how many they are of those that may have it. None where that
    is not limited, since it is not counted then, and before it was published.
    """

    taken: MoneyField | None
    orders: int | None

    @classmethod
    def of(cls, promotion: PromotionView) -> Self:
        budget, left, total = promotion.budget, promotion.budget_left, promotion.limits.total
        return cls(
            MoneyField.of(budget.amount_minor - left.amount_minor, budget.currency) if budget and left else None,
            None if total is None or promotion.uses_left is None else total - promotion.uses_left,
        )


def rows(promotions: Sequence[PromotionView]) -> list[tuple[PromotionView, Use, State]]:
    """Promotions with what orders have of them, and how they stand."""
    return [(each, Use.of(each), STATES[each.status]) for each in promotions]


def sku_names(cards: Sequence[CardView]) -> Mapping[str, str]:
    """What the SKUs of products are called, by id; a product with one nameless variant is called by its own title."""
    return {
        sku.id: card.title if sku.title in ("", card.title) else f"{card.title} · {sku.title}"
        for card in cards
        for sku in card.skus
    }


def listed(titles: Mapping[str, str], ticked: Sequence[str]) -> list[tuple[str, str, bool]]:
    """What may be ticked, as id, name and whether it is; what is ticked already and was not found goes by its id."""
    others = {each: each for each in ticked if each not in titles}
    return [(each, title, each in ticked) for each, title in {**titles, **others}.items()]


def begun(promotion: PromotionView | None, zone: ZoneInfo) -> Mapping[str, Any]:
    """What the fields of the form begin with; nothing for a new promotion."""
    if promotion is None:
        return dict.fromkeys(_FIELDS, "") | {"steps": _rows([]), "prices": {}, "repeat": False}
    terms, limits = promotion.terms, promotion.limits
    return {
        "title": promotion.title,
        "starts_at": clock_time(promotion.starts_at, zone),
        "ends_at": clock_time(promotion.ends_at, zone),
        "percent_off": terms.percent_off or "",
        "amount_off": written(terms.amount_off),
        "price": written(terms.price),
        "prices": {each.sku_id: written(each.price) for each in terms.prices},
        "steps": _rows([(written(each.from_), written(each.off)) for each in terms.steps]),
        "repeat": terms.repeat,
        "sku_id": terms.sku_id or "",
        "quantity": terms.quantity or "",
        "from_amount": written(terms.from_),
        "from_quantity": terms.from_quantity or "",
        "categories": "\n".join(promotion.scope.categories),
        "tags": "\n".join(promotion.scope.tags),
        "exclusive_group": promotion.exclusive_group or "",
        "budget": written(promotion.budget),
        "per_member": limits.per_member or "",
        "total": limits.total or "",
    }


def _rows(steps: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Steps with rows for two more, as far as a promotion may have them."""
    rows = min(MOST_STEPS, max(_FEWEST_STEPS, len(steps) + 2))
    return [*steps, *[("", "")] * (rows - len(steps))]
