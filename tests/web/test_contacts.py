"""What is left of a view for callers whose work needs no contact with people."""

from chalicelib.web import Contact, MoneyField, View
from chalicelib.web.fields import without_contacts


class _Person(View):
    id: str
    name: Contact[str]


class _Order(View):
    total: MoneyField
    member: _Person
    others: list[_Person]
    by_place: dict[str, _Person]
    address: Contact[list[str]]
    note: str | None


def test_names_and_addresses_are_left_out_however_deep_they_stand():
    ada = _Person(id="a", name="Ada")
    total = MoneyField.of(900, "CNY")
    order = _Order(total=total, member=ada, others=[ada], by_place={"x": ada}, address=["3 Lilac Road"], note="Rain")

    shown = without_contacts(order)

    nobody = _Person(id="a", name=None)
    expected = {"member": nobody, "others": [nobody], "by_place": {"x": nobody}, "address": None}
    assert shown == order.model_copy(update=expected)
    assert order.member.name == "Ada"


def test_what_is_no_view_stays_as_it_is():
    assert without_contacts(["a", 1, None]) == ["a", 1, None]
