"""What the pages of leaderboards say of them."""

from collections.abc import Mapping

from chalicelib.pages.shell import N_

BOARDS: Mapping[str, str] = {
    "spend": N_("Worth of goods ordered"),
    "quantity": N_("Units bought"),
    "orders": N_("Orders"),
    "points": N_("Points earned"),
    "referrals": N_("Friends brought"),
    "activity": N_("Active days"),
}
"""What members are ranked by."""

MEANS: Mapping[str, str] = {
    "spend": N_(
        "What the ordered goods come to, after discounts and without delivery, paid for yet or not. What is cancelled "
        "or paid back counts no more."
    ),
    "quantity": N_("Units that were bought and kept."),
    "orders": N_("Orders of which something was kept."),
    "points": N_("Points that were earned and not taken back."),
    "referrals": N_("Friends who joined and have collected an order."),
    "activity": N_("Days with an order, an answer to a survey, or a check-in."),
}
"""What exactly is counted."""

SPANS: Mapping[str, str] = {
    "month": N_("This month"),
    "last_month": N_("Last month"),
    "week": N_("This week"),
    "last_week": N_("Last week"),
}
"""Which days, from today on."""
