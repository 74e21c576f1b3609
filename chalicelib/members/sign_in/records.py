"""Sign-in codes as they are stored, with their keys."""

from pynamodb.attributes import BinaryAttribute, NumberAttribute

from chalicelib.db import InstantAttribute, PlatformRecord


class SignInCode(PlatformRecord):
    """A one-time code that was sent to a person. Holds neither the code nor the address, only keyed digests."""

    digest = BinaryAttribute(legacy_encoding=False)
    tries = NumberAttribute(default=0)
    ends_at = InstantAttribute()

    @staticmethod
    def address(sign_in: str) -> tuple[str, str]:
        return f"sign-in#{sign_in}", "code"


class CodeWindow(PlatformRecord):
    """How many codes were asked for by one address in one window of time."""

    sent = NumberAttribute()

    @staticmethod
    def address(sign_in: str, window: int) -> tuple[str, str]:
        return f"sign-in#{sign_in}", f"window#{window}"
