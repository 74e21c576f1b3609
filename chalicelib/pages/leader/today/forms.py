"""What the leader's first page takes."""

from chalicelib.web import Body, UlidStr


class PaidOut(Body):
    """The refund of the path was given to its member, at this pickup point."""

    pickup_point_id: UlidStr
