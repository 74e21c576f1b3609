"""What people were sent, for tests that are not about receipts, nor about a new brand and who is put on its team."""

from typing import Any

from infra.local.engine import Engine

ACCOUNT = ("Confirm ", "请确认 ", "You are on the team", "您已加入 ")
RECEIPTS = {"Your order is placed", "下单成功", "You have a place in a team"}


def news(engine: Engine) -> list[dict[str, Any]]:
    """What was sent beside the receipts of orders, what owners are asked at sign-up, and what who is put on the team
    hears; oldest first.
    """
    return [mail for mail in engine.mail() if mail["subject"] not in RECEIPTS and not _is_of_the_account(mail)]


def _is_of_the_account(mail: dict[str, Any]) -> bool:
    return str(mail["subject"]).startswith(ACCOUNT)
