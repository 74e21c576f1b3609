"""What the API shows of after-sale."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, Literal, Self

from chalicelib.aftersales.forms import KindName, StatusName
from chalicelib.aftersales.model.arrivals import Arrived, Disposition, Goods, Part
from chalicelib.aftersales.model.cases import Status
from chalicelib.aftersales.model.exchanges import RefundedInstead
from chalicelib.aftersales.records import AfterSaleRecord
from chalicelib.aftersales.service.deciding import Offered
from chalicelib.aftersales.service.opening import Quoted
from chalicelib.aftersales.service.paying import Outlook
from chalicelib.campaigns.model.bundles import is_part, sold_as
from chalicelib.kernel.clock import parse_instant
from chalicelib.media.service import uploads
from chalicelib.orders.bundles.model import part_named
from chalicelib.orders.refund_rules.model import Pays
from chalicelib.web import Instant, MoneyField, UlidStr, View

_DECIDED_WITHIN = timedelta(hours=48)
"""Of cases that were opened before brands had targets."""


class CaseLineView(View):
    """Units of an offer or, where ``part`` says so, of a bundle's part with that SKU."""

    offer_id: UlidStr
    sku_id: UlidStr
    part: bool
    title: str
    quantity: int

    @property
    def name(self) -> str:
        """By which the API knows it."""
        return part_named(self.offer_id, self.sku_id if self.part else None)


class EntryView(View):
    """One thing that happened: ``by`` is ``member:…``, ``staff:…``, ``api_key:…`` or ``system``.

    ``after`` is the owner from then on, the priority where that was changed, or the order that replaces the goods;
    ``text`` what was said or,
    where the goods that replace others are not all in stock, which SKUs have to be bought: ``TANG-5 × 2``.
    """

    type: Literal[
        "requested",
        "approved",
        "rejected",
        "withdrawn",
        "received",
        "completed",
        "escalated",
        "exchange_placed",
        "refunded_instead",
        "assigned",
        "changed",
    ]
    at: Instant
    by: str
    before: str | None = None
    after: str | None = None
    text: str | None = None


class DecisionView(View):
    """What was decided. ``refund`` is what goes back by it in all, null where that is nothing; ``refund_id`` is the
    first of the order's refunds for it, null until one was asked for. ``gifts_kept`` is what was kept back for gifts
    that stay with the member, null where that is nothing; ``points`` are those that come back beside the money.
    """

    outcome: Literal["approve", "reject"]
    reason: str | None
    at: Instant
    by: str
    refund: MoneyField | None
    refund_id: UlidStr | None
    gifts_kept: MoneyField | None
    points: int


class InsteadView(View):
    """Units of an exchange that were paid back instead of replaced; ``refund`` is null where nothing was left of it."""

    reason: str
    at: Instant
    by: str
    refund: MoneyField | None
    refund_id: UlidStr | None


class UnitsView(View):
    """Units of an offer; of a bundle, of the part with that SKU."""

    offer_id: UlidStr
    sku_id: UlidStr | None
    quantity: int

    @property
    def name(self) -> str:
        """By which the API knows them."""
        return part_named(self.offer_id, self.sku_id)


class ArrivedView(UnitsView):
    """Units that came back, and whether they go back on the shelf."""

    disposition: Disposition


class PartView(View):
    """What came back at once; ``refund`` is what goes back for it, null where that is nothing."""

    at: Instant
    lines: list[ArrivedView]
    refund: MoneyField | None
    refund_id: UlidStr | None


class OwnAfterSaleView(View):
    """A case as its member sees it. ``due_at`` is until when the owner has to act; null once the case has ended. That
    is to decide until ``first_response_due_at``, then to finish until ``resolution_due_at``; while ``waiting_for`` is
    ``member`` goods are to come, and the time to finish stands still.

    ``goods`` says whether they are to come back, ``pays`` when money goes back: ``on_receipt`` part by part as they
    arrive. ``arrived`` is what came so far, ``still_expected`` what is to come, ``refunded`` what went back so far or
    is on its way.
    """

    id: UlidStr
    kind: KindName
    status: StatusName
    order_id: UlidStr
    lines: list[CaseLineView]
    reason: str
    photos: list[UlidStr]
    owner: UlidStr
    priority: Literal["p1", "p2", "p3", "p4"]
    due_at: Instant | None
    first_response_due_at: Instant | None
    resolution_due_at: Instant | None
    waiting_for: Literal["member"] | None
    opened_at: Instant
    decision: DecisionView | None
    goods: Goods | None
    pays: Pays | None
    arrived: list[UnitsView]
    still_expected: list[UnitsView]
    refunded: MoneyField
    refunded_instead: list[InsteadView]
    received: list[ArrivedView] | None
    parts: list[PartView]
    exchange_order_id: UlidStr | None
    complaint_id: UlidStr | None
    history: list[EntryView]

    @classmethod
    def of(cls, case: AfterSaleRecord) -> Self:
        return cls(**_case(case))

    @classmethod
    def as_opened(cls, case: AfterSaleRecord) -> Self:
        """The first answer to its opening, given again from what never changes: whatever became of the case since."""
        first = case.history[0]
        later: dict[str, Any] = {
            "decision": None, "refunded_instead": [], "received": None, "exchange_order_id": None, "goods": None,
            "pays": None, "arrived": [], "still_expected": [], "parts": [],
            "refunded": MoneyField.of(0, case.currency),
        }  # fmt: skip
        due_at = parse_instant(first["due"]) if "due" in first else case.opened_at + _DECIDED_WITHIN
        opened = {
            "status": "requested", "owner": first["after"], "due_at": due_at, "history": [first], "priority": "p3",
            "first_response_due_at": due_at, "resolution_due_at": None, "waiting_for": None,
        }  # fmt: skip
        return cls(**_case(case) | later | opened)


class PhotoView(View):
    """A photo and where it can be read for an hour."""

    id: UlidStr
    url: str


class AfterSaleView(OwnAfterSaleView):
    """A case as the team sees it."""

    member_id: UlidStr
    campaign_id: UlidStr
    pickup_point_id: UlidStr
    photo_links: list[PhotoView]
    escalated_at: Instant | None

    @classmethod
    def of(cls, case: AfterSaleRecord) -> Self:
        links = [
            PhotoView(id=each, url=uploads.link(case.tenant_id, case.member_id, name))
            for each, name in zip(case.photos, case.photo_files or case.photos, strict=True)
        ]
        names = ("member_id", "campaign_id", "pickup_point_id", "escalated_at")
        return cls(**_case(case), **{name: getattr(case, name) for name in names}, photo_links=links)


class WorthView(UnitsView):
    """A line, and what its units were paid with."""

    worth: MoneyField


class OptionsView(View):
    """The decision, once there is one; what each line was paid with; what goes back for all units, which is less where
    gifts that were given with them stay (``gifts_kept``), and the ``points`` that come back with them; the most that
    can still go back.
    """

    decision: DecisionView | None
    lines: list[WorthView]
    refund: MoneyField
    gifts_kept: MoneyField
    points: int
    most: MoneyField

    @classmethod
    def of(cls, case: AfterSaleRecord, offered: Offered) -> Self:
        refund, most = offered.all_units, MoneyField.of(offered.most_minor, case.currency)
        shown = _outlook(_units(case, case.units), list(case.units), refund, case.currency)
        return cls(decision=_decision(case), most=most, **shown)


class ReturnQuoteView(View):
    """What a return would pay back if it is granted: ``refund`` is what the lines were paid with, less ``gifts_kept``,
    what ``gifts`` are worth that stay with the member. ``points`` come back beside it.
    """

    lines: list[WorthView]
    refund: MoneyField
    gifts_kept: MoneyField
    gifts: list[UnitsView]
    points: int

    @classmethod
    def of(cls, quoted: Quoted) -> Self:
        skus = {line.offer_id: line.sku_id for line in quoted.order.lines}
        lines, gifts = (
            [
                UnitsView(offer_id=sold_as(name), sku_id=skus[name] if is_part(name) else None, quantity=quantity)
                for name, quantity in units.items()
            ]
            for units in (quoted.units, quoted.outlook.gifts)
        )
        return cls(gifts=gifts, **_outlook(lines, list(quoted.units), quoted.outlook, quoted.order.currency))


def _outlook(lines: Sequence[UnitsView], names: Sequence[str], found: Outlook, currency: str) -> dict[str, Any]:
    return {
        "lines": [
            WorthView(**dict(each), worth=MoneyField.of(found.worth.get(name, 0), currency))
            for name, each in zip(names, lines, strict=True)
        ],
        "refund": MoneyField.of(found.minor, currency),
        "gifts_kept": MoneyField.of(found.gifts_kept_minor, currency),
        "points": found.points,
    }


def _case(case: AfterSaleRecord) -> dict[str, Any]:
    names = ("id", "kind", "status", "order_id", "reason", "owner", "opened_at", "exchange_order_id", "complaint_id",
             "priority", "first_response_due_at", "resolution_due_at", "waiting_for")  # fmt: skip
    lines = [
        CaseLineView(
            offer_id=sold_as(line.offer_id),
            part=is_part(line.offer_id),
            sku_id=line.sku_id,
            title=line.title,
            quantity=line.units,
        )
        for line in case.lines
    ]
    received = [_arrived(case, line) for part in case.parts for line in part.lines]
    return {name: getattr(case, name) for name in names} | {
        "lines": lines,
        "photos": case.photos,
        "due_at": case.act_by,
        "decision": _decision(case),
        "refunded_instead": [_instead(each, case.currency) for each in case.instead],
        "goods": case.goods,
        "pays": case.pays,
        "arrived": _units(case, case.arrived),
        "still_expected": _units(case, case.still_expected),
        "refunded": MoneyField.of(case.refunded_minor, case.currency),
        "received": received or None,
        "parts": [_part(case, part) for part in case.parts],
        "history": case.history,
    }


def _part_sku(case: AfterSaleRecord, name: str) -> str | None:
    """The SKU of a line of a case that is a bundle's part."""
    return next((line.sku_id for line in case.lines if line.offer_id == name and is_part(name)), None)


def _units(case: AfterSaleRecord, units: Mapping[str, int]) -> list[UnitsView]:
    return [
        UnitsView(offer_id=sold_as(name), sku_id=_part_sku(case, name), quantity=quantity)
        for name, quantity in units.items()
    ]


def _arrived(case: AfterSaleRecord, line: Arrived) -> ArrivedView:
    (units,) = _units(case, {line.offer_id: line.units})
    return ArrivedView(**dict(units), disposition=line.disposition)


def _part(case: AfterSaleRecord, part: Part) -> PartView:
    refund = MoneyField.of(part.refund_minor, case.currency) if part.refund_id else None
    lines = [_arrived(case, line) for line in part.lines]
    return PartView(at=part.at, lines=lines, refund=refund, refund_id=part.refund_id)


def _decision(case: AfterSaleRecord) -> DecisionView | None:
    if case.decided_at is None:
        return None
    approved = any(entry["type"] == Status.APPROVED for entry in case.history)
    refund = MoneyField.of(int(case.refund_minor), case.currency) if case.refund_minor else None
    kept = case.gifts_kept_minor
    return DecisionView(
        outcome="approve" if approved else "reject", reason=case.decision_reason, at=case.decided_at,
        by=case.decided_by, refund=refund, refund_id=case.refund_id,
        gifts_kept=MoneyField.of(int(kept), case.currency) if kept else None, points=int(case.points or 0),
    )  # fmt: skip


def _instead(each: RefundedInstead, currency: str) -> InsteadView:
    refund = MoneyField.of(each.refund_minor, currency) if each.refund_id else None
    return InsteadView(reason=each.reason, at=each.at, by=each.by, refund=refund, refund_id=each.refund_id)
