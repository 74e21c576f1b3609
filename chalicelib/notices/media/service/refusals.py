"""What the answers of SES and SNS mean: never, or not now."""

from botocore.exceptions import ClientError

from chalicelib.notices.model.letters import BadAddress

_NEVER = frozenset({"InvalidParameter", "InvalidParameterValue", "InvalidParameterException", "ValidationError",
                    "MessageRejected", "OptedOut"})  # fmt: skip
"""Answers that say: not this address, not this message, now or later."""


def explained(refused: ClientError) -> Exception:
    """What to raise for a refusal: BadAddress where another try is of no use, else the refusal itself."""
    code = refused.response["Error"]["Code"]
    return BadAddress(code) if code in _NEVER else refused
