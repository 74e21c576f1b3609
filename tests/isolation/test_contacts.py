"""Who reads figures, or connects systems, is shown no way to reach a person, by whatever route they ask."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from urllib.request import urlopen

import pytest

from chalicelib.broadcasts.model.catalogue import MEANINGS, PUBLISHED
from chalicelib.broadcasts.service import broadcasting
from chalicelib.broadcasts.views.entities import SHOWN
from chalicelib.db import Transaction, tenant_scope
from chalicelib.kernel import clock
from chalicelib.kernel.ids import new_id
from chalicelib.members.enrolment.service import Newcomer, enrol
from chalicelib.members.model.identities import Identity, member_id
from chalicelib.members.records import RemovedRecord
from chalicelib.messaging import Message
from chalicelib.web.tokens import issue
from chalicelib.webhooks.model.emission import Emission
from infra.local import application
from infra.local.pump import Pump
from tests.builders import TOKEN_SECONDS, Member, Shop, made
from tests.conftest import Drain
from tests.isolation.document import Operation, operations
from tests.isolation.world import Brand, World

PHONE, EMAIL, REFERENCE = "+8613800138000", "yun@people.example", "yun.li@people.example"
NUMBER = "137 0013 7001"
NAME, DOOR, CONTACT, COLLEAGUE = "Yun Fang", "5 Plum Lane, third floor", "Old Farmer Gu", "mo@linli.example"
STUDIO, TAX_NUMBER, ACCOUNTS = "Plum Lane Studio", "91350100M000100Y43", "accounts@plum.example"
SAID = {
    "title of an invoice": STUDIO,
    "tax number of an invoice": TAX_NUMBER,
    "e-mail of an invoice": ACCOUNTS,
    "member's name": NAME,
    "member's e-mail": EMAIL,
    "member's phone": PHONE,
    "end of it": "****8000",
    "reference that is an address": REFERENCE,
    "reference that is a number": NUMBER,
    "door": DOOR,
    "name at the door": "Aunt Fang",
    "number at the door": "+8613911112222",
    "supplier's contact": CONTACT,
    "supplier's phone": "+8613700137000",
    "supplier's e-mail": "gu@orchard.example",
    "colleague's e-mail": COLLEAGUE,
}
READS = [each for each in operations() if each.method == "GET" and each.for_staff]


@dataclass
class Furnished:
    """A brand in which something is said of everybody."""

    world: World
    brand: Brand

    def said(self, operation: Operation, token: str, query: str = "") -> set[str]:
        """What an answer says of people."""
        path = self.brand.path(operation) + query
        reply = self.world.caller.call("GET", path, token=token)
        assert reply.status in (200, 302, 303, 409, 422), f"{path} {reply.text}"
        return {what for what, words in self.known.items() if words in reply.text}

    @property
    def known(self) -> dict[str, str]:
        """All that is said of people in this brand, by what it is."""
        return SAID | {"owner's e-mail": f"owner@{self.brand.shop.slug}.example"}

    def every(self, role: str) -> dict[str, set[str]]:
        """What each route says of people to a role, as JSON and as a table, leaving out those that say nothing."""
        found = {}
        for operation in (each for each in READS if role not in each.other_roles):
            for query in ["", "?format=csv"] if "format" in operation.parameters("query") else [""]:
                found[f"{operation}{query}"] = self.said(operation, self.brand.keys[role], query)
        assert found
        return {path: said for path, said in found.items() if said}


@pytest.fixture(scope="module")
def furnished(world: World) -> Furnished:
    shop = world.ours.shop
    yun = _somebody(shop, Identity("phone", PHONE))
    made(shop.caller.call("PATCH", f"{shop.path}/me", token=yun.token, json={"profile": {"name": NAME}}), 200)
    _somebody(shop, Identity("email", EMAIL))
    _somebody(shop, Identity("ref", REFERENCE))
    _somebody(shop, Identity("ref", NUMBER), Identity("phone", "+8613700137001"))
    made(shop.brand.post("/v1/staff", {"email": COLLEAGUE, "name": "Mo", "roles": ["editor"]}))
    farmer = {"name": "Plum Farm", "contact": CONTACT, "phone": "+8613700137000", "email": "gu@orchard.example"}
    supplier = made(shop.brand.post("/v1/suppliers", farmer))["id"]
    terms = {"delivery": {"fee": shop.money(600)}, "payment_methods": ["pickup"], "closes_in": timedelta(hours=1)}
    door = {"name": "Aunt Fang", "phone": "+8613911112222", "address": DOOR}
    order = made(shop.order(yun, campaign=shop.campaign(**terms), quantity=2, delivery=door))
    path = f"/v1/orders/{order['id']}"
    keyed: Any = {"token": yun.token, "headers": {"Idempotency-Key": "fewer"}}
    made(shop.caller.call("PATCH", f"{shop.path}/orders/{order['id']}", json=_fewer(order), **keyed), 200)
    assert made(shop.brand.get(f"{path}/history"), 200)["items"]
    buyer = {"kind": "company", "title": STUDIO, "tax_number": TAX_NUMBER, "email": ACCOUNTS}
    asked = shop.caller.call("POST", f"{shop.path}/orders/{order['id']}/invoice", json=buyer, token=yun.token)
    ids = world.ours.ids | {"order": order["id"], "member": yun.id, "supplier": supplier, "invoice": made(asked)["id"]}
    return Furnished(world, replace(world.ours, ids=ids))


def _somebody(shop: Shop, who: Identity, *others: Identity) -> Member:
    now = clock.now()
    with tenant_scope(shop.tenant_id):
        ordinal = enrol(shop.tenant_id, [Newcomer(who, now.date(), "sign_in", others=others)], now)[who]
    joined = member_id(shop.tenant_id, ordinal)
    return Member(joined, issue("member", shop.tenant_id, shop.slug, joined, frozenset(), now, TOKEN_SECONDS), "")


def _fewer(order: Any) -> dict[str, Any]:
    return {"lines": [{"offer_id": order["lines"][0]["offer_id"], "quantity": 1}]}


@pytest.mark.parametrize("role", ["analyst", "technical"])
def test_neither_analysts_nor_technicians_are_told_how_to_reach_anybody(furnished: Furnished, role: str) -> None:
    assert furnished.every(role) == {}


def test_all_of_it_is_there_for_those_whose_work_needs_it(furnished: Furnished) -> None:
    told = set().union(*furnished.every("manager").values())
    assert told == set(furnished.known)


def test_who_is_an_analyst_and_more_is_told(furnished: Furnished) -> None:
    brand = furnished.brand
    both = made(brand.shop.brand.post("/v1/api-keys", {"name": "both", "scopes": ["analyst", "service"]}))["secret"]
    path = f"/v1/members/{brand.ids['member']}"
    assert made(furnished.world.caller.call("GET", path, token=both), 200)["phone"] == PHONE


class TestExports:
    def exported(self, furnished: Furnished, role: str) -> str:
        """The id of an export that this role asked for, once it is done."""
        world, brand = furnished.world, furnished.brand
        token = brand.keys[role]
        job = made(world.caller.call("POST", "/v1/order-exports?format=csv", token=token), 202)["id"]
        Drain(Pump(application.load(), world.engine, world.resources))()
        return str(job)

    def file(self, furnished: Furnished, job: str, role: str) -> str | None:
        """Where the role is told that the file is."""
        reply = furnished.world.caller.call("GET", f"/v1/jobs/{job}", token=furnished.brand.keys[role])
        shown = made(reply, 200)
        assert shown["status"] == "done"
        listed = made(furnished.world.caller.call("GET", "/v1/jobs", token=furnished.brand.keys[role]), 200)["items"]
        assert bool(next(each for each in listed if each["id"] == job)["result_url"]) == bool(shown["result_url"])
        url: str | None = shown["result_url"]
        return url

    def content(self, furnished: Furnished, url: str) -> str:
        with urlopen(url) as answer:  # noqa: S310 - a link of the engine's own
            text: str = answer.read().decode()
        return text

    def test_an_analysts_file_says_nothing_of_people(self, furnished: Furnished) -> None:
        url = self.file(furnished, self.exported(furnished, "analyst"), "analyst")
        assert url is not None
        text = self.content(furnished, url)
        assert furnished.brand.ids["order"] in text
        assert [what for what, words in SAID.items() if words in text] == []

    def test_a_managers_file_is_not_for_an_analyst(self, furnished: Furnished) -> None:
        job = self.exported(furnished, "manager")
        url = self.file(furnished, job, "manager")
        assert url is not None
        assert DOOR in self.content(furnished, url)
        assert self.file(furnished, job, "analyst") is None


_SAID = ("The eggs were broken", "Is the honey organic?", "Use paper bags")


class TestEvents:
    def told(self, furnished: Furnished, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
        """What the payload of each event says, about a brand in which something is said of everybody."""
        shop, ids, now = furnished.brand.shop, furnished.brand.ids, clock.now()
        found = {}

        def emit(tenant_id: str, emissions: Sequence[Emission], now: datetime) -> None:
            found.update({each.type: json.dumps(each.data, ensure_ascii=False) for each in emissions})

        monkeypatch.setattr(broadcasting, "types_wanted", lambda tenant_id: frozenset(MEANINGS))
        monkeypatch.setattr(broadcasting, "emit", emit)
        about = {"order_id": ids["order"]} | self.about(shop, ids)
        owed = about | {"order_id": furnished.world.ours.ids["order"]}
        messages = [
            Message(new_id(now), name, shop.tenant_id, now, owed if name.startswith("refund.") else about)
            for name in PUBLISHED
        ]
        with tenant_scope(shop.tenant_id):
            broadcasting.broadcast(shop.tenant_id, messages, SHOWN, now)
        assert found.keys() == MEANINGS.keys()
        return found

    def about(self, shop: Shop, ids: dict[str, str]) -> dict[str, Any]:
        """What finds one of each thing that events are about."""
        campaign = made(shop.brand.get(f"/v1/after-sales/{ids['after_sale']}"), 200)["campaign_id"]
        (receipt,) = made(shop.brand.get(f"/v1/campaigns/{campaign}/receipts"), 200)["items"]
        invited = made(shop.brand.get(f"/v1/surveys/{ids['survey']}/invitations"), 200)["items"][0]["id"]
        self.leave_a_removed_member(shop.tenant_id, ids["member"])
        return {
            "refund_id": ids["refund"], "team_id": ids["team"], "payment_id": ids["payment"],
            "campaign_id": campaign, "version": 1, "receipt_id": receipt["id"], "aftersale_id": ids["after_sale"],
            "complaint_id": ids["complaint"], "invoice_id": ids["invoice"], "member_id": ids["member"],
            "invitation_id": invited, "enquiry_id": ids["enquiry"], "suggestion_id": ids["suggestion"],
            "review_id": ids["review"],
        }  # fmt: skip

    def leave_a_removed_member(self, tenant_id: str, called: str) -> None:
        """What would be left of one with this id."""
        left = RemovedRecord(
            *RemovedRecord.address(tenant_id, called), ordinal=0, removed_at=clock.now(), source="undo"
        )
        with tenant_scope(tenant_id):
            tx = Transaction()
            tx.put("removed", left)
            tx.commit()

    def test_no_event_tells_how_to_reach_anybody_nor_what_people_wrote(
        self, furnished: Furnished, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        known = furnished.known | {
            "words of a complaint": "The eggs were broken",
            "words of a return": "Broken",
            "words of a refund": "Bruised",
            "words of a question": "Is the honey organic?",
            "words of a suggestion": "Use paper bags",
        }
        told = self.told(furnished, monkeypatch)
        assert {name: what for name, text in told.items() for what, words in known.items() if words in text} == {}

    def test_it_would_be_seen_if_one_did(self, furnished: Furnished, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(broadcasting, "_without_contacts", nullcontext)
        said = " ".join(self.told(furnished, monkeypatch).values())
        assert {what for what, words in furnished.known.items() if words in said} >= {"door", "member's phone"}
        assert [each for each in _SAID if each not in said] == []
