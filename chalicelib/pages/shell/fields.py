"""What a form sends: names with dots become what they stand for, ``lines.0.quantity`` a number in a list. Pure."""

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from chalicelib.kernel.errors import Malformed
from chalicelib.kernel.text import forbidden

MOST_FIELDS = 600
MOST_DEPTH = 6
_INDEX = re.compile(r"0|[1-9][0-9]{0,2}")


def read(raw: bytes) -> dict[str, str]:
    """The fields of a form by name; of several with one name the last, as of a box beside its hidden default.

    Raises Malformed for what is no form, or holds text that no message can hold.
    """
    try:
        pairs = parse_qsl(
            raw.decode("utf-8"), keep_blank_values=True, strict_parsing=bool(raw), max_num_fields=MOST_FIELDS,
            errors="strict",
        )  # fmt: skip
    except (ValueError, UnicodeDecodeError) as fault:
        raise Malformed(
            "The form could not be read; load the page anew.", detail_zh="表单无法读取，请刷新页面重试。"
        ) from fault
    found = {name: value.replace("\r\n", "\n") for name, value in pairs}
    if any(forbidden(name + value) for name, value in found.items()):
        raise Malformed(
            "The form holds a character that no message can hold, such as a control character.",
            detail_zh="表单中含有无法保存的字符（如控制字符），请删除后重试。",
        )
    return found


def nested(fields: Mapping[str, str]) -> dict[str, Any]:
    """The fields as the API would take them: nothing for what was left empty, lists where all names are numbers.

    Names that begin with an underscore are the page's own.
    """
    tree: dict[str, Any] = {}
    for name, value in fields.items():
        if name.startswith("_") or not value.strip():
            continue
        *above, last = name.split(".")[:MOST_DEPTH]
        node = tree
        for part in above:
            below = node.setdefault(part, {})
            if not isinstance(below, dict):
                break
            node = below
        else:
            node[last] = value
    listed: dict[str, Any] = _listed(tree)
    return listed


def pointer(name: str) -> str:
    """How a refusal of the API names the field."""
    return "/" + name.replace(".", "/")


def _listed(node: Any) -> Any:
    if not isinstance(node, dict):
        return node
    inner = {name: _listed(value) for name, value in node.items()}
    if inner and all(_INDEX.fullmatch(name) for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner
