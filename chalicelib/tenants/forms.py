"""What the tenant routes take."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema

from chalicelib.kernel.errors import InvalidField
from chalicelib.media.model import OWN_PICTURE
from chalicelib.tenants.model import Duty, TenantChanges, check_editable
from chalicelib.tenants.service.api_keys import NewKey
from chalicelib.tenants.service.staff import Work
from chalicelib.web import (
    Body,
    CurrencyCode,
    EmailText,
    Instant,
    LocaleTag,
    LongText,
    OneLine,
    Query,
    ShortText,
    TaxRate,
    Title,
    UlidStr,
    WeekForm,
    ZoneName,
)

RoleName = Literal["owner", "manager", "editor", "planner", "service", "analyst", "technical"]
Scope = Literal["owner", "manager", "editor", "planner", "service", "analyst", "technical", "*"]
ColourName = Literal["primary", "accent", "background", "text"]
Colour = Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$", to_lower=True)]
LogoUrl = Annotated[str, StringConstraints(pattern=rf"^(https://[^\s/]+[^\s]*|{OWN_PICTURE})$", max_length=2000)]


Fixed = Annotated[Any, Field(description="Refused: fixed at sign-up."), WithJsonSchema({"type": "null"})]
"""A field that is named here only so that its refusal can say why."""


def _country(code: str) -> str:
    from phonenumbers import SUPPORTED_REGIONS

    if code not in SUPPORTED_REGIONS:
        raise InvalidField(
            f"'{code}' is not a country (ISO 3166); use a code such as CN", f"“{code}”不是国家代码，请使用如 CN 的代码"
        )
    return code


CountryCode = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Z]{2}$"),
    AfterValidator(_country),
    Field(
        examples=["CN"],
        description="ISO 3166: phone numbers without a country code are read as numbers of it. It follows from the "
        "time zone or the currency where it is not given.",
    ),
]


def _once_each(names: list[Any]) -> list[Any]:
    return list(dict.fromkeys(names))


Roles = Annotated[list[RoleName], Field(min_length=1, max_length=7), AfterValidator(_once_each)]
Scopes = Annotated[list[Scope], Field(min_length=1, max_length=8), AfterValidator(_once_each)]


class NewTenant(Body):
    """A brand that signs up. The slug becomes part of the storefront's address."""

    name: Title
    slug: Annotated[str, StringConstraints(max_length=100)] = Field(
        description="3 to 40 lower-case letters, digits and single hyphens, a letter first. Cannot be changed."
    )
    owner_email: EmailText
    timezone: ZoneName = Field(
        description="IANA name, such as Asia/Shanghai: its days are your days. Cannot be changed."
    )
    currency: CurrencyCode = Field(description="ISO 4217, such as CNY. Cannot be changed.")
    locale: LocaleTag
    country: CountryCode | None = None


class BrandEdit(Body):
    """The face of the brand. What is absent stays, null clears; the logo is an https address or that of a picture that
    you uploaded.
    """

    logo: LogoUrl | None = None
    colours: dict[ColourName, Colour] | None = None
    slogan: ShortText | None = None
    story: LongText | None = None
    values: Annotated[list[Title], Field(max_length=12)] | None = None


class TaxEdit(Body):
    """The rate of the tax that prices include: ``default_rate`` for SKUs that say none of their own, ``delivery_rate``
    for delivery fees. What is absent stays, null clears: without a rate no tax is shown. A new rate holds for campaigns
    that are published from now on.
    """

    default_rate: TaxRate | None = None
    delivery_rate: TaxRate | None = None

    def changes(self) -> dict[str, Any]:
        """As the rules name them."""
        names = {"default_rate": "tax_rate", "delivery_rate": "delivery_tax_rate"}
        return {names[name]: rate for name, rate in self.model_dump(exclude_unset=True).items()}


class TenantEdit(Body):
    """What is absent or null stays as it is."""

    name: Title | None = None
    locale: LocaleTag | None = None
    country: CountryCode | None = None
    brand: BrandEdit | None = None
    tax: TaxEdit | None = None
    slug: Fixed = None
    timezone: Fixed = None
    currency: Fixed = None

    @property
    def named(self) -> dict[str, Any]:
        """The fields that are given a value; in the brand and of the tax a null counts too."""
        return {name: value for name, value in self.model_dump(exclude_unset=True).items() if value is not None}

    def changes(self) -> TenantChanges:
        """Raises FixedAtSignUp where a field is named that cannot be changed."""
        sent = self.named
        check_editable(sent)
        sent |= self.tax.changes() if sent.pop("tax", None) is not None and self.tax else {}
        return TenantChanges(**sent.pop("brand", {}), **sent)


class NewStaff(Body):
    email: EmailText
    name: Title | None = None
    roles: Roles


Skill = Annotated[str, StringConstraints(min_length=1, max_length=80), OneLine]


class DutyForm(Body):
    """When somebody is there for complaints and after-sales. While ``on`` is false they get none, and what they have
    goes to others; ``hours`` are by weekday in the brand's time zone, null is always.
    """

    on: bool = True
    hours: WeekForm | None = None

    def duty(self) -> Duty:
        """Raises Invalid for spans that overlap."""
        return Duty(self.on, self.hours.weekly("/duty/hours") if self.hours else None)


class StaffEdit(Body):
    """What is absent or null stays as it is. The e-mail is the identity: another e-mail is another person. ``skills``
    are causes and categories of complaints that they know best, or ``return``, ``exchange``, ``repair``.
    """

    EXAMPLES = {
        "knows the quality of goods, works on weekdays": {
            "skills": ["quality"],
            "duty": {"on": True, "hours": {"mon": [{"from": "09:00", "to": "18:00"}]}},
        },
    }

    name: Title | None = None
    roles: Roles | None = None
    skills: Annotated[list[Skill], Field(max_length=20)] | None = None
    pickup_point_ids: Annotated[list[UlidStr], Field(max_length=100)] | None = None
    duty: DutyForm | None = None

    def work(self) -> Work:
        """Which cases they get. Raises Invalid for hours that contradict each other."""
        return Work(self.skills, self.pickup_point_ids, self.duty.duty() if self.duty else None)


class NewApiKey(Body):
    """Scopes are roles that you hold; ``*`` is all of them. The key does no more than you may at the time."""

    name: Title
    scopes: Scopes
    expires_at: Instant | None = Field(default=None, description="When it ends by itself; null is never.")

    def new(self) -> NewKey:
        """The key as it is asked for."""
        return NewKey(self.name, self.scopes, self.expires_at)


class KeyRotation(Body):
    """For how many hours the secret in use goes on working: a day, unless you say otherwise; with 0 it ends at once."""

    overlap_hours: Annotated[int, Field(ge=0, le=168)] = 24


class ApiKeyQuery(Query):
    """``keeper_id``: the keys that one person of the staff answers for, who may have left."""

    keeper_id: UlidStr | None = None


class AuditQuery(Query):
    """``target`` such as ``staff:01J…``, ``action`` such as ``staff.changed``."""

    target: Annotated[str, StringConstraints(pattern=r"^[a-z_]+:[^#\s]{1,100}$")] | None = None
    action: Annotated[str, StringConstraints(pattern=r"^[a-z_]+\.[a-z_]+$", max_length=60)] | None = None
