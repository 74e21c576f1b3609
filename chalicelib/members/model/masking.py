"""Names as other members see them, and phone numbers as anyone does: masked. Pure."""

from collections.abc import Iterable

from chalicelib.kernel.context import contact
from chalicelib.kernel.text import cut, harmless
from chalicelib.members.model.identities import Identity

_HIDDEN = "**"
_DIGITS_SHOWN = 4
_FEWEST_DIGITS = 6
"""Of what may be a phone number without its country code."""


def shown_reference(reference: str | None, identities: Iterable[Identity] = ()) -> str | None:
    """A brand's own reference of a member: as a contact where it is an e-mail address or a phone number itself, also
    one without its country code, which the member's ``identities`` tell from a customer number.
    """
    numbers = [each.value for each in identities if each.kind == "phone"]
    digits = "".join(character for character in reference or "" if character.isdecimal()).lstrip("0")
    is_number = len(digits) >= _FEWEST_DIGITS and any(number.endswith(digits) for number in numbers)
    is_address = reference is not None and ("@" in reference or reference.startswith("+") or is_number)
    return contact(reference) if is_address else reference


def masked_name(name: str | None) -> str:
    """The first character and no more: ``王**`` for 王小明, ``A**`` for Ada; ``**`` for someone without a name."""
    return cut(harmless(name or "").strip(), 1) + _HIDDEN


def masked_phone(phone: str | None) -> str | None:
    """The last four digits, which is what people say at a counter: ``****8000``. None where there is no number."""
    return f"****{phone[-_DIGITS_SHOWN:]}" if phone else None
