"""What passing on takes."""

from chalicelib.web import Body, UlidStr


class Asked(Body):
    """A link of one's own, asked for on the page of this pickup point."""

    pickup_point_id: UlidStr
