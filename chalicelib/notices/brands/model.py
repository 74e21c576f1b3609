"""Who speaks to people: the brand's name and face, and the clock and money of its texts. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Brand:
    """A brand as its messages show it. ``logo`` is an https address, ``colour`` such as ``#1f6feb``; empty where the
    brand has none.
    """

    name: str
    slug: str
    locale: str
    timezone: str
    currency: str
    logo: str = ""
    colour: str = ""
