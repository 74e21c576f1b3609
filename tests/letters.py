"""What people were sent, for tests that are not about receipts, nor about the confirmation of a new brand."""

from typing import Any

from infra.local.engine import Engine

CONFIRM = ("Confirm ", "请确认 ")
RECEIPTS = {"Your order is placed", "下单成功", "You have a place in a team"}


def news(engine: Engine) -> list[dict[str, Any]]:
    """What was sent beside the receipts of orders, and what owners are asked at sign-up, oldest first."""
    return [mail for mail in engine.mail() if mail["subject"] not in RECEIPTS and not _asks_to_confirm(mail)]


def _asks_to_confirm(mail: dict[str, Any]) -> bool:
    return str(mail["subject"]).startswith(CONFIRM)
