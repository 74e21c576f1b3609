"""The rules of the random runs that are about members beside their orders: they join, leave, say what they like, keep
and wait for things, and go through segments and journeys while days pass.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from tests.builders import Member
from tests.faults import KINDS
from tests.invariants.growth import RULES, VIP
from tests.invariants.workers import picks

if TYPE_CHECKING:
    from tests.invariants.brand import Brand

MOST_MEMBERS = 7
faults_of_requests = st.none() | st.tuples(st.sampled_from(KINDS), st.integers(0, 4))


class Neighbours(RuleBasedStateMachine):
    """What happens to a ``brand`` that grows."""

    brand: Brand

    @rule(by=st.sampled_from(["nobody", "member", "member", "brand"]), who=picks, fault=faults_of_requests)
    @precondition(lambda self: len(self.brand.members) < MOST_MEMBERS)
    def someone_joins(self, by: str, who: int, fault: Any) -> None:
        self.brand.growth.join(by, self._member(who), fault)

    @rule(who=picks, back=st.booleans(), fault=faults_of_requests)
    def someone_leaves_or_comes_back(self, who: int, back: bool, fault: Any) -> None:
        growth, member = self.brand.growth, self._member(who)
        if back:
            growth.rejoin(member, fault)
        else:
            growth.leave(member, fault)

    @rule(
        who=picks, marketing=st.booleans() | st.none(), personalisation=st.booleans() | st.none(),
        interests=st.none() | st.sampled_from([["fruit"], ["cheese"], []]), fault=faults_of_requests,
    )  # fmt: skip
    def someone_says_something_of_themselves(
        self, who: int, marketing: Any, personalisation: Any, interests: Any, fault: Any
    ) -> None:
        said: dict[str, Any] = {"consent": {"marketing": marketing, "personalisation": personalisation}}
        if interests is not None:
            said["profile"] = {"interests": interests}
        self.brand.growth.say(self._member(who), said, fault)

    @rule(
        who=picks, purpose=st.sampled_from(["marketing", "personalisation", "leaderboards"]), fault=faults_of_requests
    )  # fmt: skip
    def the_team_withdraws_a_consent(self, who: int, purpose: str, fault: Any) -> None:
        said = {"purpose": purpose, "reason": "Called"}
        self.brand.ask("POST", f"/v1/members/{self._member(who).id}/consents/withdraw", said, fault=fault)

    @rule(who=picks, which=picks, fault=faults_of_requests)
    def someone_is_written_down_or_turns_out_to_be_another(self, who: int, which: int, fault: Any) -> None:
        growth = self.brand.growth
        if len(growth.unclaimed) < 2:
            growth.write_down()
        else:
            growth.turn_out_to_be(growth.unclaimed[which % 2], self._member(who), fault)

    @rule(who=picks, keeps=st.booleans(), kind=st.sampled_from(["favourites", "reminders"]), fault=faults_of_requests)
    def someone_keeps_a_product(self, who: int, keeps: bool, kind: str, fault: Any) -> None:
        path = f"{self.brand.shop.path}/me/{kind}/{self.brand.product_id}"
        self.brand.ask("PUT" if keeps else "DELETE", path, token=self._member(who).token, fault=fault)

    @rule(who=picks, which=picks, units=st.integers(0, 2), fault=faults_of_requests)
    @precondition(lambda self: self.brand.campaigns)
    def someone_waits_for_an_offer(self, who: int, which: int, units: int, fault: Any) -> None:
        """Of no units: no more."""
        campaigns = self.brand.campaigns
        campaign = campaigns[-1 - which % len(campaigns)]
        offer = campaign["offers"][which % 2]
        path = f"{self.brand.shop.path}/me/waiting/{campaign['id']}/{offer['offer_id']}"
        body = {"quantity": units} if units else None
        self.brand.ask("PUT" if units else "DELETE", path, body, token=self._member(who).token, fault=fault)

    @rule(which=picks, of=st.sampled_from(RULES), fault=faults_of_requests)
    def a_segment_goes_by_another_rule(self, which: int, of: Any, fault: Any) -> None:
        self.brand.growth.set_rule(which, of, fault)

    @rule(who=picks, on_list=st.booleans(), gets=st.booleans(), fault=faults_of_requests)
    def a_member_is_tagged_or_listed(self, who: int, on_list: bool, gets: bool, fault: Any) -> None:
        member, growth = self._member(who), self.brand.growth
        said = {"add" if gets else "remove": [member.id if on_list else VIP]}
        path = f"/v1/segments/{growth.list_id}/members" if on_list else f"/v1/members/{member.id}/tags"
        self.brand.ask("POST", path, said, fault=fault)

    @rule(which=picks, how=st.sampled_from(["pause", "resume", "resume"]), fault=faults_of_requests)
    def a_journey_stops_or_goes_on(self, which: int, how: str, fault: Any) -> None:
        journeys = self.brand.growth.journeys
        self.brand.ask("POST", f"/v1/journeys/{journeys[which % len(journeys)]}/{how}", fault=fault)

    def _member(self, who: int) -> Member:
        return self.brand.members[who % len(self.brand.members)]
