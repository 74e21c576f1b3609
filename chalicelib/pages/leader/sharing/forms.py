"""What passing on takes."""

from chalicelib.web import Body


class Asked(Body):
    """Nothing: whoever asks for a link of their own is signed in."""
