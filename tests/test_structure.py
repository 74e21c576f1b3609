"""Every package stands in the contracts of imports, so that none grows beside them."""

import ast
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PARTS = frozenset({"routes", "events", "forms", "views", "service", "records", "model", "errors"})
TECHNICAL = frozenset({"db", "kernel", "messaging", "routing", "trials", "web"})
"""Packages without business words; the contract of all packages says what they may import."""
ADAPTERS = frozenset({"payments.providers"})


def _packages() -> Iterator[str]:
    for init in sorted((ROOT / "chalicelib").rglob("__init__.py")):
        parts = init.parent.relative_to(ROOT / "chalicelib").parts
        if parts and parts[0] not in TECHNICAL and not PARTS.intersection(parts):
            yield ".".join(parts)


def test_every_package_is_held_to_the_contract_of_its_parts() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    held = {
        container.removeprefix("chalicelib.")
        for contract in contracts
        if contract["type"] == "layers" and contract.get("exhaustive")
        for container in contract["containers"]
    }
    assert set(_packages()) - held == ADAPTERS


def test_a_part_is_a_file_or_a_folder_of_files() -> None:
    """A folder such as ``service`` holds files named by business words, and no parts of its own."""
    nested = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "chalicelib").rglob("*.py")
        for above in [path.parent.name]
        if above in PARTS and (path.stem in PARTS)
    ]
    assert nested == []


OTHERWISE = {
    "insight.activity.service.imported_orders": "references that are taken drop out; the others are written anew",
    "insight.activity.service.leaves": "overwrites what follows from a member's record, and looks behind its own write",
    "insight.activity.service.own_orders": "overwrites in batches, and looks behind its own write",
    "insight.intake.service.own_events": "what stands in a later state drops out; the others are written without it",
    "insight.intake.service.taking_in": "ids that are taken drop out; the other events are written without them",
    "insight.personas.service.folding": "notes that were replaced stay, and the others are removed without them",
    "insight.rollups.service.days": "marks that were replaced stay, and the others are removed without them",
    "journeys.service.moving": "a claim that another worker holds is left to it, and nothing is tried again",
    "members.enrolment.service": "a refusal brings the counter along, so the next draw of ordinals needs no read",
    "orders.stock.service.drawing": "other buckets are drawn from, and nothing else is read again",
}
"""The modules that commit in a way of their own, and why."""


def _tries_again(tree: ast.Module) -> bool:
    """Whether a module has a loop that commits again where it was refused, or the parts of one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id == "_TRIES":
            return True
        if isinstance(node, ast.ExceptHandler) and _of_refused(node) and _only_again(node.body):
            return True
        if isinstance(node, ast.For | ast.While) and any(_commits_again(each) for each in ast.walk(node)):
            return True
    return False


def _of_refused(handler: ast.ExceptHandler) -> bool:
    return handler.type is not None and "Refused" in {
        each.id for each in ast.walk(handler.type) if isinstance(each, ast.Name)
    }


def _only_again(body: list[ast.stmt]) -> bool:
    return len(body) == 1 and ast.unparse(body[0]) in {"continue", "return False"}


def _commits_again(node: ast.AST) -> bool:
    if not isinstance(node, ast.Try):
        return False
    commits = any(
        isinstance(each, ast.Attribute) and each.attr == "commit" for part in node.body for each in ast.walk(part)
    )
    swallowed = any(_of_refused(each) and not isinstance(each.body[-1], ast.Raise) for each in node.handlers)
    return commits and swallowed


def _offenders() -> dict[str, set[str]]:
    """The modules that try a refused commit again by themselves, by top-level package."""
    found: dict[str, set[str]] = {}
    for path in sorted((ROOT / "chalicelib").rglob("*.py")):
        parts = path.relative_to(ROOT / "chalicelib").with_suffix("").parts
        if parts[0] != "db" and _tries_again(ast.parse(path.read_text())):
            found.setdefault(parts[0], set()).add(".".join(part for part in parts if part != "__init__"))
    return found


def test_no_package_tries_a_refused_commit_again_by_itself() -> None:
    offenders = _offenders()
    assert set().union(*offenders.values()) == OTHERWISE.keys(), offenders


@pytest.mark.parametrize(
    "source",
    [
        "_TRIES = 3",
        "try:\n    tx.commit()\nexcept Refused:\n    return False",
        "for _ in range(3):\n    try:\n        tx.commit()\n    except (Moved, Refused):\n        continue",
        "while left:\n    try:\n        tx.commit()\n    except Refused as refused:\n        left = next(refused)",
    ],
)
def test_a_loop_of_its_own_is_recognised(source: str) -> None:
    assert _tries_again(ast.parse(source))


@pytest.mark.parametrize(
    "source",
    [
        "try:\n    tx.commit()\nexcept Refused as refused:\n    raise Taken from refused",
        "for each in found:\n    try:\n        tx.commit()\n    except Refused:\n        raise ReadAgain from None",
        "change(read, decide)",
    ],
)
def test_a_single_commit_and_a_refusal_with_a_meaning_are_none(source: str) -> None:
    assert not _tries_again(ast.parse(source))
