"""Recipients beside the people whose copies they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from chalicelib.db import TenantRecord
from chalicelib.members.records import MemberRecord
from chalicelib.notices.recipients.records import RecipientRecord
from chalicelib.settings import settings
from chalicelib.tenants.records import StaffRecord
from infra.local.engine import Engine
from infra.local.resources import client


def apart(engine: Engine) -> list[str]:
    """What is kept of somebody otherwise than it follows from their own record, in all of the table."""
    stored = list(_every(engine))
    people = [found for item in stored if (found := _person(item)) is not None]
    expected = {where: copy for each in people if (copy := _copy(each)) for where in (_where(copy),)}
    kept = {_where(found): found for item in stored if (found := _recipient(item)) is not None}
    wrong = [f"not kept: {where}" for where in expected.keys() - kept.keys()]
    wrong += [f"kept of nobody: {where}" for where in kept.keys() - expected.keys()]
    both = expected.keys() & kept.keys()
    return wrong + [
        f"{where}: {kept[where].attribute_values} is not {expected[where].attribute_values}"
        for where in both
        if _content(kept[where]) != _content(expected[where])
    ]


def watched(request: pytest.FixtureRequest) -> Iterator[None]:
    """After a test that used the engine, no recipient may differ from the person."""
    engine = request.getfixturevalue("engine") if "engine" in request.fixturenames else None
    yield
    if engine is not None:
        assert apart(engine) == []


def _every(engine: Engine) -> Iterator[dict[str, Any]]:
    dynamodb = client(engine, "dynamodb")
    for page in dynamodb.get_paginator("scan").paginate(TableName=settings().tenant_table):
        yield from page["Items"]


def _person(item: dict[str, Any]) -> MemberRecord | StaffRecord | None:
    pk, sk = item["pk"]["S"], item["sk"]["S"]
    if "#member#" in pk and sk == "member":
        return MemberRecord.from_raw_data(item)
    return StaffRecord.from_raw_data(item) if pk.endswith("#staff") else None


def _recipient(item: dict[str, Any]) -> RecipientRecord | None:
    return RecipientRecord.from_raw_data(item) if "#recipient#" in item["pk"]["S"] else None


def _copy(person: MemberRecord | StaffRecord) -> RecipientRecord | None:
    return person.copy()


def _where(record: TenantRecord) -> tuple[str, str]:
    return str(record.pk), str(record.sk)


def _content(record: RecipientRecord) -> dict[str, Any]:
    return {name: value for name, value in record.serialize().items() if name not in {"rev", "outbox"}}
