"""The one way to write: a transaction of named operations.

Effect, idempotency marker and outgoing event commit together or not at all, and a refusal says which operation was
refused, by its name, with the item that stood in its way.
"""

import random
import secrets
import time
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from botocore.exceptions import ClientError
from pynamodb.exceptions import CancellationReason, TransactWriteError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action

from chalicelib.db.client import connection
from chalicelib.db.records import PlatformRecord, Record
from chalicelib.db.tenant_records import TenantRecord
from chalicelib.kernel.errors import Unavailable

R = TypeVar("R", bound=Record)

MOST_OPERATIONS = 100
_TRIES = 5
_PAUSE_SECONDS = 0.02
_REFUSED = "ConditionalCheckFailed"
_RETRIED = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})
_RETRIED_ERRORS = frozenset(
    {
        "TransactionInProgressException",
        "ThrottlingException",
        "ProvisionedThroughputExceededException",
    }
)
_KINDS = ("check", "delete", "put", "update")


class Refused(Exception):
    """A condition did not hold, so nothing was written. ``names`` holds the operations that were refused."""

    def __init__(self, items: dict[str, dict[str, Any] | None]) -> None:
        super().__init__(", ".join(sorted(items)))
        self._items = items
        self.names = frozenset(items)

    def item(self, name: str, record: type[R]) -> R | None:
        """The record that the refused operation found in its place, or None where there was none."""
        raw = self._items.get(name)
        return record.from_raw_data(raw) if raw else None


class Transaction:
    """Collects up to 100 named operations and commits them as one.

    ``token`` makes a repeated commit of the same content harmless for ten minutes; by default each transaction has
    its own, so a retry after a lost answer never applies twice.
    """

    def __init__(self, token: str | None = None) -> None:
        self._token = token or secrets.token_hex(16)
        self._operations: dict[str, tuple[str, dict[str, Any]]] = {}

    def __len__(self) -> int:
        return len(self._operations)

    def create(self, name: str, record: Record) -> None:
        """Puts a record where there is none yet."""
        self._put(name, record, _IF_NEW)
        self._bring_copy(name, record, new=True)

    def put(self, name: str, record: Record) -> None:
        """Puts a record whatever is there."""
        self._put(name, record, {})
        self._bring_copy(name, record)

    def replace(
        self,
        name: str,
        record: TenantRecord | PlatformRecord,
        condition: Condition | None = None,
    ) -> None:
        """Puts the next revision of a record that was read: refused if another write came between."""
        read = int(record.rev)
        unchanged: Condition = type(record).rev == read
        record.rev = read + 1
        self._put(name, record, _only_if(unchanged if condition is None else unchanged & condition))
        self._bring_copy(name, record)

    def update(
        self,
        name: str,
        record: type[Record],
        pk: str,
        sk: str,
        *,
        actions: Sequence[Action],
        condition: Condition | None = None,
    ) -> None:
        """Changes attributes in place. Without a condition it would create an absent item: give one that needs it."""
        if issubclass(record, TenantRecord) and (copied := record.COPIED & _named(actions)):
            raise ValueError(f"{', '.join(sorted(copied))}: read the record and replace it, so that its copy follows")
        self._add(name, "update", _arguments(record, pk, sk, condition, list(actions)))

    def check(self, name: str, record: type[Record], pk: str, sk: str, condition: Condition) -> None:
        """Holds a condition on an item that the transaction does not change."""
        self._add(name, "check", _arguments(record, pk, sk, condition))

    def delete(
        self,
        name: str,
        record: type[Record],
        pk: str,
        sk: str,
        condition: Condition | None = None,
    ) -> None:
        """Deletes an item."""
        self._add(name, "delete", _arguments(record, pk, sk, condition))
        if issubclass(record, TenantRecord) and (address := record.copy_address(pk, sk)):
            self.delete(_copy_of(name), *address)

    def commit(self) -> None:
        """Applies all or nothing.

        Conflicts and throttling are retried with full jitter, at most five times, under the same token. Raises
        Refused when a condition does not hold, Unavailable when the conflicts do not end.
        """
        groups = {kind: [args for k, args in self._operations.values() if k == kind] for kind in _KINDS}
        for attempt in range(_TRIES):
            try:
                connection().transact_write_items(
                    condition_check_items=groups["check"],
                    delete_items=groups["delete"],
                    put_items=groups["put"],
                    update_items=groups["update"],
                    client_request_token=self._token,
                )
                return
            except TransactWriteError as failure:
                self._explain(failure)
                time.sleep(random.uniform(0, _PAUSE_SECONDS * 2**attempt))
        raise Unavailable(
            "Too many requests changed the same thing at once; please send it again.",
            retry_after=1,
        )

    def _explain(self, failure: TransactWriteError) -> None:
        """Raises Refused or the failure itself; returns where another try may succeed."""
        reasons = list(failure.cancellation_reasons)
        refused = {
            name: reason.raw_item
            for name, reason in zip(self._names(), reasons, strict=bool(reasons))
            if reason is not None and reason.code == _REFUSED
        }
        if refused:
            raise Refused(refused) from failure
        if not _may_retry(failure, reasons):
            raise failure

    def _names(self) -> list[str]:
        """Operation names in the order in which pynamodb sends the operations: checks, deletes, puts, updates."""
        return [name for kind in _KINDS for name, (k, _) in self._operations.items() if k == kind]

    def _bring_copy(self, name: str, record: Record, *, new: bool = False) -> None:
        """Adds the write of what a lower domain keeps of a record; of one that is ``new`` nothing can be left over."""
        if not isinstance(record, TenantRecord):
            return
        address = record.copy_address(str(record.pk), str(record.sk))
        if address is None:
            return
        copy = record.copy()
        if copy is not None:
            self.put(_copy_of(name), copy)
        elif not new:
            self.delete(_copy_of(name), *address)

    def _put(self, name: str, record: Record, conditions: Mapping[str, Any]) -> None:
        if isinstance(record, TenantRecord):
            for each in record.following():
                self.update(each.name, each.record, *each.address, actions=each.actions, condition=each.condition)
            record.before_write()
        arguments = {
            "TableName": record.Meta.table_name,
            "Item": record.serialize(),
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
            **conditions,
        }
        self._add(name, "put", arguments)

    def _add(self, name: str, kind: str, arguments: dict[str, Any]) -> None:
        if name in self._operations:
            raise ValueError(f"two operations are named {name!r}")
        if len(self._operations) == MOST_OPERATIONS:
            raise ValueError(f"a transaction takes at most {MOST_OPERATIONS} operations")
        self._operations[name] = (kind, arguments)


def _only_if(condition: Condition) -> dict[str, Any]:
    """A condition as it stands in a request."""
    names: dict[str, str] = {}
    values: dict[str, Any] = {}
    said: dict[str, Any] = {"ConditionExpression": condition.serialize(names, values)}
    said["ExpressionAttributeNames"] = {short: name for name, short in names.items()}
    return said | {"ExpressionAttributeValues": values} if values else said


_IF_NEW = _only_if(Record.pk.does_not_exist())


def _copy_of(name: str) -> str:
    """What the write of a copy is named after that of its record."""
    return f"copy of {name}"


def _named(actions: Sequence[Action]) -> set[str]:
    """The attributes that an update changes, as they are stored."""
    return {str(path.path[0]) for action in actions if isinstance(path := action.values[0], Path)}


def _may_retry(failure: TransactWriteError, reasons: Sequence[CancellationReason | None]) -> bool:
    if reasons:
        return all(reason is None or reason.code in _RETRIED for reason in reasons)
    # A time-out is not tried again here: the client has done so already, under the same token.
    return isinstance(failure.cause, ClientError) and failure.cause_response_code in _RETRIED_ERRORS


def _arguments(
    record: type[Record],
    pk: str,
    sk: str,
    condition: Condition | None,
    actions: Sequence[Action] | None = None,
) -> dict[str, Any]:
    return record._get_connection().get_operation_kwargs(
        pk,
        range_key=sk,
        key="Key",
        actions=actions,
        condition=condition,
        return_values_on_condition_failure="ALL_OLD",
    )
