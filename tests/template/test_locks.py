"""The lock files: exact versions with hashes, and nothing in Lambda that only development needs."""

from __future__ import annotations

import re
import tomllib
from itertools import pairwise

import pytest

from infra.package import ROOT

LOCKS = [
    "requirements.txt",
    "requirements-dev.txt",
    "infra/requirements/engine.txt",
    "infra/requirements/recompute.txt",
]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())


@pytest.mark.parametrize("path", LOCKS)
def test_every_line_is_an_exact_version_with_its_hashes(path: str) -> None:
    lines = [line for line in (ROOT / path).read_text().splitlines() if not line.lstrip().startswith("#")]
    pinned = re.compile(r"^[a-z0-9._-]+==[^ ]+( ; .+)? \\$")

    assert all(pinned.match(line) or line.startswith("    --hash=sha256:") for line in lines)
    assert all(after.startswith("    --hash=") for line, after in pairwise(lines) if pinned.match(line))


@pytest.mark.parametrize(
    ("path", "declared"),
    [
        ("requirements.txt", PROJECT["project"]["dependencies"]),
        ("requirements-dev.txt", PROJECT["dependency-groups"]["dev"]),
        ("infra/requirements/engine.txt", PROJECT["dependency-groups"]["engine"]),
        ("infra/requirements/recompute.txt", PROJECT["dependency-groups"]["recompute"]),
    ],
)
def test_everything_declared_is_locked(path: str, declared: list[str]) -> None:
    names = {re.split(r"[\[<>=]", each)[0] for each in declared}

    assert names <= set(_locked(path))


def test_what_lambda_and_the_tests_both_use_has_one_version() -> None:
    deployed, development = _locked("requirements.txt"), _locked("requirements-dev.txt")

    assert {name: development[name] for name in deployed if name in development} == {
        name: version for name, version in deployed.items() if name in development
    }


def test_nothing_of_development_is_deployed() -> None:
    assert not {"chalice", "boto3", "pytest", "mypy", "ruff", "setuptools"} & set(_locked("requirements.txt"))


def _locked(path: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9._-]+)==([^ ;]+)", (ROOT / path).read_text(), re.MULTILINE))
