"""Why a row of a file is not taken, in both languages. Pure."""

from typing import NamedTuple


class Reason(NamedTuple):
    """What is wrong, for the person who sent the file."""

    en: str
    zh: str

    def said(self, locale: str) -> str:
        """In a language."""
        return self.zh if locale == "zh" else self.en
