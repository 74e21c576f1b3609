"""Suggestions as they are read: the team's list, a member's own, and what was adopted."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalicelib.cases.service.listing import condition, passed
from chalicelib.db import Page, fetch_many
from chalicelib.kernel.errors import NotFound
from chalicelib.suggestions.model.suggestions import Status, alike
from chalicelib.suggestions.records import SuggestionRecord

_LOOKED_AT = 100
"""The latest suggestions that one is compared with."""


@dataclass(frozen=True, slots=True)
class SuggestionFilter:
    """What the team's list is narrowed to."""

    status: str | None = None
    owner: str | None = None
    member_id: str | None = None
    overdue: bool | None = None


def get_suggestion(tenant_id: str, suggestion_id: str, *, consistent: bool = False) -> SuggestionRecord:
    """A suggestion. Raises NotFound."""
    found = SuggestionRecord.fetch(*SuggestionRecord.address(tenant_id, suggestion_id), consistent=consistent)
    if found is None:
        raise NotFound("There is no such suggestion.", detail_zh="没有该建议。")
    return found


def get_own_suggestion(tenant_id: str, member_id: str, suggestion_id: str) -> SuggestionRecord:
    """The member's own; another's looks absent. Raises NotFound."""
    found = get_suggestion(tenant_id, suggestion_id)
    if found.member_id != member_id:
        raise NotFound("There is no such suggestion.", detail_zh="没有该建议。")
    return found


def list_suggestions(
    tenant_id: str, now: datetime, limit: int, cursor: dict[str, Any] | None, wanted: SuggestionFilter
) -> Page[SuggestionRecord]:
    """The tenant's suggestions: the open ones first, the latest first within each state; a member's by time."""
    partition, index, prefix = SuggestionRecord.of_tenant(tenant_id), "gsi1", None
    if wanted.member_id is not None:
        partition, index = SuggestionRecord.of_member(tenant_id, wanted.member_id), "gsi2"
    elif wanted.status is not None:
        prefix = f"{'adopted' if wanted.status == Status.DONE else wanted.status}#"
    elif wanted.overdue:
        prefix = "open#"
    late = (SuggestionRecord.status == Status.OPEN.value) & passed(SuggestionRecord, now)
    where = condition(SuggestionRecord, wanted, ("status", "owner"), late)
    return SuggestionRecord.page(
        partition, index=index, begins_with=prefix, newest_first=True, where=where, limit=limit, cursor=cursor
    )


def list_own_suggestions(
    tenant_id: str, member_id: str, limit: int, cursor: dict[str, Any] | None
) -> Page[SuggestionRecord]:
    """A member's suggestions, newest first."""
    partition = SuggestionRecord.of_member(tenant_id, member_id)
    return SuggestionRecord.page(partition, index="gsi2", newest_first=True, limit=limit, cursor=cursor)


def list_adopted(tenant_id: str, limit: int, cursor: dict[str, Any] | None) -> Page[SuggestionRecord]:
    """What was adopted, the latest decision first; of those that are one, the first alone."""
    partition, leads = SuggestionRecord.of_tenant(tenant_id), SuggestionRecord.same_as.does_not_exist()
    return SuggestionRecord.page(
        partition, index="gsi1", begins_with="adopted#", newest_first=True, where=leads, limit=limit, cursor=cursor
    )


def similar(suggestion: SuggestionRecord) -> list[SuggestionRecord]:
    """Suggestions like this one that it could be grouped with, the most alike first."""
    partition = SuggestionRecord.of_tenant(suggestion.tenant_id)
    found: list[SuggestionRecord] = []
    for prefix in ("open#", "adopted#"):
        page = SuggestionRecord.page(
            partition, index="gsi1", begins_with=prefix, newest_first=True, limit=_LOOKED_AT
        )  # fmt: skip
        found += [each for each in page.items if each.id != suggestion.id and each.same_as is None]
    by_id = {each.id: each for each in found}
    return [by_id[each] for each in alike(suggestion.text, ((each.id, each.text) for each in found))]


def grouped_with(suggestion: SuggestionRecord) -> list[SuggestionRecord]:
    """Those that are one with it."""
    ids = list(suggestion.others or ())
    found = fetch_many([(SuggestionRecord, *SuggestionRecord.address(suggestion.tenant_id, each)) for each in ids])
    return [each for each in found if each is not None]
