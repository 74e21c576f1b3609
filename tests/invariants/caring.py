"""The rules of the random runs that are about customer care: cases are opened, answered, waited for, reopened, handed
over and closed, the team comes and goes, and reviews are written and hidden.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from chalicelib.cases.records import QUEUE
from chalicelib.kernel import clock
from tests.invariants.care import RECORDS, Case
from tests.invariants.checks_cases import check_at_any_moment, check_when_worked_off
from tests.invariants.neighbours import faults_of_requests
from tests.invariants.workers import picks

if TYPE_CHECKING:
    from tests.invariants.brand import Brand
    from tests.invariants.queues import Queues

MOST_CASES = 12
kinds_of_cases = st.sampled_from(list(RECORDS))


class Caring(RuleBasedStateMachine):
    """What happens to the cases and the team of a ``brand``."""

    brand: Brand
    queues: Queues

    @rule(kind=kinds_of_cases, who=picks, which=picks, by_phone=st.booleans(), fault=faults_of_requests)
    @precondition(lambda self: len(self.brand.care.cases) < MOST_CASES)
    def a_case_is_opened(self, kind: Any, who: int, which: int, by_phone: bool, fault: Any) -> None:
        care, members = self.brand.care, self.brand.members
        if by_phone and kind != "enquiries":
            known = [*(each.id for each in members), *self.brand.growth.unclaimed * 2]
            care.note(kind, known[who % len(known)], which, fault)
        else:
            member = members[who % len(members)]
            orders = [each.id for each in self.brand.placed.values() if each.member.id == member.id]
            care.open(kind, member, which, orders[which % len(orders)] if orders and which % 2 else None, fault)

    @rule(
        which=picks, also=picks, fault=faults_of_requests,
        how=st.sampled_from(["answers", "waits", "hands_over", "judges", "ends", "ends", "closes", "reopens"]),
    )  # fmt: skip
    @precondition(lambda self: self.brand.care.cases)
    def the_team_works_on_a_case(self, which: int, also: int, how: str, fault: Any) -> None:
        self.brand.care.work(self._one(which), how, also, fault)

    @rule(which=picks, how=st.sampled_from(["writes", "content", "not", "closes"]), fault=faults_of_requests)
    @precondition(lambda self: self.brand.care.cases)
    def a_member_goes_on_with_a_case(self, which: int, how: str, fault: Any) -> None:
        self.brand.care.say(self._one(which), how, fault)

    @rule(
        which=picks, how=st.sampled_from(["off", "off", "on", "on", "loses", "gets", "leaves"]),
        fault=faults_of_requests,
    )  # fmt: skip
    def the_team_comes_and_goes(self, which: int, how: str, fault: Any) -> None:
        care = self.brand.care
        care.change(which, how, fault)
        if how == "leaves" and len(care.staff()) < 3:
            care.hire("service", fault)

    @rule(office=st.booleans(), quick=st.booleans(), fault=faults_of_requests)
    def the_brand_keeps_other_hours(self, office: bool, quick: bool, fault: Any) -> None:
        self.brand.care.keep_hours(office=office, quick=quick, fault=fault)

    @rule()
    @precondition(lambda self: self.brand.care.cases)
    def what_is_due_is_looked_for_twice(self) -> None:
        self.queues.sweep(clock.now(), again=QUEUE)

    @rule(which=picks, stars=st.integers(1, 5), fault=faults_of_requests)
    @precondition(lambda self: self.brand.collected)
    def someone_reviews(self, which: int, stars: int, fault: Any) -> None:
        placed = self.brand.collected[which % len(self.brand.collected)]
        self.brand.care.review(placed.id, placed.member, stars, fault)

    @rule(
        which=picks, stars=st.integers(1, 5), how=st.sampled_from(["edit", "edit", "delete", "hide", "show"]),
        fault=faults_of_requests,
    )  # fmt: skip
    @precondition(lambda self: self.brand.care.reviews)
    def a_review_changes(self, which: int, stars: int, how: str, fault: Any) -> None:
        self.brand.care.change_review(which, how, stars, fault)

    @invariant()
    def every_open_case_has_an_owner_and_due_times(self) -> None:
        check_at_any_moment(self.brand.care)

    def check_care(self) -> None:
        """When all messages are worked off; what is due by now is looked for before."""
        self.queues.sweep(clock.now())
        self.queues.drain()
        check_when_worked_off(self.brand.care, self.queues, clock.now())

    def _one(self, which: int) -> Case:
        """Rather one of the latest."""
        cases = self.brand.care.cases
        return cases[-1 - which % len(cases) % 5]
