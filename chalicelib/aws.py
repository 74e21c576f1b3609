"""Clients of the AWS services other than DynamoDB, made when first used and shared by all threads."""

import threading
from typing import Any

from botocore.config import Config
from botocore.exceptions import ConnectionClosedError, ReadTimeoutError
from botocore.session import get_session

_lock = threading.Lock()
_clients: dict[str, Any] = {}
_CONFIG = Config(
    connect_timeout=1,
    read_timeout=5,
    retries={"total_max_attempts": 3, "mode": "standard"},
    max_pool_connections=32,
    user_agent="lintuan",
)
# S3 takes no links of the older signature, which botocore makes in some regions, for buckets made since June 2020.
_S3 = _CONFIG.merge(Config(signature_version="s3v4", s3={"addressing_style": "path"}))

_TOLD_TWICE = frozenset({"ses", "sns"})
"""A second call of these brings people a second message, and neither knows the first again."""


def client(service: str) -> Any:
    """The process's client of a service (``sqs``, ``s3``, ``ses``, ``sns``). Making one costs tens of milliseconds."""
    found = _clients.get(service)
    if found is None:
        with _lock:
            config = _S3 if service == "s3" else _CONFIG
            made = get_session().create_client(service, config=config)
            if service in _TOLD_TWICE:
                made.meta.events.register_first(f"needs-retry.{service}", _only_what_was_not_taken)
            found = _clients.setdefault(service, made)
    return found


def _only_what_was_not_taken(caught_exception: Exception | None, **_: Any) -> None:
    """Raises what a call ended with that may have been taken: its caller knows what a second one would do, and counts
    it. Whatever else fails is tried again here.
    """
    if isinstance(caught_exception, ReadTimeoutError | ConnectionClosedError):
        raise caught_exception


def forget() -> None:
    """Drops the clients, for tests and the embedded stack, whose endpoint is known only at run time."""
    with _lock:
        _clients.clear()
