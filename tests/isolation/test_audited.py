"""What the team changes is in the audit log, whichever route it takes; what is not there is listed, with the reason."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.db import tenant_scope
from chalicelib.kernel import clock
from chalicelib.tenants.records import AuditEntry
from chalicelib.tenants.service import audit
from tests.builders import made
from tests.isolation.document import Operation, operations
from tests.isolation.world import Brand, World

# What is deleted or has ended cannot be changed any more, and who is signed out cannot call: these come last, and last
# of all the owner whose key is calling.
CHANGES = sorted(
    (each for each in operations() if each.for_staff and each.method != "GET"),
    key=lambda each: (
        str(each) == "DELETE /v1/staff/{id}",
        each.path.endswith("/sign-out"),
        each.method == "DELETE",
        each.path == "/v1/journeys/{id}/end",
    ),
)

NOT_AUDITED = {
    "POST /v1/quotes": "changes nothing",
    "POST /v1/stores/{slug}/events": "what people do in the shop is no change of the team's",
    "POST /v1/campaigns/{id}/chat-list": "changes nothing",
    "POST /v1/pickups/look-up": "changes nothing",
    "POST /v1/orders/{id}/pickup": "the order says who handed it over, in the one write that it may cost",
    "POST /v1/pickups": "as above, of each order",
    "POST /v1/members/{id}/identity-changes": "sends a code; what it changes is in the log",
    "POST /v1/webhook-endpoints/{id}/test": "sends a test event; changes nothing",
    "POST /v1/message-templates/{name}/preview": "changes nothing",
    "POST /v1/imports/{id}/preview": "changes nothing; a workbook is rewritten as the table that it is",
    "POST /v1/promotions/{id}/preview": "changes nothing",
    "POST /v1/coupon-batches/preview": "changes nothing",
    "POST /v1/segments/count": "changes nothing",
    "POST /v1/complaints/{id}/uploads": "gives a form; the message that shows the photo is in the log",
    "POST /v1/uploads": "gives a form; the product or the brand that shows the picture is in the log",
    "POST /v1/rollups": "counts figures again, which come out the same; the job says who asked for it",
    "POST /v1/rollups/check": "compares figures; what differs is in the log, and the job says who asked for it",
}

UNCHANGED = {
    "POST /v1/experiments/{id}/start": "it runs",
    "POST /v1/survey-reports/{id}/publish": "the report is published",
    "POST /v1/api-keys/{id}/take-over": "the key is that of whoever takes it over",
    "POST /v1/tenant/domain/verify": "no record of it stands in the DNS",
    "POST /v1/members/{id}/tier/end": "nobody has given the member a tier",
    "POST /v1/imports/{id}/start": "the job is under way",
    "POST /v1/campaigns/{id}/chat-list/orders": "what it places is in the log; nothing of it can be placed here",
}
"""Routes that change nothing here; where they do, is tested beside them."""

REFUSED_HERE = {
    "POST /v1/improvements/{id}/measure": "improvement.measured",
    "POST /v1/after-sales/{id}/complete": "aftersale.completed",
    "POST /v1/after-sales/{id}/receive": "aftersale.received",
    "POST /v1/after-sales/{id}/refund-instead": "aftersale.refunded_instead",
    "POST /v1/announcements/{id}/pause": "announcement.paused",
    "POST /v1/report-jobs/{id}/cancel": "report_job.cancelled",
    "POST /v1/announcements/{id}/resume": "announcement.resumed",
    "PATCH /v1/campaigns/{id}": "campaign.changed",
    "POST /v1/campaigns/{id}/advance": "campaign.at_pickup",
    "POST /v1/campaigns/{id}/close": "campaign.closed",
    "PATCH /v1/campaigns/{id}/offers/{offer_id}": "campaign.offer_raised",
    "POST /v1/campaigns/{id}/publish": "campaign.published",
    "POST /v1/campaigns/{id}/purchase-list": "purchase_list.frozen",
    "POST /v1/campaigns/{id}/purchase-list/top-up": "purchase_list.frozen",
    "POST /v1/campaigns/{id}/receipts": "receipt.recorded",
    "POST /v1/campaigns/{id}/settle": "campaign.settled",
    "POST /v1/complaints/{id}/reopen": "complaint.reopened",
    "POST /v1/enquiries/{id}/messages": "enquiry.message",
    "POST /v1/imports/{id}/preview": "",
    "POST /v1/imports/{id}/undo": "import.undo_started",
    "PUT /v1/members/{id}/tier": "member.tier_given",
    "POST /v1/members/{id}/identity-changes/confirm": "member.identity_changed",
    "POST /v1/orders": "order.placed",
    "PATCH /v1/orders/{id}": "order.changed",
    "POST /v1/orders/{id}/cancel": "order.cancelled",
    "POST /v1/orders/{id}/move": "order.moved",
    "POST /v1/orders/{id}/pickup": "",
    "POST /v1/pickups": "",
    "POST /v1/pickups/look-up": "",
    "POST /v1/payments/{id}/accept": "payment.accepted",
    "POST /v1/payments/{id}/dismiss": "payment.dismissed",
    "POST /v1/payments/{id}/refunds/retry": "payment.refund_tried_again",
    "POST /v1/promotions/{id}/end": "promotion.ended",
    "POST /v1/promotions/{id}/pause": "promotion.paused",
    "POST /v1/quotes": "",
    "POST /v1/statements": "statement.frozen",
    "POST /v1/suggestions/{id}/done": "suggestion.done",
    "POST /v1/statements/{id}/pay": "statement.paid",
}
"""Routes that are refused as things stand here, with the word that each leaves in the log where it is not."""

_WEEKLY = {"name": "classes", "every": "week", "at": "08:00"}

SEVERAL = {"POST /v1/report-schedules/standard"}
"""What makes several things, each of which is on record."""

BODIES: dict[str, Any] = {
    "PUT /v1/business-calendar": {"weekly": {"mon": [{"from": "09:00", "to": "18:00"}]}},
    "PUT /v1/case-rules": {"warn_percent": 80},
    "POST /v1/stores/{slug}/events": {
        "visitor_id": "somebody",
        "events": [{"event_id": "one", "type": "view", "at": "2026-01-01T00:00:00Z"}],
    },
    # to everybody: a segment that an announcement is for is not deleted
    "POST /v1/announcements": {"texts": {"en": {"subject": "Plums", "text": "Until Sunday."}}},
    "PUT /v1/complaint-causes/{name}": {"paused": True},
    "POST /v1/complaints": lambda brand: {"member_id": brand.member.id, "text": "Eggs broke", "source": "phone"},
    "POST /v1/complaints/{id}/messages": {"text": "Which eggs?"},
    "POST /v1/enquiries/{id}/messages": {"text": "Yes, it is."},
    "PATCH /v1/enquiries/{id}": {"note": "Asked the farm"},
    "PATCH /v1/costs/{id}": {"title": "Another name"},
    "POST /v1/experiments": {
        "key": "another",
        "arms": [{"name": "grey", "share": "0.5"}, {"name": "blue", "share": "0.5"}],
        "metric": "conversion",
        "horizon": {"sample": 300},
        "method": "fixed",
    },
    "PATCH /v1/experiments/{id}": {"title": "Another name"},
    "PATCH /v1/faq/{id}": {"answer": "By card or cash."},
    "PUT /v1/enquiry-rules": {"threshold": 0.8},
    # points: whoever suggested it is blocked by another change
    "POST /v1/suggestions/{id}/adopt": {"plan": "In paper bags", "done_by": "2030-06-30", "reward": {"points": 5}},
    "PATCH /v1/tenant": {"name": "Another name"},
    "PATCH /v1/webhook-endpoints/{id}": {"description": "Another use"},
    "POST /v1/report-jobs": {"name": "classes"},
    "POST /v1/report-schedules": lambda brand: {**_WEEKLY, "recipients": [f"owner@{brand.shop.slug}.example"]},
    "POST /v1/report-schedules/standard": lambda brand: {"recipients": [f"owner@{brand.shop.slug}.example"]},
    "PATCH /v1/report-schedules/{id}": {"at": "09:00"},
    "PATCH /v1/coupon-batches/{id}": {"title": "Another name"},
    "PATCH /v1/journeys/{id}": {"title": "Another name"},
    "PATCH /v1/staff/{id}": {"name": "Another name"},
    "POST /v1/coupon-batches/{id}/grants": lambda brand: {"member_ids": [brand.member.id]},
    "POST /v1/surveys/{id}/paper-answers": {"score": 5},
    "POST /v1/improvements": lambda brand: _improvement(brand),  # noqa: PLW0108 - defined below
    "PATCH /v1/improvements/{id}": {"title": "Another name"},
    "POST /v1/survey-reports": lambda brand: _survey_report(brand),  # noqa: PLW0108 - defined below
    "PATCH /v1/survey-reports/{id}": {"texts": {"en": {"title": "Another name", "text": "Thanks."}}},
    "POST /v1/surveys/{id}/links": {"label": "Gate"},
    "POST /v1/surveys/{id}/waves": {"name": "Before"},
    "PATCH /v1/surveys/{id}/links/{link_id}": {"status": "closed"},
    "PUT /v1/survey-rules": {"quiet_days": 9},
    "POST /v1/segments": {"title": "Friends", "kind": "list"},
    "POST /v1/segments/count": {"rule": {"field": "points", "op": "at_least", "value": 1}},
    "PATCH /v1/segments/{id}": {"title": "Another name"},
    "POST /v1/segments/{id}/imports": {"text": "C-1"},
    "POST /v1/segments/{id}/members": lambda brand: {"remove": [brand.member.id]},
    "POST /v1/segments/{id}/tags": lambda brand: {"add": [brand.ids["tag"]]},
    "POST /v1/members/{id}/tags": lambda brand: {"add": [brand.ids["tag"]]},
    "POST /v1/tags": {"tag": "another"},
    "PATCH /v1/members/{id}": {"status": "blocked", "reason": "Never collects"},
    "PATCH /v1/members/{id}/profile": {"birthday": "03-08"},
    "POST /v1/members/{id}/consents/withdraw": lambda brand: {"purpose": _agreed(brand), "reason": "Called"},
    "PATCH /v1/after-sales/{id}": lambda brand: {"owner": _colleague(brand)},
    "POST /v1/orders/{id}/adjustments": lambda brand: {"lines": [_one_less(brand)], "reason": "Bruised"},
    "POST /v1/orders/{id}/refunds": lambda brand: {"amount": brand.shop.money(100), "reason": "Late"},
    "PUT /v1/recruitment": {"joining": "code"},
    "POST /v1/prospects": lambda brand: _another_prospect(brand),  # noqa: PLW0108 - defined below
    "PATCH /v1/invite-codes/{id}": {"title": "The garden group"},
    "POST /v1/gifts": lambda brand: _gift(brand),  # noqa: PLW0108 - defined below
    "PATCH /v1/gifts/{id}": {"points": 400},
    "PUT /v1/member-classes": {"new_days": 14},
    "POST /v1/awards": {"title": {"en": "Star"}, "by": "orders", "every": "month", "top": 1},
    "PATCH /v1/awards/{id}": {"top": 5},
    "POST /v1/promotions": lambda brand: _promotion(brand),  # noqa: PLW0108 - defined below
    "PATCH /v1/products/{id}/pricing": {"floor": {"percent": "15"}},
    "PATCH /v1/promotions/{id}": {"title": "Pear week"},
    "POST /v1/quotes": lambda brand: _for_another(brand),  # noqa: PLW0108 - defined below
    "POST /v1/statements": lambda brand: _period_ahead(brand),  # noqa: PLW0108 - defined below
    "PUT /v1/tenant/domain": {"host": "shop.red-barn.com"},
    "POST /v1/skus/{id}/adjustments": {"delta": 5, "reason": "Counted"},
}
"""Bodies that change something, where the generated one does not."""


def _promotion(brand: Brand) -> dict[str, Any]:
    now = clock.now()
    times = {"starts_at": clock.instant(now), "ends_at": clock.instant(now + timedelta(days=7))}
    return {"title": "Fruit week", "kind": "timed_price", "terms": {"percent_off": "10"}} | times


def _gift(brand: Brand) -> dict[str, Any]:
    named = {"sku_id": brand.ids["sku"], "pickup_point_ids": [brand.ids["pickup_point"]]}
    closes_at = clock.instant(clock.now() + timedelta(days=7))
    return {"title": "A linen bag", "points": 500, "quantity": 5, "closes_at": closes_at} | named


def _another_prospect(brand: Brand) -> dict[str, Any]:
    """Somebody else who agreed to be invited."""
    person = {"email": f"another@{brand.shop.slug}.example", "source": "Market", "agreed_on": "2026-01-01"}
    return {"people": [person], "join_by": f"{clock.now() + timedelta(days=30):%Y-%m-%d}"}


def _for_another(brand: Brand) -> dict[str, Any]:
    """A basket of a member who is not blocked."""
    line = {"offer_id": brand.ids["offer"], "quantity": 1}
    return {"campaign_id": brand.ids["campaign"], "lines": [line], "member_id": brand.shop.member().id}


def _period_ahead(brand: Brand) -> dict[str, Any]:
    ends = (clock.now() + timedelta(days=2)).date().isoformat()
    return {"party": "leader", "party_id": brand.ids["member"], "from_on": ends, "to_on": ends}


def _agreed(brand: Brand) -> str:
    change, shop = {"consent": {"analytics": True}}, brand.shop
    made(shop.caller.call("PATCH", f"{shop.path}/me", json=change, token=brand.member.token), 200)
    return "analytics"


def _one_less(brand: Brand) -> dict[str, Any]:
    order = made(brand.shop.brand.get(f"/v1/orders/{brand.ids['order']}"), 200)
    line = next(each for each in order["lines"] if each["quantity"] > 1)
    return {"offer_id": line["offer_id"], "quantity": line["quantity"] - 1}


def _colleague(brand: Brand) -> str:
    hired = {"email": "mo@linli.example", "roles": ["service"]}
    return str(made(brand.shop.brand.post("/v1/staff", hired))["id"])


def _latest(brand: Brand, after: str = "") -> list[AuditEntry]:
    """The latest entries, newest first; with ``after`` those that came after it."""
    with tenant_scope(brand.shop.tenant_id):
        found = AuditEntry.page(AuditEntry.partition(brand.shop.tenant_id), newest_first=True, limit=3, consistent=True)
    return [each for each in found.items if each.id > after]


def _body(brand: Brand, operation: Operation) -> Any:
    given = BODIES.get(str(operation), brand.body(operation))
    return given(brand) if callable(given) else given


def test_what_the_team_changes_is_on_record(world: World, subtests: pytest.Subtests) -> None:
    """One after the other, on one world: what is taken away has been put there by a change before it."""
    for operation in CHANGES:
        with subtests.test(str(operation)):
            _is_on_record(world, operation)


def _is_on_record(world: World, operation: Operation) -> None:
    brand = world.ours
    body, before = _body(brand, operation), _latest(brand)
    reply = world.caller.call(
        operation.method,
        brand.path(operation),
        token=brand.token(operation),
        json=body,
        headers={"Idempotency-Key": "on-record"} if operation.needs_key else {},
    )
    new = _latest(brand, after=before[0].id)
    assert reply.status not in (401, 403, 404), reply.text
    assert reply.status < 500, reply.text
    assert (reply.status >= 400) == (str(operation) in REFUSED_HERE), reply.text
    if str(operation) in NOT_AUDITED | UNCHANGED | REFUSED_HERE:
        assert new == []
        return
    assert len(new) == 1 or (new and str(operation) in SEVERAL), f"{reply.status} {reply.text}"
    assert (new[0].actor_kind, new[0].actor_id) == ("api_key", brand.shop.api_key[3:29])


def test_every_reason_is_of_a_route_that_there_is() -> None:
    assert {*NOT_AUDITED, *UNCHANGED, *REFUSED_HERE, *SEVERAL, *BODIES} <= {str(each) for each in CHANGES}


def test_every_word_is_one_that_the_code_writes() -> None:
    written = set(_words())
    unwritten = [word for word in REFUSED_HERE.values() if word and not _is_written(word, written)]
    assert unwritten == []


def _is_written(word: str, written: set[str]) -> bool:
    return word in written or any(start.endswith(".") and word.startswith(start) for start in written)


def _words() -> Iterator[str]:
    """The words of the calls that write the log; of those put together, what comes before the part that varies."""
    for path in (Path(audit.__file__).parents[2]).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit":
                action = node.args[3].values[0] if isinstance(node.args[3], ast.JoinedStr) else node.args[3]
                if isinstance(action, ast.Constant):
                    yield str(action.value)


def _survey_report(brand: Brand) -> dict[str, Any]:
    texts = {"en": {"title": "What you said", "text": "Thank you."}}
    return {"survey_id": brand.ids["survey"], "questions": ["score"], "texts": texts}


def _improvement(brand: Brand) -> dict[str, Any]:
    return {
        "title": "Fresher", "survey_id": brand.ids["survey"], "question_id": "score", "owner": brand.ids["owner"],
        "due_on": "2037-03-01",
    }  # fmt: skip
