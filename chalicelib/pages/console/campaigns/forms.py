"""What the pages of group buys take, and how it becomes what the API takes."""

import re
from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field, StringConstraints

from chalicelib.campaigns.model.bundles import MAX_PARTS
from chalicelib.campaigns.views.campaigns import CampaignView
from chalicelib.pages.console.campaigns.model import METHODS
from chalicelib.pages.shell.typed import Reading, clock_time, without_minor
from chalicelib.web import Body, Query

Text = Annotated[str, StringConstraints(max_length=5_000)]
Short = Annotated[str, StringConstraints(max_length=100)]
MOST_OFFERS = 50


class SkuSearch(Query):
    """What is looked for among the goods."""

    q: Short = ""


class StartForm(Body):
    """How a draft begins."""

    kind: Short = ""
    title: Text = ""


class WordsForm(StartForm):
    """The kind and the words of a group buy."""

    theme: Text = ""
    description: Text = ""
    refund_policy: Text = ""

    def changes(self, allowed: frozenset[str]) -> dict[str, Any]:
        """What the API takes, of what may be changed now; what is empty is taken away, but for title and kind."""
        typed = {name: getattr(self, name) or None for name in allowed - {"title", "kind"}}
        return {**typed, **_kept(allowed, title=self.title), **_kept(allowed, **_filled(kind=self.kind))}


class StepTyped(Body):
    """A price step as it is typed."""

    from_quantity: Short = ""
    price: Short = ""


class PartTyped(Body):
    """One of the goods in a bundle as it is typed."""

    sku_id: Short = ""
    name: Text = ""
    quantity: Short = "1"


class OfferTyped(Body):
    """One of the goods, or a bundle of ``parts``, as it is typed; ``name`` is what it is called, for the next look at
    the page.
    """

    sku_id: Short = ""
    parts: list[PartTyped] = Field(default=[], max_length=MAX_PARTS)
    bundle: bool = False
    title: Text = ""
    bundle_kind: Short = ""
    name: Text = ""
    price: Short = ""
    quantity: Short = ""
    per_member_limit: Short = ""
    deposit: Short = ""
    ladder: list[StepTyped] = Field(default=[], max_length=10)

    @property
    def steps(self) -> list[tuple[int, StepTyped]]:
        """The price steps that something is typed into, with where they stand; none where only the first is there."""
        typed = [(n, step) for n, step in enumerate(self.ladder) if n == 0 or step.from_quantity or step.price]
        return typed if len(typed) > 1 or (typed and typed[0][1].price) else []


class GoodsForm(Body):
    """The goods of a group buy. ``then`` is what the pressed button does: ``save``, look for more, or begin a
    ``bundle``; ``add`` adds a SKU, to the bundle of the number ``into`` where one is chosen, and ``remove`` takes an
    offer, or ``remove_part`` a part of a bundle, out by its number.
    """

    offers: list[OfferTyped] = Field(default=[], max_length=MOST_OFFERS)
    q: Short = ""
    then: Short = "save"
    add: Short = ""
    into: Short = ""
    remove: Short = ""
    remove_part: Short = ""

    def changes(self, reading: Reading, kind: str) -> dict[str, Any]:
        """The offers as the API takes them. Raises Invalid for what cannot be read."""
        offers = [_offer(each, n, reading, kind) for n, each in enumerate(self.offers)]
        reading.check()
        return {"offers": offers}

    def named(self, pointer: str) -> str:
        """The field that the API speaks of: an empty step in between is not sent, and a ladder has no price."""
        found = re.match(r"/offers/(\d+)/ladder/(\d+)(/.*)", pointer)
        if found and int(found[1]) < len(self.offers):
            steps = self.offers[int(found[1])].steps
            if int(found[2]) < len(steps):
                pointer = f"/offers/{found[1]}/ladder/{steps[int(found[2])][0]}{found[3]}"
        return without_minor(pointer)


def _offer(typed: OfferTyped, n: int, reading: Reading, kind: str) -> dict[str, Any]:
    at = f"/offers/{n}"
    made: dict[str, Any] = _bundle(typed) if typed.bundle else {"sku_id": typed.sku_id}
    steps = typed.steps if kind in ("ladder", "group_order") else []
    if steps:
        made["ladder"] = [
            _filled(
                from_quantity=step.from_quantity, price=reading.amount(step.price, f"{at}/ladder/{place}/price")
            )
            for place, step in steps
        ]  # fmt: skip
    else:
        made |= _filled(price=reading.amount(typed.price, f"{at}/price"))
    deposit = reading.amount(typed.deposit, f"{at}/deposit") if kind == "pre_order" else None
    return made | _filled(quantity=typed.quantity, per_member_limit=typed.per_member_limit, deposit=deposit)


def _bundle(typed: OfferTyped) -> dict[str, Any]:
    parts = [_filled(sku_id=part.sku_id, quantity=part.quantity) for part in typed.parts]
    return {"parts": parts, **_filled(title=typed.title, bundle_kind=typed.bundle_kind)}


class TargetTyped(Body):
    """A target as it is typed; without a measure there is none."""

    measure: Short = ""
    value: Short = ""
    on_miss: Short = "cancel"
    extend_hours: Short = "24"


class DeliveryTyped(Body):
    """Delivery as it is typed."""

    offered: bool = False
    fee: Short = ""
    free_from: Short = ""


class HoursTyped(Body):
    """So many hours, and what happens after them."""

    hours: Short = ""
    hours_after_close: Short = ""
    action: Short = "refund"
    on_default: Short = "refund"


class TeamTyped(Body):
    """A team as it is typed."""

    size: Short = ""
    hours: Short = ""


class CapsTyped(Body):
    """An early close as it is typed."""

    orders: Short = ""
    amount: Short = ""


class AudienceTyped(Body):
    """Whom it is for, as far as the page asks it."""

    new_members_only: bool = False
    joined_within_days: Short = ""


class TermsForm(Body):
    """Time, target, places, payment and the rest of a group buy, as they are typed."""

    opens_at: Short = ""
    closes_at: Short = ""
    arrives_on: Short = ""
    target: TargetTyped = TargetTyped()
    points: dict[str, Short] = {}
    delivery: DeliveryTyped = DeliveryTyped()
    methods: dict[str, Short] = {}
    team: TeamTyped = TeamTyped()
    balance: HoursTyped = HoursTyped()
    no_show: HoursTyped = HoursTyped()
    caps: CapsTyped = CapsTyped()
    audience: AudienceTyped = AudienceTyped()
    goal: Short = ""
    budget: Short = ""

    def changes(self, campaign: CampaignView, allowed: frozenset[str], reading: Reading) -> dict[str, Any]:
        """What the API takes, of what may be changed now; times that were left as they are stay to the second.

        Raises Invalid for what cannot be read.
        """
        made = {**self._times(campaign, reading), **self._kind(campaign, reading), **self._money(reading)}
        made["target"] = self._target(reading)
        made["pickup_point_ids"] = [point for point, chosen in self.points.items() if chosen == "true"]
        made["payment_methods"] = [way for way in METHODS if self.methods.get(way) == "true"]
        made["no_show"] = _filled(hours=self.no_show.hours, action=self.no_show.action)
        reading.check()
        return {name: value for name, value in made.items() if name in allowed}

    def _times(self, campaign: CampaignView, reading: Reading) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for name in ("opens_at", "closes_at"):
            typed = getattr(self, name)
            if typed != clock_time(getattr(campaign, name), reading.zone):
                made[name] = reading.moment(typed, f"/{name}")
        if self.arrives_on != (campaign.arrives_on.isoformat() if campaign.arrives_on else ""):
            made["arrives_on"] = self.arrives_on or None
        return made

    def _target(self, reading: Reading) -> dict[str, Any] | None:
        typed = self.target
        if not typed.measure:
            return None
        value: Any = typed.value
        if typed.measure == "amount":
            amount = reading.amount(typed.value, "/target/value")
            value = amount["amount_minor"] if amount else ""
        hours = {"extend_hours": typed.extend_hours} if typed.on_miss == "extend" else {}
        return _filled(measure=typed.measure, value=value, on_miss=typed.on_miss, **hours)

    def _kind(self, campaign: CampaignView, reading: Reading) -> dict[str, Any]:
        made: dict[str, Any] = {"team": None, "balance": None}
        if campaign.kind == "team_buy" and (self.team.size or self.team.hours):
            made["team"] = _filled(size=self.team.size, hours=self.team.hours)
        if campaign.kind == "pre_order" and self.methods.get("pickup") != "true" and self.balance.hours_after_close:
            asked = self.balance
            made["balance"] = _filled(hours_after_close=asked.hours_after_close, on_default=asked.on_default)
        kept = campaign.audience.model_dump() if campaign.audience else {}
        who = {"new_members_only": self.audience.new_members_only}
        days = {"joined_within_days": self.audience.joined_within_days or None}
        made["audience"] = {**kept, **who, **days}
        return made

    def _money(self, reading: Reading) -> dict[str, Any]:
        fee = reading.amount(self.delivery.fee or "0", "/delivery/fee")
        free_from = reading.amount(self.delivery.free_from, "/delivery/free_from")
        caps = _filled(orders=self.caps.orders, amount=reading.amount(self.caps.amount, "/caps/amount"))
        return {
            "delivery": _filled(fee=fee, free_from=free_from) if self.delivery.offered else None,
            "caps": caps or None,
            "goal": reading.amount(self.goal, "/goal"),
            "budget": reading.amount(self.budget, "/budget"),
        }


def _kept(allowed: frozenset[str], **given: Any) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name in allowed}


def _filled(**given: Any) -> dict[str, Any]:
    """What is not empty: the API says itself what it misses."""
    return {name: value for name, value in given.items() if value not in (None, "")}


class RaiseForm(Body):
    """How many units an offer has from now on, and how many each member may have."""

    quantity: Short = ""
    per_member_limit: Short = ""

    def changes(self) -> Mapping[str, Any]:
        """What the API takes; an empty limit takes it away."""
        return {**_filled(quantity=self.quantity), "per_member_limit": self.per_member_limit or None}


class CancelForm(Body):
    """Why it is cancelled."""

    reason: Text = ""


class CopyForm(Body):
    """What the copy is called."""

    title: Text = ""
