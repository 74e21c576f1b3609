"""What the API takes of addresses that mail does not go to."""

from chalicelib.web import EmailText, Query


class SuppressedQuery(Query):
    """All of them, or the one of an e-mail address."""

    email: EmailText | None = None
