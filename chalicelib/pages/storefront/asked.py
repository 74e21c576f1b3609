"""What members are asked of themselves, in words, wherever it is asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from chalicelib.members.model.asking import QuestionName
from chalicelib.members.model.profiles import AgeBand, Gender, Household
from chalicelib.members.records import MemberRecord
from chalicelib.pages.shell import N_

Choices = list[tuple[str, str]]
"""Codes with their words."""

NOT_SAID: Final = ("", N_("not said"))
AGES: Mapping[str, str] = {
    AgeBand.UNDER_18: N_("under 18"),
    AgeBand.FROM_18: N_("18 to 24"),
    AgeBand.FROM_25: N_("25 to 34"),
    AgeBand.FROM_35: N_("35 to 44"),
    AgeBand.FROM_45: N_("45 to 54"),
    AgeBand.FROM_55: N_("55 to 64"),
    AgeBand.FROM_65: N_("65 and over"),
}
GENDERS: Mapping[str, str] = {
    Gender.FEMALE: N_("female"),
    Gender.MALE: N_("male"),
    Gender.OTHER: N_("other"),
    Gender.UNDISCLOSED: N_("I would rather not say"),
}
HOUSEHOLDS: Mapping[str, str] = {
    Household.ALONE: N_("I live alone"),
    Household.TWO_ADULTS: N_("two adults"),
    Household.MORE_ADULTS: N_("three or more adults"),
    Household.UNDER_7: N_("with children, the youngest under 7"),
    Household.FROM_7: N_("with children, the youngest from 7 to 17"),
}
MONTHS: Mapping[str, str] = {
    "01": N_("January"), "02": N_("February"), "03": N_("March"), "04": N_("April"), "05": N_("May"),
    "06": N_("June"), "07": N_("July"), "08": N_("August"), "09": N_("September"), "10": N_("October"),
    "11": N_("November"), "12": N_("December"),
}  # fmt: skip
DAYS: Mapping[str, str] = {f"{day:02}": str(day) for day in range(1, 32)}

WHAT_FOR: Mapping[str, str] = {
    "name": N_("So that your parcel is found, and the shop can address you."),
    "birthday": N_("So that the shop can wish you well, and give you points where it does. The year is not asked."),
    "age_band": N_("So that the shop knows for whom it chooses its goods."),
    "gender": N_("So that goods which are for some only are shown to those."),
    "household": N_("So that the sizes that are offered suit you."),
    "occupation": N_("So that the hours of group buys and pickup suit yours."),
    "income_band": N_("So that the shop knows for which budgets it chooses its goods."),
    "interests": N_("So that you hear first of what you like."),
    "favourite_point_id": N_("So that it is chosen already when you order."),
}
"""What each answer is for."""


@dataclass(frozen=True, slots=True)
class Point:
    """A pickup point, by its id and name."""

    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Asked:
    """The one thing that a member is asked, what it is for, and what there is to choose. ``point`` is the one of which
    it is asked whether it is the favourite.
    """

    name: QuestionName
    title: str
    what_for: str
    choices: Choices
    point: Point | None = None


_TITLES: Mapping[QuestionName, str] = {
    "birthday": N_("When is your birthday?"),
    "household": N_("Who lives with you?"),
    "favourite_point_id": N_("Do you usually collect here?"),
    "age_band": N_("How old are you?"),
    "interests": N_("What do you like?"),
}
_CHOICES: Mapping[QuestionName, Mapping[str, str]] = {"household": HOUSEHOLDS, "age_band": AGES}


def asked_of(member: MemberRecord, now: datetime, point: Point | None = None) -> Asked | None:
    """What a member may be asked now; None for nothing. ``point`` is where they have just collected: without one nobody
    is asked for their favourite.
    """
    name = member.asking.question(member.profile or {}, now)
    if name is None or (name == "favourite_point_id" and point is None):
        return None
    choices = [("", N_("not said")), *_CHOICES.get(name, {}).items()]
    return Asked(name, _TITLES[name], WHAT_FOR[name], choices, point)
