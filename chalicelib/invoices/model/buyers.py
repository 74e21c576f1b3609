"""Whom an invoice is made out to: a company with its tax number, or a person. Pure."""

import re
import unicodedata
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, Self

from chalicelib.invoices.errors import TaxNumberInvalid, TaxNumberMissing, TaxNumberOfPerson

CHINA = "CN"
_CREDIT_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The characters of a unified social credit code (GB 32100-2015), each worth its place: no I, O, S, V, Z."""
_OLD_FORM = re.compile(r"[0-9]{6}[0-9A-Z]{8}[0-9X]")
"""A registration number of before 2015: the region, and the nine of the organisation's code."""
_ELSEWHERE = re.compile(r"(?=.*[0-9])[A-Z0-9]{4,20}")
"""A VAT number as most countries have it; whether it is in force, only their offices know."""


class BuyerKind(StrEnum):
    """A company, which needs a tax number, or a person, who has none."""

    COMPANY = "company"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Buyer:
    """Whom an invoice is made out to, and the e-mail address to which it is sent."""

    kind: BuyerKind
    title: str
    email: str
    tax_number: str | None = None

    def as_json(self) -> dict[str, Any]:
        """As the record stores it."""
        return {name: value for name, value in asdict(self).items() if value is not None}

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> Self:
        return cls(**stored | {"kind": BuyerKind(stored["kind"])})


def buyer(kind: BuyerKind, title: str, email: str, tax_number: str | None, country: str | None) -> Buyer:
    """The buyer as asked for, of a brand that is at home in a country (ISO 3166).

    Raises TaxNumberMissing, TaxNumberInvalid, TaxNumberOfPerson.
    """
    if kind is BuyerKind.PERSON:
        if tax_number:
            raise TaxNumberOfPerson.at(
                "/tax_number",
                'A person has no tax number here; leave it out, or choose "company".',
                "个人抬头无需填写税号，请去掉税号或选择“企业”。",
            )
        return Buyer(kind, title, email)
    if not tax_number:
        raise TaxNumberMissing.at(
            "/tax_number", "A company's invoice needs its tax number.", "企业抬头须填写纳税人识别号。"
        )
    number = read_tax_number(tax_number, country)
    if number is None:
        raise _invalid(country)
    return Buyer(kind, title, email, number)


def _invalid(country: str | None) -> TaxNumberInvalid:
    if country == CHINA:
        return TaxNumberInvalid.at(
            "/tax_number",
            "This is no unified social credit code: 18 characters, of which the last checks the others, or the 15 of a "
            "number of before 2015. Copy it from the business licence.",
            "该税号不正确：应为 18 位统一社会信用代码（末位为校验码）或 15 位旧版税号，请按营业执照填写。",
        )
    return TaxNumberInvalid.at(
        "/tax_number",
        "This is no tax number: use 4 to 20 letters and digits, such as DE136695976.",
        "该税号不正确：请填写 4 至 20 位字母或数字，例如 DE136695976。",
    )


def read_tax_number(typed: str, country: str | None) -> str | None:
    """A tax number as people type it, in the form in which it is stored; None for what is none."""
    plain = "".join(each for each in unicodedata.normalize("NFKC", typed).upper() if each not in " -./·")
    if country != CHINA:
        return plain if _ELSEWHERE.fullmatch(plain) else None
    code = plain.replace("O", "0").replace("I", "1")
    if len(code) == 18:
        return code if _checks(code) else None
    return plain if _OLD_FORM.fullmatch(plain) else None


def _checks(code: str) -> bool:
    """Whether the last character of a unified social credit code checks the others: weights are powers of 3, modulo 31
    (GB 32100-2015, 5.5).
    """
    if any(each not in _CREDIT_CODE for each in code):
        return False
    total = sum(_CREDIT_CODE.index(each) * pow(3, place, 31) for place, each in enumerate(code[:17]))
    return _CREDIT_CODE.index(code[17]) == -total % 31
