"""What a rule says to input: refused by which code, or taken."""

from collections.abc import Callable
from typing import Any

from chalicelib.kernel.errors import DomainError


def refusal(check: Callable[..., object], *arguments: Any, **named: Any) -> str | None:
    """The code of the refusal; None where the input is taken."""
    try:
        check(*arguments, **named)
    except DomainError as refused:
        return refused.code
    return None
