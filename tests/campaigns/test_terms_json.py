"""The terms that a form names, and the same as the template of a series keeps them."""

from typing import Any

import pytest

from chalicelib.campaigns.drafting.model.terms import CampaignTerms
from chalicelib.campaigns.forms.campaigns import CampaignChanges
from chalicelib.campaigns.forms.examples import CAMPAIGNS, POINT, SKU
from chalicelib.kernel.money import Money
from chalicelib.kernel.unset import UNSET

MONEY = {"amount_minor": 500, "currency": "CNY"}
EVERYTHING = {
    "title": "Pears", "theme": None, "description": "ripe", "refund_policy": "none", "kind": "team_buy",
    "goal": MONEY, "budget": None, "peak_orders_per_second": 9, "pickup_point_ids": [POINT],
    "target": {"measure": "amount", "value": 5, "on_miss": "extend", "extend_hours": 3},
    "offers": [{"sku_id": SKU, "price": MONEY, "quantity": 3, "deposit": MONEY, "per_member_limit": 1}],
    "team": {"size": 3, "hours": 2}, "caps": {"orders": 4, "amount": MONEY},
    "audience": {
        "new_members_only": True, "joined_within_days": 7, "member_ids": [POINT], "tags": ["a"], "tiers": [],
        "classes": ["new"],
    },
    "delivery": {"fee": MONEY, "free_from": MONEY}, "payment_methods": ["wechat", "pickup"],
    "balance": {"hours_after_close": 5, "on_default": "forfeit"}, "no_show": {"hours": 6, "action": "forfeit"},
}  # fmt: skip


@pytest.mark.parametrize("sent", [*CAMPAIGNS.values(), EVERYTHING, {}], ids=[*CAMPAIGNS, "everything", "nothing"])
def test_what_a_form_names_is_kept_and_read_as_it_was_sent(sent: dict[str, Any]) -> None:
    form = CampaignChanges.model_validate(sent, strict=False)
    terms = form.terms()
    assert terms.named == sent.keys()
    kept = terms.as_json()
    assert kept == form.model_dump(mode="json", exclude_unset=False, include=sent.keys() - {"closes_at"})
    assert CampaignTerms.from_json(kept).named == sent.keys() - {"closes_at"}
    assert CampaignTerms.from_json(kept).as_json() == kept


def test_what_is_left_out_is_told_apart_from_what_is_taken_away() -> None:
    terms = CampaignChanges.model_validate({"theme": None, "goal": MONEY}).terms()
    assert (terms.theme, terms.goal, terms.description) == (None, Money(500, "CNY"), UNSET)
    later = CampaignChanges.model_validate({"goal": None, "title": "Plums"}).terms()
    both = terms.changed_by(later)
    assert (both.title, both.theme, both.goal, both.budget) == ("Plums", None, None, UNSET)
