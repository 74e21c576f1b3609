"""No request to DynamoDB leaves the caller's tenant.

A botocore event hook reads every request before it is sent: single items, batches, transactions and index queries. A
key outside the open scope is a defect of ours, so it raises and nothing is sent. (IAM's ``dynamodb:LeadingKeys`` cannot
do this for a function that serves many tenants.)
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from chalicelib.settings import settings

_PLATFORM = "*"
_scope: ContextVar[str | None] = ContextVar("tenant_scope", default=None)
_HASH_KEYS = {None: "pk", "gsi1": "gsi1pk", "gsi2": "gsi2pk", "due": "due_shard"}
_EQUALITY = re.compile(r"(#\w+|\w+)\s*=\s*(:\w+)")


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
    elif operation in {"GetItem", "UpdateItem", "DeleteItem", "PutItem"}:
        _check_keys(params["TableName"], params.get("Key") or params["Item"])
    elif operation in {"TransactWriteItems", "TransactGetItems"}:
        for action in params["TransactItems"]:
            for request in action.values():
                _check_keys(request["TableName"], request.get("Key") or request["Item"])
    elif operation == "BatchGetItem":
        for table, request in params["RequestItems"].items():
            for keys in request["Keys"]:
                _check_keys(table, keys)
    elif operation == "BatchWriteItem":
        for table, requests in params["RequestItems"].items():
            for request in requests:
                for body in request.values():
                    _check_keys(table, body.get("Key") or body["Item"])
    else:
        raise TenantViolation(f"{operation} is not an operation of the product")


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
