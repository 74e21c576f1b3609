"""Codes that give a coupon to whoever enters them. Pure.

Read as people type them: in any case and width, with blanks and dashes anywhere, O for 0, I and L for 1. Two codes of a
brand that read alike are one code, so that the second is refused.
"""

import hashlib
import hmac

from chalicelib.kernel.typed_codes import ALPHABET, plain_code, read_code

LENGTH = 10
"""Of the single codes: 2^50 of them, so that of 100,000 one is met once in 10^10 guesses."""

MOST_CODES = 100_000
SHORTEST, LONGEST = 4, 30
"""Letters and digits of a code that a brand chooses."""

_BITS = 5


def folded(typed: str) -> str:
    """What a code is known by, however it was typed; at most as long as codes are, and a blank is none."""
    return read_code(typed)[:64]


def shared_code(typed: str) -> str | None:
    """A code that the brand chose, as it is shown: in capitals, in its own groups. None for one that is too short, too
    long, or has something else than letters and digits in its groups.
    """
    shown = "-".join(part for part in typed.replace("-", " ").split())
    plain = plain_code(shown)
    letters = "".join(shown.split("-"))
    fits = SHORTEST <= len(plain) <= LONGEST and all(each.isalnum() for each in letters)
    return shown.upper() if fits else None


def drawn(seed: str, number: int, attempt: int = 0) -> str:
    """The code with a number among those of a batch: random to whoever does not know its seed, and the same again when
    work is repeated. A later ``attempt`` is for one that another batch has already.
    """
    digest = hmac.digest(bytes.fromhex(seed), f"{number}:{attempt}".encode(), hashlib.sha256)
    bits = int.from_bytes(digest[:8], "big")
    return "".join(ALPHABET[bits >> (_BITS * at) & (2**_BITS - 1)] for at in range(LENGTH))


def shown(code: str) -> str:
    """A single code in two groups, as people read it: ``7KQ2M-9XW4D``."""
    return f"{code[: LENGTH // 2]}-{code[LENGTH // 2 :]}"
