"""What the API takes of events. One that is not as it should be is refused by itself, and spoils no other."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar

from pydantic import (
    Field,
    SkipValidation,
    StrictBool,
    StrictInt,
    StringConstraints,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from chalicelib.insight.intake.model.told import MOST_EVENTS, MOST_MS, MOST_PRODUCTS, MOST_PROPERTIES, Told
from chalicelib.kernel.errors import FieldError, InvalidField
from chalicelib.kernel.language import Language
from chalicelib.kernel.strict_json import forbidden_texts
from chalicelib.kernel.text import forbidden
from chalicelib.web import Body, Instant, UlidStr
from chalicelib.web.fields import OneLine
from chalicelib.web.problems import faults_of, message_for

_LONGEST = 200

Token = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]+$", max_length=64)]
VisitorId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
PropertyText = Annotated[str, StringConstraints(max_length=_LONGEST), OneLine]
PropertyName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
WholeNumber = Annotated[StrictInt, Field(ge=-(2**53), le=2**53)]


def _property(value: Any, check: ValidatorFunctionWrapHandler) -> Any:
    """Any of the three kinds, and if it is none of them one reason instead of one for each."""
    try:
        return check(value)
    except ValidationError as fault:
        raise InvalidField(
            f"this is true or false, a whole number up to 2^53, or one line of at most {_LONGEST} characters",
            f"此处应为布尔值、不超过 2^53 的整数，或不超过 {_LONGEST} 个字符的单行文字",
        ) from fault


Property = Annotated[StrictBool | WholeNumber | PropertyText, WrapValidator(_property)]

_VISITOR = "3f2b8c1e-5a64-4b7e-9d0a-6c1f2e3d4b5a"


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An event that is not as it should be; ``event_id`` as far as it has one."""

    event_id: str | None
    reason: str


class EventForm(Body):
    """One thing that was done, at the instant by the clock of the device. ``channel`` is a channel's id, or the name by
    which another system knows it; ``duration_ms`` how long a page was looked at. ``product_ids`` are for what is about
    several products, such as a comparison or an order. A view with the property ``continues`` (true) and the instant of
    a view that was told before makes that one so much longer.
    """

    event_id: Token
    type: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    at: Instant
    product_id: UlidStr | None = None
    product_ids: list[UlidStr] = Field(default=[], max_length=MOST_PRODUCTS)
    campaign_id: UlidStr | None = None
    channel: Token | None = None
    duration_ms: Annotated[int, Field(ge=0, le=MOST_MS)] | None = None
    properties: dict[PropertyName, Property] = Field(default={}, max_length=MOST_PROPERTIES)

    def told(self) -> Told:
        products = {*self.product_ids, *([self.product_id] if self.product_id else [])}
        return Told(
            self.event_id, self.type, self.at, tuple(sorted(products)), self.campaign_id or "", self.channel or "",
            self.duration_ms, self.properties,
        )  # fmt: skip


class EventsForm(Body):
    """What one browser or shop saw somebody do. ``visitor_id`` names a browser that nobody is signed in with, and
    together with a member token the one on which that member signed in; ``sent_at`` is the instant of sending by the
    same clock as the events', so that one which is wrong can be corrected.
    """

    EXAMPLES: ClassVar[Mapping[str, Any]] = {
        "a product was looked at and put into the basket": {
            "visitor_id": _VISITOR,
            "sent_at": "2026-11-22T08:00:31Z",
            "events": [
                {"event_id": "b1a7-1", "type": "view", "at": "2026-11-22T08:00:00Z", "duration_ms": 21000},
                {"event_id": "b1a7-2", "type": "cart", "at": "2026-11-22T08:00:21Z", "properties": {"quantity": 2}},
            ],
        }
    }

    events: list[Annotated[EventForm, SkipValidation]] = Field(min_length=1, max_length=MOST_EVENTS)
    visitor_id: VisitorId | None = None
    sent_at: Instant | None = None

    def read(self, language: Language) -> list[Told | Unreadable]:
        """Each event, or why it cannot be read."""
        return [read(each, language) for each in self.events]


def read(sent: Any, language: Language) -> Told | Unreadable:
    """An event as it was sent, or why it cannot be read: which field, and what to do."""
    if unfit := forbidden_texts(sent):
        return _unreadable(sent, FieldError(unfit[0], message_for("forbidden_character", language) or ""))
    try:
        return EventForm.model_validate(sent).told()
    except ValidationError as fault:
        return _unreadable(sent, faults_of(fault, language)[0])


def _unreadable(sent: Any, fault: FieldError) -> Unreadable:
    event_id = sent.get("event_id") if isinstance(sent, dict) else None
    short = event_id if isinstance(event_id, str) and len(event_id) <= 64 and not forbidden(event_id) else None
    return Unreadable(short, f"{fault.pointer.removeprefix('/') or 'event'}: {fault.message}")
