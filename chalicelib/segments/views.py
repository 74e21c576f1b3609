"""What the API shows of segments and tags."""

from typing import Any, Literal, Self

from pydantic import Field, JsonValue

from chalicelib.segments.model.fields import FIELDS
from chalicelib.segments.model.words import Speaker
from chalicelib.segments.service.reading import Counted
from chalicelib.segments.service.trying import Tried, Why
from chalicelib.web import Instant, LocalDate, UlidStr, View


class SegmentView(View):
    """A segment. ``count`` are its members at ``as_of``; while all members are looked at after a change, the job
    ``counting`` says how far that is. ``words`` says the rule in the reader's language; a list has none, and
    ``listing`` is the job that last took members into it by a file. Where the rule asks for RFM scores,
    ``scores_as_of`` is the day, included, as of which members have them: they are counted anew each night.
    """

    id: UlidStr
    title: str
    kind: Literal["rule", "list"]
    rule: dict[str, JsonValue] | None
    words: str
    tag: str | None
    count: int
    as_of: Instant
    counting: str | None
    counted_at: Instant | None
    listing: str | None
    scores_as_of: LocalDate | None
    created_at: Instant
    updated_at: Instant

    @classmethod
    def of(cls, counted: Counted, speaker: Speaker) -> Self:
        segment = counted.segment
        rule = segment.rule
        return cls(
            id=segment.id,
            title=segment.title,
            kind="list" if rule is None else "rule",
            rule=segment.stored_rule,
            words="" if rule is None else speaker.rule(rule),
            tag=segment.tag,
            count=counted.count,
            as_of=counted.as_of,
            counting=segment.counting,
            counted_at=segment.counted_at,
            listing=segment.listing,
            scores_as_of=counted.scored_on,
            created_at=segment.created_at,
            updated_at=segment.updated_at,
        )


class TriedView(View):
    """How many members a rule would have, ``of`` so many. Where it is not ``exact``, the number is estimated from some
    of them, and is with 95 % certainty from ``at_least`` to ``at_most``. ``words`` says the rule.
    """

    count: int
    of: int
    exact: bool
    at_least: int
    at_most: int
    words: str

    @classmethod
    def of_tried(cls, tried: Tried, words: str) -> Self:
        return cls(
            count=tried.count, of=tried.of, exact=tried.exact, at_least=tried.at_least, at_most=tried.at_most,
            words=words,
        )  # fmt: skip


class MetView(View):
    """A condition in words, whether it holds, and what it met in words."""

    condition: str
    holds: bool
    found: str


class WhyView(View):
    """Whether a member is in a segment, and each condition of its rule with what it met; a list has none. While a
    change is being worked on, ``holds`` may be ahead of ``inside``.
    """

    member_id: UlidStr
    inside: bool
    holds: bool
    words: str
    conditions: list[MetView]

    @classmethod
    def of(cls, why: Why, speaker: Speaker) -> Self:
        rule = why.segment.rule
        return cls(
            member_id=why.member_id,
            inside=why.inside,
            holds=why.holds,
            words="" if rule is None else speaker.rule(rule),
            conditions=[
                MetView(condition=speaker.condition(each.condition), holds=each.holds, found=speaker.found(each))
                for each in why.met
            ],
        )


class FieldView(View):
    """A field that a rule may ask for: how it is compared, and the values that it can have where these are fixed.
    ``personal`` is what members say of themselves, and counts only of who agreed to ``personalisation``. ``named`` is
    what of the brand's own its values are: ``tiers``, ``tags``, ``segments`` or ``pickup_points``, by code or id.
    A score is a number from ``least`` to ``most``. Of whom no number or day is known, as of one who never ordered, no
    comparison of it holds, so that a ``not`` around it does.
    """

    field: str
    title: str
    kind: str
    ops: list[str]
    values: list[str]
    named: str | None
    personal: bool
    least: int | None
    most: int | None

    @classmethod
    def every(cls, locale: str) -> list[Self]:
        return [
            cls(
                field=name, title=field.zh if locale == "zh" else field.en, kind=field.kind.value,
                ops=[op.value for op in field.ops], values=list(field.values), named=field.named or None,
                personal=field.personal, least=field.least if field.of_scores else None,
                most=field.most if field.of_scores else None,
            )
            for name, field in FIELDS.items()
        ]  # fmt: skip


class FieldsView(View):
    """All fields of rules."""

    fields: list[FieldView]


class TagsView(View):
    """The tags that the brand has, in the order in which they were added."""

    tags: list[str]


class MemberTagsView(View):
    """The tags that a member carries; ``by_hand`` are those that the team gave, others come from segments."""

    member_id: UlidStr
    tags: list[str]
    by_hand: list[str] = Field(default=[])

    @classmethod
    def of(cls, member: Any) -> Self:
        return cls(member_id=member.id, tags=list(member.tags or ()), by_hand=list(member.own_tags or ()))
