"""A brand's own words, remembered by each process for up to a minute.

A burst of ten thousand messages of one notice reads them once. So new words are said by every message a minute after
they were set, at the latest.
"""

import time
from functools import lru_cache

from chalicelib.kernel.language import Language
from chalicelib.notices.templates.model.wording import Words
from chalicelib.notices.templates.records import OwnWords

_SECONDS = 60


def own_words(tenant_id: str, template: str, language: Language) -> Words | None:
    """The brand's own words for a notice in a language; None where it has none."""
    return _words(tenant_id, template, language, _minute())


def forget() -> None:
    """Drops what this process remembers, since it has changed something of it."""
    _words.cache_clear()


def _minute() -> int:
    return int(time.monotonic() // _SECONDS)


@lru_cache(maxsize=5_000)
def _words(tenant_id: str, template: str, language: Language, minute: int) -> Words | None:
    found = OwnWords.fetch(*OwnWords.address(tenant_id, template, language))
    return found.words if found else None
