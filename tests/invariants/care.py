"""What of customer care is known to the random runs: the team and who of it is there, cases, and reviews."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal

from chalicelib.cases.model.routing import may_serve
from chalicelib.cases.records import CaseEntry, CaseRecord
from chalicelib.complaints.records import ComplaintRecord
from chalicelib.db import fetch_many, tenant_scope
from chalicelib.enquiries.records import EnquiryRecord
from chalicelib.kernel import clock
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.members.records import MemberRecord
from chalicelib.suggestions.records import SuggestionRecord
from chalicelib.tenants.records import StaffRecord
from tests.builders import Member, made

if TYPE_CHECKING:
    from tests.invariants.brand import Brand, Fault

CaseKind = Literal["complaints", "enquiries", "suggestions"]
RECORDS: dict[CaseKind, Any] = {
    "complaints": ComplaintRecord,
    "enquiries": EnquiryRecord,
    "suggestions": SuggestionRecord,
}
TEXTS: dict[CaseKind, tuple[str, ...]] = {
    "complaints": ("The leader was rude", "Two pears were rotten", "Late again"),
    "enquiries": ("Where is my order?", "How do I keep pears fresh?", "Do you sell bananas?"),
    "suggestions": ("Please use paper bags for pears", "Please use paper bags for plums", "Open later on Fridays"),
}
HIRED = ("service", "service", "manager")
_OFFICE, _ALL_DAY = [{"from": "09:00", "to": "18:00"}], [{"from": "00:00", "to": "00:00"}]


@dataclass(frozen=True)
class Case:
    """One that was opened, by a member or by the team for somebody."""

    kind: CaseKind
    id: str
    member: Member | None


def is_open(case: CaseRecord) -> bool:
    """Whether somebody of the team has to see to it."""
    if isinstance(case, EnquiryRecord):
        return case.with_team
    return case.is_open if isinstance(case, SuggestionRecord) else not case.resolved  # type: ignore[attr-defined]


@dataclass
class Presence:
    """Who of the team may have cases, change by change: since when somebody may not, and when last nobody could of all
    who serve, or of those above them.
    """

    changes: int = 0
    gone: dict[str, int] = field(default_factory=dict)
    nobody: int = -1
    nobody_above: int = -1

    def note(self, staff: list[StaffRecord]) -> None:
        """The team has changed."""
        self.changes += 1
        there = [each for each in staff if may_serve(each.roles) and each.duty.on]
        for person_id in {each.id for each in staff} | set(self.gone):
            if any(each.id == person_id for each in there):
                self.gone.pop(person_id, None)
            else:
                self.gone.setdefault(person_id, self.changes)
        if not there:
            self.nobody = self.changes
        if not any({"manager", "owner"} & set(each.roles) for each in there):
            self.nobody_above = self.changes

    def may_have(self, staff_id: str, *, escalated: bool) -> bool:
        """Whether the rules let somebody have a case when all messages are worked off: they are there, or were the best
        that was left when nobody was.
        """
        since = self.gone.get(staff_id)
        return since is None or since <= (max(self.nobody, self.nobody_above) if escalated else self.nobody)


@dataclass
class Care:
    """The customer care of a brand."""

    brand: Brand
    team: list[str] = field(default_factory=list)
    """Whoever was ever on it, by id; the brand's owner first."""
    presence: Presence = field(default_factory=Presence)
    cases: list[Case] = field(default_factory=list)
    reviews: list[tuple[str, Member]] = field(default_factory=list)
    batch_id: str = field(init=False)

    def __post_init__(self) -> None:
        """Two for members and one above them, who gets what nobody on duty can take; a FAQ of one entry."""
        self.team = [each.id for each in self.staff()]
        for role in HIRED:
            self.hire(role)
        self.keep_hours(office=False, quick=True)
        sorry = {"title": "Sorry", "purpose": "remedy", "kind": "amount", "value": self.brand.shop.money(50)}
        self.batch_id = made(self.brand.ask("POST", "/v1/coupon-batches", sorry | {"limits": {"per_member": 2}}))["id"]
        entry = {"question": "How do I keep pears fresh?", "answer": "Cool and dark.", "locale": "en"}
        made(self.brand.ask("POST", "/v1/faq", entry))

    def staff(self) -> list[StaffRecord]:
        """The team as it stands."""
        tenant_id = self.brand.tenant_id
        with tenant_scope(tenant_id):
            return list(StaffRecord.every(StaffRecord.partition(tenant_id), consistent=True))

    def hire(self, role: str, fault: Fault = None) -> None:
        """Somebody new begins."""
        who = {"email": f"{role}{len(self.team)}@fruit.example", "name": role.title(), "roles": [role]}
        self.brand.ask("POST", "/v1/staff", who, fault=fault)
        self.look_round()

    def look_round(self) -> None:
        """Notes who is there by now."""
        staff = self.staff()
        self.team += [each.id for each in staff if each.id not in self.team]
        self.presence.note(staff)

    def change(self, which: int, how: str, fault: Fault) -> None:
        """Somebody goes off duty or comes back, loses their role or gets it again, or leaves the team; the brand's
        owner keeps theirs.
        """
        here = self.staff()
        person = here[which % len(here)]
        path = f"/v1/staff/{person.id}"
        if how in ("off", "on"):
            self.brand.ask("PATCH", path, {"duty": {"on": how == "on"}}, fault=fault)
        elif "owner" not in person.roles and how == "leaves":
            self.brand.ask("DELETE", path, fault=fault)
        elif "owner" not in person.roles:
            self.brand.ask("PATCH", path, {"roles": ["analyst" if how == "loses" else "service"]}, fault=fault)
        self.look_round()

    def keep_hours(self, *, office: bool, quick: bool, fault: Fault = None) -> None:
        """The brand sets when it works, and how soon it answers."""
        days = ("mon", "tue", "wed", "thu", "fri")
        weekly = dict.fromkeys(days, _OFFICE) if office else dict.fromkeys((*days, "sat", "sun"), _ALL_DAY)
        self.brand.ask("PUT", "/v1/business-calendar", {"weekly": weekly}, fault=fault)
        soon = {each: {"first_response_minutes": 45, "resolution_minutes": 240} for each in ("p1", "p2", "p3", "p4")}
        kinds = dict.fromkeys(("complaint", "enquiry", "suggestion"), soon if quick else {})
        fallback = next((each.id for each in self.staff() if "manager" in each.roles), None)
        self.brand.ask("PUT", "/v1/case-rules", {**kinds, "follow_up_days": 1, "fallback": fallback}, fault=fault)
        self.brand.ask("PUT", "/v1/enquiry-rules", {"close_after_days": 2}, fault=fault)

    # --- cases --------------------------------------------------------------------------------------------------------

    def open(self, kind: CaseKind, member: Member, which: int, order_id: str | None, fault: Fault) -> None:
        """A member complains, asks or suggests something."""
        body: dict[str, Any] = {"text": TEXTS[kind][which % 3]}
        if order_id and kind != "suggestions":
            body["order_id"] = order_id
        if kind == "complaints" and which % 3 == 0:
            body["cause"] = "leader"
        path = f"{self.brand.shop.path}/{kind}"
        self._know(kind, self.brand.ask("POST", path, body, token=member.token, fault=fault), member)

    def note(self, kind: CaseKind, member_id: str, which: int, fault: Fault) -> None:
        """The team notes what somebody said on the telephone."""
        body = {"member_id": member_id, "text": TEXTS[kind][which % 3], "source": "phone"}
        self._know(kind, self.brand.ask("POST", f"/v1/{kind}", body, fault=fault), None)

    def _know(self, kind: CaseKind, reply: Any, member: Member | None) -> None:
        if reply.status == 201:
            self.cases.append(Case(kind, reply.json["id"], member))

    def work(self, case: Case, how: str, which: int, fault: Fault) -> None:
        """The team does something about a case; what is none of its kind is another thing of that kind."""
        ask, path = self.brand.ask, f"/v1/{case.kind}/{case.id}"
        there = [each for each in self.team if each not in self.presence.gone]
        if how == "hands_over" and there:
            ask("PATCH", path, {"owner": there[which % len(there)]}, fault=fault)
        elif how == "judges":
            field_, values = {
                "complaints": ("urgency", ("low", "high", "critical")),
                "enquiries": ("priority", ("p1", "p2", "p4")),
                "suggestions": ("value", ("low", "normal", "high")),
            }[case.kind]
            ask("PATCH", path, {field_: values[which % 3]}, fault=fault)
        elif case.kind == "suggestions":
            self._decide(case, how, which, fault)
        elif how in ("answers", "waits"):
            ask("POST", f"{path}/messages", {"text": "Which box?", "waits": how == "waits"}, fault=fault)
        elif case.kind == "enquiries":
            ask("POST", f"{path}/close", fault=fault)
        elif how == "reopens":
            ask("POST", f"{path}/reopen", {"reason": "Not settled"}, fault=fault)
        else:
            self._resolve(case, which, fault)

    def _resolve(self, case: Case, which: int, fault: Fault) -> None:
        remedies: tuple[dict[str, Any], ...] = (
            {"kind": "points", "points": 11},
            {"kind": "coupon", "batch_id": self.batch_id},
            {"kind": "refund", "amount": self.brand.shop.money(75), "cost_to": ("leader", "brand")[which % 2]},
            {"kind": "apology"},
        )
        body = {"outcome": "We are sorry.", "remedy": remedies[which % len(remedies)]}
        self.brand.ask("POST", f"/v1/complaints/{case.id}/resolve", body, fault=fault)

    def _decide(self, case: Case, how: str, which: int, fault: Fault) -> None:
        path = f"/v1/suggestions/{case.id}"
        others = [each.id for each in self.cases if each.kind == "suggestions" and each.id != case.id]
        rewards: tuple[Any, ...] = ({"points": 13}, {"coupon_batch_id": self.batch_id}, {})
        today = local_date(clock.now(), zone(self.brand.shop.timezone))
        if how == "waits" and others:
            self.brand.ask("PATCH", path, {"same_as": others[which % len(others)]}, fault=fault)
        elif how == "reopens":
            self.brand.ask("PATCH", path, {"same_as": None}, fault=fault)
        elif how == "ends":
            done_by = (today + timedelta(days=1)).isoformat()
            body = {"plan": "From now on.", "done_by": done_by, "reward": rewards[which % 3]}
            self.brand.ask("POST", f"{path}/adopt", body, fault=fault)
        elif which % 2:
            self.brand.ask("POST", f"{path}/decline", {"reason": "Too dear"}, fault=fault)
        else:
            self.brand.ask("POST", f"{path}/done", {}, fault=fault)

    def say(self, case: Case, how: str, fault: Fault) -> None:
        """Its member writes, is content, or is not."""
        if case.member is None or case.kind == "suggestions":
            return
        path, token = f"{self.brand.shop.path}/{case.kind}/{case.id}", case.member.token
        if how == "writes":
            self.brand.ask("POST", f"{path}/messages", {"text": "The blue one."}, token=token, fault=fault)
        elif case.kind == "complaints":
            said = {"verdict": "accepted"} if how == "content" else {"verdict": "rejected", "comment": "Still late"}
            self.brand.ask("POST", f"{path}/verdict", said, token=token, fault=fault)
        elif how == "closes":
            self.brand.ask("POST", f"{path}/close", token=token, fault=fault)
        else:
            self.brand.ask("POST", f"{path}/helped", {"helped": how == "content"}, token=token, fault=fault)

    def people(self) -> list[MemberRecord]:
        """All members, also those who are somebody else by now."""
        tenant_id, brand = self.brand.tenant_id, self.brand
        ids = [*(each.id for each in (*brand.members, brand.leader)), *brand.growth.unclaimed]
        with tenant_scope(tenant_id):
            found = fetch_many(
                [(MemberRecord, *MemberRecord.address(tenant_id, each)) for each in ids], consistent=True
            )
        return [each for each in found if each is not None]

    def read(self) -> Iterator[tuple[CaseRecord, CaseEntry | None]]:
        """All cases that were opened, as they stand, each with its entry on the desk."""
        tenant_id = self.brand.tenant_id
        addresses: list[Any] = [
            (RECORDS[each.kind], *RECORDS[each.kind].address(tenant_id, each.id)) for each in self.cases
        ]
        addresses += [(CaseEntry, *CaseEntry.address(tenant_id, each.id)) for each in self.cases]
        with tenant_scope(tenant_id):
            found = fetch_many(addresses, consistent=True)
        yield from zip(found[: len(self.cases)], found[len(self.cases) :], strict=True)

    # --- reviews ------------------------------------------------------------------------------------------------------

    def review(self, order_id: str, member: Member, stars: int, fault: Fault) -> None:
        """A member says what they think of what they collected."""
        body = {
            "order_id": order_id,
            "sku_id": self.brand.skus[stars % 2],
            "rating": stars,
            "aspects": {"goods": stars},
        }
        reply = self.brand.ask("POST", f"{self.brand.shop.path}/reviews", body, token=member.token, fault=fault)
        if reply.status == 201 and (reply.json["id"], member) not in self.reviews:
            self.reviews.append((reply.json["id"], member))

    def change_review(self, which: int, how: str, stars: int, fault: Fault) -> None:
        """It is edited or deleted by its member, or hidden or shown by the team."""
        review_id, member = self.reviews[which % len(self.reviews)]
        own, theirs = f"{self.brand.shop.path}/reviews/{review_id}", f"/v1/reviews/{review_id}"
        if how == "edit":
            self.brand.ask("PUT", own, {"rating": stars}, token=member.token, fault=fault)
        elif how == "delete":
            self.brand.ask("DELETE", own, token=member.token, fault=fault)
        else:
            self.brand.ask(
                "POST", f"{theirs}/{how}", {"reason": "A phone number"} if how == "hide" else None, fault=fault
            )
