"""Providers that make the worker wait before they fail: for a while nobody asks them again.

A worker is given a hundred messages and half a minute. Were each of them to wait for an answer that does not come, the
worker would be ended in the middle of them.
"""

from datetime import datetime, timedelta

from botocore.exceptions import ConnectionClosedError, ReadTimeoutError

from chalicelib.kernel.remembering import to_forget
from chalicelib.notices.recipients.model import Channel

_SLOW = 3.0
_SPARED = timedelta(seconds=30)

_since: dict[tuple[str, Channel], datetime] = {}
to_forget(_since.clear)


_NO_ANSWER = (ReadTimeoutError, ConnectionClosedError, TimeoutError)


def is_unsure(fault: Exception) -> bool:
    """Whether the provider may have taken what it gave no answer to."""
    return isinstance(fault, _NO_ANSWER) or isinstance(fault.__cause__, _NO_ANSWER)


def is_spared(tenant_id: str, channel: Channel, now: datetime) -> bool:
    """Whether the medium's provider failed slowly a moment ago."""
    since = _since.get(_provider(tenant_id, channel))
    return since is not None and since <= now < since + _SPARED


def note_failure(tenant_id: str, channel: Channel, seconds: float, now: datetime) -> None:
    """Remembers a provider that took so long to fail, in this process."""
    if seconds > _SLOW:
        _since[_provider(tenant_id, channel)] = now


def _provider(tenant_id: str, channel: Channel) -> tuple[str, Channel]:
    """A brand has an official account of its own; the other media are everybody's."""
    return (tenant_id if channel == "official_account" else "", channel)
