"""What the answers of SES and SNS mean: never, or not now."""

from botocore.exceptions import ClientError

from chalicelib.notices.model.letters import BadAddress, SenderRefused

_NEVER = frozenset({"InvalidParameter", "InvalidParameterValue", "InvalidParameterException", "ValidationError",
                    "MessageRejected", "OptedOut"})  # fmt: skip
"""Answers that say: not this address, not this message, now or later."""


def explained(refused: ClientError, sender: str = "") -> Exception:
    """What to raise for a refusal: BadAddress where another try is of no use, else the refusal itself. One that names
    the ``sender`` is about us, as where SES no longer takes its domain for ours: SenderRefused.
    """
    said = refused.response["Error"]
    if sender and sender.lower() in said.get("Message", "").lower():
        return SenderRefused(said["Code"])
    return BadAddress(said["Code"]) if said["Code"] in _NEVER else refused
