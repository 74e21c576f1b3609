"""What fitting is as a job, and when it begins by itself."""

from datetime import date, timedelta

from chalicelib.jobs.model import Kind

FITTING = Kind("lifetime", "lifetime.fit", "rollup")
"""The models of what members will bring are fitted anew, as of a local day."""

USED_WITHIN = timedelta(days=30)
"""A brand that has not read the report for longer has nothing fitted at night."""

AT_ONCE = 5_000
"""Up to so many members are waited for: it takes less than a second. For more, a job does it."""

KEPT = 10
"""Results that are kept, the latest fitted."""


LONGEST = timedelta(hours=1)
"""Longer than any fit takes: one that was begun earlier and is not kept has ended."""


def is_in_use(used_on: date | None, today: date) -> bool:
    """Whether a brand that read the report last on that day is served at night."""
    return used_on is not None and today - used_on <= USED_WITHIN
