"""What became of the messages to a person."""

from typing import Any

from chalicelib.db import Page
from chalicelib.notices.model.people import Person
from chalicelib.notices.records import NoticeRecord


def list_told(
    tenant_id: str, person: Person, status: str | None, template: str | None, limit: int,
    cursor: dict[str, Any] | None,
) -> Page[NoticeRecord]:  # fmt: skip
    """A page of what a person was told lately, newest first; codes, which go to addresses, are not among it."""
    conditions = [NoticeRecord.status == status] if status else []
    conditions += [NoticeRecord.template == template] if template else []
    where = conditions[0] & conditions[1] if len(conditions) == 2 else conditions[0] if conditions else None
    partition = NoticeRecord.told_to(tenant_id, str(person))
    return NoticeRecord.page(partition, index="gsi1", newest_first=True, where=where, limit=limit, cursor=cursor)
