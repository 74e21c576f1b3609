"""Sorting sheets on paper: a page or more for each pickup point with orders, member by member, with boxes to tick.

Whoever hands over looks for a parcel by the name that its member says, so a sheet has the name in full. Paper goes
astray, so of the phone number it has the last digits alone, of an id its end. Only what goes to a door has the
name, number and address that were given for it. A sheet never holds a pickup code.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.campaigns.model.campaign import FROM_PICKUP
from chalicelib.fulfilment.sorting.service import SortingSheets
from chalicelib.fulfilment.sorting.views.sheets import MemberShareView, SheetView, SortingSheetsView
from chalicelib.kernel.clock import zone
from chalicelib.kernel.language import Language
from chalicelib.kernel.money import Money
from chalicelib.tenants.records import Tenant
from chalicelib.web import MoneyField
from chalicelib.web.html import render

MOST_PARCELS = 1000
"""Parcels in one document: under 1 MB where a function may answer with 6 MB."""

_TAIL = 6
_WORDS: dict[str, dict[str, Any]] = {
    "en": {
        "title": "Sorting sheet", "receives": "This point receives", "item": "Item", "units": "Units", "done": "Done",
        "member": "Member", "order": "Order", "notes": "Notes", "instead_of": "instead of",
        "part_of": "part of", "picked": "picked up",
        "to_door": "to the door", "exchange": "exchange", "members_list": "Member by member",
        "members": ("member", "members"), "parcels": ("parcel", "parcels"), "total": ("unit", "units"),
        "printed": "Printed",
        "none": "Nothing was ordered.", "nothing_at": "Nothing was ordered at", "collect": "collect",
        "to_collect": "To collect", "part": "part", "of": "of",
        "sorted_by": "Sorted by", "checked_by": "Checked by",
        "not_there": "Not to be handed over yet: when this was printed, the parcels were not at the pickup point.",
    },
    "zh": {
        "title": "分拣单", "receives": "本点应收", "item": "商品", "units": "件数", "done": "完成",
        "member": "会员", "order": "订单", "notes": "备注", "instead_of": "替代", "part_of": "属于", "picked": "已取",
        "to_door": "送货上门", "exchange": "换货", "members_list": "按会员分拣",
        "members": ("位会员",) * 2, "parcels": ("个包裹",) * 2, "total": ("件",) * 2,
        "printed": "打印时间",
        "none": "没有订单。", "nothing_at": "以下自提点没有订单：", "collect": "应收款",
        "to_collect": "应收款合计", "part": "部分", "of": "/",
        "sorted_by": "分拣人", "checked_by": "复核人",
        "not_there": "打印时包裹尚未到达自提点，请在商家确认送达后再发放。",
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """A member as a sheet names them: by name, else by the end of the phone number, else of the id."""

    name: str
    tail: str

    @classmethod
    def of(cls, share: MemberShareView) -> "Person":
        tail = share.phone or f"·{share.member_id[-_TAIL:]}"
        return cls(share.name, tail) if share.name else cls(tail, "")


def page(sorting: SortingSheets, tenant: Tenant, locale: str, now: datetime) -> str:
    """The sheets as one HTML document for A4 paper, in Chinese or English; times are the tenant's own."""
    language: Language = "zh" if locale.startswith("zh") else "en"
    words = _WORDS[language]
    shown = SortingSheetsView.of(sorting).sheets
    return render(
        "sorting_sheets.html.j2",
        {
            "tail": lambda text: text[-_TAIL:],
            "money": lambda due: Money(due.amount_minor, due.currency).said(language),
        },
        counted=lambda count, words: f"{count} {words[count != 1]}",
        lang="zh-Hans" if language == "zh" else "en",
        t=words,
        brand=tenant.name,
        campaign=sorting.campaign.title,
        printed=now.astimezone(zone(tenant.timezone)).strftime("%Y-%m-%d %H:%M"),
        sheets=[_sheet(sheet, sorting) for sheet in shown if sheet.members],
        empty=[sheet.name for sheet in shown if not sheet.members],
        part=sorting.part,
        parts=sorting.parts,
        is_there=sorting.campaign.status in FROM_PICKUP,
    )


def _sheet(sheet: SheetView, sorting: SortingSheets) -> dict[str, Any]:
    shares = [{"person": Person.of(share), "orders": share.orders} for share in sheet.members]
    return {
        "point": sheet,
        "shares": shares,
        "parcels": sum(len(share.orders) for share in sheet.members),
        "units": sum(item.quantity for item in sheet.items),
        "due": MoneyField.of(
            sum(order.due.amount_minor for share in sheet.members for order in share.orders), sorting.campaign.currency
        ),
    }
