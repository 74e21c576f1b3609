"""Seals what the tables hold sealed with the current secrets: `python -m infra.reseal STACK`.

That is the stores' keys at payment providers, the secrets of their webhook endpoints and of their official accounts.
Run with the operator's own credentials ten minutes after the payment, the webhook or the message secret was replaced,
see docs/rotation.md. It may be run again at any time; what it has sealed is left alone the next time.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from chalicelib import settings
from chalicelib.aws import client
from chalicelib.sealing import Vault

_VAULTS = {
    "payment-settings": Vault("payments vault"),
    "webhook-endpoints": Vault("webhooks vault"),
    "message-settings": Vault("messages vault"),
}
"""By how the partition key begins, behind the tenant, of every account at a provider, kept ones too, of every endpoint,
and of what a brand has decided about its messages.
"""


@dataclass(slots=True)
class Outcome:
    """How many texts were sealed anew, were so already, changed meanwhile, or do not open with any key there is."""

    sealed: int = 0
    current: int = 0
    changed: int = 0
    unopened: int = 0

    @property
    def complete(self) -> bool:
        """Whether every text is sealed with the current secret, so that the previous one may end."""
        return not self.changed and not self.unopened


def reseal(table: str) -> Outcome:
    """Seals everything of the table anew that is not sealed with the current secret of its kind."""
    outcome = Outcome()
    for item in _sealed(table):
        before, vault = item["sealed"]["S"], _vault(item)
        after = vault.sealed_anew(before, *_place(item))
        if before.startswith(f"{settings.secret(vault.purpose).current.id}."):
            outcome.current += 1
        elif after == before:
            outcome.unopened += 1
        elif _replaced(table, item, after):
            outcome.sealed += 1
        else:
            outcome.changed += 1
    return outcome


def _sealed(table: str) -> Iterator[dict[str, Any]]:
    pages = (
        client("dynamodb")
        .get_paginator("scan")
        .paginate(
            TableName=table,
            FilterExpression="attribute_exists(sealed)",
            ProjectionExpression="pk, sk, sealed",
        )
    )
    for page in pages:
        yield from page["Items"]


def _vault(item: dict[str, Any]) -> Vault:
    kind = item["pk"]["S"].split("#")[1]
    return next(vault for name, vault in _VAULTS.items() if kind.startswith(name))


def _place(item: dict[str, Any]) -> tuple[str, str]:
    """The tenant and the provider, endpoint or settings, to which a sealed text is bound."""
    return item["pk"]["S"].partition("#")[0], item["sk"]["S"].partition("#")[0]


def _replaced(table: str, item: dict[str, Any], sealed: str) -> bool:
    """Writes the text unless the item has changed since it was read; its earlier events are not published again."""
    try:
        client("dynamodb").update_item(
            TableName=table,
            Key={"pk": item["pk"], "sk": item["sk"]},
            UpdateExpression="SET sealed = :new ADD rev :one REMOVE outbox",
            ConditionExpression="sealed = :old",
            ExpressionAttributeValues={":new": {"S": sealed}, ":old": item["sealed"], ":one": {"N": "1"}},
        )
    except ClientError as fault:
        if fault.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        return False
    return True


def _deployed(stack: str, name: str) -> str:
    found = client("cloudformation").describe_stack_resource(StackName=stack, LogicalResourceId=name)
    return str(found["StackResourceDetail"]["PhysicalResourceId"])


def main(stack: str) -> int:
    """Prints the outcome for a stack; 1 while anything is left that needs a previous secret."""
    for kind in ("Payment", "Webhook", "Message"):
        os.environ[f"{kind.upper()}_SECRET_ARN"] = _deployed(stack, f"{kind}Secret")
    settings.forget()
    outcome = reseal(_deployed(stack, "TenantTable"))
    print(
        f"Sealed anew: {outcome.sealed}. Already sealed with the current secret: {outcome.current}. "
        f"Changed meanwhile: {outcome.changed}. Opened by no version there is: {outcome.unopened}."
    )
    print("The previous version may end." if outcome.complete else "Run this again before the previous version ends.")
    return 0 if outcome.complete else 1


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m infra.reseal STACK")
    sys.exit(main(sys.argv[1]))
