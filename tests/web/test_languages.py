"""Whatever is refused is refused in Chinese too: every refusal in the code has words in both languages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import chalicelib
from chalicelib.kernel.errors import DomainError

ROOT = Path(chalicelib.__file__).parent


def refusals() -> Iterator[tuple[str, ast.Call, type[DomainError], bool]]:
    """Where a refusal is made: place, call, its class, and whether it is made for a single field."""
    for path in sorted(ROOT.rglob("*.py")):
        module = import_module(".".join(("chalicelib", *path.relative_to(ROOT).with_suffix("").parts)))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call):
                continue
            made, at_field = node.func, False
            if isinstance(made, ast.Attribute) and made.attr == "at":
                made, at_field = made.value, True
            known = getattr(module, made.id, None) if isinstance(made, ast.Name) else None
            if isinstance(known, type) and issubclass(known, DomainError):
                yield f"{path.relative_to(ROOT)}:{node.lineno}", node, known, at_field


def speaks_chinese(call: ast.Call, kind: type[DomainError], *, at_field: bool) -> bool:
    if kind.usual_zh or not call.args or any(isinstance(each, ast.Starred) for each in call.args):
        return True
    return len(call.args) > 2 if at_field else any(each.arg in ("detail_zh", None) for each in call.keywords)


def test_every_refusal_has_chinese_words() -> None:
    found = list(refusals())
    assert len(found) > 200
    silent = [where for where, call, kind, at_field in found if not speaks_chinese(call, kind, at_field=at_field)]
    assert silent == []
