"""Codes as people type them: in full width, in lower case, in groups, with an O for a 0. Pure."""

import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""What our codes are drawn from: Crockford's, without I, L and O, which look like digits, and without U, so that fewer
words come up. Each of its characters is five bits.
"""

_MISREAD = str.maketrans("OIL", "011")
"""Letters that no code of ours has, and the digits that they are taken for."""


def plain_code(typed: str) -> str:
    """The letters and digits of a code in upper case and half width, without what stands between them: ``ab-c d`` and
    ``ＡＢＣＤ`` are ``ABCD``.
    """
    return "".join(each for each in unicodedata.normalize("NFKC", typed).upper() if each.isalnum())


def read_code(typed: str) -> str:
    """:func:`plain_code` with O read as 0, I and L as 1, for codes that have none of these letters."""
    return plain_code(typed).translate(_MISREAD)
