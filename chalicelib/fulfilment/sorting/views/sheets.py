"""What the API shows of fulfilment."""

from collections.abc import Iterator, Mapping
from typing import Any, Self

from chalicelib.campaigns.model.offers import Offer
from chalicelib.fulfilment.sorting.model import MemberShare, Parcel, Sheet
from chalicelib.fulfilment.sorting.service import SortingSheets
from chalicelib.members.model.masking import masked_phone
from chalicelib.orders.export.model import SAID
from chalicelib.orders.model import Status
from chalicelib.web import MoneyField, View, columns


class SortedItemView(View):
    """Units of an offer. Where another SKU is given instead, ``sku_id`` and ``title`` are its own, and
    ``substitute_for`` says what was ordered. Of what belongs to a bundle, ``bundle`` is the title of that.
    """

    offer_id: str
    sku_id: str
    title: str
    quantity: int
    substitute_for: str | None
    bundle: str | None = None

    @property
    def called(self) -> str:
        """Its title; of what belongs to a bundle with that behind it."""
        return f"{self.title} ({self.bundle})" if self.bundle else self.title


class ParcelItemView(SortedItemView):
    """``picked`` units of it were handed over already."""

    picked: int


class DoorView(View):
    """Where an order goes that is delivered to the door; the number is the one given for the delivery."""

    name: str
    phone: str
    address: str


class ParcelView(View):
    """An order; one that is ``delivered`` goes to the member's door, an ``exchange`` replaces what was sent back.

    ``due`` is collected when it is handed over.
    """

    order_id: str
    status: Status
    delivered: bool
    delivery: DoorView | None
    due: MoneyField
    exchange: bool
    items: list[ParcelItemView]


class MemberShareView(View):
    """A member's parcels at the pickup point. Who gave no name goes by that of a delivery, if there is one; of the
    phone number the last digits are shown.
    """

    member_id: str
    name: str
    phone: str | None
    orders: list[ParcelView]


class SheetView(View):
    """A pickup point's sheet: what it receives in all, then member by member."""

    pickup_point_id: str
    name: str
    address: str
    items: list[SortedItemView]
    members: list[MemberShareView]


class SortingSheetsView(View):
    campaign_id: str
    sheets: list[SheetView]

    @classmethod
    def of(cls, sorting: SortingSheets) -> Self:
        shown = _Shown(sorting)
        return cls(campaign_id=sorting.campaign.id, sheets=[shown.sheet(sheet) for sheet in sorting.sheets])


SORTING_HEADER = columns(
    pickup_point=("Pickup point", "自提点"), member_id=("Member ID", "会员编号"), member=("Member", "会员"),
    order_id=("Order", "订单号"), status=("Status", "状态", SAID), sku_id=("SKU", "规格编号"), title=("Item", "商品"),
    quantity=("Units", "件数"), picked=("Handed over", "已取件数"), substitute_for=("Instead of", "替代商品"),
    delivery_name=("Deliver to", "收货人"), delivery_phone=("Delivery phone", "收货电话"),
    delivery_address=("Delivery address", "收货地址"), due_minor=("To collect", "应收款"),
    currency=("Currency", "币种"), member_phone=("Phone", "手机尾号"), bundle=("Part of", "所属组合装"),
)  # fmt: skip
"""What is said of an order, where it goes and what is due, stands in the first of its rows, so that columns add up."""


_NO_DOOR = ("",) * 3
_NOT_AGAIN = ("",) * 5


def sorting_rows(sorting: SortingSheets) -> Iterator[tuple[Any, ...]]:
    """The sheets as a table, a row for each line of an order."""
    for sheet in SortingSheetsView.of(sorting).sheets:
        for share in sheet.members:
            for order in share.orders:
                door, due = order.delivery, order.due
                once = (*((door.name, door.phone, door.address) if door else _NO_DOOR), due.amount_minor, due.currency)
                for n, item in enumerate(order.items):
                    yield (
                        sheet.name, share.member_id, share.name, order.order_id, order.status.value,
                        item.sku_id, item.title, item.quantity, item.picked, item.substitute_for or "",
                        *(_NOT_AGAIN if n else once), share.phone or "", item.bundle or "",
                    )  # fmt: skip


class _Shown:
    """Puts the campaign's words to the ids of its sheets."""

    def __init__(self, sorting: SortingSheets) -> None:
        self._members, self._substitutes = sorting.members, sorting.substitutes
        self._currency = sorting.campaign.currency
        self._offers = {offer.offer_id: offer for offer in sorting.campaign.goods}
        self._points = {point.id: point for point in sorting.campaign.pickup_points}

    def sheet(self, sheet: Sheet) -> SheetView:
        point = self._points[sheet.pickup_point_id]
        return SheetView(
            pickup_point_id=sheet.pickup_point_id,
            name=point.name,
            address=point.address,
            items=self._items(sheet.contents),
            members=[self._share(share) for share in sheet.shares],
        )

    def _share(self, share: MemberShare) -> MemberShareView:
        parcels = [self._parcel(parcel) for parcel in share.parcels]
        member = self._members.get(share.member_id)
        names = (member.name if member else None, *(order.delivery.name for order in parcels if order.delivery))
        return MemberShareView(
            member_id=share.member_id,
            name=next(filter(None, names), ""),
            phone=masked_phone(member.phone) if member else None,
            orders=parcels,
        )

    def _parcel(self, parcel: Parcel) -> ParcelView:
        handed = parcel.handed_over
        items = [
            ParcelItemView(**dict(self._item(*each)), picked=handed[each[0].offer_id, each[1]])
            for each in self._ordered(parcel.contents)
        ]
        return ParcelView(
            order_id=parcel.order_id, status=Status(parcel.status), delivered=parcel.delivery is not None,
            delivery=DoorView.model_validate(parcel.delivery) if parcel.delivery else None,
            due=MoneyField.of(parcel.due_minor, self._currency), exchange=parcel.exchange, items=items,
        )  # fmt: skip

    def _items(self, contents: Mapping[tuple[str, str | None], int]) -> list[SortedItemView]:
        return [self._item(*each) for each in self._ordered(contents)]

    def _ordered(self, contents: Mapping[tuple[str, str | None], int]) -> list[tuple[Offer, str | None, int]]:
        """In the order in which the campaign shows its offers, each before what is given instead of it."""
        places = {offer_id: place for place, offer_id in enumerate(self._offers)}
        ordered = sorted(contents.items(), key=lambda each: (places[each[0][0]], each[0][1] or ""))
        return [(self._offers[offer], instead, units) for (offer, instead), units in ordered]

    def _item(self, offer: Offer, instead: str | None, units: int) -> SortedItemView:
        title = offer.title if instead is None else self._substitutes.get(instead, instead)
        return SortedItemView(
            offer_id=offer.sold_as, sku_id=instead or offer.sku_id, title=title, quantity=units,
            substitute_for=offer.title if instead else None, bundle=offer.bundle or None,
        )  # fmt: skip
