"""What must hold of all data of a brand, whatever has happened to it. Read from the tables, not from the interface.

The numbers are those of the design: I1 money, I2 and I3 stock, I4 ledgers, I5 one order a key, I6 the close, I12 what
was acknowledged. I10, that every event is applied once, shows in all of them: messages were lost and repeated.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.campaigns.progress.service import Counted, counted
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.stock.records import StockBucket
from chalicelib.campaigns.stock.service import read as read_buckets
from chalicelib.catalog.records import SkuRecord, StockEntryRecord
from chalicelib.kernel import clock
from chalicelib.kernel.clock import parse_instant, zone
from chalicelib.kernel.local_day import local_date
from chalicelib.members.records import MemberRecord
from chalicelib.orders.model import OWED, SOLD, Line
from chalicelib.orders.records import OrderRecord, campaign_orders
from chalicelib.orders.refunds.records import RefundRecord
from chalicelib.orders.stock.records import LimitRecord
from chalicelib.orders.teams.model import TeamStatus
from chalicelib.orders.teams.records import TeamRecord
from chalicelib.payments.records import PaymentRecord, TestCharge, order_payments
from chalicelib.settlement.books.model import accounts
from chalicelib.settlement.books.model.journals import turnover
from chalicelib.settlement.books.model.proof import prove
from chalicelib.settlement.books.records import JournalRecord
from chalicelib.settlement.books.service import balances
from tests.invariants.brand import Brand, Placed
from tests.invariants.checks_boards import check_boards
from tests.invariants.checks_cases import check_cases
from tests.invariants.checks_coupons import check_means
from tests.invariants.checks_effects import check_effects
from tests.invariants.checks_journeys import check_journeys
from tests.invariants.checks_members import check_members
from tests.invariants.checks_money import check_money
from tests.invariants.checks_points import check_points
from tests.invariants.checks_recruitment import check_recruitment
from tests.invariants.checks_reviews import check_reviews
from tests.invariants.checks_segments import check_segments
from tests.invariants.checks_supply import check_supply, nothing_repaired_is_on_the_shelf
from tests.invariants.checks_wanting import check_wanting
from tests.invariants.growth import THRESHOLDS
from tests.invariants.people import people_of
from tests.invariants.provider import Promise
from tests.invariants.snapshot import Snapshot


@dataclass(frozen=True)
class BrandData:
    """Everything of a brand's campaigns, orders and payments, as it stands in the tables."""

    brand: Brand
    snapshot: Snapshot
    buckets: Mapping[str, list[StockBucket]]
    """By offer id."""
    campaigns: Mapping[str, CampaignRecord]
    orders: Mapping[str, OrderRecord]
    refunds: Mapping[str, list[RefundRecord]]
    payments: Mapping[str, list[PaymentRecord]]

    @classmethod
    def read(cls, brand: Brand, stored: Snapshot) -> BrandData:
        """In the scope of the brand."""
        tenant_id = brand.tenant_id
        campaigns = [
            stored.fetch(CampaignRecord, *CampaignRecord.address(tenant_id, each["id"])) for each in brand.campaigns
        ]
        found = [campaign for campaign in campaigns if campaign is not None]
        orders = [order for campaign in found for order in _orders(campaign, stored)]
        return cls(
            brand,
            stored,
            read_buckets(found, consistent=True),
            {campaign.id: campaign for campaign in found},
            {order.id: order for order in orders},
            {each.id: stored.every(RefundRecord, each.pk, "refund#") for each in orders},
            {each.id: stored.listed(PaymentRecord, order_payments(tenant_id, each.id)) for each in orders},
        )

    def check(self, *, with_money: bool) -> None:
        """Raises AssertionError at the first thing that does not hold. Money takes longest to read."""
        self.what_was_acknowledged_is_there()
        for campaign in self.campaigns.values():
            self.stock_is_what_orders_have(campaign)
            self.limits_are_what_orders_use(campaign)
            self.progress_is_a_recount(campaign)
            self.it_closed_once(campaign)
            check_supply(self.snapshot, campaign, self.orders.values())
        for sku_id in self.brand.skus:
            self.shelf_is_the_sum_of_its_ledger(sku_id)
        for order in self.orders.values():
            self.money_of_an_order(order)
        if with_money:
            self.who_paid_in_time_keeps_it()
            nothing_repaired_is_on_the_shelf(self.snapshot, self.brand.tenant_id, self.brand.skus)
            check_money(self.snapshot, self.brand.tenant_id, self.orders.values(), self.campaigns)
            check_cases(self.snapshot, self.brand.tenant_id, self.brand.care)
            check_reviews(self.snapshot, self.brand.tenant_id, self.brand.product_id)
            members = self._everybody()
            check_points(self.snapshot, self.brand.tenant_id, members, self.orders.values())
            check_means(self.snapshot, self.brand.tenant_id, members, self.orders)
            check_effects(self.snapshot, self.brand.tenant_id, members, self.orders.values())
            self.teams_that_paid_in_time_filled()
        if with_money:
            self.money_of_the_brand()

    def check_growth(self) -> None:
        """What follows from orders and answers for members, when everything has been worked off on a day at noon."""
        brand, tenant_id = self.brand, self.brand.tenant_id
        places = [MemberRecord.address(tenant_id, each) for each in self._everybody()]
        found = [self.snapshot.fetch(MemberRecord, *place) for place in places]
        members = [each for each in found if each is not None]
        today = local_date(clock.now(), zone(brand.shop.timezone))
        people = people_of(members, self.orders.values(), brand.shop.timezone, today, THRESHOLDS)
        check_members(brand, people)
        check_segments(brand, people)
        check_journeys(brand, self.snapshot, members, self.orders.values())
        check_recruitment(brand, self.snapshot, members, self.orders)
        check_boards(brand, self.snapshot, people)
        check_wanting(self.snapshot, tenant_id, members, brand.product_id, self.campaigns)

    def _everybody(self) -> list[str]:
        """All members, by id, also those who are somebody else by now."""
        return [*(member.id for member in (*self.brand.members, self.brand.leader)), *self.brand.growth.unclaimed]

    def what_was_acknowledged_is_there(self) -> None:
        """I12, I5: every order that was acknowledged, once, and none beside them but those of exchanges."""
        assert {order.id for order in self.orders.values() if order.origin is None} == set(self.brand.placed)

    def stock_is_what_orders_have(self, campaign: CampaignRecord) -> None:
        """I2, I3: by bucket, nothing is negative, held and sold are what live orders have, and nothing is lost."""
        held: Counter[str] = Counter()
        sold: Counter[str] = Counter()
        for order in self._of(campaign):
            if order.status in OWED:
                _add(sold if order.status in SOLD else held, order.lines)
            if order.pending is not None:
                _add(held, [Line.from_json(line) for line in order.pending["added"]])
        for offer in campaign.goods:
            left = offer.quantity
            for n, bucket in enumerate(self.buckets[offer.offer_id]):
                name = f"{offer.offer_id}:{n}"
                shown = {"free": bucket.free, "held": bucket.held, "sold": bucket.sold}
                assert bucket.free >= 0, shown
                assert bucket.held == held[name], (shown, name, held)
                assert bucket.sold == sold[name], (shown, name, sold)
                left -= int(bucket.free + bucket.held + bucket.sold)
            # Of a SKU whose stock counts, units that nobody took go back to the shelf: see there.
            assert left == 0 or (offer.set_aside and left > 0), f"{left} units of {offer.title} are nowhere"

    def shelf_is_the_sum_of_its_ledger(self, sku_id: str) -> None:
        """I4: what is free of a SKU is the sum of its ledger, and what it gave to campaigns lies in their buckets."""
        tenant_id = self.brand.tenant_id
        sku = self.snapshot.fetch(SkuRecord, *SkuRecord.address(tenant_id, sku_id))
        assert sku is not None
        assert min(sku.free, sku.allocated) >= 0
        entries = self.snapshot.listed(StockEntryRecord, StockEntryRecord.partition(tenant_id, sku_id))
        assert sku.free == sum(int(entry.delta) for entry in entries)
        out = -sum(int(entry.delta) for entry in entries if entry.kind in ("set_aside", "returned"))
        assert out == self._in_campaigns(sku_id) + self._in_exchanges(sku_id)

    def limits_are_what_orders_use(self, campaign: CampaignRecord) -> None:
        """A member's use of a limited offer is what their live orders have of it, within the limit."""
        for offer in campaign.goods:
            if offer.per_member_limit is None:
                continue
            used: Counter[str] = Counter()
            for order in self._of(campaign):
                if order.status in OWED:
                    lines = [*order.lines, *(Line.from_json(each) for each in (order.pending or {}).get("added", ()))]
                    used[order.member_id] += sum(each.quantity for each in lines if each.offer_id == offer.offer_id)
            for member in self.brand.members:
                address = LimitRecord.address(self.brand.tenant_id, offer.offer_id, member.id)
                record = self.snapshot.fetch(LimitRecord, *address)
                assert (int(record.used) if record else 0) == used[member.id] <= offer.per_member_limit

    def progress_is_a_recount(self, campaign: CampaignRecord) -> None:
        """I10: what was counted message by message is what a count of the orders gives."""
        live = [order for order in self._of(campaign) if order.status in SOLD]
        members = len({order.member_id for order in live})
        units, revenue = sum(order.quantity for order in live), sum(order.total_minor for order in live)
        assert counted(campaign) == Counted(len(live), members, units, revenue)

    def it_closed_once(self, campaign: CampaignRecord) -> None:
        """I6: one close for each opening, one decision for each close, and no order at or after the close."""
        happened = Counter(entry["type"] for entry in campaign.history)
        assert happened["closed"] <= 1 + happened["extended"]
        assert happened["extended"] <= 1
        assert happened["locked"] + happened["cancelled"] <= 1
        assert campaign.closes_at is not None
        for order in self._of(campaign):
            assert order.placed_at < campaign.closes_at
        instants = [parse_instant(entry["at"]) for entry in campaign.history]
        assert instants == sorted(instants)

    def money_of_an_order(self, order: OrderRecord) -> None:
        """I1 for one order: what it was paid, and what goes back, is what its payments and refunds say."""
        refunds, payments = self.refunds[order.id], self.payments[order.id]
        assert 0 <= order.refunded_minor <= order.paid_minor
        assert sum(int(refund.amount_minor) for refund in refunds) == order.refunded_minor
        captured = sum(int(payment.amount_minor) for payment in payments if payment.applied)
        online = order.paid_minor - (order.cash_minor or 0) if order.payment_method else 0
        assert captured == online
        back = Counter[str]()
        for payment in payments:
            own = [each for each in payment.backs.values() if each.state != "failed"]
            assert sum(each.amount_minor for each in own) <= payment.amount_minor
            for refund_id, each in payment.backs.items():
                back[refund_id] += each.amount_minor
        for refund in refunds:
            if refund.method != "pickup" and refund.status == "succeeded":
                assert back[refund.id] == refund.amount_minor
        if order.status in ("cancelled", "expired"):
            assert order.paid_minor == order.refunded_minor or order.status == "cancelled"

    def who_paid_in_time_keeps_it(self) -> None:
        """Whoever paid while the order waited for it has it, unless a person, a campaign or a team ended the order.
        What was paid twice and came back is paid by the other payment.
        """
        twice = {each.cause.removeprefix("paid_twice:") for of_order in self.refunds.values() for each in of_order}
        captured = {each.id for of_order in self.payments.values() for each in of_order if each.applied == "captured"}
        kept = {(each.order_id, each.what) for each in self.promises if each.payment_id in captured | twice}
        unfilled = {team.id for team in self._unfilled()}
        for promise in self.promises:
            order = self.orders[promise.order_id]
            if (promise.order_id, promise.what) not in kept and order.team_id not in unfilled:
                assert order.cancelled_by == "campaign", (promise, order.status, order.cancelled_by)

    def teams_that_paid_in_time_filled(self) -> None:
        """No team failed, or was left by all, whose members had all paid before its time was up."""
        for team in self._unfilled():
            promised = {each.order_id for each in self.promises if each.what == "order" and each.at < team.ends_at}
            of_team = {order_id for order_id in promised if self.orders[order_id].team_id == team.id}
            in_time = of_team | {seat.order_id for seat in team.team.seats if seat.paid}
            assert len(in_time) < team.size, (team.id, team.team, in_time)

    def money_of_the_brand(self) -> None:
        """I1, I4: captured = settled + refunded + held; balances are sums; the provider's figures agree with ours."""
        tenant_id = self.brand.tenant_id
        stored = {each.account: each.turnover for each in balances.every(tenant_id)}
        summed: dict[str, tuple[int, int]] = {}
        for journal in self.snapshot.listed(JournalRecord, JournalRecord.of_tenant(tenant_id)):
            assert sum(entry.debit_minor for entry in journal.entries) == 0, journal.cause
            for account, (debit, credit) in turnover(journal.entries).items():
                before = summed.get(account, (0, 0))
                summed[account] = before[0] + debit, before[1] + credit
        assert stored == summed
        proof = prove(stored)
        assert proof.holds, proof
        took = sum(self._net(payment_id) for payment_id, _ in self.brand.payments)
        debit, credit = stored.get(accounts.clearing("test"), (0, 0))
        assert debit - credit == took

    def _in_campaigns(self, sku_id: str) -> int:
        """Units from the shelf that lie in stock buckets: free, held or sold, sold ones also after their handover."""
        return sum(
            offer.from_shelf(sum(int(each.free + each.held + each.sold) for each in self.buckets[offer.offer_id]))
            for campaign in self.campaigns.values()
            for offer in campaign.goods
            if offer.sku_id == sku_id
        )

    def _in_exchanges(self, sku_id: str) -> int:
        """Units from the shelf that replace others, by exchange orders that stand or were handed over."""
        exchanges = (order for order in self.orders.values() if order.origin is not None and order.is_sold)
        return sum(int((order.aside or {}).get(sku_id, 0)) for order in exchanges)

    @property
    def promises(self) -> list[Promise]:
        return self.brand.provider.promises

    def _unfilled(self) -> list[TeamRecord]:
        """The teams that came to nothing."""
        found = {(order.tenant_id, order.team_id) for order in self.orders.values() if order.team_id}
        teams = [self.snapshot.fetch(TeamRecord, *TeamRecord.address(*each)) for each in sorted(found)]
        return [team for team in teams if team is not None and team.status in (TeamStatus.FAILED, TeamStatus.DISSOLVED)]

    def _net(self, payment_id: str) -> int:
        """What the provider has of a payment, by its own account: paid, less what it gave back."""
        address = TestCharge.address(self.brand.tenant_id, payment_id)
        charge: Any = self.snapshot.fetch(TestCharge, *address)
        if charge is None or charge.state != "succeeded":
            return 0
        given_back: int = sum(charge.refunds.values())
        return int(charge.amount_minor) - given_back

    def _of(self, campaign: CampaignRecord) -> list[OrderRecord]:
        """The orders that members placed in a campaign; those of exchanges take nothing from its buckets."""
        return [order for order in self.orders.values() if order.campaign_id == campaign.id and order.origin is None]


def answered_as_at_first(brand: Brand, placed: Iterable[Placed]) -> None:
    """I5: the request that placed an order is answered with the same bytes for ever."""
    for each in placed:
        again = brand.order_again(each)
        assert (again.status, again.text) == (201, each.text)


def _orders(campaign: CampaignRecord, stored: Snapshot) -> list[OrderRecord]:
    return [
        order
        for n in range(int(campaign.shards))
        for order in stored.listed(OrderRecord, campaign_orders(campaign.tenant_id, campaign.id, n))
    ]


def _add(to: Counter[str], lines: Iterable[Line]) -> None:
    for line in lines:
        for stock, takes in line.sources:
            to.update({f"{stock}:{take.bucket}": take.units for take in takes})
