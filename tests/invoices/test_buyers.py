"""Whom an invoice is made out to: tax numbers as people type them."""

import pytest

from chalicelib.invoices.model.buyers import Buyer, BuyerKind, buyer, read_tax_number
from tests.refusals import refusal

LICENCES = [
    "91350100M000100Y43",  # the example of GB 32100-2015, annex B
    "91110000802100433B",
    "914403001922038216",
    "91440300708461136T",
]
"""Unified social credit codes whose last character checks the others."""


@pytest.mark.parametrize("code", LICENCES)
def test_a_credit_code_is_taken_as_it_is_and_no_other_last_character_is(code: str) -> None:
    assert read_tax_number(code, "CN") == code
    others = [code[:-1] + each for each in "0123456789ABCDEFGHJKLMNPQRTUWXY" if each != code[-1]]
    assert [read_tax_number(each, "CN") for each in others] == [None] * 30


@pytest.mark.parametrize("place", range(17))
def test_a_wrong_character_is_noticed_wherever_it_is(place: int) -> None:
    code = LICENCES[0]
    wrong = "1" if code[place] != "1" else "2"
    assert read_tax_number(code[:place] + wrong + code[place + 1 :], "CN") is None


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("91350100m000100y43", LICENCES[0]),
        (" 9135 0100 M000 100Y 43 ", LICENCES[0]),
        ("９１３５０１００Ｍ０００１００Ｙ４３", LICENCES[0]),
        ("9I35OIOOMOOOIOOY43", LICENCES[0]),
        ("440300708461136", "440300708461136"),
        ("44030070846113X", "44030070846113X"),
        ("4403007084611", None),
        ("44030O708461136", None),
        ("91350100M000100Y4", None),
        ("91350100M000100Y433", None),
        ("91350100S000100Y43", None),
        ("", None),
        ("税号", None),
    ],
)
def test_in_china_a_number_is_read_as_people_type_it(typed: str, read: str | None) -> None:
    assert read_tax_number(typed, "CN") == read


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("DE136695976", "DE136695976"),
        ("de 136 695 976", "DE136695976"),
        ("FR-40303265045", "FR40303265045"),
        ("ESX1234567X", "ESX1234567X"),
        ("12-3456789", "123456789"),
        ("ABC", None),
        ("LETTERS", None),
        ("DE13669597600000000000", None),
        ("DE1366;DROP", None),
    ],
)
@pytest.mark.parametrize("country", ["DE", "US", None])
def test_elsewhere_it_has_the_shape_of_a_vat_number(typed: str, read: str | None, country: str | None) -> None:
    assert read_tax_number(typed, country) == read


def test_a_company_gives_its_number_and_a_person_none() -> None:
    company, person = BuyerKind.COMPANY, BuyerKind.PERSON
    assert refusal(buyer, company, "Linli", "a@b.example", None, "CN") == "tax_number_missing"
    assert refusal(buyer, company, "Linli", "a@b.example", "12345", "CN") == "tax_number_invalid"
    assert refusal(buyer, person, "Wang", "a@b.example", LICENCES[0], "CN") == "tax_number_of_person"
    made = buyer(company, "Linli", "a@b.example", LICENCES[0].lower(), "CN")
    assert made == Buyer(company, "Linli", "a@b.example", LICENCES[0])
    assert Buyer.from_json(made.as_json()) == made
    assert Buyer.from_json(buyer(person, "Wang", "a@b.example", None, "CN").as_json()).tax_number is None
