"""Orders and what is kept about them, with their keys."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, Self

from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute

from chalicelib.channels.model import Via
from chalicelib.coupons.model.in_order import InOrder as CouponInOrder
from chalicelib.db import Following, InstantAttribute, JsonAttribute, TenantRecord, key
from chalicelib.db.attributes import optional
from chalicelib.kernel.clock import sortable
from chalicelib.loyalty.points.model.spending import InOrder as PointsInOrder
from chalicelib.orders.deadlines.model import Wait
from chalicelib.orders.discounts.model import (
    Applied,
    CameBack,
    after_returns,
    by_promotion,
    by_step,
    kept_gifts,
    off_lines,
    read_discounts,
)
from chalicelib.orders.model import (
    OWED,
    PAY_AT_PICKUP,
    SOLD,
    DeliveryAddress,
    Line,
    PaymentState,
    Place,
    Side,
    Status,
    WaitingEdit,
    payment_state,
    shard_of,
)
from chalicelib.orders.pickup_code.model import Tries
from chalicelib.orders.sale.model import Ordered, Sale, sale_of
from chalicelib.pricing.model import Step, Totals
from chalicelib.promotions.model.holding import Held
from chalicelib.promotions.service.using import give_back

ASKS_PROVIDERS = "payments"
"""The queue of what is due where a payment is missing: payments ask the provider before anything is taken away."""
EXPIRE, DROP_EDIT, END_UNPAID = "order.expire", "order.pending", "order.balance"
"""What is due of an order: the end of its hold, of a waiting change, of the time to pay its balance."""


class OrderRecord(TenantRecord):
    """A member's order. Names are short because an order of one line must fit into a kilobyte: four write units with
    its stock bucket, instead of six. Nothing in it is free text of the member's but ``delivery_to``, which is
    :attr:`delivery_address` as stored; what few orders need is absent from the others.

    ``body_hash`` tells whether a request under the same Idempotency-Key is the same; an order that its member did not
    place has ``placed_by``: who placed it in their stead, or decided on the exchange, for which there is no key. What
    the first answer showed is kept for ever, so that it can be given again: see :meth:`keep_first`.

    Money in minor units: ``paid_minor`` came in, ``cash_minor`` of it at the pickup point of an order that was paid
    online before, ``cash_at`` when a part was handed over first; ``refunded_minor`` is on its way back or has arrived,
    ``returned_minor`` of it while the total stands, ``refunded_lines`` that part by offer id, ``goodwill`` what of it
    was given by goodwill, ``charges`` who bears so much of that instead of the brand (``leader``, ``supplier:…`` or
    ``platform``), ``disputed_minor`` what of it went to payers who won a dispute, ``disputed_lines`` by offer id;
    ``returned_units`` are those that were sent back and paid back at what they were worth. ``deposit_minor`` is
    charged first, the rest by ``balance_due_at``. ``delivery_tax_bps`` is the rate of the tax that a delivery fee
    includes, whether there is one now or not; those of the goods stand in their lines. ``picked`` has the units handed
    over by offer id; ``pending`` is :attr:`waiting_edit` as stored. ``stored_wait`` is :attr:`wait` as stored.
    ``forfeited_at`` marks an order whose money is kept although it was not collected, or not paid in full, in time;
    ``without_code`` one that was left at the door. Of an exchange order, ``aside`` has the units that were taken from
    the shelf for it, ``short`` those that have to be bought, both by SKU. ``is_gift`` marks one that was had for
    points, whatever it is worth. ``untold`` are the causes of changes of which its member hears once no more follow.
    """

    campaign_id = UnicodeAttribute(attr_name="campaign")
    member_id = UnicodeAttribute(attr_name="member")
    pickup_point_id = UnicodeAttribute(attr_name="point")
    status = UnicodeAttribute()
    currency = UnicodeAttribute(attr_name="cur")
    stored_lines = JsonAttribute(attr_name="lines")
    discount_minor = NumberAttribute(attr_name="off", default=0)
    stored_discounts = optional(JsonAttribute(attr_name="offs", null=True))
    stored_held = optional(JsonAttribute(attr_name="held", null=True))
    stored_coupon = optional(JsonAttribute(attr_name="coupon", null=True))
    stored_points = optional(JsonAttribute(attr_name="points", null=True))
    delivery_minor = NumberAttribute(attr_name="fee", default=0)
    delivery_tax_bps = optional(NumberAttribute(attr_name="feet", null=True))
    paid_minor = NumberAttribute(attr_name="paid", default=0)
    refunded_minor = NumberAttribute(attr_name="back", default=0)
    pickup_code = UnicodeAttribute(attr_name="code")
    body_hash = optional(UnicodeAttribute(attr_name="hash", null=True))
    placed_by = optional(UnicodeAttribute(attr_name="by", null=True))
    placed_at = InstantAttribute(attr_name="at")
    payment_method = optional(UnicodeAttribute(attr_name="pay", null=True))
    hold_expires_at = optional(InstantAttribute(attr_name="until", null=True))
    cash_minor = optional(NumberAttribute(attr_name="cash", null=True))
    cash_at = optional(InstantAttribute(attr_name="casht", null=True))
    returned_minor = optional(NumberAttribute(attr_name="ret", null=True))
    refunded_lines = optional(JsonAttribute(attr_name="backs", null=True))
    goodwill = optional(JsonAttribute(attr_name="gift", null=True))
    charges = optional(JsonAttribute(attr_name="chg", null=True))
    disputed_minor = optional(NumberAttribute(attr_name="disp", null=True))
    disputed_lines = optional(JsonAttribute(attr_name="disps", null=True))
    returned_units = optional(JsonAttribute(attr_name="units", null=True))
    deposit_minor = optional(NumberAttribute(attr_name="dep", null=True))
    balance_due_at = optional(InstantAttribute(attr_name="bal", null=True))
    balance_asked = optional(BooleanAttribute(attr_name="asked", null=True))
    first = optional(JsonAttribute(null=True))
    picked = optional(JsonAttribute(null=True))
    pending = optional(JsonAttribute(attr_name="pend", null=True))
    stored_wait = optional(JsonAttribute(attr_name="wait", null=True))
    team_id = optional(UnicodeAttribute(attr_name="team", null=True))
    delivery_to = optional(JsonAttribute(attr_name="to", null=True))
    origin = optional(UnicodeAttribute(null=True))
    short = optional(JsonAttribute(null=True))
    aside = optional(JsonAttribute(null=True))
    untold = optional(JsonAttribute(null=True))
    is_gift = optional(BooleanAttribute(attr_name="forpts", null=True))
    forfeited_at = optional(InstantAttribute(attr_name="lost", null=True))
    cancelled_at = InstantAttribute(null=True)
    cancelled_by = UnicodeAttribute(null=True)
    picked_up_at = InstantAttribute(null=True)
    picked_up_by = UnicodeAttribute(null=True)
    handover_key = UnicodeAttribute(null=True)
    without_code = optional(BooleanAttribute(attr_name="nocode", null=True))
    stored_via = optional(UnicodeAttribute(attr_name="via", null=True))
    wrong_codes = NumberAttribute(null=True)
    locked_until = InstantAttribute(null=True)

    @property
    def via(self) -> Via | None:
        """Whose link led to it, as it was when it was placed."""
        return Via.read(self.stored_via) if self.stored_via else None

    @staticmethod
    def address(tenant_id: str, order_id: str) -> tuple[str, str]:
        """The key of an order."""
        return key(tenant_id, "order", order_id), "order"

    @classmethod
    def begun(
        cls, address: tuple[str, str], shards: int, *, listed_at: datetime | None = None, **attributes: Any
    ) -> Self:
        """A new order. It stands for good in one of its campaign's ``shards`` and in its member's own list, by the time
        of placing; in the campaign's by ``listed_at``, where that is given.
        """
        order = cls(*address, **attributes)
        tenant_id, placed_at = order.tenant_id, order.placed_at
        order.gsi1pk = campaign_orders(tenant_id, order.campaign_id, shard_of(order.member_id, shards))
        order.gsi1sk = f"{sortable(listed_at or placed_at)}#{order.id}"
        order.gsi2pk, order.gsi2sk = member_orders(tenant_id, order.member_id), f"{sortable(placed_at)}#{order.id}"
        return order

    @property
    def id(self) -> str:
        return str(self.pk).rpartition("#")[2]

    @property
    def lines(self) -> list[Line]:
        """What was ordered, in the order of the request."""
        return [Line.from_json(line) for line in self.stored_lines]

    @property
    def discounts(self) -> tuple[Applied, ...]:
        """What lowered its price, and by how much each line."""
        return read_discounts(self.stored_discounts)

    @discounts.setter
    def discounts(self, discounts: Iterable[Applied]) -> None:
        kept = list(discounts)
        self.stored_discounts = [each.as_json() for each in kept] or None
        self.discount_minor = sum(off_lines(kept).values())

    @property
    def held(self) -> dict[str, Held]:
        """What it holds of the budgets of promotions, and of its member's uses of them, by promotion."""
        return {name: Held.from_json(each) for name, each in (self.stored_held or {}).items()}

    @held.setter
    def held(self, held: Mapping[str, Held]) -> None:
        self.stored_held = {name: each.as_json() for name, each in held.items()} or None

    @property
    def taken_off(self) -> dict[str, int]:
        """What each promotion takes off it, by its id: of the order as it stands, without what came back, or of the
        basket that waits for its payment where that takes more; nothing once it is owed no more.
        """
        if self.status not in OWED:
            return {}
        waits = self.waiting_edit
        return by_promotion(self.standing_discounts, read_discounts(waits.discounts) if waits else ())

    @property
    def came_back(self) -> CameBack:
        """What of its goods came back; goodwill and lost disputes bring none back."""
        given, lost = (self.goodwill or [0, {}])[1], self.disputed_lines or {}
        returned = {
            name: part - given.get(name, 0) - lost.get(name, 0) for name, part in (self.refunded_lines or {}).items()
        }
        return CameBack(self.returned_units or {}, returned)

    @property
    def standing_discounts(self) -> tuple[Applied, ...]:
        """Its discounts without what of them came back with goods."""
        return after_returns(self.discounts, self.lines, self.came_back)

    @property
    def coupon(self) -> CouponInOrder | None:
        """The coupon that it has; None where it has none, or gave it back."""
        return CouponInOrder.from_json(self.stored_coupon) if self.stored_coupon else None

    @coupon.setter
    def coupon(self, coupon: CouponInOrder | None) -> None:
        self.stored_coupon = coupon.as_json() if coupon else None

    @property
    def points(self) -> PointsInOrder | None:
        """The points that pay a part of it; None where none do."""
        return PointsInOrder.from_json(self.stored_points) if self.stored_points else None

    @points.setter
    def points(self, points: PointsInOrder | None) -> None:
        self.stored_points = points.as_json() if points else None

    @property
    def came_to_nothing(self) -> bool:
        """Whether it ended before anything was handed over, and its member is to lose nothing by that."""
        ended = self.status == Status.EXPIRED or self.cancelled_at is not None
        return ended and self.forfeited_at is None

    @property
    def coupon_off(self) -> int | None:
        """What its coupon takes off it, or off the basket that waits for its payment where that is more; None where it
        came to nothing, or has it no more since it was changed.
        """
        if self.came_to_nothing:
            return None
        waits = self.waiting_edit
        several = self.discounts, read_discounts(waits.discounts) if waits else ()
        return max(by_step(each, Step.COUPON) for each in several) or None

    @property
    def points_needed(self) -> int:
        """How many points pay for it as it stands, or for the basket that waits for its payment where those are more:
        of what came back with goods none, at the rate at which they were taken.
        """
        points, waits = self.points, self.waiting_edit
        if points is None or self.came_to_nothing or (self.status == Status.REFUNDED and not self.forfeited_at):
            return 0
        kept = kept_gifts(self.discounts, self.lines, self.returned_units or {}).by_points_minor
        paid = min(by_step(self.discounts, Step.POINTS), by_step(self.standing_discounts, Step.POINTS) + kept)
        own = points.worth(paid)
        return max(own, waits.points[0] if waits else 0)

    def following(self) -> list[Following]:
        """What it holds of budgets beyond what promotions and its coupon take off it goes back, however it came to
        that, and so does the coupon of one that came to nothing.
        """
        return [*self._promotions_follow(), *self._coupon_follows()]

    def _coupon_follows(self) -> list[Following]:
        has = self.coupon
        if has is None:
            return []
        from chalicelib.coupons.service.following import follow  # few orders need it

        self.coupon, changed = follow(
            self.tenant_id, self.member_id, self.id, has, self.coupon_off, stands=self.status != Status.HELD
        )
        return changed

    def _promotions_follow(self) -> list[Following]:
        if not self.stored_held:
            return []
        kept, back = {}, []
        taken_off = self.taken_off
        for name, held in self.held.items():
            stays, goes = give_back(self.tenant_id, self.member_id, name, held, taken_off.get(name))
            back += goes
            if stays is not None:
                kept[name] = stays
        self.held = kept
        return back

    @property
    def quantity(self) -> int:
        """Units of all lines together."""
        return sum(line.quantity for line in self.lines)

    @property
    def goods_minor(self) -> int:
        """The value of the goods before discounts and delivery."""
        return sum(line.total_minor for line in self.lines)

    @property
    def totals(self) -> Totals:
        """The order's money as it stands."""
        return Totals.of(
            self.goods_minor,
            int(self.discount_minor),
            int(self.delivery_minor),
            paid=int(self.paid_minor),
            refunded=int(self.refunded_minor),
            returned=int(self.returned_minor or 0),
            owed=self.status in OWED and self.forfeited_at is None,
        )

    @property
    def total_minor(self) -> int:
        """What the order costs."""
        return self.totals.total

    @property
    def method(self) -> str:
        """How the order is paid: ``pickup``, or the name of a payment provider."""
        return self.payment_method or PAY_AT_PICKUP

    @property
    def payment(self) -> PaymentState:
        """How far it is paid."""
        return payment_state(int(self.paid_minor), int(self.refunded_minor), self.totals.due)

    @property
    def first_charge_minor(self) -> int:
        """What an online payment must bring for the order to be placed: the deposit, or else the total."""
        return int(self.deposit_minor or self.total_minor)

    @property
    def refundable_minor(self) -> int:
        """What was paid and has not been given back."""
        return int(self.paid_minor) - int(self.refunded_minor)

    @property
    def kept_minor(self) -> int:
        """The money that stands against the total."""
        return self.refundable_minor + int(self.returned_minor or 0)

    @property
    def picked_units(self) -> dict[str, int]:
        """Units handed over so far, by offer id; an order that was handed over at once keeps no count of its own."""
        if not self.picked and self.picked_up_at is not None:
            return {line.offer_id: line.quantity for line in self.lines}
        return dict(self.picked or {})

    @property
    def is_sold(self) -> bool:
        """Whether its units stand as sold in the stock buckets."""
        return self.status in SOLD

    @property
    def sale(self) -> Sale | None:
        """What it counts for wherever sales are counted; None where it is no sale."""
        return sale_of(
            Ordered(
                str(self.status),
                self.quantity,
                self.total_minor,
                self.refundable_minor,
                handed_over=any(self.picked_units.values()),
                replaces=self.origin is not None,
                for_points=bool(self.is_gift),
            )
        )

    @property
    def side(self) -> Side:
        """Where a live order's units stand in the stock buckets."""
        return "held" if self.status == Status.HELD else "sold"

    @property
    def delivery_address(self) -> DeliveryAddress | None:
        """Where it is delivered to the door; None where it is collected."""
        return DeliveryAddress(**self.delivery_to) if self.delivery_to else None

    @property
    def place(self) -> Place:
        """Where it is handed over."""
        return Place(self.pickup_point_id, self.delivery_address)

    @place.setter
    def place(self, place: Place) -> None:
        self.pickup_point_id = place.pickup_point_id
        self.delivery_to = asdict(place.delivery) if place.delivery else None

    @property
    def waiting_edit(self) -> WaitingEdit | None:
        """A dearer basket that waits for its payment."""
        return None if self.pending is None else WaitingEdit.from_json(self.pending)

    @waiting_edit.setter
    def waiting_edit(self, edit: WaitingEdit | None) -> None:
        self.pending = None if edit is None else edit.as_json()

    @property
    def deadline(self) -> datetime | None:
        """When something is taken from the order unless it is paid; None where nothing is."""
        return self._due[0]

    @property
    def wait(self) -> Wait | None:
        """That its deadline has passed and waits for the provider's word."""
        return None if self.stored_wait is None else Wait.from_json(self.stored_wait)

    @wait.setter
    def wait(self, wait: Wait | None) -> None:
        self.stored_wait = None if wait is None else wait.as_json()

    @property
    def tries(self) -> Tries:
        """The wrong pickup codes tried on it."""
        return Tries(int(self.wrong_codes or 0), self.locked_until)

    @tries.setter
    def tries(self, tries: Tries) -> None:
        self.wrong_codes, self.locked_until = tries.wrong or None, tries.locked_until

    def tell_later(self, cause: str) -> None:
        """Keeps a change's cause until its member hears of it, with what follows."""
        self.untold = [*(self.untold or ()), cause]

    def keep_first(self) -> None:
        """Keeps what the first answer showed. Call it before the first change of lines, amounts, point or address."""
        if self.first is None:
            self.first = {name: getattr(self, name) for name in _SHOWN_FIRST if getattr(self, name) is not None}

    def as_first(self) -> "OrderRecord":
        """The order as the answer to its placing showed it; to be shown again, never to be written."""
        shown = self.first if self.first is not None else {name: getattr(self, name) for name in _SHOWN_FIRST}
        unchanged = {name: getattr(self, name) for name in _NEVER_CHANGED}
        status = Status.PLACED if self.hold_expires_at is None else Status.HELD
        return OrderRecord(self.pk, self.sk, status=status.value, **unchanged, **shown)

    def take_cash(self) -> None:
        """Everything that is due was paid at the pickup point."""
        due = self.totals.due
        self.paid_minor = int(self.paid_minor) + due
        if self.payment_method is not None and due:
            self.cash_minor = int(self.cash_minor or 0) + due

    def arrange(self) -> None:
        """What is due next: its deadline, or another look at one that waits for the provider."""
        deadline, kind = self._due
        wait = self.wait
        if wait is not None and not wait.is_of(deadline):
            self.wait = wait = None
        self.schedule(deadline if wait is None else wait.until, kind, ASKS_PROVIDERS)

    @property
    def _due(self) -> tuple[datetime | None, str]:
        """The end of the hold, of a pending change, or of the time to pay the balance."""
        if self.status == Status.HELD:
            return self.hold_expires_at, EXPIRE
        if self.waiting_edit is not None and self.is_sold:
            return self.waiting_edit.until, DROP_EDIT
        if self.balance_due_at is not None and self.is_sold and self.totals.due:
            return self.balance_due_at, END_UNPAID
        return None, ""

    def move_to(self, status: Status, now: datetime) -> None:
        """Takes a state, and emits the event of it."""
        self.status = status.value
        self.emit(f"order.{status.value}", now, order_id=self.id)


_SHOWN_FIRST = (
    "stored_lines", "stored_discounts", "discount_minor", "delivery_minor", "deposit_minor", "pickup_point_id",
    "delivery_to",
)  # fmt: skip
_NEVER_CHANGED = (
    "campaign_id", "member_id", "currency", "pickup_code", "placed_at", "payment_method", "hold_expires_at", "team_id",
    "placed_by", "delivery_tax_bps", "is_gift",
)  # fmt: skip


def campaign_orders(tenant_id: str, campaign_id: str, shard: int) -> str:
    """The gsi1 partition with a shard of a campaign's orders, by the time of placing."""
    return key(tenant_id, "campaign-orders", campaign_id, str(shard))


def member_orders(tenant_id: str, member_id: str) -> str:
    """The gsi2 partition with a member's orders, by the time of placing."""
    return key(tenant_id, "member-orders", member_id)


def in_state(states: Iterable[Status]) -> Any:
    """The filter for orders in one of some states, such as ``SOLD`` or ``OWED``."""
    return OrderRecord.status.is_in(*sorted(state.value for state in states))
