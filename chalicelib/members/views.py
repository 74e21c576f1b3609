"""What the routes of members answer."""

from typing import Any, Literal, Self

from pydantic import ConfigDict, Field

from chalicelib.kernel.language import Language
from chalicelib.members.model.asking import QuestionName
from chalicelib.members.model.classes import Thresholds
from chalicelib.members.model.consents import QUESTIONS, WORDS
from chalicelib.members.model.masking import shown_reference
from chalicelib.members.records import ConsentRecord, MemberRecord
from chalicelib.members.service.classes import Classing
from chalicelib.web import Contact, Instant, LocalDate, UlidStr, View


class ProfileView(View):
    """What the member said of themselves; null where nothing. ``birthday`` is ``MM-DD``."""

    name: Contact[str] = None
    birthday: Contact[str] = None
    age_band: str | None = None
    gender: str | None = None
    household: str | None = None
    occupation: str | None = None
    income_band: str | None = None
    interests: list[str] = []
    favourite_point_id: UlidStr | None = None


class ConsentView(View):
    """A yes or no, since when, and to which version of the words; null where that was not kept yet."""

    granted: bool
    at: Instant
    words: int | None = None


class PurposeView(View):
    """What members are asked to agree to: a purpose in words, and the version of these."""

    purpose: Literal["marketing", "analytics", "personalisation", "leaderboards"]
    words: int
    title: str
    text: str

    @classmethod
    def every(cls, language: Language) -> list[Self]:
        """All purposes, in a language."""
        return [
            cls.model_validate({"purpose": name, "words": WORDS, "title": each.title[language],
                                "text": each.text[language]})
            for name, each in QUESTIONS.items()
        ]  # fmt: skip


class PurposesView(View):
    """All that members are asked to agree to."""

    purposes: list[PurposeView]


class ConsentAnswerView(View):
    """An answer that was given: to which purpose, when, to which version of its words, and how: by the ``member``, by
    the ``link`` that ends a message, with ``leaving`` the community, or by ``staff``, who withdraw it for a member.
    """

    purpose: Literal["marketing", "analytics", "personalisation", "leaderboards"]
    granted: bool
    at: Instant
    words: int | None
    by: Literal["member", "link", "leaving", "staff"]

    @classmethod
    def of(cls, answer: ConsentRecord) -> Self:
        return cls.model_validate(
            {"purpose": answer.purpose, "granted": answer.granted, "at": answer.at, "words": int(answer.words) or None,
             "by": answer.by}
        )  # fmt: skip


class QuestionView(View):
    """The one thing that the shop may ask now, a field of the profile; null for nothing. Ask it when an order was
    collected, and let it be dismissed.
    """

    question: QuestionName | None


class AcceptanceView(View):
    """A version of one of the brand's legal texts that the member has accepted, in which language, and when."""

    kind: Literal["privacy", "terms"]
    revision: int
    language: Language
    at: Instant


class ClassesView(View):
    """Where the classes of members part, in local days; see the form that sets it."""

    new_days: int
    dormant_days: int
    churned_days: int
    taking_part_counts: bool

    @classmethod
    def of(cls, thresholds: Thresholds) -> Self:
        return cls(**thresholds.as_json())


class MemberView(View):
    """A member. ``class`` is by the days of their orders, null before the first; ``tier`` and ``points`` are null while
    there are none. ``first_ordered_on`` and ``last_ordered_on`` are the first and the last local day with an order that
    stands. ``accepted`` are legal texts of the brand, by kind, the latest version last. Who has left the
    community has ``left_at`` and a reason.
    """

    model_config = ConfigDict(from_attributes=True, serialize_by_alias=True, populate_by_name=True)

    id: UlidStr
    external_ref: str | None
    email: Contact[str]
    phone: Contact[str]
    status: str
    locale: str | None
    class_: Literal["new", "active", "dormant", "churned"] | None = Field(default=None, alias="class")
    tier: str | None = None
    points: int | None = None
    joined_on: LocalDate
    last_active_on: LocalDate | None
    first_ordered_on: LocalDate | None = None
    last_ordered_on: LocalDate | None = None
    left_at: Instant | None
    left_reason: str | None
    profile: ProfileView
    consent: dict[str, ConsentView]
    accepted: list[AcceptanceView]

    @classmethod
    def of(cls, member: MemberRecord, classing: Classing) -> Self:
        return cls(**_shown(member, classing))


class StaffMemberView(MemberView):
    """A member as the team sees it. ``origin`` says how they came: ``sign_in``, ``import``, ``staff``, ``referral``,
    ``application`` or ``invite:<code>``; ``joined_by`` by what they were let in: ``open``, or ``invite``, ``member``,
    ``channel``, ``application`` or ``prospect`` with its id, ``referred_by`` who brought them, ``channel_id`` by which
    channel: none of it changes once it is there. Until they have signed in, somebody who was imported or written down
    is not ``claimed``. ``segment_ids`` are the segments that they are in, ``tags`` what they carry, by hand or by a
    segment. ``open_id`` is how the brand's official account knows them; ``consent_note`` what an imported sheet said of
    their consent, which grants nothing.
    """

    open_id: Contact[str]
    origin: str | None
    joined_by: str | None
    referred_by: UlidStr | None
    channel_id: UlidStr | None
    claimed: bool
    consent_note: Contact[str]
    tags: list[str] = []
    segment_ids: list[str] = []

    @classmethod
    def of(cls, member: MemberRecord, classing: Classing) -> Self:
        return cls(
            **_shown(member, classing),
            open_id=member.open_id,
            origin=member.origin,
            joined_by=member.joined_by,
            referred_by=member.referred_by,
            channel_id=member.channel_id,
            claimed=not member.unclaimed,
            consent_note=member.consent_note,
            tags=list(member.tags or ()),
            segment_ids=list(member.segment_ids or ()),
        )


class RemovedMemberView(View):
    """A member who is no more: all that is left is the id, which is nobody else's."""

    model_config = ConfigDict(from_attributes=True)

    id: UlidStr
    removed_at: Instant


class MeView(MemberView):
    """A member as they see themselves."""

    coupons: list[dict[str, Any]] | None = None


def _shown(member: MemberRecord, classing: Classing) -> dict[str, Any]:
    names = (
        "id", "email", "phone", "status", "locale", "tier", "joined_on", "last_active_on", "first_ordered_on",
        "last_ordered_on", "consent", "left_at", "left_reason",
    )  # fmt: skip
    found = classing.of(member)
    return {
        "class": found.value if found else None,
        **{name: getattr(member, name) for name in names},
        "points": None if member.points is None else int(member.points),
        "external_ref": shown_reference(member.external_ref, member.identities),
        "accepted": [AcceptanceView.model_validate(each) for each in member.accepted],
        "profile": ProfileView(name=member.name, **(member.profile or {})),
    }
