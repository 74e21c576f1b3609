"""What the pages of complaints take, and the API's forms that they fill in."""

from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from chalicelib.complaints.forms import ComplaintEdit
from chalicelib.complaints.model.cases import Category
from chalicelib.complaints.model.causes import UNSPECIFIED
from chalicelib.complaints.model.remedies import MAX_PHOTOS
from chalicelib.kernel.errors import DomainError, FieldError, Invalid
from chalicelib.orders.bundles.model import named_as
from chalicelib.orders.model import MAX_PARCEL_LINES
from chalicelib.pages.shell.typed import amount
from chalicelib.web import Body, Query, UlidStr

Typed = Annotated[str, StringConstraints(max_length=8000)]


class MessagePage(Body):
    """A message to the member that asks or tells something, or what the member said by another way."""

    text: Typed | None = None
    means: Literal["asks", "tells", "notes"] = "asks"
    photos: Annotated[list[Typed], Field(max_length=2 * MAX_PHOTOS)] = []

    def asked(self) -> dict[str, Any]:
        """As the API takes it."""
        given: dict[str, Any] = {"text": self.text} if self.text is not None else {}
        given |= {"photos": self.photos} if self.photos else {}
        return given | {"said_by": "member" if self.means == "notes" else "team", "waits": self.means == "asks"}


class WhoseQuery(Query):
    """Of which order, or of which member, a complaint is noted."""

    order_id: UlidStr | None = None
    member_id: UlidStr | None = None


class NotePage(Body):
    """What a member complained of by another way than the store."""

    order_id: Typed | None = None
    member_id: Typed | None = None
    about: Typed | None = None
    source: Typed | None = None
    text: Typed | None = None

    def asked(self) -> dict[str, Any]:
        """As the API takes it. What it is about is left to the words where nothing is chosen."""
        chosen = {"category" if self.about in list(Category) else "cause": self.about}
        given = {
            "order_id": self.order_id, "member_id": self.member_id, "source": self.source, "text": self.text, **chosen,
        }  # fmt: skip
        return {name: value for name, value in given.items() if value}


class EditPage(ComplaintEdit):
    """What is set of a complaint. ``about`` is a cause or a category; what it was about already changes nothing."""

    about: Typed | None = None
    was_about: Typed | None = None

    def edit(self) -> dict[str, Any]:
        """As the API takes it."""
        given = self.model_dump(exclude_unset=True, exclude={"about", "was_about"})
        if self.about and self.about != self.was_about:
            given |= {"category" if self.about in list(Category) else "cause": self.about}
            given |= {"cause": UNSPECIFIED} if self.about in list(Category) else {}
        return given


Units = Annotated[int, Field(ge=0, le=9999)]
_BESIDE = {"batch_id": "/batch_id", "points": "/points", "supplier_id": "/supplier_id", "text": "/words",
           "amount": "/amount", "lines": "/units", "cost_to": "/cost_to", "kind": "/give"}  # fmt: skip


class ResolvePage(Body):
    """What came of a complaint, and what makes it good. ``units`` are by offer, of a bundle by part; ``keeps`` says
    that the member keeps what is exchanged.
    """

    outcome: Typed | None = None
    give: Literal["", "apology", "refund", "exchange", "coupon", "points"] = ""
    amount: Typed | None = None
    units: Annotated[dict[str, Units], Field(max_length=MAX_PARCEL_LINES)] = {}
    keeps: bool = False
    batch_id: Typed | None = None
    points: Typed | None = None
    words: Typed | None = None
    cost_to: Typed = "brand"
    supplier_id: Typed | None = None

    def asked(self, currency: str) -> dict[str, Any]:
        """As the API takes it. Raises Invalid for what is no amount of money, or no number of points."""
        given: dict[str, Any] = {"outcome": self.outcome} if self.outcome is not None else {}
        if not self.give:
            return given
        remedy: dict[str, Any] = {"kind": self.give, "cost_to": self.cost_to}
        remedy |= {"text": self.words} if self.words else {}
        if self.cost_to == "supplier" and self.supplier_id:
            remedy["supplier_id"] = self.supplier_id
        if self.give == "refund" and self.amount:
            remedy["amount"] = amount(self.amount, currency, "/amount")
        if self.give == "exchange":
            remedy["lines"] = [named_as(name) | {"quantity": units} for name, units in self.units.items() if units]
            remedy["goods"] = "not_needed" if self.keeps else "expected"
            if not remedy["lines"]:
                raise Invalid.at("/units", "Say how many units are exchanged.", "请填写换货件数。")
        if self.give == "coupon":
            if not self.batch_id:
                raise Invalid.at("/batch_id", "Choose which coupon the member gets.", "请选择要发放的优惠券。")
            remedy["batch_id"] = self.batch_id
        if self.give == "points":
            if not (self.points or "").isdecimal():
                raise Invalid.at("/points", "Type a number of points, such as 50.", "请填写积分数量，例如 50。")
            remedy["points"] = int(self.points or 0)
        return given | {"remedy": remedy}

    def beside(self, refusal: DomainError) -> DomainError:
        """A refusal of the API, with what it says of the remedy beside the page's fields."""
        refusal.errors = tuple(
            FieldError(_beside(each.pointer), each.message, each.message_zh) for each in refusal.errors
        )
        return refusal


def _beside(pointer: str) -> str:
    what, _, rest = pointer.removeprefix("/").partition("/")
    return _BESIDE.get(rest.partition("/")[0], "/give") if what == "remedy" else pointer
