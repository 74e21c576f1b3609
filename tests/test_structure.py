"""Every package stands in the contracts of imports, so that none grows beside them."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PARTS = frozenset({"routes", "events", "forms", "views", "service", "records", "model", "errors"})
TECHNICAL = frozenset({"db", "kernel", "messaging", "web"})
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
