"""What the tenant table holds at one moment, read whole: a check looks at every record, and asks for none of them."""

from __future__ import annotations

from typing import Any, TypeVar

from chalicelib.db import TenantRecord
from chalicelib.settings import settings
from infra.local.engine import Engine
from infra.local.resources import client

R = TypeVar("R", bound=TenantRecord)
Item = dict[str, Any]


class Snapshot:
    """All items of the table, by their keys and by those of the first index."""

    def __init__(self, engine: Engine) -> None:
        self._items: dict[str, dict[str, Item]] = {}
        self._listed: dict[str, list[Item]] = {}
        pages = client(engine, "dynamodb").get_paginator("scan")
        for page in pages.paginate(TableName=settings().tenant_table, ConsistentRead=True):
            for item in page["Items"]:
                self._items.setdefault(item["pk"]["S"], {})[item["sk"]["S"]] = item
                if "gsi1pk" in item:
                    self._listed.setdefault(item["gsi1pk"]["S"], []).append(item)

    def fetch(self, record: type[R], pk: str, sk: str) -> R | None:
        """The record under a key, or None."""
        item = self._items.get(pk, {}).get(sk)
        return None if item is None else record.from_raw_data(item)

    def every(self, record: type[R], pk: str, begins_with: str = "") -> list[R]:
        """The records of a partition, in the order of their sort keys."""
        found = sorted(self._items.get(pk, {}).items())
        return [record.from_raw_data(item) for sk, item in found if sk.startswith(begins_with)]

    def listed(self, record: type[R], gsi1pk: str) -> list[R]:
        """The records of a partition of the first index, in the order of its sort keys."""
        found = sorted(self._listed.get(gsi1pk, ()), key=lambda item: str(item["gsi1sk"]["S"]))
        return [record.from_raw_data(item) for item in found]
