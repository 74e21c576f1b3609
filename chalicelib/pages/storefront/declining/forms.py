"""What the page of declining takes."""

from chalicelib.web import Body


class Nothing(Body):
    """A form that is no more than its button."""
