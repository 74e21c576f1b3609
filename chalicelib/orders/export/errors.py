"""Why orders are not handed out as a table."""

from chalicelib.kernel.errors import Invalid


class TooManyOrders(Invalid):
    """More orders match than one answer, or one file, takes."""

    code, title, title_zh = "too_many_orders", "Too many orders for one file", "订单过多，无法一次导出"
