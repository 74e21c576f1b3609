"""What is left of the budgets of promotions, and of the numbers of their uses, as the team looks at them."""

from collections.abc import Mapping, Sequence

from chalicelib.db import fetch_many
from chalicelib.promotions.model.budget import Left, together
from chalicelib.promotions.records import BudgetPart, PromotionRecord


def left_of(tenant_id: str, promotions: Sequence[PromotionRecord]) -> Mapping[str, Left]:
    """What all parts of each promotion have together, by promotion id; nothing of what is not limited, or was never
    published. At most twenty parts of each are read, a hundred in a request.
    """
    parts = [(each.id, part) for each in promotions for part in range(int(each.parts))]
    found: list[BudgetPart | None] = fetch_many(
        [(BudgetPart, *BudgetPart.address(tenant_id, *each)) for each in parts], consistent=True
    )
    left: dict[str, list[Left]] = {each.id: [] for each in promotions}
    for (promotion_id, _), part in zip(parts, found, strict=True):
        if part is not None:
            left[promotion_id].append(part.left)
    return {promotion_id: together(each) for promotion_id, each in left.items()}
