"""What the brand's people type to find orders: whose they are, or the order itself."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from chalicelib.db import Page, fetch_many
from chalicelib.kernel.ids import is_id
from chalicelib.kernel.typed_codes import read_code
from chalicelib.members.service.finding import find_members
from chalicelib.orders.errors import TooManyMembers
from chalicelib.orders.pickup_code.model import CODE_LENGTH
from chalicelib.orders.pickup_code.records import PickupCodeRecord
from chalicelib.orders.records import OrderRecord, member_orders

MOST_MEMBERS = 20
"""Members whose orders are listed together; each is a request for a page."""

_MOST_PAGES = 4
_EARLIEST, _LATEST = "0", "9999"


@dataclass(frozen=True, slots=True)
class Sought:
    """What a text leads to: orders by their ids, or else members whose orders are meant."""

    order_ids: tuple[str, ...] = ()
    member_ids: tuple[str, ...] = ()


def seek(tenant_id: str, text: str, *, contacts: bool) -> Sought:
    """The order with this id, or the orders of a pickup code whose goods wait; else whom a search for members finds.

    Raises TooManyMembers where that is so many that their orders cannot be listed together.
    """
    exact = _of_id(tenant_id, text) or _of_code(tenant_id, text)
    if exact:
        return Sought(order_ids=tuple(exact))
    ids: list[str] = []
    cursor: Any = None
    for _ in range(_MOST_PAGES):
        page = find_members(tenant_id, text, MOST_MEMBERS + 1, cursor, contacts=contacts)
        ids += [member.id for member in page.items]
        cursor = page.last_key
        if cursor is None or len(ids) > MOST_MEMBERS:
            break
    if cursor is not None or len(ids) > MOST_MEMBERS:
        raise TooManyMembers.at(
            "?q",
            f"More than {MOST_MEMBERS} members are found; write more of the name or the number.",
            f"匹配的会员超过 {MOST_MEMBERS} 人，请输入更完整的姓名或号码。",
        )
    return Sought(member_ids=tuple(ids))


def of_members(
    tenant_id: str,
    member_ids: Sequence[str],
    condition: Any,
    keep: Callable[[OrderRecord], bool] | None,
    within: tuple[str, str] | None,
    limit: int,
    before: str | None,
) -> Page[OrderRecord]:
    """Orders of several members, newest first; ``before`` is where the page before ended, as the last key says.

    What is below the point to which some member's orders were read waits for the next page, so none is left out.
    """
    oldest, newest = within or (_EARLIEST, _LATEST)
    upper = min(newest, before) if before else newest
    found: list[OrderRecord] = []
    unread = ""
    for member_id in member_ids:
        page = OrderRecord.page(
            member_orders(tenant_id, member_id), index="gsi2", newest_first=True, limit=limit + 1,
            where=condition, keep=keep, between=(oldest, upper),
        )  # fmt: skip
        found += [order for order in page.items if order.gsi2sk != before]
        if page.last_key is not None:
            unread = max(unread, page.last_key["gsi2sk"]["S"])
    found.sort(key=lambda order: str(order.gsi2sk), reverse=True)
    shown = [order for order in found if str(order.gsi2sk) >= unread][:limit]
    if len(shown) == len(found) and not unread:
        return Page(shown, None)
    return Page(shown, {"before": str(shown[-1].gsi2sk) if len(shown) == limit else unread})


def _of_id(tenant_id: str, text: str) -> list[str]:
    order_id = text.strip().upper()
    if not is_id(order_id):
        return []
    [order] = fetch_many([(OrderRecord, *OrderRecord.address(tenant_id, order_id))])
    return [order_id] if order is not None else []


def _of_code(tenant_id: str, text: str) -> list[str]:
    code = read_code(text)
    if len(code) != CODE_LENGTH or not code.isascii():
        return []
    return [each.order_id for each in PickupCodeRecord.every(PickupCodeRecord.partition(tenant_id, code))]
