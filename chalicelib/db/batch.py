"""Many items in one request. DynamoDB may leave some unprocessed: those are sent again, with growing pauses."""

import random
import time
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from pynamodb.connection.base import BOTOCORE_EXCEPTIONS
from pynamodb.exceptions import PynamoDBException

from chalicelib.db.at_once import at_once
from chalicelib.db.client import connection
from chalicelib.db.records import InsightRecord, Record
from chalicelib.kernel.errors import Unavailable

T = TypeVar("T")
_GET_LIMIT = 100
_WRITE_LIMIT = 25
_TRIES = 6
_PAUSE_SECONDS = 0.05


def fetch_many(addresses: Sequence[tuple[type[Record], str, str]], *, consistent: bool = False) -> list[Any]:
    """The records under many keys, of any tables and kinds, in their order; None where there is none.

    One BatchGetItem for each hundred distinct keys, several at the same time. Raises Unavailable when DynamoDB keeps
    leaving some out.
    """
    found: dict[tuple[str, str, str], dict[str, Any]] = {}
    wanted = {(record.Meta.table_name, pk, sk): None for record, pk, sk in addresses}
    for answer in at_once(partial(_get, chunk, consistent) for chunk in _chunks(wanted, _GET_LIMIT)):
        for table, items in answer.items():
            for item in items:
                found[table, item["pk"]["S"], item["sk"]["S"]] = item
    raws = [(record, found.get((record.Meta.table_name, pk, sk))) for record, pk, sk in addresses]
    return [None if raw is None else record.from_raw_data(raw) for record, raw in raws]


def put_many(records: Iterable[InsightRecord]) -> None:
    """Overwrites many records of the InsightTable: safe to repeat, since a key always gets the same content there."""
    for chunk in _chunks(records, _WRITE_LIMIT):
        _put(chunk)


def put_many_at_once(records: Iterable[InsightRecord]) -> None:
    """The same in any order, several requests at the same time: no key comes twice."""
    at_once(partial(_put, chunk) for chunk in _chunks(records, _WRITE_LIMIT))


def _put(chunk: Sequence[InsightRecord]) -> None:
    _write(chunk[0].Meta.table_name, [{"PutRequest": {"Item": record.serialize()}} for record in chunk])


def delete_many(addresses: Iterable[tuple[type[InsightRecord], str, str]]) -> None:
    """Deletes many records of the InsightTable; what is absent already stays so."""
    for chunk in _chunks(addresses, _WRITE_LIMIT):
        keys = [{"pk": {"S": pk}, "sk": {"S": sk}} for _, pk, sk in chunk]
        _write(
            chunk[0][0].Meta.table_name,
            [{"DeleteRequest": {"Key": key}} for key in keys],
        )


def _get(keys: Sequence[tuple[str, str, str]], consistent: bool) -> dict[str, list[dict[str, Any]]]:
    pending: dict[str, Any] = {}
    for table, pk, sk in keys:
        request = pending.setdefault(table, {"Keys": [], "ConsistentRead": consistent})
        request["Keys"].append({"pk": {"S": pk}, "sk": {"S": sk}})
    found: dict[str, list[dict[str, Any]]] = {}
    for attempt in range(_TRIES):
        _pause(attempt)
        answer = _dispatch("BatchGetItem", {"RequestItems": pending})
        for table, items in answer["Responses"].items():
            found.setdefault(table, []).extend(items)
        pending = answer.get("UnprocessedKeys") or {}
        if not pending:
            return found
    raise Unavailable("The database is busy; please send the request again.", retry_after=1)


def _write(table: str, requests: list[dict[str, Any]]) -> None:
    pending: dict[str, Any] = {table: requests}
    for attempt in range(_TRIES):
        _pause(attempt)
        answer = _dispatch("BatchWriteItem", {"RequestItems": pending})
        pending = answer.get("UnprocessedItems") or {}
        if not pending:
            return
    raise Unavailable("The database is busy; please send the request again.", retry_after=1)


def _dispatch(operation: str, arguments: dict[str, Any]) -> Any:
    """A failure is pynamodb's own here as well, so that callers meet one kind of them."""
    try:
        return connection().dispatch(operation, arguments)
    except BOTOCORE_EXCEPTIONS as failure:
        raise PynamoDBException(f"{operation} failed: {failure}", failure) from failure


def _pause(attempt: int) -> None:
    if attempt:
        time.sleep(random.uniform(0, _PAUSE_SECONDS * 2**attempt))


def _chunks(values: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(values)
    while chunk := list(islice(iterator, size)):
        yield chunk
