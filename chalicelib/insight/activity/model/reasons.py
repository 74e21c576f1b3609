"""Why a row of a file is not taken, in both languages. Pure."""

from typing import NamedTuple


class Reason(NamedTuple):
    """What is wrong, for the person who sent the file."""

    en: str
    zh: str

    def said(self, locale: str) -> str:
        """In a language."""
        return self.zh if locale == "zh" else self.en


def short(reason: Reason) -> tuple[str, str]:
    """In both languages, cut to what a list of errors shows."""
    return reason.en[:300], reason.zh[:300]
