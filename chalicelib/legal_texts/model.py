"""Which texts there are, what may be published, and what a member has accepted of it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from chalicelib.kernel.clock import instant, parse_instant
from chalicelib.kernel.errors import Invalid
from chalicelib.kernel.language import Language
from chalicelib.legal_texts.errors import TextChanged

LONGEST = 30_000
"""Characters of one text in one language: both fit one item of the table."""

MOST_KEPT = 20
"""Acceptances of one kind that stand on a member, the latest ones."""


class InForce(Protocol):
    """The version of a text that is in force, as the brand says of it."""

    @property
    def revision(self) -> int: ...
    @property
    def must_accept(self) -> bool: ...
    @property
    def languages(self) -> tuple[Language, ...]: ...


_BLANK = re.compile(r"\[\[.+?\]\]", re.DOTALL)


class Kind(StrEnum):
    """A privacy notice, terms of sale and use, or an imprint, which says who runs the shop."""

    PRIVACY = "privacy"
    TERMS = "terms"
    IMPRINT = "imprint"


ASKED = (Kind.PRIVACY, Kind.TERMS)
"""The texts that members are shown when they join, and when they change."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """That a member has accepted a version (``revision``) of a text, in which language, and when."""

    kind: str
    revision: int
    language: str
    at: datetime

    def as_json(self) -> list[Any]:
        """As it stands on the member."""
        return [self.kind, self.revision, self.language, instant(self.at)]

    @classmethod
    def from_json(cls, stored: Sequence[Any]) -> "Accepted":
        kind, revision, language, at = stored
        return cls(kind, revision, language, parse_instant(at))


def check_publishable(kind: Kind, texts: Mapping[Language, str], *, must_accept: bool) -> None:
    """Raises Invalid for a text that still has blanks of its template, and for what cannot be a condition of orders."""
    for language, text in sorted(texts.items()):
        blank = _BLANK.search(text)
        if blank is not None:
            raise Invalid.at(
                f"/texts/{language}",
                f"Fill in the blank {blank[0][:80]}, or take it out.",
                f"请填写或删除空白处：{blank[0][:80]}。",
            )
    if must_accept and kind is not Kind.TERMS:
        raise Invalid.at(
            "/must_accept",
            "Only the terms can be a condition of ordering; the other texts inform.",
            "只有服务条款可以作为下单条件，其他文本仅作告知。",
        )
    if must_accept and not texts:
        raise Invalid.at(
            "/must_accept", "There are no terms to accept; write them first.", "尚无服务条款，请先填写内容。"
        )


def read_in(in_force: InForce, language: Language) -> Language:
    """The language in which a reader of ``language`` is shown a text."""
    return language if language in in_force.languages else in_force.languages[0]


def check_in_force(accepted: Accepted, in_force: Mapping[str, InForce]) -> None:
    """Raises TextChanged for a version that is not in force, or not in that language."""
    known = in_force.get(accepted.kind)
    if known is None or known.revision != accepted.revision or accepted.language not in known.languages:
        raise TextChanged(
            "This text has changed, or is no longer there. Read it as it is now, and accept it then.",
            detail_zh="该文本已更新或已撤下。请阅读最新内容后再确认。",
        )


def accepted_after(before: Iterable[Accepted], accepted: Iterable[Accepted]) -> list[Accepted]:
    """What stands on a member afterwards. A version that was accepted before keeps its first instant."""
    kept = {(each.kind, each.revision): each for each in (*accepted, *before)}
    after = sorted(kept.values(), key=lambda each: each.at)
    return [each for kind in Kind for each in [one for one in after if one.kind == kind][-MOST_KEPT:]]


def latest(accepted: Iterable[Accepted]) -> dict[str, int]:
    """The latest version of each kind."""
    return {each.kind: each.revision for each in sorted(accepted, key=lambda each: each.revision)}


def outstanding(in_force: Mapping[str, InForce], latest: Mapping[str, int]) -> list[Kind]:
    """The kinds that members are asked for whose version in force is later than the ``latest`` that was accepted."""
    return [kind for kind in ASKED if kind in in_force and latest.get(kind, 0) < in_force[kind].revision]
