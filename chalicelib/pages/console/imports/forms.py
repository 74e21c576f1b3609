"""What the pages of imports take."""

from typing import Literal

from chalicelib.web import Body


class Nothing(Body):
    """A form that says no more than its address does."""


class Kind(Body):
    """What a file is of."""

    kind: Literal["orders", "members"]
