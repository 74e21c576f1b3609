"""What the API shows of fulfilment."""

from collections.abc import Iterator
from typing import Any, Self

from chalicelib.fulfilment.model import MemberShare, Parcel, Sheet
from chalicelib.fulfilment.service import SortingSheets
from chalicelib.orders.model import Status
from chalicelib.web import View


class SortedItemView(View):
    """Units of an offer."""

    offer_id: str
    sku_id: str
    title: str
    quantity: int


class ParcelView(View):
    order_id: str
    status: Status
    items: list[SortedItemView]


class MemberShareView(View):
    """A member's parcels at the pickup point."""

    member_id: str
    name: str
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


SORTING_HEADER = ("pickup_point", "member_id", "member", "order_id", "status", "sku_id", "title", "quantity")


def sorting_rows(sorting: SortingSheets) -> Iterator[tuple[Any, ...]]:
    """The sheets as a table, a row for each line of an order."""
    for sheet in SortingSheetsView.of(sorting).sheets:
        for share in sheet.members:
            for order in share.orders:
                for item in order.items:
                    yield (
                        sheet.name, share.member_id, share.name, order.order_id, order.status.value,
                        item.sku_id, item.title, item.quantity,
                    )  # fmt: skip


class _Shown:
    """Puts the campaign's words to the ids of its sheets."""

    def __init__(self, sorting: SortingSheets) -> None:
        self._names = sorting.names
        self._offers = {offer.offer_id: offer for offer in sorting.campaign.offers}
        self._points = {point["id"]: point for point in sorting.campaign.pickup_points}

    def sheet(self, sheet: Sheet) -> SheetView:
        point = self._points[sheet.pickup_point_id]
        return SheetView(
            pickup_point_id=sheet.pickup_point_id,
            name=point["name"],
            address=point["address"],
            items=self._items(sheet.units),
            members=[self._share(share) for share in sheet.shares],
        )

    def _share(self, share: MemberShare) -> MemberShareView:
        parcels = [self._parcel(parcel) for parcel in share.parcels]
        return MemberShareView(member_id=share.member_id, name=self._names.get(share.member_id, ""), orders=parcels)

    def _parcel(self, parcel: Parcel) -> ParcelView:
        return ParcelView(order_id=parcel.order_id, status=Status(parcel.status), items=self._items(parcel.units))

    def _items(self, units: Any) -> list[SortedItemView]:
        """In the order in which the campaign shows its offers."""
        return [
            SortedItemView(offer_id=offer_id, sku_id=offer.sku_id, title=offer.title, quantity=units[offer_id])
            for offer_id, offer in self._offers.items()
            if offer_id in units
        ]
