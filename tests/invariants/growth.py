"""What the brand of the random runs does to have more members, and to keep them: invite codes, referral, segments of
random rules, journeys; and what members do beside ordering.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from chalicelib.db import tenant_scope
from chalicelib.kernel import clock
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.members.enrolment.service import Newcomer, enrol
from chalicelib.members.linking.service.uniting import unite
from chalicelib.members.model.classes import MemberClass, Thresholds
from chalicelib.members.model.identities import Identity, member_id
from chalicelib.members.records import MemberRecord
from tests.builders import Member, made
from tests.calls import Reply
from tests.faults import Killed
from tests.invariants.people import Person
from tests.members.codes import code_for, exchange

if TYPE_CHECKING:
    from tests.invariants.brand import Brand, Fault

THRESHOLDS = Thresholds(new_days=2, dormant_days=3, churned_days=6)
"""Classes of days, so that a run of two weeks meets each of them."""

QUIET_DAYS = 4
"""After so many days without an order the third journey begins."""

VIP, QUIET = "vip", "gone quiet"
_MOST_TRIES = 4


@dataclass(frozen=True)
class Rule:
    """A segment's rule, and what it means, said once more: of a person, with the segments decided before."""

    said: Mapping[str, Any]
    holds: Callable[[Person, frozenset[str]], bool]


def _any_of(name: str, *values: str) -> dict[str, Any]:
    return {"field": name, "op": "any_of", "value": list(values)}


_GONE = (MemberClass.DORMANT, MemberClass.CHURNED)
RULES = (
    Rule(_any_of("class", "dormant", "churned"), lambda who, _: who.member_class in _GONE),
    Rule(_any_of("class", "new"), lambda who, _: who.member_class is MemberClass.NEW),
    Rule({"field": "orders", "op": "at_least", "value": {"number": 2}}, lambda who, _: len(who.bought) >= 2),
    Rule(
        {"all": [_any_of("tags", VIP), {"not": _any_of("class", "new")}]},
        lambda who, _: VIP in who.tags and who.member_class is not MemberClass.NEW,
    ),
    Rule(
        {"any": [{"field": "points", "op": "at_least", "value": 60}, _any_of("consents", "marketing")]},
        lambda who, _: who.points >= 60 or "marketing" in who.consents,
    ),
    Rule(_any_of("interests", "fruit"), lambda who, _: "personalisation" in who.consents and "fruit" in who.interests),
    Rule(
        {"field": "purchases", "op": "bought", "value": {"within_days": 4}},
        lambda who, _: any((who.today - on).days < 4 for on in who.days_of_orders),
    ),
    Rule(
        {"field": "monetary", "op": "at_least", "value": {"number": 2_000}},
        lambda who, _: sum(who.bought.values()) >= 2_000,
    ),
    Rule(
        {"field": "recency", "op": "at_most", "value": 2},
        lambda who, _: bool(who.days_of_orders) and (who.today - max(who.days_of_orders)).days <= 2,
    ),
    Rule(
        {"field": "days_since_joined", "op": "at_least", "value": 3},
        lambda who, _: (who.today - who.joined_on).days >= 3,
    ),
    Rule(
        {"field": "rfm_recency", "op": "at_least", "value": 3},
        lambda who, _: who.scores is not None and who.scores[0] >= 3,
    ),
    Rule(
        {"not": {"field": "rfm_frequency", "op": "at_most", "value": 2}},
        lambda who, _: who.scores is None or who.scores[1] > 2,
    ),
)


@dataclass
class Growth:
    """What of it is known to the run."""

    brand: Brand
    rules: dict[str, Rule] = field(default_factory=dict)
    """Of each segment of a rule, by id, in the order in which they can be decided."""
    journeys: list[str] = field(default_factory=list)
    absences: list[tuple[str, datetime, datetime | None]] = field(default_factory=list)
    """Who had left, by id, from when until when."""
    unclaimed: list[str] = field(default_factory=list)
    """Those whom the brand has written down, by id; some are somebody else by now."""
    joins: int = 0

    def __post_init__(self) -> None:
        """The rules, two segments, a list, and three journeys."""
        ask, shop = self.brand.ask, self.brand.shop
        made(ask("PUT", "/v1/member-classes", {"new_days": 2, "dormant_days": 3, "churned_days": 6}), 200)
        made(ask("POST", "/v1/tags", {"tag": VIP}))
        made(ask("POST", "/v1/tags", {"tag": QUIET}))
        gift = {"title": "Thanks", "purpose": "loyal", "kind": "amount", "value": shop.money(50),
                "limits": {"per_member": 2}}  # fmt: skip
        self.batch_id = made(ask("POST", "/v1/coupon-batches", gift))["id"]
        referral = {"coupon_batch_id": self.batch_id, "friend_coupon_batch_id": self.batch_id, "per_month": 2}
        made(ask("PUT", "/v1/recruitment", {"joining": "open", "referral": referral}), 200)
        self.invite = made(ask("POST", "/v1/invite-codes", {"code": "GARDEN-7", "max_uses": 1}))
        self.list_id = made(ask("POST", "/v1/segments", {"title": "Tasters", "kind": "list"}))["id"]
        for title, rule, tag in (("First", RULES[0], QUIET), ("Second", RULES[2], None)):
            wanted = {"title": title, "rule": rule.said, "tag": tag}
            self.rules[made(ask("POST", "/v1/segments", wanted))["id"]] = rule
        first = next(iter(self.rules))
        # Of those who carry what the first segment gives, without those on the list.
        on_both = {"all": [_any_of("segments", first), {"not": _any_of("segments", self.list_id)}]}
        third = made(ask("POST", "/v1/segments", {"title": "Third", "rule": on_both}))["id"]
        self.rules[third] = Rule(on_both, lambda _, inside: first in inside and self.list_id not in inside)
        tell = {"kind": "message", "texts": {"en": {"subject": "Hello", "text": "{name}, come back: {shop}"}}}
        give: list[dict[str, Any]] = [{"kind": "coupon", "batch_id": self.batch_id}, {"kind": "points", "points": 5}]
        a_day, idle = {"kind": "wait", "days": 1}, {"kind": "condition", "asks": "has_ordered", "is": False}
        for fields in (
            {"trigger": {"kind": "joined"}, "steps": [tell, *give, a_day, tell], "control_share": "40",
             "exit_on_purchase": False},
            {"trigger": {"kind": "class", "class": "dormant"}, "steps": [*give, tell, a_day, idle, tell],
             "control_share": "30", "again_after_days": 2},
            {"trigger": {"kind": "quiet", "days": QUIET_DAYS}, "steps": [tell], "control_share": "0",
             "again_after_days": 1},
        ):  # fmt: skip
            drafted = made(ask("POST", "/v1/journeys", {"title": "Journey", "goal_days": 3, **fields}))
            made(ask("POST", f"/v1/journeys/{drafted['id']}/publish"), 200)
            self.journeys.append(drafted["id"])

    # --- members ------------------------------------------------------------------------------------------------------

    def join(self, by: str, referrer: Member, fault: Fault) -> Reply:
        """Somebody signs in for the first time, with whose code they have: of a member or the brand, or none. Where the
        answer was lost, they ask for another code.
        """
        self.joins += 1
        email = f"neighbour{self.joins}@people.example"
        more: dict[str, Any] = {"consent": {"marketing": bool(self.joins % 3)}}
        if by == "brand":
            more["invite_code"] = self.invite["code"]
        if by == "member":
            told = self.brand.ask("GET", f"{self.brand.shop.path}/me/referral", token=referrer.token)
            more["invite_code"] = made(told, 200)["code"]
        self.brand.asked += 1
        for attempt in range(_MOST_TRIES):
            code = code_for(self.brand.api, "fruit", email=email)
            self.brand.faults.arm(*(fault if fault and attempt == 0 else (None,)))
            try:
                answer = exchange(self.brand.api, code, "fruit", email=email, **more)
            except Killed:
                continue
            finally:
                self.brand.faults.arm(None)
            if answer.status == 200:
                self.brand.members.append(self.brand.shop.signed_in(answer.json["principal"]["id"], email))
            if answer.status < 500 and answer.status != 401:
                return answer
            assert fault, answer.text
        raise AssertionError("nobody could join")

    def write_down(self) -> None:
        """The brand notes somebody who has not signed in yet."""
        tenant_id, now = self.brand.tenant_id, clock.now()
        who = Identity("phone", f"+86138001380{len(self.unclaimed):02d}")
        newcomer = Newcomer(who, local_date(now, zone("Asia/Shanghai")), "import", profile={"interests": ["fruit"]})
        with tenant_scope(tenant_id):
            self.unclaimed.append(member_id(tenant_id, enrol(tenant_id, [newcomer], now)[who]))

    def turn_out_to_be(self, gone_id: str, stays: Member, fault: Fault) -> None:
        """Somebody who was written down is a member whom the brand knows. Tried until it is done."""
        self.brand.asked += 1
        for attempt in range(_MOST_TRIES):
            self.brand.faults.arm(*(fault if fault and attempt == 0 else (None,)))
            try:
                with tenant_scope(self.brand.tenant_id):
                    self._unite(gone_id, stays.id)
                return
            except Killed:
                continue
            except Exception:
                if not fault or attempt:
                    raise
            finally:
                self.brand.faults.arm(None)

    def _unite(self, gone_id: str, stays_id: str) -> None:
        tenant_id = self.brand.tenant_id
        both = [MemberRecord.at(tenant_id, each, consistent=True) for each in (gone_id, stays_id)]
        gone, stays = (int(each.ordinal) for each in both if each is not None)
        unite(tenant_id, gone, stays, clock.now())

    def leave(self, member: Member, fault: Fault) -> None:
        """A member leaves; who has left already stays so."""
        path = f"{self.brand.shop.path}/me/leave"
        made(self.brand.ask("POST", path, {"reason": "quality"}, token=member.token, fault=fault), 200)
        if all(who != member.id or until is not None for who, _, until in self.absences):
            self.absences.append((member.id, clock.now(), None))

    def rejoin(self, member: Member, fault: Fault) -> None:
        """They come back by a word."""
        self.may_be_back(member)
        path = f"{self.brand.shop.path}/me/rejoin"
        made(self.brand.ask("POST", path, {}, token=member.token, fault=fault), 200)

    def may_be_back(self, member: Member) -> None:
        """They do what may bring them back: from now on nothing is said of their absence."""
        now = clock.now()
        self.absences = [
            (who, since, now if who == member.id and until is None else until) for who, since, until in self.absences
        ]

    def say(self, member: Member, fields: Mapping[str, Any], fault: Fault) -> Reply:
        """A member says something of themselves, or what they agree to."""
        return self.brand.ask("PATCH", f"{self.brand.shop.path}/me", fields, token=member.token, fault=fault)

    # --- the team -----------------------------------------------------------------------------------------------------

    def set_rule(self, which: int, rule: Rule, fault: Fault) -> None:
        """One of the first two segments goes by another rule."""
        segment_id = list(self.rules)[which % 2]
        made(self.brand.ask("PATCH", f"/v1/segments/{segment_id}", {"rule": rule.said}, fault=fault), 200)
        self.rules[segment_id] = rule
