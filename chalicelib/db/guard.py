"""No request to DynamoDB leaves the caller's tenant.

A botocore event hook reads every request before it is sent: single items, batches, transactions and index queries. A
key outside the open scope is a defect of ours, so it raises and nothing is sent. (IAM's ``dynamodb:LeadingKeys`` cannot
do this for a function that serves many tenants.)
"""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from chalicelib.settings import settings

_PLATFORM = "*"
_scope: ContextVar[str | None] = ContextVar("tenant_scope", default=None)
_HASH_KEYS = {None: "pk", "gsi1": "gsi1pk", "gsi2": "gsi2pk", "due": "due_shard"}
_EQUALITY = re.compile(r"(#\w+|\w+)\s*=\s*(:\w+)")
_ASSIGNMENT = re.compile(r"(#\w+|\w+)\s*=\s*(?:if_not_exists\s*\([^,]+,\s*)?(:\w+)")


class TenantViolation(RuntimeError):
    """A request named a key outside the open tenant scope; it was not sent."""


@contextmanager
def tenant_scope(tenant_id: str) -> Iterator[None]:
    """Everything inside may touch this tenant only."""
    token = _scope.set(tenant_id)
    try:
        yield
    finally:
        _scope.reset(token)


@contextmanager
def platform_scope() -> Iterator[None]:
    """Opens the one view that spans tenants: keys of what is due, for the sweep. Never a tenant's content."""
    token = _scope.set(_PLATFORM)
    try:
        yield
    finally:
        _scope.reset(token)


def current_tenant() -> str | None:
    """The tenant of the open scope, or None outside any (and in the platform's)."""
    scope = _scope.get()
    return None if scope == _PLATFORM else scope


def check_request(params: Mapping[str, Any], operation: str) -> None:
    """Raises TenantViolation unless every tenant key in the request belongs to the open scope."""
    if operation in {"Query", "Scan"}:
        _check_read(params, operation)
        return
    keys_of = _KEYS_OF.get(operation)
    if keys_of is None:
        raise TenantViolation(f"{operation} is not an operation of the product")
    for table, attributes in keys_of(params):
        _check_keys(table, attributes)


_Keys = Iterator[tuple[str, Mapping[str, Any]]]


def _single(params: Mapping[str, Any]) -> _Keys:
    attributes = params.get("Key") or params["Item"]
    if "UpdateExpression" in params:
        # An update could move the item into another tenant's index partition, which is a list of that tenant.
        attributes = attributes | dict(_assigned(params))
    yield params["TableName"], attributes


def _assigned(update: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    names = update.get("ExpressionAttributeNames", {})
    for name, placeholder in _ASSIGNMENT.findall(update["UpdateExpression"]):
        yield names.get(name, name), update["ExpressionAttributeValues"][placeholder]


def _transaction(params: Mapping[str, Any]) -> _Keys:
    for action in params["TransactItems"]:
        for request in action.values():
            yield from _single(request)


def _batch_get(params: Mapping[str, Any]) -> _Keys:
    for table, request in params["RequestItems"].items():
        for keys in request["Keys"]:
            yield table, keys


def _batch_write(params: Mapping[str, Any]) -> _Keys:
    for table, requests in params["RequestItems"].items():
        for request in requests:
            for body in request.values():
                yield table, body.get("Key") or body["Item"]


_KEYS_OF: Mapping[str, Callable[[Mapping[str, Any]], _Keys]] = {
    **dict.fromkeys(("GetItem", "PutItem", "UpdateItem", "DeleteItem"), _single),
    **dict.fromkeys(("TransactWriteItems", "TransactGetItems"), _transaction),
    "BatchGetItem": _batch_get,
    "BatchWriteItem": _batch_write,
}


def _guarded(table: str) -> bool:
    return table != settings().platform_table


def _check_keys(table: str, attributes: Mapping[str, Any]) -> None:
    if not _guarded(table):
        return
    _check_value(attributes["pk"]["S"], table)
    for index_key in ("gsi1pk", "gsi2pk"):
        if index_key in attributes:
            _check_value(attributes[index_key]["S"], table)


def _check_read(params: Mapping[str, Any], operation: str) -> None:
    table = params["TableName"]
    if operation == "Scan":
        raise TenantViolation(f"a scan of {table} spans tenants")
    if not _guarded(table):
        return
    index = params.get("IndexName")
    if index == "due":
        if _scope.get() != _PLATFORM:
            raise TenantViolation("the due index is read by the sweep alone")
        return
    names = params.get("ExpressionAttributeNames", {})
    for name, placeholder in _EQUALITY.findall(params["KeyConditionExpression"]):
        if names.get(name, name) == _HASH_KEYS[index]:
            _check_value(params["ExpressionAttributeValues"][placeholder]["S"], table)
            return
    raise TenantViolation(f"a query of {table} names no partition")


def _check_value(value: str, table: str) -> None:
    scope = _scope.get()
    if scope is None or scope == _PLATFORM or not value.startswith(scope + "#"):
        raise TenantViolation(f"a request to {table} left its tenant scope")
