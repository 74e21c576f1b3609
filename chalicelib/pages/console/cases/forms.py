"""What the pages of after-sale cases take, and the API's forms that they fill in."""

from collections.abc import Sequence
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.kernel.errors import DomainError, FieldError, Invalid
from chalicelib.kernel.money import read_amount
from chalicelib.orders.bundles.model import named_as
from chalicelib.orders.model import MAX_PARCEL_LINES
from chalicelib.web import Body

Units = Annotated[int, Field(ge=0, le=9999)]
UnitsOf = Annotated[dict[str, Units], Field(max_length=MAX_PARCEL_LINES)]
Typed = Annotated[str, StringConstraints(max_length=4000)]


class DecisionPage(Body):
    """What is decided. ``back`` is what goes back: as usual for its kind, some units, or an amount; ``step`` says
    whether it is to be looked at first, or adjusted once more.
    """

    step: Literal["look", "do", "adjust"] = "look"
    outcome: Literal["approve", "reject"] | None = None
    back: Literal["usual", "units", "amount"] = "usual"
    units: UnitsOf = {}
    amount: Typed | None = None
    goods: Literal["expected", "not_needed"] = "expected"
    pays: Literal["on_receipt", "on_approval"] | None = None
    reason: Typed | None = None

    def asked(self, currency: str) -> dict[str, Any]:
        """As the API takes it. Raises Invalid for what was not chosen or cannot be read."""
        if self.outcome is None:
            raise Invalid.at("/outcome", "Choose whether to approve or to reject it.", "请选择同意或拒绝。")
        if self.outcome == "reject":
            if self.reason is None:
                raise Invalid.at("/reason", "Say why: the member reads it.", "请填写原因，会员会看到。")
            return {"outcome": "reject", "reason": self.reason}
        given = {"reason": self.reason, "pays": self.pays, "refund": self._refund(currency)}
        return {"outcome": "approve", "goods": self.goods} | {
            name: value for name, value in given.items() if value is not None
        }

    def _refund(self, currency: str) -> dict[str, Any] | None:
        if self.back == "usual":
            return None
        if self.back == "amount":
            return {"amount": {"amount_minor": minor(self.amount, currency), "currency": currency}}
        lines = [named_as(name) | {"quantity": units} for name, units in self.units.items() if units]
        if not lines:
            raise Invalid.at("/units", "Say how many units go back.", "请填写退款件数。")
        return {"lines": lines}

    def beside(self, refusal: DomainError) -> DomainError:
        """A refusal of the API, with what it says of the refund beside the page's fields."""
        offers = [offer_id for offer_id, units in self.units.items() if units]
        refusal.errors = tuple(_moved(each, "/refund/lines", "/units", offers) for each in refusal.errors)
        return refusal


class ReceiptPage(Body):
    """What came back, by offer: so many units for the shelf, so many written off."""

    shelf: UnitsOf = {}
    off: UnitsOf = {}
    note: Typed | None = None

    @property
    def _lines(self) -> list[tuple[str, str, int]]:
        both = (("restock", self.shelf), ("write_off", self.off))
        return [(to, offer_id, units) for to, given in both for offer_id, units in given.items() if units]

    def asked(self) -> dict[str, Any]:
        """As the API takes it. Raises Invalid where nothing came."""
        lines = [named_as(name) | {"quantity": units, "disposition": to} for to, name, units in self._lines]
        if not lines:
            raise Invalid.at("/shelf", "Say how many units came back.", "请填写收到的件数。")
        return {"lines": lines} | ({"note": self.note} if self.note else {})

    def beside(self, refusal: DomainError) -> DomainError:
        """A refusal of the API, with what it says of a line beside the field that the line came from."""
        names = [f"{'shelf' if to == 'restock' else 'off'}/{offer_id}" for to, offer_id, _ in self._lines]
        refusal.errors = tuple(_moved(each, "/lines", "", names) for each in refusal.errors)
        return refusal


class ClosingPage(Body):
    """What was done, which the member sees."""

    done: Typed | None = None

    def asked(self) -> dict[str, Any]:
        """As the API takes it."""
        return {"note": self.done} if self.done else {}

    def beside(self, refusal: DomainError) -> DomainError:
        """A refusal of the API's note, said of the page's field."""
        refusal.errors = tuple(_moved(each, "/note", "/done", ()) for each in refusal.errors)
        return refusal


class InsteadPage(Body):
    """Why an exchange is paid back, and whether its goods stay with the member."""

    why: Typed | None = None
    stays: Literal["expected", "not_needed"] = "expected"

    def asked(self) -> dict[str, Any]:
        """As the API takes it. Raises Invalid without a reason."""
        if self.why is None:
            raise Invalid.at("/why", "Say why: the member reads it.", "请填写原因，会员会看到。")
        return {"reason": self.why, "goods": self.stays}

    def beside(self, refusal: DomainError) -> DomainError:
        """A refusal of the API's reason, said of the page's field."""
        refusal.errors = tuple(_moved(each, "/reason", "/why", ()) for each in refusal.errors)
        return refusal


def minor(typed: str | None, currency: str) -> int:
    """An amount as it was typed, such as ``12.50``, in minor units. Raises Invalid for what is none."""
    found = read_amount(typed or "", currency)
    if not found:
        raise Invalid.at("/amount", "Type an amount above zero, such as 12.50.", "请填写大于零的金额，例如 12.50。")
    return found


def _moved(error: FieldError, of: str, to: str, names: Sequence[str]) -> FieldError:
    """What is said of the API's field or list ``of`` beside the page's ``to``, of an item beside its name below it."""
    if error.pointer != of and not error.pointer.startswith(f"{of}/"):
        return _of_the_amount(error)
    index = error.pointer.removeprefix(of).strip("/").partition("/")[0]
    named = names[int(index)] if index.isdecimal() and int(index) < len(names) else ""
    pointer = f"{to}/{named}" if named else to or error.pointer
    return FieldError(pointer, error.message, error.message_zh)


def _of_the_amount(error: FieldError) -> FieldError:
    amount = error.pointer.startswith("/refund")
    return FieldError("/amount", error.message, error.message_zh) if amount else error
