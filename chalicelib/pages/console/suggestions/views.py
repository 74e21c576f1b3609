"""Words of the pages of suggestions, by the API's names."""

from collections.abc import Mapping

from chalicelib.kernel.errors import FieldError, Invalid
from chalicelib.pages.shell import N_

VALUES: Mapping[str, str] = {"high": N_("Much"), "normal": N_("Something"), "low": N_("Little")}

EFFORTS: Mapping[str, str] = {"small": N_("Little work"), "medium": N_("Some work"), "large": N_("Much work")}

HAPPENED: Mapping[str, str] = {
    "opened": N_("The suggestion came in"),
    "changed": N_("Changed"),
    "note": N_("Note"),
    "grouped": N_("Made one with another"),
    "ungrouped": N_("Taken out of its group"),
    "escalated": N_("Too late: handed to somebody above"),
    "adopted": N_("Adopted"),
    "declined": N_("Declined"),
    "done": N_("Done"),
}

FIELDS: Mapping[str, str] = {"value": N_("Its value"), "effort": N_("Work"), "owner": N_("Owner")}

_WORDS: Mapping[str, str] = {**VALUES, **EFFORTS}


def word(value: str | None) -> str:
    """A value of a field in words, as far as it has any."""
    return _WORDS.get(value or "", "")


def beside(refusal: Invalid) -> Invalid:
    """What is said of the reward stands beside its field."""
    refusal.errors = tuple(
        FieldError(each.pointer.removeprefix("/reward"), each.message, each.message_zh) for each in refusal.errors
    )
    return refusal
