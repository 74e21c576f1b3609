"""Use cases of a survey's figures: of all answers, and of groups of them that are large enough to be shown."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Literal, TypeVar

from chalicelib.campaigns.records import CampaignRecord
from chalicelib.catalog.service.listing import get_cards
from chalicelib.catalog.service.set_aside import get_skus
from chalicelib.channels.records import ChannelRecord
from chalicelib.db import fetch_many
from chalicelib.kernel.clock import zone
from chalicelib.kernel.local_day import local_date
from chalicelib.members.service.members import get_members
from chalicelib.pickup_points.records import PickupPointRecord, pickup_point_list
from chalicelib.segments.service.reading import all_segments
from chalicelib.surveys.errors import TooManyAnswers
from chalicelib.surveys.model.disclosure import FEWEST, Group, merged, shown_beside, shown_groups
from chalicelib.surveys.model.figures import Counted, Estimate, change_of, count, share
from chalicelib.surveys.model.questions import Question
from chalicelib.surveys.records import (
    InvitationRecord,
    LinkRecord,
    ResponseRecord,
    SurveyRecord,
    SurveyVersionRecord,
)
from chalicelib.surveys.service.sending import list_waves
from chalicelib.surveys.service.surveys import get_survey
from chalicelib.tenants.service.brand import get_tenant
from chalicelib.trials.differences import Difference

Source = Literal["invited", "open", "paper"]
Received = InvitationRecord | ResponseRecord
R = TypeVar("R", InvitationRecord, ResponseRecord)

MOST_INVITATIONS = 20_000
"""Invitations of a survey that one request looks at."""


class By(StrEnum):
    """How answers are broken down. A product's answers are those to orders with it, so groups of them overlap, as those
    of segments do; months are the brand's, and joined until enough answered in them.
    """

    CAMPAIGN = "campaign"
    PICKUP_POINT = "pickup_point"
    LEADER = "leader"
    PRODUCT = "product"
    MONTH = "month"
    SEGMENT = "segment"
    WAVE = "wave"
    LINK = "link"
    CHANNEL = "channel"


_DISJOINT = (By.CAMPAIGN, By.PICKUP_POINT, By.LEADER, By.MONTH, By.WAVE, By.LINK, By.CHANNEL)
_KNOWN = (*_DISJOINT, By.PRODUCT)
"""Which groups there are follows from the answers alone; that of segments from who is in them now."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The figures of one question; None where too few answered it to be shown."""

    question: Question
    counted: Counted | None


@dataclass(frozen=True, slots=True)
class GroupFigures:
    """The figures of a group, ``value`` by ``label``: None where it is too small to be shown."""

    value: str
    label: str
    invited: int | None
    answered: int | None
    response: Estimate | None
    questions: Sequence[Asked]

    @property
    def hidden(self) -> bool:
        return self.answered is None


@dataclass(frozen=True, slots=True)
class Changed:
    """How much the figures of a question rose from one wave to another: None where either is hidden, or none is."""

    question: Question
    earlier: str
    later: str
    mean: Difference | None
    csat: Difference | None
    nps: Difference | None


@dataclass(frozen=True, slots=True)
class Figures:
    """The figures of a survey: of everyone, and by group; of waves also what has changed from the first that is shown
    to the last.
    """

    everyone: GroupFigures
    groups: Sequence[GroupFigures]
    changes: Sequence[Changed] = ()


def figures(tenant_id: str, survey_id: str, by: By | None, source: Source = "invited") -> Figures:
    """The figures of all answers from a source to a survey, and of groups of them if asked. Raises NotFound,
    TooManyAnswers.
    """
    survey = get_survey(tenant_id, survey_id)
    invitations, answers = received(tenant_id, survey_id, source)
    look = _Look(answers, survey.questions, _groups(tenant_id, answers, by), asked_alike(survey))
    everyone = _figures(look, None, "", None if invitations is None else len(invitations))
    if by is None:
        return Figures(everyone, ())
    invited = None if invitations is None else _groups(tenant_id, invitations, by, spans=look.months)
    labels = _labels(tenant_id, by, (value for name, value in look.groups if name == by.value))
    found = []
    for value in sorted((value for name, value in look.groups if name == by.value), key=_order(by, look)):
        number = None if invited is None else invited.get((by.value, value), 0).bit_count()
        found.append(_figures(look, (by.value, value), labels.get(value, value), number))
    return Figures(everyone, found, _changes(tenant_id, survey_id, found) if by is By.WAVE else ())


def received(tenant_id: str, survey_id: str, source: Source) -> tuple[Sequence[Received] | None, Sequence[Received]]:
    """The invitations of a survey, none where its source knows of none, and the answers. Raises TooManyAnswers."""
    if source == "invited":
        invitations = _all(InvitationRecord, InvitationRecord.of_survey(tenant_id, survey_id))
        return invitations, [each for each in invitations if each.answers is not None]
    return None, _all(ResponseRecord, ResponseRecord.of_survey(tenant_id, survey_id, source))


def _changes(tenant_id: str, survey_id: str, groups: Sequence[GroupFigures]) -> list[Changed]:
    """What has changed from the first wave that is shown to the last."""
    order = [wave.name for wave in list_waves(tenant_id, survey_id)]
    shown = sorted((group for group in groups if not group.hidden), key=lambda group: order.index(group.value))
    if len(shown) < 2:
        return []
    pairs = zip(shown[0].questions, shown[-1].questions, strict=True)
    return [_changed(before, after, shown[0].value, shown[-1].value) for before, after in pairs]


def _changed(before: Asked, after: Asked, earlier: str, later: str) -> Changed:
    found = change_of(before.question, before.counted, after.counted)
    return Changed(before.question, earlier, later, *found)


def _all(records: type[R], partition: str) -> list[Received]:
    found: list[Received] = list(islice(records.every(partition, index="gsi1"), MOST_INVITATIONS + 1))
    if len(found) > MOST_INVITATIONS:
        raise TooManyAnswers(
            f"The survey has more than {MOST_INVITATIONS} invitations, too many to look at in one request; write a new"
            " one for what comes from now on, and read the figures of each.",
            detail_zh=f"问卷邀请超过 {MOST_INVITATIONS} 份，无法一次统计；请新建问卷用于今后的调查，并分别查看结果。",
        )
    return found


class _Look:
    """The answers of a survey with the groups that they belong to, and which of these may be shown."""

    def __init__(
        self,
        answers: Sequence[Received],
        questions: Sequence[Question],
        groups: Mapping[Group, int],
        alike: Callable[[Received, str], bool],
    ) -> None:
        self.answers, self.questions, self.groups, self.alike = answers, questions, groups, alike
        self.months = {value: mask for (name, value), mask in groups.items() if name == By.MONTH}
        self.all = (1 << len(answers)) - 1
        self._shown: dict[int, frozenset[Group]] = {}

    def answered(self, question: Question) -> int:
        """Who answered a question."""
        return mask_of(self._has(each, question) for each in self.answers)

    def shows(self, group: Group | None, among: int) -> bool:
        """Whether a group may be shown, of those who answered the same; None is everyone."""
        if group is None:
            return among.bit_count() >= FEWEST
        if among not in self._shown:
            known = {each: mask for each, mask in self.groups.items() if each[0] in _KNOWN}
            shown = shown_groups(known, among, _DISJOINT)
            others = {each: mask for each, mask in self.groups.items() if each[0] not in _KNOWN}
            before = {each: known[each] for each in shown}
            self._shown[among] = shown | shown_beside(others, before, among, _DISJOINT)
        return group in self._shown[among]

    def values(self, question: Question, mask: int) -> list[int | str | list[str]]:
        """What was answered to a question by some."""
        return [
            each.answers[question.id]
            for place, each in enumerate(self.answers)
            if mask >> place & 1 and self._has(each, question)
        ]

    def _has(self, each: Received, question: Question) -> bool:
        return question.id in (each.answers or {}) and self.alike(each, question.id)


def asked_alike(survey: SurveyRecord) -> Callable[[Received, str], bool]:
    """Whether an answer was given to the question as it is answered now: a version before may have asked it in words,
    which must not stand among the options.
    """
    kinds = {each.id: each.kind for each in survey.questions}
    if survey.version == 1:
        return lambda answer, question_id: True
    versions = SurveyVersionRecord.every(str(survey.pk), begins_with="version#")
    asked = {
        int(str(version.sk).rpartition("#")[2]): {each.id: each.kind for each in version.questions}
        for version in versions
    }
    return lambda answer, question_id: asked[int(answer.version)].get(question_id) is kinds.get(question_id)


def _figures(look: _Look, group: Group | None, label: str, invited: int | None) -> GroupFigures:
    mask = look.all if group is None else look.groups[group]
    value = "" if group is None else group[1]
    if group is not None and not look.shows(group, look.all):
        return GroupFigures(value, label, None, None, None, [Asked(question, None) for question in look.questions])
    asked = []
    for question in look.questions:
        among = look.answered(question)
        counted = count(question, look.values(question, mask)) if look.shows(group, among) else None
        asked.append(Asked(question, counted))
    answered = mask.bit_count()
    return GroupFigures(value, label, invited, answered, share(answered, invited) if invited else None, asked)


def _groups(
    tenant_id: str,
    invitations: Sequence[Received],
    by: By | None,
    spans: Mapping[str, int] | None = None,
) -> dict[Group, int]:
    """Whom each group holds, as places among these invitations: of every breakdown that is known from them, so that
    what is shown of one is safe beside the others; of segments only where these are asked for.
    """
    if by is None:
        return {}
    found: defaultdict[Group, int] = defaultdict(int)
    points = {each.id: each for each in PickupPointRecord.every(pickup_point_list(tenant_id), index="gsi1")}
    products = _products(tenant_id, invitations)
    month = _months(tenant_id, invitations, spans)
    segments = _segments(tenant_id, invitations) if by is By.SEGMENT else {}
    for place, each in enumerate(invitations):
        about, bit = each.about, 1 << place
        point = points.get(about.pickup_point_id or "")
        leader = point.leader_at(each.created_at) if point else None
        found[By.MONTH.value, month(each)] |= bit
        for name, value in (
            (By.CAMPAIGN, about.campaign_id),
            (By.PICKUP_POINT, about.pickup_point_id),
            (By.LEADER, leader),
            (By.WAVE, about.wave),
            (By.LINK, getattr(each, "link_id", None)),
            (By.CHANNEL, getattr(each, "channel_id", None)),
        ):
            if value is not None:
                found[name.value, value] |= bit
        for sku_id in about.sku_ids:
            if sku_id in products:
                found[By.PRODUCT.value, products[sku_id]] |= bit
        for segment_id in segments.get(each.member_id or "", ()):
            found[By.SEGMENT.value, segment_id] |= bit
    return dict(found)


def _months(
    tenant_id: str, invitations: Sequence[Received], spans: Mapping[str, int] | None
) -> Callable[[Received], str]:
    """By the brand's local month of the invitation, the span of months that it counts to: spans are of enough answers,
    or those that were made before.
    """
    tz = zone(get_tenant(tenant_id).timezone)

    def of(each: Received) -> str:
        return f"{local_date(each.created_at, tz):%Y-%m}"

    if spans is None:
        sizes: defaultdict[str, int] = defaultdict(int)
        for each in invitations:
            sizes[of(each)] += 1
        made = merged(sorted(sizes.items()))
    else:
        made = [_span(text) for text in spans]

    def span(each: Received) -> str:
        month = of(each)
        for first, last in made:
            if first <= month <= last:
                return first if first == last else f"{first}/{last}"
        return month

    return span


def _span(text: str) -> tuple[str, str]:
    first, _, last = text.partition("/")
    return first, last or first


def _products(tenant_id: str, invitations: Iterable[Received]) -> dict[str, str]:
    ids = {sku_id for each in invitations for sku_id in each.about.sku_ids}
    return {sku_id: sku.product_id for sku_id, sku in get_skus(tenant_id, ids).items()}


def _segments(tenant_id: str, invitations: Iterable[Received]) -> dict[str, Iterable[str]]:
    members = get_members(tenant_id, {each.member_id for each in invitations if each.member_id})
    return {member.id: member.segment_ids or () for member in members}


def _labels(tenant_id: str, by: By, values: Iterable[str]) -> dict[str, str]:
    """What people call the groups."""
    wanted = sorted(set(values))
    if by is By.CAMPAIGN:
        addresses = [(CampaignRecord, *CampaignRecord.address(tenant_id, each)) for each in wanted]
        return {each.id: each.title for each in fetch_many(addresses) if each is not None}
    if by is By.PICKUP_POINT:
        return {each.id: each.name for each in PickupPointRecord.every(pickup_point_list(tenant_id), index="gsi1")}
    if by is By.LEADER:
        return {each.id: each.name for each in get_members(tenant_id, wanted) if each.name}
    if by is By.LINK:
        links = fetch_many([(LinkRecord, *LinkRecord.address(tenant_id, each)) for each in wanted])
        return {each.id: each.label for each in links if each is not None}
    if by is By.CHANNEL:
        channels = fetch_many([(ChannelRecord, *ChannelRecord.address(tenant_id, each)) for each in wanted])
        return {each.id: each.title for each in channels if each is not None}
    if by is By.SEGMENT:
        return {each.id: each.title for each in all_segments(tenant_id)}
    if by is By.PRODUCT:
        cards = get_cards(tenant_id, wanted)
        return {each: card.title for each, card in cards.items()}
    return {each: each.replace("/", " – ") for each in wanted}


def _order(by: By, look: _Look) -> Callable[[str], tuple[int, str]]:
    """Months in order; else the largest group first."""
    if by is By.MONTH:
        return lambda value: (0, value)
    return lambda value: (-look.groups[by.value, value].bit_count(), value)


def mask_of(bits: Iterable[bool]) -> int:
    """The places at which it holds, as a bit mask."""
    return int("".join("1" if bit else "0" for bit in bits)[::-1] or "0", 2)
