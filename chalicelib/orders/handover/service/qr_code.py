"""The pickup code as a drawing that a leader scans."""

import io

from chalicelib.orders.errors import NotCollectable
from chalicelib.orders.model import OWED, in_words
from chalicelib.orders.records import OrderRecord

SCALE, BORDER = 8, 4
"""Pixels a module, and the quiet zone in modules that the QR standard asks for (ISO/IEC 18004)."""


def content(order: OrderRecord) -> str:
    """What the drawing says: the order's id, a colon, its pickup code."""
    return f"{order.id}:{order.pickup_code}"


def drawing(order: OrderRecord) -> str:
    """The code as SVG, at error correction level M. Raises NotCollectable for an order that is not handed over."""
    # Imported here because only this route needs it.
    import segno

    if order.status not in OWED or order.picked_up_at is not None or order.forfeited_at is not None:
        raise NotCollectable(
            f"The order is {in_words(order.status)}; it has no pickup code to show.",
            detail_zh="订单当前状态没有可用的取货码。",
            extra={"order_status": order.status},
        )
    svg = io.BytesIO()
    segno.make(content(order), error="m", micro=False).save(
        svg, kind="svg", scale=SCALE, border=BORDER, xmldecl=False, light="#fff", title=None
    )
    return svg.getvalue().decode()
