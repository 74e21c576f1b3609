"""Views that are read without making JSON of them keep back what JSON would."""

from __future__ import annotations

from chalicelib.kernel.context import contacts_shown
from chalicelib.web import Contact, View
from chalicelib.web.fields import as_shown


class _Person(View):
    name: Contact[str]
    units: int


class _Place(View):
    leader: _Person
    others: list[_Person]
    by_name: dict[str, _Person]


ADA = _Person(name="Ada", units=2)
PLACE = _Place(leader=ADA, others=[ADA], by_name={"ada": ADA})


def test_contacts_are_kept_back_wherever_they_stand() -> None:
    token = contacts_shown.set(False)
    try:
        (seen,) = as_shown([PLACE])
        assert seen.model_dump() == PLACE.model_dump()
    finally:
        contacts_shown.reset(token)
    assert [each.name for each in (seen.leader, *seen.others, seen.by_name["ada"])] == [None] * 3
    assert seen.leader.units == 2
    assert ADA.name == "Ada"


def test_who_sees_contacts_is_given_the_views_themselves() -> None:
    assert as_shown(PLACE) is PLACE
