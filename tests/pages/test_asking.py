"""What pages are given of the API's answers: no more than the API would write down for the same reader."""

from __future__ import annotations

from chalicelib.pages.shell.asking import without_contacts
from chalicelib.web import Contact, Paged, View


class Person(View):
    id: str
    phone: Contact[str]


class Page(View):
    title: str
    leader: Person
    others: list[Person]
    by_role: dict[str, Person]


KIM = Person(id="kim", phone="13800138000")
NOBODY = Person(id="kim", phone=None)


def test_how_people_are_reached_is_left_out_wherever_it_stands():
    page = Page(title="Gate", leader=KIM, others=[KIM], by_role={"service": KIM})
    shown = without_contacts(page)
    assert shown == Page(title="Gate", leader=NOBODY, others=[NOBODY], by_role={"service": NOBODY})
    assert page.leader == KIM  # what was answered stays as it is


def test_it_is_left_out_of_lists_and_of_what_stands_beside_them():
    shown = without_contacts(Paged([KIM], {"pk": "x"}, KIM))
    assert shown == Paged([NOBODY], {"pk": "x"}, NOBODY)


def test_what_is_no_view_stays_as_it_is():
    assert without_contacts(None) is None
    assert without_contacts("words") == "words"
