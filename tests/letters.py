"""What people were sent, for tests that are not about receipts."""

from typing import Any

from infra.local.engine import Engine

RECEIPTS = {"Your order is placed", "下单成功", "You have a place in a team"}


def news(engine: Engine) -> list[dict[str, Any]]:
    """What was sent beside the receipts of orders, oldest first."""
    return [mail for mail in engine.mail() if mail["subject"] not in RECEIPTS]
