"""Names as other members see them, and phone numbers as anyone does: masked. Pure."""

import unicodedata
from collections.abc import Sequence

from chalicelib.kernel.context import contact
from chalicelib.kernel.text import cut, harmless
from chalicelib.members.model.identities import Identity

_HIDDEN = "**"
_DIGITS_SHOWN = 4
_FEWEST_DIGITS = 6
"""Of what could be a phone number, or most of one."""


def shown_reference(reference: str | None, identities: Sequence[Identity]) -> str | None:
    """A brand's own reference of a member: as a contact where it is an e-mail address or a phone number itself, also
    one that is spelled without the country code of a number among the member's ``identities``.
    """
    return contact(reference) if reference is not None and _is_address(reference, identities) else reference


def _is_address(reference: str, identities: Sequence[Identity]) -> bool:
    if "@" in reference or reference.startswith("+"):
        return True
    typed = unicodedata.normalize("NFKC", reference)
    digits = "".join(each for each in typed if each.isdecimal()).lstrip("0")
    numbers = [each.value for each in identities if each.kind == "phone"]
    return len(digits) >= _FEWEST_DIGITS and any(number.endswith(digits) for number in numbers)


def masked_name(name: str | None) -> str:
    """The first character and no more: ``王**`` for 王小明, ``A**`` for Ada; ``**`` for someone without a name."""
    return cut(harmless(name or "").strip(), 1) + _HIDDEN


def masked_phone(phone: str | None) -> str | None:
    """The last four digits, which is what people say at a counter: ``****8000``. None where there is no number."""
    return f"****{phone[-_DIGITS_SHOWN:]}" if phone else None
