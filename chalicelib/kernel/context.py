"""What travels with a request through HTTP, queue and stream without being an argument of every function."""

from contextvars import ContextVar

correlation_id: ContextVar[str] = ContextVar("correlation_id", default="")
"""The id that one user action carries from the request through the record's events to the last worker."""

token_sign_outs: ContextVar[int | None] = ContextVar("token_sign_outs", default=None)
"""How often the calling member had signed out when their token was issued, where the use case reads them and looks
whether that is still so; None elsewhere.
"""
