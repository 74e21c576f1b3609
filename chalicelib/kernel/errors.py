"""The kinds of refusal the product knows.

A domain raises the word of its rule (``SoldOut``, ``CampaignClosed``), a subclass of one of these kinds. The kind
carries the HTTP status, so that one table at the edge translates everything: no rule knows of HTTP beyond it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self


@dataclass(frozen=True, slots=True)
class FieldError:
    """One fault in the input: an RFC 6901 pointer into the body (or ``?name`` for a query key) and what to do.

    ``message_zh`` is the same in Chinese; what is worded for one reader, as the fields of a form are, needs none.
    """

    pointer: str
    message: str
    message_zh: str = ""


class InvalidField(ValueError):
    """A form's own rule that a field breaks: what to do, in English and in Chinese. Becomes a FieldError."""

    def __init__(self, message: str, message_zh: str) -> None:
        super().__init__(message)
        self.message_zh = message_zh


class DomainError(Exception):
    """A refusal that a caller can understand and act upon.

    ``code`` is stable and machine-readable; ``title`` names the kind in English, ``title_zh`` in Chinese; ``detail``
    says what was wrong, with which value, and what to do; ``usual_zh`` says it in Chinese where a refusal has no words
    of its own. ``extra`` is put into the problem document as it is.
    """

    status: ClassVar[int] = 400
    code: ClassVar[str] = "bad_request"
    title: ClassVar[str] = "Bad request"
    title_zh: ClassVar[str] = "请求有误"
    usual_zh: ClassVar[str] = ""

    def __init__(
        self,
        detail: str = "",
        *,
        detail_zh: str = "",
        errors: tuple[FieldError, ...] = (),
        extra: Mapping[str, Any] | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.detail_zh = detail_zh or self.usual_zh or detail or self.title_zh
        self.errors = errors
        self.extra: dict[str, Any] = dict(extra or {})
        self.retry_after = retry_after

    @classmethod
    def at(cls, pointer: str, message: str, detail_zh: str = "") -> Self:
        """The refusal of a single field."""
        return cls(message, detail_zh=detail_zh, errors=(FieldError(pointer, message, detail_zh),))


class Malformed(DomainError):
    """The request cannot be read at all: broken JSON, a torn cursor, a missing header."""

    status, code, title, title_zh = (
        400,
        "malformed",
        "The request cannot be read",
        "请求无法解析",
    )


class Unauthenticated(DomainError):
    """No credential, or one that is wrong, expired or revoked. Never says which."""

    status, code, title, title_zh = (
        401,
        "unauthenticated",
        "A valid credential is needed",
        "需要有效的凭证",
    )


class Forbidden(DomainError):
    """The credential is valid, yet its roles do not reach this."""

    status, code, title, title_zh = (
        403,
        "forbidden",
        "Your role does not allow this",
        "当前角色无权执行此操作",
    )


class NotFound(DomainError):
    """Absent, or another tenant's: the two look the same."""

    status, code, title, title_zh = 404, "not_found", "Not found", "未找到"


class Conflict(DomainError):
    """The request is well-formed, but the present state refuses it."""

    status, code, title, title_zh = (
        409,
        "conflict",
        "The current state does not allow this",
        "当前状态不允许此操作",
    )


class Stale(DomainError):
    """``If-Match`` names a revision that is no longer the stored one."""

    status, code, title, title_zh = (
        412,
        "stale",
        "The resource has changed since you read it",
        "资源已被修改，请重新读取",
    )
    usual_zh = "内容在您读取之后已被修改，请重新读取后再试。"


class TooLarge(DomainError):
    """The body is larger than the route takes."""

    status, code, title, title_zh = (
        413,
        "too_large",
        "The request is too large",
        "请求内容过大",
    )


class UnsupportedMedia(DomainError):
    """The body is not JSON."""

    status, code, title, title_zh = (
        415,
        "unsupported_media_type",
        "The body must be JSON",
        "请求体必须是 JSON",
    )


class Invalid(DomainError):
    """The input is readable but breaks a rule; ``errors`` names each field."""

    status, code, title, title_zh = (
        422,
        "invalid",
        "The input is not valid",
        "输入不合法",
    )


class IdempotencyMismatch(Invalid):
    """The Idempotency-Key was used before, with another body."""

    code, title, title_zh = (
        "idempotency_mismatch",
        "The key was used with another body",
        "幂等键已用于不同的请求内容",
    )


class TooManyRequests(DomainError):
    """A limit on attempts was reached; ``retry_after`` says in how many seconds to come back."""

    status, code, title, title_zh = (
        429,
        "too_many_requests",
        "Too many requests",
        "请求过于频繁",
    )


class Unavailable(DomainError):
    """A dependency is down or too busy; the same request may be sent again."""

    status, code, title, title_zh = (
        503,
        "unavailable",
        "Temporarily unavailable, please retry",
        "服务暂时不可用，请重试",
    )
    usual_zh = "当前请求较多，请稍后原样重新发送。"
