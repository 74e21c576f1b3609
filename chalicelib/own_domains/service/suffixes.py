"""Which names belong to everybody: the Public Suffix List, as the package in use has it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList


def suffix_of(host: str) -> str | None:
    """The public suffix of a name in ASCII; None for one that ends in nobody's."""
    return _suffixes().publicsuffix(host)


@cache
def _suffixes() -> PublicSuffixList:
    # Read when a domain is claimed: the list is a third of a megabyte.
    from publicsuffixlist import PublicSuffixList

    return PublicSuffixList(accept_unknown=False)
