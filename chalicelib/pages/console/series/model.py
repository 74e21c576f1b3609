"""Rules of recurring group buys in words. Pure."""

from collections.abc import Mapping, Sequence

from chalicelib.pages.shell.words import N_

EVERY: Sequence[tuple[str, str]] = (("day", N_("day")), ("week", N_("week")), ("month", N_("month")))
WEEKDAYS: Mapping[str, str] = {
    "monday": N_("Monday"),
    "tuesday": N_("Tuesday"),
    "wednesday": N_("Wednesday"),
    "thursday": N_("Thursday"),
    "friday": N_("Friday"),
    "saturday": N_("Saturday"),
    "sunday": N_("Sunday"),
}
HAPPENED: Mapping[str, str] = {
    "created": N_("set up"),
    "changed": N_("changed"),
    "paused": N_("paused"),
    "resumed": N_("resumed"),
    "ended": N_("ended"),
    "made": N_("a group buy was made"),
    "missed": N_("missed: its whole time had gone by"),
    "failed": N_("could not be made"),
    "not_published": N_("made, but could not be published"),
}


def hours(minutes: int) -> str:
    """Minutes as hours are typed: ``48``, ``1.5``."""
    return f"{minutes / 60:.3f}".rstrip("0").rstrip(".")
