"""What travels with a request through HTTP, queue and stream without being an argument of every function."""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any, TypeVar

T = TypeVar("T")

correlation_id: ContextVar[str] = ContextVar("correlation_id", default="")
"""The id that one user action carries from the request through the record's events to the last worker."""

contacts_shown: ContextVar[bool] = ContextVar("contacts_shown", default=True)
"""Whether names, e-mail addresses, phone numbers and postal addresses of people are shown to whom this is done for."""


def contact(value: T) -> T | None:
    """What says who a person is or how they are reached, where that is shown; else None. For tables: the fields of a
    view say so themselves, by the type ``Contact``.
    """
    return value if contacts_shown.get() else None


token_sign_outs: ContextVar[int | None] = ContextVar("token_sign_outs", default=None)
"""How often the calling member had signed out when their token was issued, where the use case reads them and looks
whether that is still so; None elsewhere.
"""

country: ContextVar[Callable[[Mapping[str, Any]], str | None] | None] = ContextVar("country", default=None)
"""Says in which country (ISO 3166) the request's store is at home. It is asked only where a phone number came without
country code, with the fields of the form that were read before: of a sign-in these alone name the store.
"""
