"""A JSON schema as a person reads it: a line a field, with its type in words."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from chalicelib.kernel.language import Language

_DEEPEST = 4
_FORMATS = {
    "date-time": ("instant, such as 2026-11-22T08:00:00Z", "时间，例如 2026-11-22T08:00:00Z"),
    "date": ("date, such as 2026-11-22", "日期，例如 2026-11-22"),
    "email": ("e-mail address", "邮箱地址"),
    "uri": ("https address", "https 地址"),
}
_ID = "^[0-7][0-9A-HJKMNP-TV-Z]{25}$"
_KINDS = {"boolean": ("true or false", "true 或 false"), "number": ("number", "数字"), "object": ("object", "对象")}


@dataclass(frozen=True, slots=True)
class Line:
    """One field: ``lines[].quantity``, a whole number from 1 to 9999, needed."""

    name: str
    kind: str
    needed: bool
    note: str


class Wording:
    """Puts schemas of one API document into words."""

    def __init__(self, components: Mapping[str, Any], language: Language = "en") -> None:
        self._components, self._chinese = components, language == "zh"

    def lines(self, schema: Mapping[str, Any]) -> list[Line]:
        """The fields of an object, those of nested ones after their own: what is needed first, what is nested last."""
        return list(self._lines(self._whole(schema), "", 0))

    def kind(self, schema: Mapping[str, Any]) -> str:
        """The type in words."""
        whole = self._whole(schema)
        if "anyOf" in whole:
            return self._say(" or ", " 或 ").join(dict.fromkeys(self.kind(each) for each in whole["anyOf"]))
        if "enum" in whole or "const" in whole:
            values = map(str, whole.get("enum") or [whole["const"]])
            return self._say("one of ", "以下之一：") + self._say(", ", "、").join(values)
        kind = whole.get("type", self._say("anything", "任意"))
        if isinstance(kind, list):
            return self._say(" or ", " 或 ").join(kind)
        if kind == "array":
            return f"{self._say('list of ', '列表：')}{self.kind(whole.get('items', {}))}" + self._between(
                whole, "minItems", "maxItems"
            )
        if kind == "object" and _is_money(whole):
            return self._say("money", "金额")
        if kind == "integer":
            return self._say("whole number", "整数") + self._between(whole, "minimum", "maximum")
        return self._text(whole) if kind == "string" else self._say(*_KINDS.get(kind, (kind, kind)))

    def note(self, part: Mapping[str, Any]) -> str:
        """What is said of a field, and the value that it has when it is left out."""
        whole = self._whole(part)
        said = part.get("description") or ("" if "properties" in whole else whole.get("description", ""))
        return " ".join(each for each in (said, self._default(part)) if each)

    def _lines(self, schema: Mapping[str, Any], before: str, depth: int) -> Iterator[Line]:
        needed = schema.get("required", ())

        def place(field: tuple[str, Any]) -> int:
            name, part = field
            return 0 if name in needed else 2 if self._is_nested(part) else 1

        for name, part in sorted(schema.get("properties", {}).items(), key=place):
            yield Line(before + name, self.kind(part), name in needed, self.note(part))
            if depth < _DEEPEST and self._is_nested(part):
                inner, sign = self._inside(self._whole(part))
                yield from self._lines(inner, f"{before}{name}{sign}.", depth + 1)

    def _is_nested(self, part: Mapping[str, Any]) -> bool:
        inner, _ = self._inside(self._whole(part))
        return "properties" in inner and not _is_money(inner)

    def _inside(self, whole: Mapping[str, Any]) -> tuple[Mapping[str, Any], str]:
        """The object that a field holds, itself or in a list, if it holds one."""
        for each in whole.get("anyOf", [whole]):
            found = self._whole(each)
            if found.get("type") == "array":
                return self._inside(self._whole(found.get("items", {})))[0], "[]"
            if "properties" in found:
                return found, ""
        return {}, ""

    def _whole(self, schema: Mapping[str, Any]) -> Mapping[str, Any]:
        while "$ref" in schema:
            schema = self._components[schema["$ref"].rpartition("/")[2]]
        return schema

    def _say(self, english: str, chinese: str) -> str:
        return chinese if self._chinese else english

    def _text(self, schema: Mapping[str, Any]) -> str:
        if schema.get("pattern") == _ID:
            return self._say("id", "编号")
        if schema.get("format") in _FORMATS:
            return self._say(*_FORMATS[schema["format"]])
        example = schema["examples"][0] if schema.get("examples") else None
        shown = "" if example is None else self._say(", such as ", "，例如 ") + str(example)
        length = self._between(schema, "minLength", "maxLength", " characters", " 个字符")
        return self._say("text", "文本") + length + shown

    def _default(self, part: Mapping[str, Any]) -> str:
        usual = part.get("default")
        if usual in (None, "", [], {}):
            return ""
        shown = usual if isinstance(usual, str) else json.dumps(usual, ensure_ascii=False)
        return self._say(f"Default: `{shown}`.", f"默认：`{shown}`。")

    def _between(self, schema: Mapping[str, Any], least: str, most: str, unit: str = "", unit_zh: str = "") -> str:
        low, high = schema.get(least), schema.get(most)
        if low is not None and high is not None:
            return self._say(f", {low:,} to {high:,}{unit}", f"，{low:,} 至 {high:,}{unit_zh}")
        if high is not None:
            return self._say(f", up to {high:,}{unit}", f"，最多 {high:,}{unit_zh}")
        return self._say(f", at least {low:,}{unit}", f"，至少 {low:,}{unit_zh}") if low is not None else ""


def _is_money(schema: Mapping[str, Any]) -> bool:
    return set(schema.get("properties", ())) == {"amount_minor", "currency"}
