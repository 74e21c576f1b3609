"""The shapes of input and output that every route shares."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    SerializerFunctionWrapHandler,
    StringConstraints,
    ValidationInfo,
    WithJsonSchema,
    WrapSerializer,
)
from pydantic_core import PydanticCustomError

from chalicelib.kernel.clock import instant, zone_names
from chalicelib.kernel.context import contacts_shown, country
from chalicelib.kernel.currencies import CURRENCIES
from chalicelib.kernel.errors import InvalidField
from chalicelib.kernel.ids import is_id
from chalicelib.kernel.language import LONGEST_TAG, TAG, is_tag
from chalicelib.kernel.money import MAX_MINOR, Money
from chalicelib.kernel.text import forbidden, harmless, off_the_line


class Body(BaseModel):
    """A JSON body: unknown fields are refused, texts are stripped, numbers are never read from strings."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        str_strip_whitespace=True,
        allow_inf_nan=False,
        frozen=True,
        defer_build=True,
    )

    EXAMPLES: ClassVar[Mapping[str, Any]] = {}
    """Bodies as they may be sent, by what they show; for the API document."""


class Query(BaseModel):
    """Query parameters: unknown ones are refused, texts are read as the type they should have."""

    model_config = ConfigDict(
        extra="forbid",
        str_strip_whitespace=True,
        allow_inf_nan=False,
        frozen=True,
        defer_build=True,
    )


class View(BaseModel):
    """An answer; may be filled from a record's attributes."""

    model_config = ConfigDict(from_attributes=True, defer_build=True)


def _harmless(value: Any) -> Any:
    return harmless(value) if isinstance(value, str) else value


def _one_line(value: Any) -> Any:
    # What no message can hold is refused in every text, with words of its own, once the body is known to fit.
    if isinstance(value, str) and off_the_line(value.strip()) and not forbidden(value):
        raise InvalidField(
            "this is one line: remove tabs, line breaks and control characters",
            "此处只能填写一行，请删除制表符、换行符和控制字符",
        )
    return _harmless(value)


Harmless = BeforeValidator(_harmless)
"""For text that people write: what cannot be seen and only misleads is left out of it."""

OneLine = BeforeValidator(_one_line)
"""For names and titles: as ``Harmless``, and one line."""


def _spelled(kind: type, pattern: str, fault: Literal["datetime_parsing", "date_parsing"]) -> Callable[[Any], Any]:
    """Refuses the other spellings that pydantic would take, such as a count of seconds."""
    shape = re.compile(pattern)

    def check(value: Any) -> Any:
        if isinstance(value, kind) or (isinstance(value, str) and shape.fullmatch(value.strip())):
            return value
        raise PydanticCustomError(fault, "not in the form that is asked for")

    return check


def _to_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError as far:
        raise InvalidField("the instant is out of range", "时间超出范围") from far


def _zone_name(name: str) -> str:
    if name not in zone_names():
        raise InvalidField(
            f"'{name}' is not an IANA time zone; use a name such as Asia/Shanghai",
            f"“{name}”不是 IANA 时区，请使用如 Asia/Shanghai 的名称",
        )
    return name


def _locale(tag: str) -> str:
    if not is_tag(tag):
        raise InvalidField(
            f"'{tag}' is not a language tag (BCP 47); use one such as zh-CN or en-GB",
            f"“{tag}”不是语言标签（BCP 47），请使用如 zh-CN 或 en-GB 的标签",
        )
    return tag


def _currency(code: str) -> str:
    if code not in CURRENCIES:
        known = ", ".join(sorted(CURRENCIES))
        raise InvalidField(f"'{code}' is not a currency we take; one of {known}", f"不支持币种“{code}”，可用：{known}")
    return code


def _ulid(text: str) -> str:
    if not is_id(text):
        raise InvalidField(
            "this is not an id; ids have 26 characters, such as 01J9ZQ0W7N8RXC5B2M4T6V8Y0A",
            "此处应为 26 位的编号，例如 01J9ZQ0W7N8RXC5B2M4T6V8Y0A",
        )
    return text


_TIME_OF_DAY = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


def _wall_time(text: str) -> str:
    if not _TIME_OF_DAY.fullmatch(text):
        raise InvalidField(
            "write a time of day from 00:00 to 23:59, such as 21:30", "请填写 00:00 至 23:59 的时间，例如 21:30"
        )
    return text


def _email(text: str) -> str:
    from email_validator import EmailNotValidError, validate_email

    try:
        checked = validate_email(text, check_deliverability=False, test_environment=True)
    except EmailNotValidError as fault:
        raise InvalidField(str(fault), "邮箱地址无效，请检查后重新填写") from fault
    return checked.normalized.lower()


def _phone(text: str, form: ValidationInfo) -> str:
    """As E.164; without country code it is read as a number of the store's own country."""
    import phonenumbers

    asks, home = country.get(), None
    if asks is not None and not unicodedata.normalize("NFKC", text).lstrip().startswith("+"):
        home = asks(form.data or {})
    try:
        number = phonenumbers.parse(text, home)
    except phonenumbers.NumberParseException as fault:
        raise InvalidField(
            "write the number with its country code, such as +8613800138000",
            "请填写带国家代码的号码，例如 +8613800138000",
        ) from fault
    if not phonenumbers.is_valid_number(number):
        raise InvalidField(
            "this is not a valid phone number; write it with its country code, such as +8613800138000",
            "号码无效，请填写带国家代码的号码，例如 +8613800138000",
        )
    formatted: str = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return formatted


def _with_plus(typed: Any) -> Any:
    """A plus sign that was not encoded reaches us as a blank."""
    return f"+{typed.strip()}" if isinstance(typed, str) and typed[:1] == " " else typed


Title = Annotated[str, StringConstraints(min_length=1, max_length=120), OneLine]
ShortText = Annotated[str, StringConstraints(min_length=1, max_length=300), Harmless]
LongText = Annotated[str, StringConstraints(max_length=5000), Harmless]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z0-9](?:[a-z0-9-]{1,38}[a-z0-9])$")]
Url = Annotated[str, StringConstraints(pattern=r"^https?://[^\s]+$", max_length=2000)]
EmailText = Annotated[
    str,
    StringConstraints(max_length=254),
    AfterValidator(_email),
    Field(json_schema_extra={"format": "email"}, examples=["ada@example.com"]),
]
PhoneText = Annotated[
    str,
    StringConstraints(max_length=30),
    AfterValidator(_phone),
    Field(examples=["+8613800138000"]),
]
PhoneAsked = Annotated[PhoneText, BeforeValidator(_with_plus)]
"""A phone number in a query."""

ZoneName = Annotated[
    str,
    StringConstraints(max_length=64),
    AfterValidator(_zone_name),
    Field(examples=["Asia/Shanghai"]),
]
LocaleTag = Annotated[
    str,
    AfterValidator(_locale),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": TAG,
            "maxLength": LONGEST_TAG,
            "description": "A language tag (BCP 47), kept as given. Texts come in Chinese for zh, else in English.",
            "examples": ["zh-CN", "en-GB", "zh-Hant-TW"],
        }
    ),
]
CurrencyCode = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Z]{3}$"),
    AfterValidator(_currency),
    Field(examples=["CNY"]),
]
UlidStr = Annotated[
    str,
    AfterValidator(_ulid),
    WithJsonSchema({"type": "string", "pattern": "^[0-7][0-9A-HJKMNP-TV-Z]{25}$"}),
]
WallTime = Annotated[
    str,
    AfterValidator(_wall_time),
    WithJsonSchema({"type": "string", "pattern": f"^{_TIME_OF_DAY.pattern}$", "examples": ["21:30"]}),
]
"""A time of day as clocks on a wall show it, ``HH:MM``."""
Quantity = Annotated[int, Field(ge=1, le=9999)]

Instant = Annotated[
    AwareDatetime,
    Field(strict=False),
    BeforeValidator(_spelled(datetime, r"\d{4}-\d\d-\d\d[Tt ].+", "datetime_parsing")),
    AfterValidator(_to_utc),
    PlainSerializer(instant, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""An instant, RFC 3339 with an offset on the way in, UTC with ``Z`` on the way out."""

LocalDate = Annotated[
    date,
    Field(strict=False),
    BeforeValidator(_spelled(date, r"\d{4}-\d\d-\d\d", "date_parsing")),
    WithJsonSchema({"type": "string", "format": "date"}),
]
"""A calendar date in the tenant's zone, ``YYYY-MM-DD``."""

RecordedDate = Annotated[LocalDate, Field(ge=date(1970, 1, 1), le=date(2999, 12, 31))]
"""A date on which anything may have been recorded, or be promised; days can be counted from it in both directions."""


class MoneyField(BaseModel):
    """An amount in minor units, such as ``{"amount_minor": 1250, "currency": "CNY"}`` for ¥12.50."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, from_attributes=True, defer_build=True)

    amount_minor: int = Field(ge=-MAX_MINOR, le=MAX_MINOR)
    currency: CurrencyCode

    @classmethod
    def of(cls, amount_minor: int, currency: str) -> "MoneyField":
        """An amount for an answer."""
        return cls.model_construct(amount_minor=amount_minor, currency=currency)

    def __str__(self) -> str:
        return str(self.money())

    def money(self) -> Money:
        return Money(self.amount_minor, self.currency)


def _split_commas(value: Any) -> Any:
    return [part for part in value.split(",") if part] if isinstance(value, str) else value


def _contact(value: Any, shown: SerializerFunctionWrapHandler) -> Any:
    return shown(value) if contacts_shown.get() else None


T = TypeVar("T")

_OF_PEOPLE = WrapSerializer(_contact)
Contact = Annotated[T | None, _OF_PEOPLE]
"""What says who a person is or how they are reached: null for callers whose work needs no contact with people."""


def as_shown(answered: Any) -> Any:
    """What is answered in process as its caller would read it over HTTP: without contacts where they see none."""
    return answered if contacts_shown.get() else _without_contacts(answered)


def _without_contacts(value: Any) -> Any:
    if isinstance(value, BaseModel):
        shown = {
            name: None if _OF_PEOPLE in field.metadata else _without_contacts(getattr(value, name))
            for name, field in type(value).model_fields.items()
        }
        return value.model_copy(update=shown)
    if isinstance(value, list):
        return [_without_contacts(each) for each in value]
    if isinstance(value, dict):
        return {name: _without_contacts(each) for name, each in value.items()}
    return value


CommaList = Annotated[list[str], BeforeValidator(_split_commas)]
"""A query value with several entries, separated by commas."""
