"""What the pages of suppliers say and fill in beyond the API's views."""

from datetime import date

from chalicelib.fulfilment.suppliers.model import BelowMinimum, Licence, Rounding
from chalicelib.fulfilment.suppliers.views import LicenceView, SupplierView, TermsView
from chalicelib.pages.console.said import State
from chalicelib.pages.shell import N_
from chalicelib.pages.shell.typed import written

LICENCES = {
    "valid": State(N_("valid"), "good"),
    "ending": State(N_("ends soon"), "warn"),
    "over": State(N_("over: nothing is bought here"), "bad"),
}


def licensed(supplier: SupplierView, today: date) -> list[tuple[LicenceView, State]]:
    """A supplier's licences, each with how it stands, those that end first before others."""
    found = sorted(supplier.licences, key=lambda each: each.valid_until)
    return [(each, LICENCES[Licence(each.name, each.number, each.valid_until).state(today)]) for each in found]


def worst(supplier: SupplierView, today: date) -> State | None:
    """How its licences stand, where one is ending or over."""
    states = [state for _, state in licensed(supplier, today)]
    return next((each for each in states if each.tone != "good"), None)


STATUSES = {"active": N_("In use"), "archived": N_("Archived")}
BELOW = {
    BelowMinimum.BUY: N_("It is bought anyway"),
    BelowMinimum.RELEASE: N_("Nothing is bought, and the orders are refunded"),
    BelowMinimum.TOP_UP: N_("More is bought, for our own shelf"),
}
ROUNDING = {
    Rounding.CEIL: N_("Buy the pack that is begun; what is left over goes to our shelf"),
    Rounding.FLOOR: N_("Buy full packs only, where few units are missing"),
}


NEW = {
    "name": "", "contact": "", "phone": "", "email": "", "note": "", "minimum": "",
    "below_minimum": BelowMinimum.BUY.value,
}  # fmt: skip
"""A form for a new supplier, before anything is typed."""

_USUAL = {
    "cost": "", "pack_size": "1", "pack_rounding": Rounding.CEIL.value, "tolerance": "0", "minimum_quantity": "",
    "minimum_amount": "", "below_minimum": BelowMinimum.BUY.value, "lead_days": "0", "code": "", "main": "true",
}  # fmt: skip


def filled_in(supplier: SupplierView) -> dict[str, str]:
    """The form's fields as they are stored."""
    return {
        "name": supplier.name, "contact": supplier.contact or "", "phone": supplier.phone or "",
        "email": supplier.email or "", "note": supplier.note, "minimum": written(supplier.minimum),
        "below_minimum": supplier.below_minimum.value,
    }  # fmt: skip


def terms_filled_in(terms: TermsView | None) -> dict[str, str]:
    """The form of terms as they are agreed; as is usual where nothing is agreed yet."""
    if terms is None:
        return dict(_USUAL)
    return {
        "cost": written(terms.cost), "pack_size": str(terms.pack_size), "pack_rounding": terms.pack_rounding.value,
        "tolerance": str(terms.tolerance),
        "minimum_quantity": str(terms.minimum_quantity or ""), "minimum_amount": written(terms.minimum_amount),
        "below_minimum": terms.below_minimum.value, "lead_days": str(terms.lead_days), "code": terms.code or "",
        "main": "true" if terms.main else "",
    }  # fmt: skip
