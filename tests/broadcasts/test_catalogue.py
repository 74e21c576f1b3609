"""Whatever records emit is published, or kept from the public for a stated reason."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from chalicelib.broadcasts.model.catalogue import ENTITIES, MEANINGS, PUBLISHED, UNPUBLISHED
from chalicelib.broadcasts.views.entities import SHOWN
from chalicelib.campaigns.model.campaign import Status as CampaignStatus
from chalicelib.coupons.model.work import GRANTING, MAKING
from chalicelib.insight.activity.service import earlier_members, earlier_orders
from chalicelib.insight.ageing.service.ageing import QUIET
from chalicelib.insight.associations.model import MINING
from chalicelib.insight.exports.model import EXPORT
from chalicelib.insight.imports.model.kinds import COMPETITOR_PRICES, MEMBERS, ORDERS, PRODUCTS
from chalicelib.insight.imports.model.undoing import UNDO
from chalicelib.insight.lifetime.model import FITTING
from chalicelib.insight.recompute.model.kinds import RECOMPUTE
from chalicelib.insight.report_jobs.model import REPORT_FILE
from chalicelib.insight.rollups.model import ROLLUP
from chalicelib.invoices.model.invoices import Status as InvoiceStatus
from chalicelib.members.service.members import CLASS_CHANGED
from chalicelib.orders.model import RefundStatus
from chalicelib.orders.model import Status as OrderStatus
from chalicelib.orders.teams.model import TeamStatus
from chalicelib.segments.records import ENTERED, LEFT

SOURCE = Path(__file__).parents[2] / "chalicelib"
FROM_DATA = {
    ("orders/records.py", "order.{status.value}"): [f"order.{each}" for each in OrderStatus],
    ("invoices/records.py", "invoice.{status.value}"): [f"invoice.{each}" for each in InvoiceStatus],
    ("orders/teams/records.py", "team.{self.status}"): [
        f"team.{each}" for each in (TeamStatus.FILLED, TeamStatus.FAILED)
    ],
    ("payments/service/refunding.py", "refund.{moved.value}"): [
        f"refund.{each}" for each in (RefundStatus.SUCCEEDED, RefundStatus.FAILED)
    ],
    ("campaigns/lifecycle/service/advancing.py", "campaign.{to.value}"): [
        f"campaign.{each}"
        for each in CampaignStatus
        if each in ("purchasing", "received", "sorted", "at_pickup", "completed", "settled")
    ],
    ("orders/passes/service/walking.py", "each.tells"): [
        "order.collect_soon", "order.balance_soon", "order.campaign_extended",
        "order.arrival_moved",
    ],
    ("orders/passes/service/walking.py", "each.ended"): ["orders.not_collected"],
    ("tenants/service/audit.py", "event"): [
        "staff.added", "staff.left_keys", "staff.lessened_keys", "staff.duty_ended",
    ],
    ("cases/records.py", "{self.sk}.retiming"): [
        "complaint.retiming", "enquiry.retiming", "aftersale.retiming", "suggestion.retiming",
    ],
    ("cases/service/keeping.py", "{self.name}.{what}"): [
        f"{kind}.{what}"
        for kind in ("complaint", "enquiry", "suggestion")
        for what in ("due_soon", "escalated", "assigned")
    ],
    ("insight/ageing/service/ageing.py", "step.event"): [CLASS_CHANGED, QUIET],
    ("insight/activity/service/reading_on.py", "message"): [earlier_members.READ_ON, earlier_orders.READ_ON],
    ("members/service/members.py", "member"): [CLASS_CHANGED],
    ("segments/service/evaluating.py", "event"): [ENTERED, LEFT],
    ("jobs/records.py", "kind.message"): [
        each.message
        for each in (
            ORDERS, MEMBERS, PRODUCTS, COMPETITOR_PRICES, UNDO, EXPORT, ROLLUP, FITTING, RECOMPUTE, REPORT_FILE, MAKING,
            GRANTING, MINING,
        )
    ],
    ("jobs/service.py", "ended"): [each.ended for each in (REPORT_FILE,) if each.ended],
    ("payments/records.py", "event"): [
        "payment.disputed", "payment.dispute_ended", "payment.given_back", "payment.refund_declined",
    ],
}  # fmt: skip
"""The types that an expression of the source may come to. What is named by a constant is looked up."""


@cache
def emitted() -> dict[str, str]:
    """Each type that records of the product emit, with a place where one does."""
    return {name: where for path in sorted(SOURCE.rglob("*.py")) for name, where in _in(path)}


def _in(path: Path) -> Iterator[tuple[str, str]]:
    where = path.relative_to(SOURCE).as_posix()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        called = node.func if isinstance(node, ast.Call) else None
        # What takes an instant second is a record; webhooks are handed emissions.
        if isinstance(called, ast.Attribute) and called.attr in ("emit", "emission") and len(node.args) > 1:
            for name in _named(node.args[0], path, where):
                yield name, where


def _named(said: ast.expr, path: Path, where: str) -> list[str]:
    if isinstance(said, ast.Constant):
        return [said.value]
    if isinstance(said, ast.Name) and said.id.isupper():
        module = ".".join(path.relative_to(SOURCE.parent).with_suffix("").parts)
        return [getattr(import_module(module), said.id)]
    text = ast.unparse(said)
    return FROM_DATA[where, text.removeprefix("f").strip("'\"")]


def test_every_event_is_published_or_kept_back_for_a_reason() -> None:
    found = emitted()
    assert len(found) > 60
    assert {name: where for name, where in found.items() if name not in {*PUBLISHED, *UNPUBLISHED}} == {}
    assert set(PUBLISHED) & set(UNPUBLISHED) == set()


def test_nothing_is_named_that_nobody_emits() -> None:
    assert ({*PUBLISHED} | {*UNPUBLISHED}) - emitted().keys() == set()


def test_every_reason_says_something() -> None:
    assert [name for name, reason in UNPUBLISHED.items() if len(reason.split()) < 4] == []


def test_each_name_is_one_event_in_one_shape() -> None:
    names = [event.type for entity in ENTITIES for event in entity.events]
    assert len(names) == len(set(names)) == len(MEANINGS)
    assert [name for name in names if not re.fullmatch(r"[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*", name)] == []


@pytest.mark.parametrize("event", [event for _, event in PUBLISHED.values()], ids=lambda event: event.type)
def test_an_event_says_what_it_means_in_both_languages(event) -> None:
    assert re.fullmatch(r"[A-Z].*\.", event.meaning)
    assert re.search(r"[\u4e00-\u9fff].*。$", event.meaning_zh)


def test_every_entity_is_shown() -> None:
    assert set(SHOWN) == {entity.name for entity in ENTITIES}
    for entity in ENTITIES:
        assert set(SHOWN[entity.name].examples) <= {event.type for event in entity.events}, entity.name
