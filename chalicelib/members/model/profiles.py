"""What members say of themselves and agree to, and how that changes. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from chalicelib.kernel.clock import instant
from chalicelib.kernel.unset import UNSET, Unset, fields_set


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


PROFILE_FIELDS = ("age_band", "gender", "occupation", "income_band", "interests")
CONSENTS = ("marketing", "analytics", "personalisation")


@dataclass(frozen=True, slots=True)
class ProfileChanges:
    """What a member says of themselves. What is ``UNSET`` stays, None clears."""

    name: str | Unset | None = UNSET
    age_band: str | Unset | None = UNSET
    gender: str | Unset | None = UNSET
    occupation: str | Unset | None = UNSET
    income_band: str | Unset | None = UNSET
    interests: Sequence[str] | Unset | None = UNSET


@dataclass(frozen=True, slots=True)
class MemberChanges:
    """What members change of what is kept of them. ``consent`` has the purposes that they agree or object to."""

    profile: ProfileChanges = field(default_factory=ProfileChanges)
    consent: Mapping[str, bool] = field(default_factory=dict)
    locale: str | None = None


def profile_after(before: Mapping[str, Any], changes: ProfileChanges) -> dict[str, Any]:
    """A profile with what is named set, or cleared where None. The name is kept apart from it."""
    after = {**before, **fields_set(changes)}
    return {name: after[name] for name in PROFILE_FIELDS if after.get(name) not in (None, [])}


def consent_after(before: Mapping[str, Any], given: Mapping[str, bool], now: datetime) -> dict[str, Any]:
    """Consents with the newly given or withdrawn ones. Each keeps the instant at which its answer last changed."""
    after = dict(before)
    for purpose, granted in given.items():
        if after.get(purpose, {}).get("granted") is not granted:
            after[purpose] = {"granted": granted, "at": instant(now)}
    return after
