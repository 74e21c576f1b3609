"""The job that recounts, and the day of the week on which each brand's begins by itself."""

import zlib
from datetime import date

from chalicelib.jobs.model import Kind

RECOMPUTE = Kind("recompute", "recompute.continue", "recompute")
"""All stored figures of a brand are recounted and compared."""


def is_day_of(tenant_id: str, on: date) -> bool:
    """Whether a brand's weekly recount begins on a day: brands are spread over the days of the week."""
    return zlib.crc32(tenant_id.encode()) % 7 == on.weekday()
