"""Sign-in codes as they are stored, with their keys. None holds a code or an address, only keyed digests."""

from pynamodb.attributes import NumberAttribute

from chalicelib.db import InstantAttribute, PlatformRecord

NO_HANDLE = "none"


class SignInCode(PlatformRecord):
    """A one-time code of an address. The key is its digest: a right code finds it, a wrong one finds nothing."""

    ends_at = InstantAttribute()

    @staticmethod
    def address(sign_in: str, digest: str) -> tuple[str, str]:
        return f"sign-in#{sign_in}", f"code#{digest}"


class SignInTries(PlatformRecord):
    """How many codes were tried with one handle, or without any."""

    tries = NumberAttribute(default=0)
    ends_at = InstantAttribute()

    @staticmethod
    def address(sign_in: str, handle: str) -> tuple[str, str]:
        return f"sign-in#{sign_in}", f"tries#{handle}"


class SignedInBefore(PlatformRecord):
    """That somebody has signed in to a store by an address, so reads what is sent there, and wants to."""

    @staticmethod
    def address(sign_in: str) -> tuple[str, str]:
        return f"sign-in#{sign_in}", "signed-in"
