"""What a brand's file calls somebody: an e-mail address, a phone number, or the brand's own reference. Pure.

An address is spelled here as it is where people sign in, so that both lead to the same member.
"""

import re
import unicodedata

from chalicelib.members.model.identities import Identity

_NUMBER = re.compile(r"\(?\+?[(0-9][0-9 ()./\u2010-\u2015\u2212-]{5,24}")
_ABROAD = re.compile(r"\(?\+")


def identity_named(text: str, region: str | None) -> Identity:
    """An e-mail address in lower case, a phone number in E.164, or else a reference as it is written.

    A number without a country code is one of ``region`` (ISO 3166), and only where it may be a mobile phone's there:
    nobody signs in with another, and a customer number such as 1001 stays a reference.
    """
    email = email_of(text)
    if email is not None:
        return Identity("email", email)
    phone = phone_of(text, region)
    return Identity("ref", text) if phone is None else Identity("phone", phone)


def email_of(text: str) -> str | None:
    """The e-mail address in lower case; None where it is none."""
    typed = unicodedata.normalize("NFKC", text)
    if "@" not in typed:
        return None
    from email_validator import EmailNotValidError, validate_email  # a tenth of a second that few requests need

    try:
        checked = validate_email(typed, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return None
    return checked.normalized.lower()


def phone_of(text: str, region: str | None) -> str | None:
    """The phone number in E.164; None where it is none, or without a country code is no mobile number of the region."""
    typed = unicodedata.normalize("NFKC", text).strip()
    if not _NUMBER.fullmatch(typed) or (region is None and not _ABROAD.match(typed)):
        return None
    import phonenumbers  # as large as the above

    try:
        number = phonenumbers.parse(typed, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    mobile = (phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE)
    if not _ABROAD.match(typed) and phonenumbers.number_type(number) not in mobile:
        return None
    formatted: str = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return formatted


def country_of_number(number: str) -> str | None:
    """The country (ISO 3166) of a phone number in E.164, or None."""
    import phonenumbers  # its tables are loaded where a phone number came in, and nowhere else

    return phonenumbers.region_code_for_number(phonenumbers.parse(number, None))
