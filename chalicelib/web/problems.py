"""Errors as RFC 9457 problem documents: one table from what was raised to what is answered."""

from typing import Any

from botocore import exceptions as botocore
from chalice.app import Response
from pydantic import ValidationError
from pydantic_core import ErrorDetails
from pynamodb.exceptions import PynamoDBException

from chalicelib.kernel.counting import counted
from chalicelib.kernel.errors import (
    DomainError,
    FieldError,
    Invalid,
    InvalidField,
    Malformed,
    Unauthenticated,
    Unavailable,
)
from chalicelib.kernel.strict_json import step
from chalicelib.telemetry import logger
from chalicelib.web.answers import dump

PROBLEM = "application/problem+json"
_MOST_ERRORS = 100
_NO_ANSWER = (PynamoDBException, botocore.ClientError, botocore.HTTPClientError, botocore.ConnectionError)

_MESSAGES: dict[str, tuple[str, str]] = {
    "missing": ("this field is required", "此字段必填"),
    "extra_forbidden": (
        "this field is not known here; remove it or check its spelling",
        "未知字段，请删除或检查拼写",
    ),
    "string_type": ("this must be a text", "此处应为文本"),
    "int_type": (
        "this must be a whole number, not in quotes",
        "此处应为整数，且不加引号",
    ),
    "int_from_float": ("this must be a whole number", "此处应为整数"),
    "int_parsing": ("this must be a whole number", "此处应为整数"),
    "int_parsing_size": ("this number is too large", "数字过大"),
    "bool_type": ("this must be true or false", "此处应为 true 或 false"),
    "list_type": ("this must be a list", "此处应为列表"),
    "dict_type": ("this must be an object", "此处应为对象"),
    "model_type": ("this must be an object", "此处应为对象"),
    "model_attributes_type": ("this must be an object", "此处应为对象"),
    "string_too_short": (
        "this must be longer; the fewest characters are {min_length}",
        "至少需要 {min_length} 个字符",
    ),
    "string_too_long": (
        "this may have at most {max_length} characters",
        "最多 {max_length} 个字符",
    ),
    "string_pattern_mismatch": (
        "this is not in the form that is asked for; see the examples in the documentation",
        "格式不符合要求，请参阅文档中的示例",
    ),
    "too_short": (
        "too few entries; the fewest is {min_length}",
        "至少需要 {min_length} 项",
    ),
    "too_long": ("too many entries; the most is {max_length}", "最多 {max_length} 项"),
    "greater_than": ("this must be greater than {gt}", "必须大于 {gt}"),
    "greater_than_equal": ("this must be at least {ge}", "不得小于 {ge}"),
    "less_than": ("this must be less than {lt}", "必须小于 {lt}"),
    "less_than_equal": ("this must be at most {le}", "不得大于 {le}"),
    "literal_error": ("this must be one of: {expected}", "必须是以下之一：{expected}"),
    "enum": ("this must be one of: {expected}", "必须是以下之一：{expected}"),
    "timezone_aware": (
        "the instant needs an offset, such as 2026-11-22T08:00:00Z or 2026-11-22T16:00:00+08:00",
        "时间需带时区偏移，例如 2026-11-22T16:00:00+08:00",
    ),
    "datetime_from_date_parsing": (
        "write an instant such as 2026-11-22T08:00:00Z",
        "请使用如 2026-11-22T08:00:00Z 的时间",
    ),
    "datetime_parsing": (
        "write an instant such as 2026-11-22T08:00:00Z",
        "请使用如 2026-11-22T08:00:00Z 的时间",
    ),
    "date_from_datetime_parsing": (
        "write a date such as 2026-11-22",
        "请使用如 2026-11-22 的日期",
    ),
    "date_parsing": ("write a date such as 2026-11-22", "请使用如 2026-11-22 的日期"),
    "repeated": (
        "this is given more than once; give it once",
        "此项重复，请只提供一次",
    ),
    "forbidden_character": (
        "this text holds a character that no message can hold, such as a control character; remove it",
        "文本中含有无法发送的字符（如控制字符），请删除",
    ),
}


def problem(error: DomainError, request_id: str, locale: str) -> Response:
    """The response for a refusal."""
    chinese = locale == "zh"
    document: dict[str, Any] = {
        "type": f"/docs#error-{error.code}",
        "title": error.title_zh if chinese else error.title,
        "status": error.status,
        "detail": error.detail_zh if chinese else error.detail,
        "code": error.code,
        "request_id": request_id,
    }
    if error.errors:
        document["errors"] = [{"pointer": e.pointer, "message": said_of(e, error, chinese)} for e in error.errors]
    headers: dict[str, str | list[str]] = {"Content-Type": PROBLEM}
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, Unauthenticated):
        headers["WWW-Authenticate"] = "Bearer"
    return Response(dump(error.extra | document), headers, error.status)


def said_of(field: FieldError, error: DomainError, chinese: bool) -> str:
    """What is wrong with a field, in the reader's language; where the whole refusal says the same, in its words."""
    if not chinese:
        return field.message
    return field.message_zh or (error.detail_zh if field.message == error.detail else field.message)


def translate(raised: Exception, request_id: str, locale: str) -> Response:
    """The response for whatever a handler raised."""
    return problem(refusal_of(raised, request_id), request_id, locale)


def refusal_of(raised: Exception, request_id: str) -> DomainError:
    """What is said of whatever a handler raised; what we did not foresee is logged and tells the caller nothing."""
    if isinstance(raised, DomainError):
        return raised
    if isinstance(raised, _NO_ANSWER):
        logger.exception("dependency_failed", request_id=request_id)
        return Unavailable("A part of the service did not answer; send the same request again.", retry_after=1)
    logger.exception("unexpected_error", request_id=request_id)
    return _Unexpected()


class _Unexpected(DomainError):
    status, code, title, title_zh = (
        500,
        "internal_error",
        "Something went wrong on our side",
        "服务器内部错误",
    )

    def __init__(self) -> None:
        super().__init__(
            "The request was not understood by our own code. Tell us the id of the request.",
            detail_zh="服务器处理出错，请将请求编号告知我们。",
        )


def faults_of(fault: ValidationError, locale: str, *, query: bool = False) -> list[FieldError]:
    """What pydantic found wrong, field by field (422). Raises Malformed (400) for what is no JSON."""
    details = fault.errors(include_url=False, include_input=False)
    if details[0]["type"] == "json_invalid":
        raise not_json(str(details[0]["ctx"]["error"]))
    return [FieldError(_pointer(each, query), _message(each, locale)) for each in details]


def not_json(reason: str) -> Malformed:
    """A body that cannot be read."""
    return Malformed(f"The body is not JSON: {reason}.", detail_zh="请求体不是有效的 JSON，请检查格式。")


def refuse_fields(errors: list[FieldError]) -> Invalid:
    """One refusal for several fields; of very many the first are named, since an answer has a limit too."""
    return Invalid(
        f"{counted(len(errors), 'field')} to be corrected; see errors.",
        detail_zh=f"有 {len(errors)} 个字段需要更正，详见 errors。",
        errors=tuple(errors[:_MOST_ERRORS]),
    )


_EMPTY = ("this is empty; fill it in", "请填写此项")
"""Of a text of which one character would do."""


def message_for(kind: str, locale: str, context: dict[str, Any] | None = None) -> str | None:
    """Our wording for a kind of fault, or None where we have none."""
    words = dict(context or {})
    empty = kind == "string_too_short" and words.get("min_length") == 1
    wording = _EMPTY if empty else _MESSAGES.get(kind)
    if wording is None:
        return None
    if locale == "zh" and "expected" in words:
        words["expected"] = str(words["expected"]).replace(", ", "、").replace(" or ", "、")
    return wording[1 if locale == "zh" else 0].format(**words)


def _message(detail: ErrorDetails, locale: str) -> str:
    context = detail.get("ctx", {})
    if detail["type"] == "value_error" and "error" in context:
        fault = context["error"]
        return fault.message_zh if locale == "zh" and isinstance(fault, InvalidField) else str(fault)
    return message_for(detail["type"], locale, context) or detail["msg"]


def _pointer(detail: ErrorDetails, query: bool) -> str:
    pointer = "".join(step(part) for part in detail["loc"])
    return "?" + pointer[1:] if query else pointer
