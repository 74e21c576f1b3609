"""The cast of the stories, and what they do: each by the interface that they would use."""

import itertools
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from chalicelib.db import Transaction, tenant_scope
from chalicelib.kernel import clock as product_clock
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.members.enrolment.service import Newcomer, enrol
from chalicelib.members.model.identities import Identity, member_id
from chalicelib.members.records import MemberRecord
from chalicelib.notices.inbox.model import belongs_in_inbox
from chalicelib.notices.inbox.records import InboxRecord
from chalicelib.notices.model.people import Person
from chalicelib.payments.model import State
from chalicelib.payments.providers.test import TestProvider
from chalicelib.tenants.records import StaffRecord
from chalicelib.web.tokens import issue
from infra.local.engine import Engine
from tests.builders import TOKEN_SECONDS, Member, Shop, made
from tests.conftest import Clock
from tests.notices.told.delivery import TwiceAndShuffled, recognised
from tests.notices.told.table import Heard

_numbers = itertools.count(1)
ANN, BO, CY, DEE = "ann", "bo", "cy", "dee"
NEIGHBOURS = (ANN, BO, CY)
"""Ann has an e-mail address and reads English; Bo a phone, Cy both, and they read Chinese, as the brand does."""

_REACHED: dict[str, tuple[str | None, str | None, str]] = {
    ANN: ("ann@people.example", None, "en"),
    BO: (None, "+8613800138001", "zh"),
    CY: ("cy@people.example", "+8613800138002", "zh"),
    DEE: ("dee@people.example", None, "zh"),
    "lea": ("lea@people.example", None, "zh"),
    "lou": (None, "+8613800138003", "en"),
}
"""Address, phone and language. Dee orders what no story is about, Lea leads the pickup point, and
Lou another in the stories that say so."""


@dataclass
class World:
    """A brand with its neighbours. ``heard`` says who was told what since it was last asked."""

    shop: Shop
    engine: Engine
    clock: Clock
    queues: TwiceAndShuffled
    people: dict[str, Member] = field(default_factory=dict)
    _read: int = 0
    _seen: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        for name in _REACHED:
            self.people[name] = self._member(name)
        self.point = self.shop.pickup_point(name="东门", opening_hours="9–18", leader_id=self.people["lea"].id)
        self.other_point = self.shop.pickup_point(name="西门")
        self._where = {address: name for name, reached in _REACHED.items() for address in reached[:2] if address}
        self._where[f"owner@{self.shop.slug}.example"] = "olga"
        self.languages = {name: language for name, (_, _, language) in _REACHED.items()} | {"olga": "zh"}
        self._bystander()
        self.heard()

    def hire(self, name: str, *roles: str) -> None:
        """Takes somebody on, who reads Chinese as the brand does, and has heard of it."""
        made(self.shop.brand.post("/v1/staff", {"email": f"{name}@staff.example", "name": name, "roles": list(roles)}))
        self.names(f"{name}@staff.example", name, "zh")
        self.heard()

    def names(self, address: str, name: str, language: str) -> None:
        """From now on who reads at an address goes by a name."""
        self._where[address], self.languages[name] = name, language

    def heard(self, sweeps: int = 1) -> Heard:
        """What has happened comes to everybody; who has heard what, by which medium. All in their own language.

        Whatever is sent stands in its reader's inbox, once, but for what gives access; what stands there alone was
        heard by ``inbox``.
        """
        heard, left = self.came(sweeps)
        persons = self._persons()
        for (who, _, template), times in heard.items():
            left[who, template] -= times * (belongs_in_inbox(template) and who in persons)
        assert all(times >= 0 for times in left.values()), f"sent, and in no inbox: {left}"
        return +heard + Heard({(who, "inbox", template): times for (who, template), times in left.items()})

    def came(self, sweeps: int = 1) -> tuple[Heard, Counter[tuple[str, str]]]:
        """The same apart: what was sent to whom, in their own language, and what has come into whose inbox."""
        self.queues.settle(sweeps)
        sent = self.engine.mail()
        fresh, self._read = sent[self._read :], len(sent)
        letters: Heard = Counter()
        for mail in fresh:
            who = self._where[mail["to"]]
            template, language = recognised(mail["text"])
            assert language == self.languages[who], f"{who} reads {mail['text']!r}"
            letters[who, mail["channel"], template] += 1
        return letters, self._fresh_in_inboxes(self._persons())

    def _fresh_in_inboxes(self, persons: Mapping[str, Person]) -> Counter[tuple[str, str]]:
        found: Counter[tuple[str, str]] = Counter()
        with tenant_scope(self.shop.tenant_id):
            for name, person in persons.items():
                partition = InboxRecord.partition(self.shop.tenant_id, person)
                for entry in InboxRecord.every(partition, consistent=True):
                    if (name, entry.id) not in self._seen:
                        self._seen.add((name, entry.id))
                        found[name, entry.template] += 1
        return found

    def _persons(self) -> dict[str, Person]:
        """Those of this brand; others of the cast have their inboxes elsewhere."""
        with tenant_scope(self.shop.tenant_id):
            staff = list(StaffRecord.every(StaffRecord.partition(self.shop.tenant_id)))
        team = {self._where[each.email]: Person.staff(each.id) for each in staff if each.email in self._where}
        return {name: Person.member(member.id) for name, member in self.people.items()} | team

    # --- what neighbours do

    def campaign(self, **terms: Any) -> Any:
        """A campaign of two days, paid at pickup or online, at the first pickup point."""
        usual: dict[str, Any] = {"title": "秋梨", "payment_methods": ["pickup", "test"], "closes_in": timedelta(days=2)}
        points = {"pickup_point_ids": [self.point["id"], self.other_point["id"]]}
        return self.shop.campaign(**(usual | points | terms))

    def order(self, who: str, campaign: Any, quantity: int = 2, *, online: bool = False, **more: Any) -> Any:
        method = {"payment_method": "test"} if online else {}
        return made(self.shop.order(self.people[who], campaign=campaign, quantity=quantity, **method, **more))

    def act(self, who: str, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        """A call of a neighbour's to the store, under a new key."""
        headers = {"Idempotency-Key": f"told-{next(_numbers)}"}
        where = f"{self.shop.path}{path}"
        return made(
            self.shop.caller.call(method, where, json=body, token=self.people[who].token, headers=headers), status
        )

    def staff(self, method: str, path: str, body: Any = None, status: int = 200) -> Any:
        """A call of the brand's, under a new key."""
        headers = {"Idempotency-Key": f"told-{next(_numbers)}"}
        return made(self.shop.brand.call(method, path, json=body, headers=headers), status)

    def change(self, who: str, order: Any, quantity: int) -> Any:
        lines = [{"offer_id": order["lines"][0]["offer_id"], "quantity": quantity}]
        return self.act(who, "PATCH", f"/orders/{order['id']}", {"lines": lines})

    def cancel(self, who: str, order: Any) -> Any:
        return self.act(who, "POST", f"/orders/{order['id']}/cancel")

    def start(self, who: str, order: Any) -> str:
        """Opens a payment of what is due; its id."""
        return str(self.act(who, "POST", f"/orders/{order['id']}/payments", {}, 201)["id"])

    def pay(self, who: str, order: Any) -> str:
        """Pays what is due at the provider, whose message arrives."""
        payment_id = self.start(who, order)
        self.arrive(payment_id)
        return payment_id

    def arrive(self, payment_id: str, amount_minor: int | None = None) -> None:
        """The payer pays at the provider, all or another amount, and its message arrives."""
        with tenant_scope(self.shop.tenant_id):
            charge = self.provider.charge(payment_id)
            if charge is not None and amount_minor is not None:
                charge.amount_minor = amount_minor
                tx = Transaction()
                tx.replace("charge", charge)
                tx.commit()
            self.provider.move(payment_id, State.SUCCEEDED)
        self.notify(payment_id, "succeeded")

    def notify(self, payment_id: str, event: str) -> None:
        """A signed message of the provider's."""
        headers, body = self.provider.message(payment_id, event, product_clock.now())
        path = f"/v1/webhooks/test/{self.shop.tenant_id}"
        made(self.shop.caller.call("POST", path, body=body, headers=headers), 204)

    @property
    def provider(self) -> TestProvider:
        return TestProvider(self.shop.tenant_id)

    def close(self, campaign: Any) -> None:
        """Its hour comes, and it is decided."""
        self.clock.set(max(product_clock.now(), product_clock.parse_instant(self.read(campaign)["closes_at"])))
        self.clock.advance(minutes=1)

    def read(self, campaign: Any) -> Any:
        return made(self.shop.brand.get(f"/v1/campaigns/{campaign['id']}"), 200)

    def adjust(self, order: Any, quantity: int) -> None:
        """So many units can be handed over, as the brand sees after the lock."""
        line = {"offer_id": order["lines"][0]["offer_id"], "quantity": quantity}
        self.staff("POST", f"/v1/orders/{order['id']}/adjustments", {"lines": [line], "reason": "少到了"})

    def given_back(self, payment_id: str) -> int:
        """What the provider has given back of a payment, in minor units."""
        with tenant_scope(self.shop.tenant_id):
            charge = self.provider.charge(payment_id)
        assert charge is not None
        return sum(charge.refunds.values())

    def read_order(self, order: Any) -> Any:
        """The order as it stands, such as after it was moved."""
        return made(self.shop.brand.get(f"/v1/orders/{order['id']}"), 200) | {"pickup_code": order["pickup_code"]}

    def hand_over(self, order: Any, quantity: int | None = None) -> None:
        """All of an order, or so many units, are collected."""
        body = {"code": order["pickup_code"], "pickup_point_id": order["pickup_point_id"]}
        if quantity is not None:
            body["lines"] = [{"offer_id": order["lines"][0]["offer_id"], "quantity": quantity}]
        self.staff("POST", f"/v1/orders/{order['id']}/pickup", body)

    # --- who there is

    def _member(self, name: str) -> Member:
        email, phone, language = _REACHED[name]
        now = product_clock.now()
        who = Identity("email", email) if email else Identity("phone", str(phone))
        newcomer = Newcomer(who, local_date(now, zone(self.shop.timezone)), "sign_in")
        with tenant_scope(self.shop.tenant_id):
            joined = member_id(self.shop.tenant_id, enrol(self.shop.tenant_id, [newcomer], now)[who])
            record = MemberRecord.fetch(*MemberRecord.address(self.shop.tenant_id, joined), consistent=True)
            assert record is not None
            record.email, record.phone, record.locale = email, phone, language
            tx = Transaction()
            tx.replace("member", record)
            tx.commit()
        slug, tenant_id = self.shop.slug, self.shop.tenant_id
        token = issue("member", tenant_id, slug, joined, frozenset(), now, TOKEN_SECONDS)
        return Member(joined, token, email or "")

    def _bystander(self) -> None:
        """Dee has an order that nothing happens to."""
        self.order(DEE, self.campaign(title="鸡蛋", closes_in=timedelta(days=60)))
