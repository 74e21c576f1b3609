"""Plays a row of `reversals.md` with the use cases, and works off after each step all that follows from it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from chalicelib.aftersales.model.arrivals import Arrived
from chalicelib.aftersales.model.cases import Kind as CaseKind
from chalicelib.aftersales.records import AfterSaleRecord
from chalicelib.aftersales.service import deciding, opening, receiving, refunding_instead
from chalicelib.aftersales.service.paying import Verdict
from chalicelib.campaigns.model.kinds import NoShow
from chalicelib.campaigns.model.offer_terms import OfferTerms
from chalicelib.campaigns.records import CampaignRecord
from chalicelib.campaigns.service import planning
from chalicelib.coupons.records import CouponRecord
from chalicelib.kernel import clock
from chalicelib.kernel.money import Money
from chalicelib.loyalty.points.model.rules import Action, EarningRule, PointsRules, Rate, SpendRule
from chalicelib.loyalty.points.service import setting
from chalicelib.notices.inbox.service import read_inbox
from chalicelib.notices.model.people import Person
from chalicelib.orders.adjustments import service as adjusting
from chalicelib.orders.changes.service import editing, waiting
from chalicelib.orders.ending.service import cancelling, hold
from chalicelib.orders.goodwill.service import Gift, give
from chalicelib.orders.model import HOLD, DeliveryAddress
from chalicelib.orders.passes.service import collecting, walking
from chalicelib.orders.records import OrderRecord
from chalicelib.orders.refund_rules.model import ON_APPROVAL, RefundRules
from chalicelib.orders.refund_rules.service import set_rules
from chalicelib.orders.refunds import service as refunds
from chalicelib.orders.spending import service as spending
from chalicelib.payments.model import DisputeState, State
from chalicelib.payments.providers.test import TestProvider
from chalicelib.payments.records import PaymentRecord, order_payments
from chalicelib.payments.service import starting, webhooks
from chalicelib.pickup_points import service as pickup_points
from chalicelib.pickup_points.model import PickupPointDetails
from chalicelib.promotions.model.promotion import Promotion
from chalicelib.promotions.model.terms import Kind
from chalicelib.rewards.records import OrderRewardRecord
from chalicelib.settlement.books.records import OrderBook
from chalicelib.settlement.books.service import balances
from chalicelib.settlement.books.service.orders import bring_up_to_date
from tests.orders import means, promoting
from tests.orders.store import BODY_HASH, Store
from tests.reversals.table import Goods, Row, minor

BUDGET = 100_000
"""Of each promotion, and of the coupon's batch."""
GOODS = ("pears", "eggs", "oil")
"""What the store's SKUs are called in the table."""
_POINTS_GIVEN = 100_000


@dataclass
class World:
    """A store, one order, and what became of it."""

    store: Store
    drain: Callable[[], None]
    campaign: CampaignRecord
    order_id: str = ""
    promotions: list[Promotion] = field(default_factory=list)
    coupon: CouponRecord | None = None
    points: int = 0
    delivery: DeliveryAddress | None = None
    cases: list[str] = field(default_factory=list)
    steps: int = 0
    back: list[int] = field(default_factory=list)
    locked: bool = False

    # --- what it begins with ------------------------------------------------------------------------------------------

    @classmethod
    def of(cls, store: Store, drain: Callable[[], None], row: Row) -> World:
        """The campaign, what lowers its prices, and the order: paid online unless it waits for its payment."""
        set_rules(store.tenant_id, RefundRules("CNY", ON_APPROVAL), None, store.staff, clock.now())
        world = cls(store, drain, _published(store, row))
        spend = None
        for each in row.lowered:
            spend = world._lower(each) or spend
        earning = {Action.ORDER: EarningRule(Action.ORDER, rate=Rate(100, 1))}
        setting.set_rules(store.tenant_id, PointsRules(earning, spend), None, store.staff, clock.now())
        if world.points:
            means.book(store, _POINTS_GIVEN)
        world._place([goods.units for goods in row.basket])
        return world

    def _lower(self, text: str) -> SpendRule | None:
        """Publishes a promotion, makes a coupon, or says how points pay."""
        kind, *words = text.split()
        match kind:
            case "timed":
                self.promotions.append(promoting.percent(self.store, int(words[0][:-1]) * 100, budget=BUDGET))
            case "full":
                off, amount = map(minor, words[0].split("/"))
                self.promotions.append(promoting.reduction(self.store, amount, off, budget=BUDGET))
            case "gift":
                units, name, _, amount = words
                sku_id = self.store.skus[GOODS.index(name)]
                self.promotions.append(
                    promoting.promote(
                        self.store,
                        Kind.GIFT,
                        from_amount=promoting.yuan(minor(amount)),
                        sku_id=sku_id,
                        quantity=int(units),
                        budget=BUDGET,
                    )
                )
            case "coupon" if words[0].endswith("%"):
                bps = int(words[0][:-1]) * 100
                self.coupon = means.coupon(self.store, None, kind="percent", percent_bps=bps, budget=BUDGET)
            case "coupon" if words[0] == "delivery":
                self.coupon = means.coupon(self.store, None, kind="delivery", budget=BUDGET)
            case "coupon":
                terms = {"minimum": minor(words[2])} if "from" in words else {}
                of = means.batch(self.store, minor(words[0]), budget=BUDGET, **terms)
                until = clock.now() + timedelta(minutes=10) if "for" in words else None
                self.coupon = means.give(self.store, of, until_at=until)
            case "points":
                count, _, worth = words
                self.points = int(count)
                return SpendRule(1, minor(worth), 10_000)
            case "delivery":
                self.delivery = DeliveryAddress("Wang", "13800000000", "1 Lilac Road")
            case _:
                raise AssertionError(text)
        return None

    def _place(self, quantities: list[int]) -> None:
        own = {"coupon_id": self.coupon.id if self.coupon else None, "points": self.points, "delivery": self.delivery}
        order = self.store.place(
            self.campaign, *quantities, payment_method="test", pickup_point_id=self.store.point_id, **own
        )
        self.order_id = order.id

    # --- what happens -------------------------------------------------------------------------------------------------

    def play(self, step: str) -> None:
        """One step, and all that follows from it; what went back by it is noted."""
        before = int(self.order.refunded_minor)
        self.steps += 1
        words = step.split()
        act: Any = getattr(self, f"_{words[0]}")
        act(*words[1:])
        came = int(self.order.refunded_minor) - before
        if came:
            self.back.append(came)

    def _paid(self, *late: str) -> None:
        """The order's payment, or that of a dearer basket, comes in; ``late`` is after the hold has ended."""
        order, now, key = self.order, clock.now(), f"pay-{self.steps}"
        if not order.first_charge_minor:
            return
        asked = starting.Request(self.tenant_id, order.member_id, order.id, key, key)
        payment = starting.start(asked, starting.Wish("", "", "http://127.0.0.1", "http://127.0.0.1/back"), now)
        if late:
            self._expired()
        TestProvider(self.tenant_id).move(payment.id, State.SUCCEEDED)
        webhooks.take(self.tenant_id, "test", *self._message(payment.id, "succeeded"), clock.now())

    def _expired(self) -> None:
        clock.set_offset(clock.offset() + HOLD.total_seconds())
        hold.expire(self.tenant_id, self.order_id, clock.now())
        self.drain()

    def _cancelled(self, *by: str) -> None:
        if "staff" in by:
            cancelling.cancel_for_member(self.tenant_id, self.order_id, self.store.staff, clock.now())
        elif "campaign" in by:
            planning.cancel_campaign(self.tenant_id, self.campaign.id, self.store.staff, clock.now(), "frost")
            self.drain()
        else:
            cancelling.cancel(self.tenant_id, self.order.member_id, self.order_id, clock.now())

    def _edited(self, _: str, *lines: str) -> None:
        """The member wants so many of these: ``edited to 3 pears``."""
        wanted = editing.Edit(tuple(self._units(lines).items()), f"edit-{self.steps}", BODY_HASH)
        editing.edit(self.tenant_id, self.order.member_id, self.order_id, wanted, clock.now())

    def _dropped(self) -> None:
        """Nobody pays for the dearer basket."""
        waiting.expire(self.tenant_id, self.order_id, clock.now() + timedelta(hours=1))

    def _closed(self, *_: str) -> None:
        if not self.locked:
            self.store.lock(self.campaign)
            self.locked = True
            if self.campaign.kind == "ladder":
                self.drain()

    def _short(self, *lines: str) -> None:
        """So many units did not come."""
        self._lowered(lines, cause=f"supply:{self.steps}", reason="short", by="system")

    def _staff(self, _: str, *lines: str) -> None:
        """So many units are taken out of the order by hand: ``staff take 1 pears``."""
        self._closed()
        adjusting.adjust_after_lock(
            self.tenant_id, self.order_id, self._less(lines), key=f"take-{self.steps}", reason="bruised",
            by=self.store.staff, now=clock.now(), body_hash=BODY_HASH,
        )  # fmt: skip

    def _lowered(self, lines: tuple[str, ...], **about: Any) -> None:
        self._closed()
        adjusting.adjust(self.tenant_id, self.order_id, self._less(lines), now=clock.now(), **about)

    def _less(self, lines: tuple[str, ...]) -> dict[str, int]:
        has = {line.offer_id: line.quantity for line in self.order.lines}
        return {offer_id: has[offer_id] - units for offer_id, units in self._units(lines).items()}

    def _substituted(self, *lines: str) -> None:
        """Other goods are given for so many units, at the same price."""
        self._closed()
        ((offer_id, units),) = self._units(lines).items()
        ordered = next(line.sku_id for line in self.order.lines if line.offer_id == offer_id)
        instead = {next(sku for sku in reversed(self.store.skus) if sku != ordered): units}
        adjusting.substitute(
            self.tenant_id, self.order_id, offer_id, ordered, instead, cause=f"supply:{self.steps}", reason="short",
            by="system", now=clock.now(),
        )  # fmt: skip
        adjusting.settle_shortage(self.tenant_id, self.order_id, clock.now())

    def _collected(self, *lines: str) -> None:
        """The order, or so many units of it, is handed over."""
        self._closed()
        units = self._units(lines) or None
        self.store.hand_over(self.order, key=f"hand-{self.steps}", lines=units)

    def _left(self, *_: str) -> None:
        """What was not collected in time is ended as the campaign says: its money goes back, or is forfeited."""
        self._closed()
        self.store.bring(self.order, clock.now())
        walking.advance(collecting.NO_SHOWS, self.tenant_id, self.campaign.id, clock.now() + timedelta(hours=73))

    _forfeited = _left

    def _returned(self, *words: str) -> None:
        """Goods come back for what they were paid with, or ``for`` an amount: ``returned 1 pears 1 oil for 20``."""
        lines, _, amount = " ".join(words).partition(" for ")
        case = self._case(CaseKind.RETURN, lines.split())
        self._decided(case, Verdict(True, "sorry", minor(amount) if amount else None, "CNY"))

    def _promised(self, *lines: str) -> None:
        """The same, but the money waits for the goods."""
        case = self._case(CaseKind.RETURN, list(lines))
        self.cases.append(case.id)
        self._decided(case, Verdict(True, "sorry", pays="on_receipt"))

    def _arrived(self, *lines: str) -> None:
        """Goods of the last case arrive."""
        come = [Arrived(offer_id, units, "write_off") for offer_id, units in self._units(lines).items()]
        key = f"part-{self.steps}"
        receiving.receive(
            self.tenant_id, self.cases[-1], come, None, key, BODY_HASH, None, self.store.staff, clock.now()
        )  # fmt: skip

    def _exchanged(self, *lines: str) -> None:
        """Goods are to be replaced by others of the same kind."""
        case = self._case(CaseKind.EXCHANGE, list(lines))
        self.cases.append(case.id)
        self._decided(case, Verdict(True, "sorry"))
        self.drain()

    def _instead(self, *lines: str) -> None:
        """Of the last exchange so many are paid back instead."""
        verdict = Verdict(True, "sold out", units=self._units(lines), goods="not_needed")
        refunding_instead.refund_instead(
            self.tenant_id, self.cases[-1], verdict, f"instead-{self.steps}", BODY_HASH, None, self.store.staff,
            clock.now(),
        )  # fmt: skip

    def _goodwill(self, amount: str, *on: str) -> None:
        """Money is given back as a favour: ``goodwill 10 on pears``."""
        lines = {self._offer(on[1]): minor(amount)} if on else None
        gift = Gift(Money(minor(amount), "CNY"), "sorry", lines)
        give(self.tenant_id, self.order_id, gift, f"gift-{self.steps}", BODY_HASH, self.store.staff, clock.now())

    def _dispute(self, amount: str) -> None:
        """The payer objected at their bank, and won."""
        payment = self._payment()
        for state in (DisputeState.OPEN, DisputeState.LOST):
            TestProvider(self.tenant_id).dispute(payment.id, state, minor(amount))
            webhooks.take(self.tenant_id, "test", *self._message(payment.id, "disputed"), clock.now())

    def _provider(self, _: str, amount: str) -> None:
        """The brand gave money back on the provider's own pages: ``provider refunds 20``."""
        payment = self._payment()
        TestProvider(self.tenant_id).give_back(payment.id, minor(amount))
        webhooks.take(self.tenant_id, "test", *self._message(payment.id, "refunded"), clock.now())

    def _case(self, kind: CaseKind, lines: list[str]) -> AfterSaleRecord:
        wanted = opening.Wanted(kind, tuple(self._units(lines).items()), "bruised")
        key, order = f"case-{self.steps}", self.order
        return opening.open_case(self.tenant_id, order.member_id, order.id, wanted, key, BODY_HASH, clock.now())

    def _decided(self, case: AfterSaleRecord, verdict: Verdict) -> None:
        key = f"decided-{self.steps}"
        deciding.decide(self.tenant_id, case.id, verdict, key, BODY_HASH, None, self.store.staff, clock.now())

    def _payment(self) -> PaymentRecord:
        found = PaymentRecord.page(order_payments(self.tenant_id, self.order_id), index="gsi1", limit=1).items
        return found[0]

    def _message(self, payment_id: str, event: str) -> tuple[dict[str, str], bytes]:
        return TestProvider(self.tenant_id).message(payment_id, event, clock.now())

    def _units(self, words: Any) -> dict[str, int]:
        """``1 pears 2 eggs`` by offer id."""
        pairs = re.findall(r"(\d+) (\w+)", " ".join(words))
        return {self._offer(name): int(units) for units, name in pairs}

    def _offer(self, name: str) -> str:
        sku_id = self.store.skus[GOODS.index(name)]
        return next(offer.offer_id for offer in self.campaign.offers if offer.sku_id == sku_id)

    # --- what became of it --------------------------------------------------------------------------------------------

    @property
    def tenant_id(self) -> str:
        return self.store.tenant_id

    @property
    def order(self) -> OrderRecord:
        """The order as it stands."""
        found = OrderRecord.fetch(*OrderRecord.address(self.tenant_id, self.order_id), consistent=True)
        assert found is not None
        return found

    @property
    def kept(self) -> dict[str, int]:
        """What each line is paid with still."""
        names = {offer.offer_id: GOODS[self.store.skus.index(offer.sku_id)] for offer in self.campaign.offers}
        rests = refunds.line_rests(self.order)
        return {names.get(each, each): rest for each, rest in rests.items() if rest}

    @property
    def spent(self) -> int:
        """Points that pay for it still; the member has all others."""
        return int(self.order.points.held) if self.order.points else 0

    @property
    def earned(self) -> int:
        """Points that it has earned, and what its member has of them."""
        address = OrderRewardRecord.address(self.tenant_id, self.order_id)
        reward = OrderRewardRecord.fetch(*address, consistent=True)
        return int(reward.points) if reward else 0

    @property
    def coupon_now(self) -> str:
        """Where the coupon stands, with what it takes off."""
        if self.coupon is None:
            return ""
        now = means.again(self.coupon)
        return str(now.status(clock.now()))

    @property
    def budget(self) -> list[int]:
        """What the order holds of the budgets, as the budgets themselves say."""
        held = [BUDGET - promoting.left(self.store, each) for each in self.promotions]
        if self.coupon is not None:
            held.append(means.effect(self.store, self.coupon)[1])
        return held

    @property
    def commission(self) -> int:
        """What the leader has of it, in minor units."""
        book = OrderBook.fetch(*OrderBook.address(self.tenant_id, self.order_id), consistent=True)
        return book.earned.total_minor if book else 0

    @property
    def told(self) -> list[str]:
        """The messages to its member."""
        items = read_inbox(self.tenant_id, Person.member(self.order.member_id), 50, None).page.items
        return [each.text for each in items]

    def settle(self) -> None:
        """Works off all that followed; done again, nothing follows any more."""
        self.drain()
        spending.give_points_back(self.tenant_id, self.order_id, clock.now())
        bring_up_to_date(self.tenant_id, self.order_id, clock.now())

    def check(self) -> None:
        """What holds of every order, whatever became of it."""
        self.store.check_money(self.order)
        assert balances.proof(self.tenant_id).holds
        whole = _POINTS_GIVEN if self.points else 0
        assert means.balance(self.store) == whole - self.spent + self.earned


def _published(store: Store, row: Row) -> CampaignRecord:
    """A campaign with an offer of each of these goods, handed over at a point whose leader has a tenth."""
    details = PickupPointDetails("West gate", "2 Lilac Road", store.leader_id, commission_bps=1_000)
    store.point_id = pickup_points.create_pickup_point(store.tenant_id, details, store.staff, clock.now()).id
    terms: dict[str, Any] = {"kind": "group_order"}
    if any(goods.final_minor is not None for goods in row.basket):
        terms["kind"] = "ladder"
    if fees := [minor(each.removeprefix("delivery ")) for each in row.lowered if each.startswith("delivery ")]:
        terms["delivery"] = {"fee": Money(fees[0], "CNY")}
    if "forfeited" in row.steps:
        terms["no_show"] = NoShow(72, "forfeit")
    return store.publish(offers=[_offered(store, each) for each in row.basket], **terms)


def _offered(store: Store, goods: Goods) -> OfferTerms:
    sku_id, price = store.skus[GOODS.index(goods.name)], Money(goods.price_minor, "CNY")
    if goods.final_minor is None:
        return OfferTerms(sku_id, price, 50)
    return OfferTerms(sku_id, None, 50, ladder=((1, price), (goods.units, Money(goods.final_minor, "CNY"))))
