"""A brand to which anything may happen in any order: the rules of the random runs.

Each rule is something that a person, a provider, a clock or a failing machine does. Refusals are answers like others;
what counts is that the invariants hold whenever everything has been worked off.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)

from chalicelib.db import tenant_scope
from chalicelib.insight.records import DirtyDay
from chalicelib.kernel import clock
from chalicelib.kernel.clock import parse_instant, zone
from chalicelib.kernel.local_day import local_date
from tests.invariants.brand import CODES, Placed
from tests.invariants.caring import Caring
from tests.invariants.checks_cases import check_cases
from tests.invariants.data import BrandData, answered_as_at_first
from tests.invariants.neighbours import Neighbours, faults_of_requests
from tests.invariants.snapshot import Snapshot
from tests.invariants.workers import Workers, picks

kinds = st.sampled_from(["group_order", "ladder", "team_buy", "flash_sale", "pre_order"])
targets = st.none() | st.fixed_dictionaries(
    {
        "measure": st.sampled_from(["quantity", "participants"]),
        "value": st.integers(1, 3),
        "on_miss": st.sampled_from(["cancel", "extend", "lock"]),
        "extend_hours": st.just(1),
    }
)

_DAY_SECONDS, _MOST_NIGHTS = 24 * 3600, 5


class RandomRun(Neighbours, Caring, Workers):
    """What happens to one brand."""

    @initialize(
        kind=kinds, quantity=st.integers(3, 6), buckets=st.integers(1, 3), goal=targets, start=st.integers(0, 2),
    )  # fmt: skip
    def the_start(self, kind: Any, quantity: int, buckets: int, goal: Any, start: int) -> None:
        """A campaign with two orders; in two of three runs it is locked already, in one an order is collected. Of what
        was bought for that, one unit comes as something else. The second order is a friend's, whom a member brought.
        """
        self.brand.growth.join("member", self.brand.members[0], None)
        members = self.brand.members
        members[1], members[-1] = members[-1], members[1]
        self.brand.give_points(members[1], 40, None)
        self.brand.publish(kind, quantity, buckets, None if start else goal, None)
        self.someone_orders(1, 0, (1, 1), kind == "pre_order", False, None)
        self.someone_orders_and_pays(1, None)
        if start:
            self.a_campaign_comes_to_its_close(0)
        if start == 2:
            self.less_arrives_and_something_else(0, quantity % 2, 1, None)
            self.queues.drain()
            self.brand.move(self.brand.campaigns[0], "at_pickup", all_came=True)
            self.someone_collects(1, False, 1, None)

    # --- the brand ----------------------------------------------------------------------------------------------------

    @rule(
        kind=kinds, quantity=st.integers(2, 6), buckets=st.integers(1, 3), goal=targets,
        limit=st.none() | st.integers(1, 3),
    )  # fmt: skip
    @precondition(
        lambda self: len(self.brand.campaigns) < 4 and len(self.brand.campaigns) <= len(self.brand.closed) + 1
    )
    def a_campaign_is_published(self, kind: Any, quantity: int, buckets: int, goal: Any, limit: int | None) -> None:
        self.brand.publish(kind, quantity, buckets, goal, limit)

    @rule(which=picks, fault=faults_of_requests)
    @precondition(lambda self: len(self.brand.placed) > 3)
    def a_campaign_is_cancelled(self, which: int, fault: Any) -> None:
        self.brand.move(self._open(which), "cancelled", fault)

    @rule(
        which=picks, to=st.sampled_from(["purchasing", "received", "sorted", "at_pickup", "completed"]),
        all_came=st.booleans(), fault=faults_of_requests,
    )  # fmt: skip
    @precondition(lambda self: self.brand.locked)
    def a_campaign_is_moved_on(self, which: int, to: str, all_came: bool, fault: Any) -> None:
        campaign = self._of_the_locked(which) if which % 10 else self._campaign(which)
        self.brand.move(campaign, to, fault, all_came=all_came)

    @rule(which=picks, fault=faults_of_requests)
    @precondition(lambda self: len(self.brand.placed) > 3)
    def a_campaign_is_closed_by_hand(self, which: int, fault: Any) -> None:
        self.brand.ask("POST", f"/v1/campaigns/{self._open(which)['id']}/close", fault=fault)

    # --- members and leaders ------------------------------------------------------------------------------------------

    @rule(
        which=picks, who=picks, units=st.tuples(st.integers(0, 3), st.integers(0, 2)).filter(any),
        online=st.booleans(), join=st.booleans(), fault=faults_of_requests, own=st.integers(0, 3),
    )  # fmt: skip
    def someone_orders(
        self, which: int, who: int, units: tuple[int, int], online: bool, join: bool, fault: Any, own: int = 3
    ) -> None:
        """With a coupon, points, both or neither, as far as they have any."""
        campaign = self._open(which)
        teams = self.brand.teams(campaign) if join and campaign["kind"] == "team_buy" else []
        member = self.brand.members[who % len(self.brand.members)]
        team_id = teams[which % len(teams)] if teams else None
        coupon_id = self.brand.coupon_of(member, which) if own % 2 else None
        self.brand.order(campaign, member, units, online, team_id, fault, coupon_id, (which % 90) * (own // 2))

    @rule(which=picks)
    @precondition(lambda self: self.brand.placed)
    def an_order_is_sent_again(self, which: int) -> None:
        answered_as_at_first(self.brand, [self._placed(which)])

    @rule(which=picks, units=st.tuples(st.integers(0, 3), st.integers(0, 2)), fault=faults_of_requests)
    @precondition(lambda self: self.brand.placed)
    def someone_edits(self, which: int, units: tuple[int, int], fault: Any) -> None:
        self.brand.edit(self._placed(which), units, fault)

    @rule(which=picks, fault=faults_of_requests)
    @precondition(lambda self: self.brand.placed)
    def someone_cancels(self, which: int, fault: Any) -> None:
        self.brand.of_order(self._placed(which), "cancel", fault=fault)

    @rule(who=picks, code=st.sampled_from(CODES), fault=faults_of_requests)
    def someone_enters_a_code(self, who: int, code: str, fault: Any) -> None:
        self.brand.enter(self.brand.members[who % len(self.brand.members)], code, fault)

    @rule(who=picks, points=st.integers(-40, 80).filter(bool), fault=faults_of_requests)
    def the_brand_gives_or_takes_points(self, who: int, points: int, fault: Any) -> None:
        self.brand.give_points(self.brand.members[who % len(self.brand.members)], points, fault)

    @rule(who=picks, fault=faults_of_requests)
    def someone_checks_in(self, who: int, fault: Any) -> None:
        member = self.brand.members[who % len(self.brand.members)]
        self.brand.ask("POST", f"{self.brand.shop.path}/check-ins", token=member.token, fault=fault)

    @rule(which=picks, part=st.booleans(), right=st.integers(0, 3), fault=faults_of_requests)
    @precondition(lambda self: self.brand.placed)
    def someone_collects(self, which: int, part: bool, right: int, fault: Any) -> None:
        placed = self._locked(which)
        order = self.brand.read(placed)
        body: dict[str, Any] = {
            "code": order["pickup_code"] if right else "000000",
            "pickup_point_id": self.brand.point["id"],
        }
        if part and order["lines"]:
            body["lines"] = [self._some(order["lines"][-1]) | {"quantity": 1}]
        token = self.brand.leader.token
        reply = self.brand.ask("POST", f"/v1/orders/{placed.id}/pickup", body, token=token, fault=fault)
        if reply.status == 200:
            self.brand.collected.append(placed)

    @rule(which=picks, fault=faults_of_requests)
    @precondition(lambda self: self.brand.placed)
    def the_brand_takes_a_unit_off_an_order(self, which: int, fault: Any) -> None:
        placed = self._locked(which)
        line = self.brand.read(placed)["lines"][-1]
        had = line["parts"][-1]["quantity"] if line["parts"] else line["quantity"]
        lines = [self._some(line) | {"quantity": had - 1}]
        self.brand.adjust(placed, lines, fault)

    @rule(
        which=picks, units=st.integers(1, 2), kind=st.sampled_from(["return", "return", "exchange", "repair"]),
        fault=faults_of_requests,
    )  # fmt: skip
    @precondition(lambda self: self.brand.placed)
    def someone_sends_goods_back(self, which: int, units: int, kind: str, fault: Any) -> None:
        collected = self.brand.collected
        placed = collected[which % len(collected)] if collected else self._placed(which)
        lines = [self._some(self.brand.read(placed)["lines"][-1]) | {"quantity": units}]
        body = {"kind": kind, "lines": lines, "reason": "sour"}
        asked = self.brand.of_order(placed, "after-sales", body, fault)
        if asked.status == 201:
            self.brand.cases.append(asked.json["id"])

    @rule(
        which=picks, sku=st.integers(0, 1), fault=faults_of_requests,
        units=st.tuples(
            st.integers(0, 3), st.integers(0, 1), st.integers(0, 2), st.integers(0, 2), st.sampled_from([0, 0, 1]),
        ),
    )  # fmt: skip
    @precondition(lambda self: self.brand.locked)
    def goods_arrive(self, which: int, sku: int, units: Any, fault: Any) -> None:
        self.brand.receive(self._of_the_locked(which), sku, units, fault)

    @rule(which=picks, short=st.integers(0, 1), instead=st.integers(1, 2), fault=faults_of_requests)
    @precondition(lambda self: self.brand.locked)
    def less_arrives_and_something_else(self, which: int, short: int, instead: int, fault: Any) -> None:
        """All that was bought of the first SKU is accounted for, if nothing came of it yet."""
        campaign = self._of_the_locked(which)
        left = self.brand.bought(campaign) - short - instead
        if left >= 0:
            self.brand.receive(campaign, 0, (left, 0, short, instead, 0), fault)

    @rule(which=picks, restock=st.booleans(), fault=faults_of_requests)
    @precondition(lambda self: self.brand.collected)
    def something_is_repaired(self, which: int, restock: bool, fault: Any) -> None:
        """Asked for, granted, brought in, given back."""
        known = len(self.brand.cases)
        self.someone_sends_goods_back(which, 1, "repair", fault)
        if len(self.brand.cases) > known:
            self.a_return_is_decided(known, None, None)
            self.what_was_sent_back_arrives(known, 1, restock, fault)
            self.a_case_is_completed(known, None)

    @rule(which=picks, whole=st.booleans(), at_once=st.booleans(), fault=faults_of_requests)
    @precondition(lambda self: self.brand.collected)
    def something_is_returned(self, which: int, whole: bool, at_once: bool, fault: Any) -> None:
        """All lines or the first, with the gift or without it; the money waits for the goods, or goes back at once."""
        placed = self.brand.collected[which % len(self.brand.collected)]
        lines = [{name: line[name] for name in ("offer_id", "quantity")} for line in self.brand.read(placed)["lines"]]
        body = {"kind": "return", "lines": lines if whole else lines[:1], "reason": "sour"}
        asked = self.brand.of_order(placed, "after-sales", body, fault)
        if asked.status == 201:
            self.brand.cases.append(asked.json["id"])
            decision = {"outcome": "approve", "pays": "on_approval" if at_once else "on_receipt"}
            self.brand.ask("POST", f"/v1/after-sales/{asked.json['id']}/decision", decision, fault=fault)

    @rule(which=picks, units=st.integers(1, 2), restock=st.booleans(), fault=faults_of_requests)
    @precondition(lambda self: self.brand.cases)
    def what_was_sent_back_arrives(self, which: int, units: int, restock: bool, fault: Any) -> None:
        path = f"/v1/after-sales/{self._case(which)}"
        first = self.brand.ask("GET", path).json["lines"][0]
        disposition = "restock" if restock else "write_off"
        line = {"offer_id": first["offer_id"], "quantity": units, "disposition": disposition}
        if first["part"]:
            line["sku_id"] = first["sku_id"]
        self.brand.ask("POST", f"{path}/receive", {"lines": [line]}, fault=fault)

    @rule(which=picks, fault=faults_of_requests)
    @precondition(lambda self: self.brand.cases)
    def a_case_is_completed(self, which: int, fault: Any) -> None:
        self.brand.ask("POST", f"/v1/after-sales/{self._case(which)}/complete", {}, fault=fault)

    @rule(which=picks, minor=st.integers(1, 1_200), fault=faults_of_requests)
    @precondition(lambda self: self.brand.placed)
    def the_brand_gives_money_back(self, which: int, minor: int, fault: Any) -> None:
        self.brand.give(self._locked(which), minor, fault)

    @rule(which=picks, amount=st.none() | st.integers(1, 900), fault=faults_of_requests)
    @precondition(lambda self: self.brand.cases)
    def a_return_is_decided(self, which: int, amount: int | None, fault: Any) -> None:
        body: dict[str, Any] = {"outcome": "approve"}
        if amount:
            body["refund"] = {"amount": self.brand.shop.money(amount)}
        self.brand.ask("POST", f"/v1/after-sales/{self._case(which)}/decision", body, fault=fault)

    # --- money --------------------------------------------------------------------------------------------------------

    @rule(which=picks, fault=faults_of_requests)
    @precondition(lambda self: self.brand.placed)
    def a_payment_is_started(self, which: int, fault: Any) -> None:
        self.brand.of_order(self._placed(which), "payments", {}, fault)

    @rule(which=picks, declined=st.integers(0, 4), told=st.booleans(), fault=faults_of_requests)
    @precondition(lambda self: self.brand.payments)
    def the_payer_pays(self, which: int, declined: int, told: bool, fault: Any) -> None:
        payment_id, _ = self.brand.payments[-1 - which % len(self.brand.payments)]
        self.brand.provider.press(payment_id, succeeds=declined > 0)
        if told:
            self.brand.tell(payment_id, fault)

    @rule(which=picks, fault=faults_of_requests)
    def someone_orders_and_pays(self, which: int, fault: Any) -> None:
        self.someone_orders(which, which, (1, which % 2), True, bool(which % 3), None)
        if not self.brand.placed:
            return
        started = self.brand.of_order(list(self.brand.placed.values())[-1], "payments", {})
        if started.status == 201:
            self.brand.provider.press(started.json["id"], succeeds=True)
            self.brand.tell(started.json["id"], fault)

    @rule(which=picks)
    def someone_pays_late(self, which: int) -> None:
        """The money is there, but nobody says so until the hold is over."""
        self.someone_orders(which, which, (1, 0), True, False, None)
        if not self.brand.placed:
            return
        started = self.brand.of_order(list(self.brand.placed.values())[-1], "payments", {})
        if started.status == 201:
            self.brand.provider.press(started.json["id"], succeeds=True)
            self.time_passes(16)

    @rule(which=picks, told=st.booleans(), minutes=st.sampled_from([1, 2, 61]))
    @precondition(lambda self: self.brand.payments)
    def someone_pays_in_the_last_minute(self, which: int, told: bool, minutes: int) -> None:
        """Half a minute before it is too late; the message is late, or lost, or everything stood still for an hour."""
        payment_id, _ = self.brand.payments[-1 - which % len(self.brand.payments)]
        moment = self.brand.provider.last_minute(payment_id)
        if moment is not None:
            self._go_on((moment - clock.now()).total_seconds())
            self.brand.provider.press(payment_id, succeeds=True)
            self.time_passes(minutes)
            if told:
                self.brand.tell(payment_id, None)

    @rule()
    def the_provider_goes_away_or_comes_back(self) -> None:
        self.brand.provider.is_away = not self.brand.provider.is_away

    @rule(which=picks)
    @precondition(lambda self: self.brand.payments)
    def the_provider_repeats_itself(self, which: int) -> None:
        self.brand.tell(self.brand.payments[which % len(self.brand.payments)][0], None)

    # --- time and machines --------------------------------------------------------------------------------------------

    @rule(which=picks)
    @precondition(lambda self: len(self.brand.placed) > 1)
    def a_campaign_comes_to_its_close(self, which: int) -> None:
        """All of it: held orders end, the target is decided, an extended one is left open."""
        placed = self._placed(which)
        campaign = next(each for each in self.brand.campaigns if each["id"] == placed.campaign_id)
        if campaign["id"] not in self.brand.closed:
            closes_at = parse_instant(self.brand.fresh(campaign)["closes_at"])
            left = (closes_at - clock.now()).total_seconds()
            for seconds in (max(0.0, left) + 1, 960, 960):
                self._go_on(seconds)
                self.queues.drain()
            self.brand.look(campaign)

    def teardown(self) -> None:
        """Works everything off, lets two weeks go by, and checks what is stored before and after."""
        try:
            self.brand.provider.is_away = False
            self.queues.drain()
            self._check(with_money=False)
            for hours in (2, 60, 280):
                self.after(hours)
                if hours == 60:
                    self._check_growth()
            self.check_care()
            self._check(with_money=True)
            self._check_growth()
            answered_as_at_first(self.brand, self.brand.placed.values())
            self.tried.update(self.brand.answers)
        finally:
            self.end()

    def _check(self, *, with_money: bool) -> None:
        with tenant_scope(self.brand.tenant_id):
            BrandData.read(self.brand, Snapshot(self.product.engine)).check(with_money=with_money)

    def _check_growth(self) -> None:
        """At a noon by which the nights have taken in whatever changed on days before: a sale that is undone after its
        night waits for the next one.
        """
        timezone = zone(self.brand.shop.timezone)
        for _ in range(_MOST_NIGHTS):
            here = clock.now().astimezone(timezone)
            to_noon = (here.replace(hour=12, minute=0, second=0) - here).total_seconds()
            self._go_on(to_noon if to_noon > 0 else to_noon + _DAY_SECONDS)
            self.queues.drain()
            yesterday = local_date(clock.now(), timezone) - timedelta(days=1)
            with tenant_scope(self.brand.tenant_id):
                if not DirtyDay.until(self.brand.tenant_id, yesterday):
                    break
        else:
            raise AssertionError("some day waits for a rollup night after night")
        with tenant_scope(self.brand.tenant_id):
            BrandData.read(self.brand, Snapshot(self.product.engine)).check_growth()

    def _campaign(self, which: int) -> Any:
        return self.brand.campaigns[which % len(self.brand.campaigns)]

    def _open(self, which: int) -> Any:
        """A campaign that may take orders, if there is one; a closed one now and then."""
        open_ = [campaign for campaign in self.brand.campaigns if campaign["id"] not in self.brand.closed]
        return open_[which % len(open_)] if open_ and which % 10 else self._campaign(which)

    def _of_the_locked(self, which: int) -> Any:
        """A campaign that was locked, as far as is known."""
        locked = [campaign for campaign in self.brand.campaigns if campaign["id"] in self.brand.locked]
        return locked[which % len(locked)]

    def _case(self, which: int) -> str:
        return self.brand.cases[which % len(self.brand.cases)]

    @staticmethod
    def _some(line: Any) -> dict[str, Any]:
        """Names a line of an order or, of a bundle, its last part."""
        named = {"offer_id": line["offer_id"]}
        return named | {"sku_id": line["parts"][-1]["sku_id"]} if line["parts"] else named

    def _placed(self, which: int) -> Placed:
        orders = list(self.brand.placed.values())
        return orders[-1 - which % len(orders)]

    def _locked(self, which: int) -> Placed:
        """An order of a campaign that is locked, if there is one; any other now and then."""
        orders = [placed for placed in self.brand.placed.values() if placed.campaign_id in self.brand.locked]
        return orders[which % len(orders)] if orders and which % 10 else self._placed(which)


class CareRun(Caring, Workers):
    """Its customer care alone: more happens to each case."""

    @initialize()
    def somebody_is_written_down(self) -> None:
        self.brand.growth.write_down()
        self.brand.growth.write_down()

    @rule(which=picks, who=picks, fault=faults_of_requests)
    def someone_turns_out_to_be_another(self, which: int, who: int, fault: Any) -> None:
        growth, members = self.brand.growth, self.brand.members
        growth.turn_out_to_be(growth.unclaimed[which % 2], members[who % len(members)], fault)

    def teardown(self) -> None:
        """Works everything off, and lets two weeks go by."""
        try:
            self.queues.drain()
            for hours in (0, 2, 60, 280):
                self.after(hours)
                self.check_care()
            with tenant_scope(self.brand.tenant_id):
                check_cases(Snapshot(self.product.engine), self.brand.tenant_id, self.brand.care)
            self.tried.update(self.brand.answers)
        finally:
            self.end()


__all__ = ["CareRun", "RandomRun", "run_state_machine_as_test"]
