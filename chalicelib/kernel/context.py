"""What travels with a request through HTTP, queue and stream without being an argument of every function."""

from contextvars import ContextVar

correlation_id: ContextVar[str] = ContextVar("correlation_id", default="")
"""The id that one user action carries from the request through the record's events to the last worker."""
