"""Reads the parts of a raw request into what a handler receives, or says exactly what is wrong with them."""

import json
import re
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import from_json

from chalicelib.kernel.cursor import decode
from chalicelib.kernel.errors import FieldError, Malformed, NotFound, Stale, TooLarge, UnsupportedMedia
from chalicelib.kernel.ids import is_id
from chalicelib.settings import secret
from chalicelib.web.problems import invalid, message_for, refuse_fields, token

_KEY = re.compile(r"[\x21-\x7e]{1,255}")
_ETAG = re.compile(r'(?:W/)?"(\d{1,15})"')


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
            f"The body has {len(raw)} bytes; at most {most_bytes} are taken here.",
            detail_zh=f"请求体有 {len(raw)} 字节，此处最多 {most_bytes} 字节。",
        )
    if content_type.partition(";")[0].strip().lower() not in {"", "application/json"}:
        raise UnsupportedMedia(
            f"Send the body as application/json, not {content_type[:80]}.",
            detail_zh="请以 application/json 格式发送请求体。",
        )
    try:
        parsed = model.model_validate_json(raw or b"{}")
    except ValidationError as fault:
        raise invalid(fault, locale) from fault
    if b"\x00" in raw or b"\\u0000" in raw:
        _refuse_null_bytes(from_json(raw), locale)
    return parsed


def _refuse_null_bytes(value: Any, locale: str) -> None:
    found = [FieldError(pointer, message_for("null_byte", locale) or "") for pointer in _null_bytes(value, "")]
    if found:
        raise refuse_fields(found)


def _null_bytes(value: Any, pointer: str) -> list[str]:
    if isinstance(value, str):
        return [pointer] if "\x00" in value else []
    if isinstance(value, dict):
        inside = [(pointer + token(name), name, inner) for name, inner in value.items()]
        return [p for at, name, inner in inside for p in [at] * ("\x00" in name) + _null_bytes(inner, at)]
    if isinstance(value, list):
        return [p for index, inner in enumerate(value) for p in _null_bytes(inner, f"{pointer}/{index}")]
    return []


def parse_query(model: type[BaseModel] | None, given: Mapping[str, list[str]], locale: str) -> BaseModel | None:
    """The validated query parameters; a parameter given twice, or unknown, is refused by its name."""
    faults = [FieldError(f"?{name}", message_for("repeated", locale) or "") for name, v in given.items() if len(v) > 1]
    if any("\x00" in name + "".join(values) for name, values in given.items()):
        faults.append(FieldError("?", message_for("null_byte", locale) or ""))
    if model is None:
        faults += [FieldError(f"?{name}", message_for("extra_forbidden", locale) or "") for name in given]
    if faults:
        raise refuse_fields(faults)
    if model is None:
        return None
    try:
        return model.model_validate({name: values[0] for name, values in given.items()})
    except ValidationError as fault:
        raise invalid(fault, locale, query=True) from fault


def parse_paging(given: dict[str, list[str]], of: list[Any]) -> tuple[int, dict[str, Any] | None, str]:
    """Takes ``limit`` and ``cursor`` out of the query: the limit, the opened cursor, the next one's binding.

    ``of`` names the list: tenant, route, path parameters, and the member whose own list it is. With the filters they
    are the binding, so that a cursor opens no other list.
    """
    limits, cursors = given.pop("limit", ["20"]), given.pop("cursor", [""])
    binding = json.dumps([of, sorted(given.items())])
    if len(limits) > 1 or not re.fullmatch(r"[1-9][0-9]?|100", limits[0]):
        raise refuse_fields([FieldError("?limit", "limit must be one whole number from 1 to 100")])
    if len(cursors) > 1:
        raise refuse_fields([FieldError("?cursor", "this is given more than once; give it once")])
    opened = decode(cursors[0], binding, secret("cursors")) if cursors[0] else None
    return int(limits[0]), opened, binding


def parse_path(path: Mapping[str, str]) -> dict[str, str]:
    """Path parameters; one whose name ends in ``id`` must have the form of an id, else there is no such thing."""
    for name, value in path.items():
        if name.endswith("id") and not is_id(value):
            raise NotFound(
                f"There is no {name.removesuffix('_id') or name} '{value[:64]}'.", detail_zh=f"未找到“{value[:64]}”。"
            )
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
    """``zh`` or ``en``: the better liked of the two by Accept-Language (RFC 9110), English when neither is named."""
    best, quality = "en", 0.0
    for part in (header or "")[:200].split(","):
        tag, _, weight = part.strip().partition(";q=")
        try:
            liked = float(weight) if weight else 1.0
        except ValueError:
            continue
        if tag[:2].lower() in {"zh", "en"} and liked > quality:
            best, quality = tag[:2].lower(), liked
    return best
