"""The members behind a figure, page by page: from the bits that its count was taken from."""

import json
from collections.abc import Sequence
from itertools import islice
from typing import Any

from pydantic import Field

from chalicelib.insight.model import bitmaps
from chalicelib.insight.reports.report import Asked
from chalicelib.kernel.cursor import SHAPE, BadCursor, decode, encode
from chalicelib.members.model.masking import shown_reference
from chalicelib.members.records import MemberRecord
from chalicelib.members.service.members import members_by_ordinal
from chalicelib.settings import secret
from chalicelib.web import Contact, Csv, Query, View, columns


class BehindQuery(Query):
    """How many members are listed at once, and which come next."""

    limit: int = Field(default=10_000, ge=1, le=10_000, description="Members listed at once")
    cursor: str | None = Field(default=None, max_length=500, json_schema_extra={"pattern": SHAPE})


class BehindView(View):
    """One member behind a figure."""

    id: str
    external_ref: str | None
    name: Contact[str]


def page_behind(asked: Asked[Any], report: str, members: int) -> dict[str, Any]:
    """The fields ``members``, ``members_total`` and ``next_cursor`` of an answer that lists them. Raises BadCursor."""
    after = place(asked, report)
    found, following = _of(asked.tenant_id, members, -1 if after is None else after, asked.query.limit)
    cursor = cursor_to(asked, report, following)
    return {"members": shown_members(found), "next_cursor": cursor, "members_total": members.bit_count()}


def place(asked: Asked[Any], report: str) -> Any:
    """Where the list continues that is asked for; None at its beginning. Raises BadCursor."""
    cursor = asked.query.cursor
    if not cursor:
        return None
    return decode(cursor, _binding(asked, report), secret("cursors"))["after"] if asked.sealed else json.loads(cursor)


def cursor_to(asked: Asked[Any], report: str, following: Any) -> str | None:
    """The cursor that continues a list at a place; None at its end."""
    if following is None:
        return None
    if not asked.sealed:
        return json.dumps(following)
    return encode({"after": following}, _binding(asked, report), secret("cursors"))


def _binding(asked: Asked[Any], report: str) -> str:
    """What a cursor belongs to: the list, and nothing of how it is shown."""
    same = asked.query.model_dump(mode="json", exclude={"cursor", "limit", "format", "chart", "width"})
    return json.dumps([asked.tenant_id, report, same], sort_keys=True)


def shown_members(members: Sequence[MemberRecord]) -> list[BehindView]:
    """These members as they are listed."""
    return [
        BehindView(id=each.id, external_ref=shown_reference(each.external_ref, each.identities), name=each.name)
        for each in members
    ]


def check_no_cursor(query: Any) -> None:
    """Raises BadCursor where a cursor comes without the members that it continues."""
    if query.cursor is not None:
        raise BadCursor(
            "A cursor continues a list of members; name its members too, as before.",
            detail_zh="游标仅用于继续成员列表，请同时提供原来的 members 参数。",
        )


def members_table(members: Sequence[BehindView]) -> Csv:
    """The members as a table."""
    return Csv("members.csv", _MEMBERS, [list(each.model_dump().values()) for each in members])


_MEMBERS = columns(id=("Member ID", "会员编号"), external_ref=("Reference", "外部编号"), name=("Name", "姓名"))


def _of(tenant_id: str, members: int, after: int, limit: int) -> tuple[list[MemberRecord], int | None]:
    """Members by ordinal, and the ordinal to continue after."""
    waiting = members >> (after + 1)
    ordinals = [after + 1 + at for at in islice(bitmaps.ordinals(waiting), limit + 1)]
    following = ordinals[limit - 1] if len(ordinals) > limit else None
    return members_by_ordinal(tenant_id, ordinals[:limit]), following
