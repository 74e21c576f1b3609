"""What the API takes of refunds in cash."""

from chalicelib.web import Query, UlidStr


class CashRefundFilter(Query):
    """Which pickup point's to list; without it, all."""

    pickup_point_id: UlidStr | None = None
