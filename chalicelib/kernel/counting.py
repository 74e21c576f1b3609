"""Numbers in English sentences. Chinese nouns have no plural and need none of it. Pure."""


def counted(number: int, one: str, many: str = "") -> str:
    """A number with the right form of what it counts: ``1 unit``, ``0 units``, ``1,200 entries``.

    ``many`` is given where it is not ``one`` with an s.
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def are(number: int) -> str:
    """The verb that goes with a number of things: *1 is*, *0 are*."""
    return "is" if number == 1 else "are"


def were(number: int) -> str:
    """The verb that goes with a number of things in the past: *1 was*, *0 were*."""
    return "was" if number == 1 else "were"
