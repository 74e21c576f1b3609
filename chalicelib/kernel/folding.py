"""The form in which texts are compared."""

import unicodedata


def fold(text: str) -> str:
    """Width and case folded, runs of blanks made one."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
