"""Names as other members see them, and phone numbers as anyone does: masked. Pure."""

from chalicelib.kernel.context import contact
from chalicelib.kernel.text import cut, harmless

_HIDDEN = "**"
_DIGITS_SHOWN = 4


def shown_reference(reference: str | None) -> str | None:
    """A brand's own reference of a member: as a contact where it is an e-mail address or a phone number itself."""
    is_address = reference is not None and ("@" in reference or reference.startswith("+"))
    return contact(reference) if is_address else reference


def masked_name(name: str | None) -> str:
    """The first character and no more: ``王**`` for 王小明, ``A**`` for Ada; ``**`` for someone without a name."""
    return cut(harmless(name or "").strip(), 1) + _HIDDEN


def masked_phone(phone: str | None) -> str | None:
    """The last four digits, which is what people say at a counter: ``****8000``. None where there is no number."""
    return f"****{phone[-_DIGITS_SHOWN:]}" if phone else None
