"""What the routes of members answer."""

from typing import Any, Literal, Self

from pydantic import ConfigDict, Field

from chalicelib.kernel.language import Language
from chalicelib.members.model.masking import shown_reference
from chalicelib.members.records import MemberRecord
from chalicelib.web import Contact, Instant, LocalDate, UlidStr, View


class ProfileView(View):
    """What the member said of themselves; null where nothing."""

    name: Contact[str] = None
    age_band: str | None = None
    gender: str | None = None
    occupation: str | None = None
    income_band: str | None = None
    interests: list[str] = []


class ConsentView(View):
    """A yes or no, and since when."""

    granted: bool
    at: Instant


class AcceptanceView(View):
    """A version of one of the brand's legal texts that the member has accepted, in which language, and when."""

    kind: Literal["privacy", "terms"]
    revision: int
    language: Language
    at: Instant


class MemberView(View):
    """A member. ``class``, ``tier`` and ``points`` are null while the tenant has none of them. ``accepted`` are legal
    texts of the brand, by kind, the latest version last.
    """

    model_config = ConfigDict(from_attributes=True, serialize_by_alias=True, populate_by_name=True)

    id: UlidStr
    external_ref: str | None
    email: Contact[str]
    phone: Contact[str]
    status: str
    locale: str | None
    class_: str | None = Field(default=None, alias="class")
    tier: str | None = None
    points: int | None = None
    joined_on: LocalDate
    last_active_on: LocalDate | None
    profile: ProfileView
    consent: dict[str, ConsentView]
    accepted: list[AcceptanceView]

    @classmethod
    def of(cls, member: MemberRecord) -> Self:
        return cls(**_shown(member))


class StaffMemberView(MemberView):
    """A member as the team sees it. ``origin`` says how they came: ``sign_in``, ``import``, ``staff`` or
    ``invite:<code>``. Until they have signed in, somebody who was imported or written down is not ``claimed``.
    ``open_id`` is how the brand's official account knows them; ``consent_note`` what an imported sheet said of their
    consent, which grants nothing.
    """

    open_id: Contact[str]
    origin: str | None
    claimed: bool
    consent_note: Contact[str]

    @classmethod
    def of(cls, member: MemberRecord) -> Self:
        return cls(
            **_shown(member),
            open_id=member.open_id,
            origin=member.origin,
            claimed=not member.unclaimed,
            consent_note=member.consent_note,
        )


class RemovedMemberView(View):
    """A member who is no more: all that is left is the id, which is nobody else's."""

    model_config = ConfigDict(from_attributes=True)

    id: UlidStr
    removed_at: Instant


class MeView(MemberView):
    """A member as they see themselves."""

    coupons: list[dict[str, Any]] | None = None


def _shown(member: MemberRecord) -> dict[str, Any]:
    names = ("id", "email", "phone", "status", "locale", "tier", "joined_on", "last_active_on", "consent")
    return {
        **{name: getattr(member, name) for name in names},
        "points": None if member.points is None else int(member.points),
        "external_ref": shown_reference(member.external_ref, member.identities),
        "accepted": [AcceptanceView.model_validate(each) for each in member.accepted],
        "profile": ProfileView(name=member.name, **member.profile),
    }
