"""Every state that an order, its team or a refund may be in has words, in both languages."""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from chalicelib.campaigns.model.campaign import Status as CampaignStatus
from chalicelib.campaigns.model.kinds import PaymentMethod
from chalicelib.orders.model import RefundStatus, Status
from chalicelib.orders.refunds.views import RefundView
from chalicelib.orders.teams.model import TeamStatus
from chalicelib.orders.views.orders import FullOrderView
from chalicelib.pages.shell import words
from chalicelib.pages.shell.rendering import environment
from chalicelib.pages.storefront.orders.views.standing import ENDED_BY, METHODS, Next, standing
from chalicelib.pages.storefront.orders.views.timeline import SAID, SAID_BY, refund_said
from chalicelib.payments.model import DisputeState

NOW = datetime(2026, 11, 29, 4, tzinfo=UTC)
ID = "01J9ZQ0W7N8RXC5B2M4T6V8Y0A"
CNY = {"amount_minor": 900, "currency": "CNY"}
NO_MONEY = {"amount_minor": 0, "currency": "CNY"}
CHINESE = re.compile(r"[一-鿿]")


def view(**fields: Any) -> FullOrderView:
    """A placed order of 9.00 in an open campaign."""
    totals = dict.fromkeys(("goods", "total", "due"), CNY) | dict.fromkeys(
        ("discount", "delivery", "paid", "refunded"), NO_MONEY
    )
    campaign = {
        "id": ID, "title": "Pears", "kind": "group_order", "status": fields.pop("campaign", CampaignStatus.OPEN),
        "opens_at": NOW, "closes_at": NOW + timedelta(days=1), "arrives_on": None,
    }  # fmt: skip
    point = {"id": ID, "name": "Gate", "address": "1 Garden Road", "opening_hours": None}
    absent = dict.fromkeys(FullOrderView.model_fields)
    whole = absent | {
        "id": ID, "status": Status.PLACED, "campaign_id": ID, "pickup_point_id": ID, "lines": [], "discounts": [],
        "tax": [], "is_gift": False,
        "totals": totals,
        "payment_method": "pickup", "pickup_code": "BG6ZXVSZ2B", "placed_at": NOW, "picked": [], "campaign": campaign,
        "pickup_point": point,
    }  # fmt: skip
    return FullOrderView.model_validate(whole | fields)


def chinese(message: str) -> str:
    token = words.reading.set("zh")
    try:
        return words.said(message)
    finally:
        words.reading.reset(token)


@pytest.mark.parametrize("status", Status)
@pytest.mark.parametrize("campaign", CampaignStatus)
def test_every_state_of_an_order_has_words(status, campaign):
    for brought, partly, ended in product((None, {"name": "A", "phone": "1", "address": "B"}), (0, 1), (None, NOW)):
        order = view(
            status=status, campaign=campaign, delivery=brought, forfeited_at=ended,
            picked=[{"offer_id": ID, "quantity": partly}],
        )  # fmt: skip
        assert CHINESE.search(chinese(standing(order, NOW).said))


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"status": Status.HELD, "hold_expires_at": NOW + timedelta(minutes=1)}, Next.PAY),
        ({"status": Status.HELD, "hold_expires_at": NOW}, Next.ASKING),
        ({"status": Status.HELD, "hold_expires_at": NOW, "awaiting_provider_since": NOW}, Next.ASKING),
        ({}, Next.OPEN),
        ({"campaign": CampaignStatus.EXTENDED}, Next.OPEN),
        ({"team_id": ID}, Next.TEAM),
        ({"campaign": CampaignStatus.CLOSING}, Next.DECIDING),
        ({"campaign": CampaignStatus.CANCELLED}, Next.ENDING),
        ({"campaign": CampaignStatus.LOCKED}, Next.GOODS),
        ({"campaign": CampaignStatus.SORTED}, Next.GOODS),
        ({"deposit": CNY, "balance_due_at": NOW + timedelta(days=3)}, Next.BALANCE_LATER),
        ({"deposit": CNY, "balance_due_at": NOW + timedelta(days=3), "campaign": CampaignStatus.LOCKED},
         Next.PAY_BALANCE),
        ({"balance_due_at": NOW + timedelta(days=3)}, Next.PAY_BALANCE),
        ({"balance_due_at": NOW, "campaign": CampaignStatus.LOCKED}, Next.REST_OVER),
        ({"balance_due_at": NOW, "campaign": CampaignStatus.LOCKED, "awaiting_provider_since": NOW}, Next.ASKING),
        ({"status": Status.READY, "campaign": CampaignStatus.AT_PICKUP}, Next.COLLECT),
        ({"status": Status.READY, "campaign": CampaignStatus.COMPLETED, "after_sale_id": ID}, Next.COLLECT),
        ({"campaign": CampaignStatus.COMPLETED, "after_sale_id": ID}, Next.GOODS),
        ({"status": Status.READY, "picked": [{"offer_id": ID, "quantity": 1}]}, Next.COLLECT_REST),
        ({"status": Status.READY, "delivery": {"name": "A", "phone": "1", "address": "B"}}, Next.BROUGHT),
        ({"status": Status.PICKED_UP}, Next.DONE),
        ({"status": Status.CANCELLED}, Next.NOTHING),
        ({"status": Status.EXPIRED}, Next.NOTHING),
        ({"status": Status.REFUNDED}, Next.NOTHING),
    ],
)  # fmt: skip
def test_what_comes_next(fields, wanted):
    assert standing(view(**fields), NOW).next is wanted


def test_a_team_that_has_filled_waits_for_nobody():
    assert standing(view(team_id=ID), NOW, TeamStatus.FILLED).next is Next.OPEN
    assert standing(view(team_id=ID), NOW, TeamStatus.FORMING).next is Next.TEAM


def test_the_code_is_shown_only_while_it_can_be_drawn():
    assert not standing(view(status=Status.HELD, hold_expires_at=NOW + timedelta(minutes=1)), NOW).shows_code
    assert standing(view(), NOW).shows_code
    assert not standing(view(status=Status.PICKED_UP), NOW).shows_code
    assert standing(view(status=Status.READY), NOW).counts


@pytest.mark.parametrize("status", RefundStatus)
@pytest.mark.parametrize("method", PaymentMethod.__args__)
def test_every_refund_and_every_way_to_pay_has_words(status, method):
    refund = RefundView.model_validate(
        {"id": ID, "order_id": ID, "status": status, "amount": CNY, "method": method, "origin": "shop",
         "cause": "cancel", "reason": None, "lines": [], "tax": [], "requested_at": NOW, "settled_at": None}
    )  # fmt: skip
    assert CHINESE.search(chinese(refund_said(refund)))
    assert CHINESE.search(chinese(METHODS[method]))


def _recorded() -> set[str]:
    """The types that changes of orders are recorded under, as the source names them."""
    found = set()
    for path in Path("chalicelib").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("recording.start", "_started"):
                found.add(ast.unparse(node.args[1]).strip("'"))
    return found


def test_everything_that_is_recorded_has_words():
    by_name = {"CAUSE": "goodwill", "NO_SHOW": "no_show", "BALANCE": "balance"}
    of_payments = {"refunded_at_provider", *(f"dispute_{state}" for state in DisputeState)}
    recorded = _recorded()
    assert "edited" in recorded
    said = {by_name.get(each, each) for each in recorded if each.isidentifier() and each != "kind"} | of_payments
    milestones = {"placed", "noted", "cancelled", "refunded", "forfeited", "picked_up", "delivered", "expired"}
    assert set(SAID) == said | milestones
    for message in (*SAID.values(), *SAID_BY.values(), *ENDED_BY.values()):
        assert CHINESE.search(chinese(message))


@pytest.mark.parametrize("what", Next)
def test_every_next_thing_is_said(what):
    """But for an order that has ended without more to say."""
    source = Path("chalicelib/pages/storefront/orders/parts.html").read_text()
    assert (f'stands.next == "{what}"' in source) is (what is not Next.NOTHING)
    assert environment().get_template("storefront/orders/parts.html")
