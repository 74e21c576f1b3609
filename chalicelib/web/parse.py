"""Reads the parts of a raw request into what a handler receives, or says exactly what is wrong with them."""

import json
import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from chalicelib.kernel import strict_json
from chalicelib.kernel.counting import counted
from chalicelib.kernel.cursor import decode
from chalicelib.kernel.errors import FieldError, Malformed, NotFound, Stale, TooLarge, UnsupportedMedia
from chalicelib.kernel.ids import is_id
from chalicelib.kernel.language import preferred
from chalicelib.kernel.text import forbidden
from chalicelib.settings import secret
from chalicelib.web.problems import faults_of, message_for, not_json, refuse_fields

KEY = "^[!-~]{1,255}$"
"""How an Idempotency-Key is written: printable ASCII without spaces."""

IF_MATCH = r'^(\*|"[0-9]{1,15}")$'
"""How If-Match is written. It compares strongly, and a weak tag is like none (RFC 9110, section 13.1.1)."""

_ETAG = re.compile(r'"([0-9]{1,15})"')
_KEY = re.compile(r"[!-~]{1,255}")


class IdempotencyKeyMissing(Malformed):
    """The route creates something that must exist once, so it needs an Idempotency-Key."""

    code, title, title_zh = (
        "idempotency_key_required",
        "An Idempotency-Key header is required",
        "缺少 Idempotency-Key 请求头",
    )


def parse_body(model: type[BaseModel], raw: bytes, content_type: str, most_bytes: int, locale: str) -> BaseModel:
    """The validated body. Raises TooLarge, UnsupportedMedia, Malformed or Invalid."""
    if len(raw) > most_bytes:
        raise TooLarge(
            f"The body has {counted(len(raw), 'byte')}; the most that is taken here is {most_bytes:,}.",
            detail_zh=f"请求体有 {len(raw)} 字节，此处最多 {most_bytes} 字节。",
        )
    if content_type.partition(";")[0].strip().lower() not in {"", "application/json"}:
        raise UnsupportedMedia(
            f"Send the body as application/json, not {content_type[:80]}.",
            detail_zh="请以 application/json 格式发送请求体。",
        )
    raw, faults = raw or b"{}", list[FieldError]()
    try:
        parsed = model.model_validate_json(raw)
    except ValidationError as fault:
        faults = faults_of(fault, locale)
    named = {fault.pointer for fault in faults}
    faults += [fault for fault in _unfit(raw, locale, besides=bool(faults)) if fault.pointer not in named]
    if faults:
        raise refuse_fields(faults)
    return parsed


def _unfit(raw: bytes, locale: str, *, besides: bool) -> list[FieldError]:
    """What a model does not see: keys named twice, texts that no message can hold. ``besides`` says that the body is
    refused anyway, else raises Malformed for what is read leniently, such as depth inside free content.
    """
    try:
        found, kind = strict_json.forbidden_texts(strict_json.read(raw)), "forbidden_character"
    except strict_json.NamedTwice as twice:
        found, kind = list(twice.pointers), "repeated"
    except strict_json.NotTaken as broken:
        if besides:
            return []
        raise not_json(str(broken)) from broken
    return [FieldError(pointer, message_for(kind, locale) or "") for pointer in found]


def parse_query(model: type[BaseModel] | None, given: Mapping[str, list[str]], locale: str) -> BaseModel | None:
    """The validated query parameters; a parameter given twice, or unknown, is refused by its name."""
    faults = [FieldError(f"?{name}", message_for("repeated", locale) or "") for name, v in given.items() if len(v) > 1]
    for name, values in given.items():
        if forbidden(name + "".join(values)):
            pointer = "?" if forbidden(name) else f"?{name}"
            faults.append(FieldError(pointer, message_for("forbidden_character", locale) or ""))
    if model is None:
        faults += [FieldError(f"?{name}", message_for("extra_forbidden", locale) or "") for name in given]
    if faults:
        raise refuse_fields(faults)
    if model is None:
        return None
    try:
        return model.model_validate({name: values[0] for name, values in given.items()})
    except ValidationError as fault:
        raise refuse_fields(faults_of(fault, locale, query=True)) from fault


def parse_paging(given: dict[str, list[str]], of: list[Any]) -> tuple[int, dict[str, Any] | None, str]:
    """Takes ``limit`` and ``cursor`` out of the query: the limit, the opened cursor, the next one's binding.

    ``of`` names the list: tenant, route, path parameters, and the member whose own list it is. With the filters they
    are the binding, so that a cursor opens no other list.
    """
    limits, cursors = given.pop("limit", ["20"]), given.pop("cursor", [""])
    binding = json.dumps([of, sorted(given.items())])
    if len(limits) > 1 or not re.fullmatch(r"[1-9][0-9]?|100", limits[0]):
        raise refuse_fields(
            [FieldError("?limit", "this must be one whole number from 1 to 100", "此处应为 1 至 100 的一个整数")]
        )
    if len(cursors) > 1:
        raise refuse_fields(
            [FieldError("?cursor", "this is given more than once; give it once", "此参数重复，请只提供一次")]
        )
    opened = decode(cursors[0], binding, secret("cursors")) if cursors[0] else None
    return int(limits[0]), opened, binding


def parse_path(path: Mapping[str, str]) -> dict[str, str]:
    """Path parameters; one whose name ends in ``id`` must have the form of an id, else there is no such thing, and none
    of any name is text that no message can hold.
    """
    for name, value in path.items():
        if forbidden(value):
            raise NotFound("There is nothing at this address.", detail_zh="该地址不存在。")
        if name.endswith("id") and not is_id(value):
            raise NotFound(f"There is nothing under '{value[:64]}'.", detail_zh=f"未找到“{value[:64]}”。")
    return dict(path)


def parse_idempotency_key(header: str | None) -> str:
    """The required key: 1 to 255 printable ASCII characters without spaces."""
    if header is None:
        raise IdempotencyKeyMissing(
            "Send the header Idempotency-Key with a value of your own, such as a UUID.",
            detail_zh="请在请求头 Idempotency-Key 中填写自定的唯一值，例如 UUID。",
        )
    if not _KEY.fullmatch(header):
        raise Malformed(
            "Idempotency-Key takes 1 to 255 printable ASCII characters without spaces.",
            detail_zh="Idempotency-Key 须为 1 至 255 个可打印的 ASCII 字符，不含空格。",
        )
    return header


def parse_if_match(header: str | None) -> int | None:
    """The revision in ``If-Match``; None without one or for ``*``. A tag that we never gave out matches nothing."""
    if header is None or header.strip() == "*":
        return None
    found = _ETAG.fullmatch(header.strip())
    if found is None:
        raise Stale(
            'If-Match takes the ETag that you received, such as "3".',
            detail_zh='If-Match 须填写您收到的 ETag，例如 "3"。',
        )
    return int(found[1])


def parse_locale(header: str | None) -> str:
    """``zh`` or ``en``: the better liked of the two by Accept-Language."""
    return preferred(header)
