"""What people are told, in both languages: in words of theirs, and nothing of how the product is made.

Every text that a refusal, a field's fault or a notice may carry is collected from the code itself, so that no new one
is missed. ``{…}`` stands for what is filled in, by the expression that fills it.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from chalicelib.notices.model.catalogue import every_notice
from chalicelib.web.problems import _MESSAGES

_CHINESE = re.compile(r"[\u4e00-\u9fff]")
ROOT = Path(__file__).resolve().parents[1]
HEADERS = {"Idempotency-Key", "If-Match", "Accept", "Authorization"}
"""Parts of a request that a person cannot see, and that whoever builds one is told of by name."""


@dataclass(frozen=True)
class Said:
    """A text with the place where it stands."""

    where: str
    text: str

    @property
    def plain(self) -> str:
        """What is said whatever is filled in; constants, such as the most that is taken, keep their names."""
        return re.sub(r"\{(?![A-Z_]{3,}[.}:])[^{}]*\}", "{}", self.text)

    @property
    def filled(self) -> list[str]:
        """The expressions that fill it in."""
        return re.findall(r"\{([^{}]*)\}", self.text)


def _text(node: ast.AST, names: dict[str, ast.AST]) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=values):
            return "".join(_text(value, names) for value in values)
        case ast.FormattedValue(value=value):
            return "{" + ast.unparse(value).replace("{", "(").replace("}", ")") + "}"
        case ast.IfExp(body=body, orelse=other):
            return _text(body, names) + "\n" + _text(other, names)
        case ast.BinOp(left=left, right=right):
            return _text(left, names) + _text(right, names)
        case ast.Name(id=name) if name in names:
            return _text(names[name], {})
    return ""


def _texts_of(call: ast.Call, names: dict[str, ast.AST]) -> Iterator[str]:
    keywords = {each.arg: each.value for each in call.keywords}
    last = getattr(call.func, "attr", None) or getattr(call.func, "id", "")
    called = ast.unparse(call.func) if last == "at" else ""
    is_refusal = "detail_zh" in keywords or last in {"FieldError", "InvalidField"}
    is_field = (
        last == "at" and called[0].isupper() and not called.startswith(("StaffRecord", "CampaignRecord", "Member"))
    )
    if is_refusal or is_field:
        skipped = 1 if is_field or last == "FieldError" else 0  # the pointer
        for node in (*call.args[skipped:], keywords.get("detail_zh")):
            if node is not None:
                yield _text(node, names)


def _pair(pair: ast.Tuple, names: dict[str, ast.AST]) -> list[str]:
    """The English and Chinese of a tuple that has both."""
    texts = [_text(each, names) for each in pair.elts if isinstance(each, ast.Constant | ast.JoinedStr)]
    return [text for text in texts if " " in text or _CHINESE.search(text)] if any(map(_CHINESE.search, texts)) else []


def _texts_of_notice(scope: ast.AST) -> set[ast.AST]:
    """What a notice says: collected from the notices, whose facts are typed and said in the reader's words and zone."""
    if not isinstance(scope, ast.ClassDef):
        return set()
    assigned = [node for node in ast.walk(scope) if isinstance(node, ast.Assign)]
    texts = [node.value for node in assigned if ast.unparse(node.targets[0]) == "texts"]
    return {node for each in texts for node in ast.walk(each)}


def _of_code() -> Iterator[Said]:
    for path in sorted((ROOT / "chalicelib").rglob("*.py")):
        where = str(path.relative_to(ROOT))
        tree = ast.parse(path.read_text())
        for scope in [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.ClassDef)]:
            assigned = [node for node in ast.walk(scope) if isinstance(node, ast.Assign)]
            names = {
                target.id: node.value for node in assigned for target in node.targets if isinstance(target, ast.Name)
            }
            told = _texts_of_notice(scope)
            for node in ast.walk(scope):
                if isinstance(node, ast.Tuple) and node not in told:
                    yield from (Said(f"{where}:{node.lineno}", text) for text in _pair(node, names))
                if isinstance(node, ast.Call):
                    yield from (Said(f"{where}:{node.lineno}", text) for text in _texts_of(node, names) if text)
            if isinstance(scope, ast.ClassDef):
                yield from (
                    Said(f"{where}:{scope.lineno}", text)
                    for name in ("title", "title_zh", "usual_zh")
                    if (text := _text(names.get(name, scope), {}))
                )


def _of_notices() -> Iterator[Said]:
    for template, kind in every_notice().items():
        for pair in kind.texts.values():
            yield from (Said(template, text) for text in pair)


def _of_fields() -> Iterator[Said]:
    for kind, pair in _MESSAGES.items():
        yield from (Said(kind, text) for text in pair)


@cache
def of_code() -> list[Said]:
    """Read when a test asks: every process of a run imports this file, and one of them needs it."""
    return sorted(set(_of_code()), key=lambda each: (each.where, each.text))


@cache
def said() -> list[Said]:
    """Everything, of notices and of fields too."""
    return sorted({*of_code(), *_of_notices(), *_of_fields()}, key=lambda each: (each.where, each.text))


def test_the_texts_are_found() -> None:
    assert len(said()) > 600
    assert any("两次" in each.text for each in said())


def offenders(pattern: str, *, in_filled: bool = False) -> list[str]:
    found = re.compile(pattern)
    return [
        f"{each.where}: {each.text}"
        for each in (of_code() if in_filled else said())
        if any(found.search(part) for part in (each.filled if in_filled else [each.plain]))
    ]


@pytest.mark.parametrize(
    "pattern",
    [
        r"minor unit|最小单位|\bUTC\b|协调世界时|\bULID",
        r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z.*\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z",
        r"regular expression|\bregex|正则|\[a-z\]|\^\[",
        r"\w\(s\)",
    ],
)
def test_nothing_is_said_of_how_it_is_stored_or_checked(pattern: str) -> None:
    assert offenders(pattern) == []


def test_no_name_of_the_code_is_said() -> None:
    """Such as ``from_on``, ``not_needed``, ``picked_up``: what a person is told has words for them. The columns of a
    file are names that people see in it.
    """
    found = offenders(r"(?<![\w/.])[a-z]+(?:_[a-z0-9]+)+(?!\w|\.\w)")
    assert [each for each in found if "insight/activity/model/" not in each] == []


@pytest.mark.parametrize(
    "filled", [r"(?<!provider)_ids?\b|\.id\b|\bid\)", r"\binstant\(", r"_at\b(?!\))", r"status\b(?!\))", r"\bpattern\b"]
)
def test_nothing_is_filled_in_that_people_cannot_read(filled: str) -> None:
    """No identifiers, no instants but in the brand's wall time, and no states but in words."""
    assert offenders(filled, in_filled=True) == []


def test_a_number_is_followed_by_the_right_form() -> None:
    """*0 are left, 1 were asked for*: what depends on a number is said by ``counted``. Only of what is valid *for* so
    many minutes there are always several.
    """
    counts = "are|were|have|units?|minutes?|days?|seconds?|entries|places|SKUs|bytes|fields?|parts|orders"
    assert offenders(r"(?<!for )\{\} (?:" + counts + r")\b") == []
