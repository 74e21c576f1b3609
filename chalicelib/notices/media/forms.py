"""What the API takes of the use of messages."""

from chalicelib.web import LocalDate, Query


class UsageQuery(Query):
    """Local days, both included; the last thirty where none are named."""

    from_on: LocalDate | None = None
    to_on: LocalDate | None = None
