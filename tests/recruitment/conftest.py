"""A shop that new members come to."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.db import tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.tenants.service.confirming import confirm_owner
from infra.local.engine import Engine
from tests.builders import Member, Reply, made
from tests.calls import Api
from tests.customer_care import CustomerCare
from tests.loyalty.conftest import Loyalty
from tests.members.codes import code_for, exchange
from tests.rate_limits.conftest import limited

__all__ = ["limited"]


class Recruits(Loyalty):
    """A shop with its rules of recruitment, and whoever signs in there for the first time."""

    def __init__(self, care: CustomerCare, api: Api, engine: Engine) -> None:
        super().__init__(care)
        self.api, self.engine = api, engine

    def set(self, **fields: Any) -> Any:
        """The rules of recruitment."""
        return made(self.brand.put("/v1/recruitment", fields), 200)

    def code(self, **fields: Any) -> Any:
        """An invite code."""
        return made(self.brand.post("/v1/invite-codes", fields))

    def uses(self, code: Any) -> tuple[str, int]:
        """What an invite code is, and how many have joined by it."""
        found = made(self.brand.get(f"/v1/invite-codes/{code['id']}"), 200)
        return found["status"], found["uses"]

    def arrive(self, email: str, **more: Any) -> Reply:
        """Somebody signs in with the code that they were sent."""
        return exchange(self.api, code_for(self.api, self.shop.slug, email=email), self.shop.slug, email=email, **more)

    def refused(self, email: str, **more: Any) -> str:
        """Why they may not."""
        answer = self.arrive(email, **more)
        assert answer.status in (403, 422, 429), answer.text
        return str(answer.json["code"])

    def joined(self, email: str, **more: Any) -> Member:
        """Somebody who has joined, and all that follows from it."""
        principal = made(self.arrive(email, **more), 200)
        self.drain()
        return Member(principal["principal"]["id"], principal["access_token"], email)

    def seen(self, member: Member) -> Any:
        """A member as the team sees them."""
        return made(self.brand.get(f"/v1/members/{member.id}"), 200)

    def apply(self, email: str, answers: dict[str, str] | None = None, **more: Any) -> Reply:
        """Somebody applies with the code that they were sent."""
        sign_in_code = code_for(self.api, self.shop.slug, email=email)
        wanted = {"email": email, "code": sign_in_code, "answers": answers or {}, **more}
        return self.care.store("POST", "/applications", json=wanted)

    def decide(self, application: Any, decision: str, **body: Any) -> Any:
        """The team decides on an application."""
        made(self.brand.post(f"/v1/applications/{application['id']}/{decision}", body or None), 200)

    def referral(self, member: Member) -> Any:
        """What a member sees of inviting."""
        return made(self.care.store("GET", "/me/referral", member), 200)

    def friends(self, member: Member) -> list[str]:
        """What became of whom a member brought, as the team sees it, latest first."""
        return [each["state"] for each in made(self.brand.get(f"/v1/members/{member.id}/referrals"), 200)["items"]]

    def batch(self, **fields: Any) -> str:
        """A batch of coupons of five yuan."""
        usual = {"title": "Thanks", "kind": "amount", "purpose": "loyal", "value": self.shop.money(500)}
        return str(made(self.brand.post("/v1/coupon-batches", usual | fields))["id"])

    def coupons(self, member: Member) -> list[str]:
        """The states of a member's coupons, as they see them."""
        return [each["status"] for each in made(self.care.store("GET", "/me/coupons", member), 200)["items"]]

    def invite(self, *people: dict[str, Any], **terms: Any) -> Any:
        """What becomes of people who have agreed to be invited, in the order of the list."""
        usual = {"source": "Market list", "agreed_on": self.day(-1)}
        wanted = {"people": [usual | each for each in people], "join_by": self.day(20), **terms}
        return made(self.brand.post("/v1/prospects", wanted), 200)

    def day(self, ahead: int) -> str:
        """The brand's local day, so many days from today."""
        return (self.today + timedelta(days=ahead)).isoformat()

    def pass_by(self, **time: float) -> None:
        """Time passes, and what is due then happens."""
        self.clock.advance(**time)
        self.sweep()

    def prospect(self, invited: Any) -> Any:
        """A personal invitation as it stands."""
        return made(self.brand.get(f"/v1/prospects/{invited['prospect_id']}"), 200)

    def confirm(self) -> None:
        """An owner of the brand has signed in."""
        with tenant_scope(self.shop.tenant_id):
            confirm_owner(self.shop.tenant_id, "owner@brand.example", product_clock.now())

    def letters(self, to: str) -> list[Any]:
        """The messages that an address was sent."""
        return [each for each in self.engine.mail() if each["to"] == to]


@pytest.fixture
def recruits(care: CustomerCare, api: Api, engine: Engine) -> Recruits:
    return Recruits(care, api, engine)
