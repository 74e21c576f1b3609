"""What members say of themselves and agree to, how that changes, and what of it may be used for what. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from chalicelib.kernel.clock import instant
from chalicelib.kernel.unset import UNSET, Unset, fields_set
from chalicelib.members.model.consents import WORDS


class AgeBand(StrEnum):
    """Age in years, both ends included."""

    UNDER_18 = "under_18"
    FROM_18 = "18_24"
    FROM_25 = "25_34"
    FROM_35 = "35_44"
    FROM_45 = "45_54"
    FROM_55 = "55_64"
    FROM_65 = "65_plus"


class Gender(StrEnum):
    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNDISCLOSED = "undisclosed"


class Household(StrEnum):
    """Who lives together, by the youngest; ages in years, both ends included."""

    ALONE = "alone"
    TWO_ADULTS = "two_adults"
    MORE_ADULTS = "three_or_more_adults"
    UNDER_7 = "children_under_7"
    FROM_7 = "children_7_17"


PROFILE_FIELDS = (
    "birthday", "age_band", "gender", "household", "occupation", "income_band", "interests", "favourite_point_id",
)  # fmt: skip
CONSENTS = ("marketing", "analytics", "personalisation", "leaderboards")
"""``leaderboards`` is that other members read one's name on the brand's leaderboards."""

USES: Mapping[str, tuple[str, ...]] = {
    "marketing": (),
    "analytics": tuple(name for name in PROFILE_FIELDS if name != "birthday"),
    "personalisation": PROFILE_FIELDS,
    "leaderboards": (),
}
"""The answers that a purpose needs. News are sent to an address and need none; of a birthday figures need nothing."""


def usable(profile: Mapping[str, Any], consent: Mapping[str, Any], purpose: str) -> dict[str, Any]:
    """What of a profile may be used for a purpose as things stand: nothing unless the member agrees to the purpose, and
    then the answers that it needs. *Rather not say* is no answer.

    Whoever chooses, segments or counts members by what they said of themselves asks this one, each time: what is
    withdrawn counts no more from then on. Raises ValueError for a purpose that nobody is asked about.
    """
    if purpose not in USES:
        raise ValueError(f"members are asked for {', '.join(CONSENTS)}, not for {purpose}")
    if (consent or {}).get(purpose, {}).get("granted") is not True:
        return {}
    answers = {name: profile[name] for name in USES[purpose] if profile.get(name) not in (None, [])}
    return {name: answer for name, answer in answers.items() if (name, answer) != ("gender", Gender.UNDISCLOSED)}


@dataclass(frozen=True, slots=True)
class ProfileChanges:
    """What a member says of themselves. What is ``UNSET`` stays, None clears."""

    name: str | Unset | None = UNSET
    birthday: str | Unset | None = UNSET
    age_band: str | Unset | None = UNSET
    gender: str | Unset | None = UNSET
    household: str | Unset | None = UNSET
    occupation: str | Unset | None = UNSET
    income_band: str | Unset | None = UNSET
    interests: Sequence[str] | Unset | None = UNSET
    favourite_point_id: str | Unset | None = UNSET


@dataclass(frozen=True, slots=True)
class MemberChanges:
    """What members change of what is kept of them. ``consent`` has the purposes that they agree or object to, ``words``
    the version of the words that they were shown; None for those in force.
    """

    profile: ProfileChanges = field(default_factory=ProfileChanges)
    consent: Mapping[str, bool] = field(default_factory=dict)
    locale: str | None = None
    words: int | None = None


def profile_after(before: Mapping[str, Any], changes: ProfileChanges) -> dict[str, Any]:
    """A profile with what is named set, or cleared where None. The name is kept apart from it."""
    after = {**before, **fields_set(changes)}
    return {name: after[name] for name in PROFILE_FIELDS if after.get(name) not in (None, [])}


def consent_after(
    before: Mapping[str, Any], given: Mapping[str, bool], now: datetime, words: int | None = None
) -> dict[str, Any]:
    """Consents with the newly given or withdrawn ones. Each keeps the instant at which its answer last changed, and the
    version of the words that it answered: ``words``, or those in force.
    """
    after = dict(before)
    for purpose, granted in given.items():
        if after.get(purpose, {}).get("granted") is not granted:
            after[purpose] = {"granted": granted, "at": instant(now), "words": words or WORDS}
    return after
