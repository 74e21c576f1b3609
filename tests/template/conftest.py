"""The package, built once for all test processes and built again only when its sources change."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from filelock import FileLock

from infra.package import BUILD, Package, build

Resource = dict[str, Any]


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Package:
    """The deployable package of these sources: a copy, because another run may build it again meanwhile."""
    return _built("tested", tmp_path_factory, with_dependencies=True)


@pytest.fixture(scope="session")
def described(tmp_path_factory: pytest.TempPathFactory) -> Package:
    """The same without the dependencies: its template is the same, and it takes two seconds."""
    return _built("described", tmp_path_factory, with_dependencies=False)


def _built(name: str, folders: pytest.TempPathFactory, *, with_dependencies: bool) -> Package:
    folder = folders.mktemp(name)
    BUILD.mkdir(exist_ok=True)
    with FileLock(BUILD / f"{name}.lock"):
        built = build(BUILD / name, with_dependencies=with_dependencies)
        shutil.copytree(built.folder, folder, dirs_exist_ok=True)
    return Package(folder)


@pytest.fixture(scope="session")
def template(described: Package) -> Resource:
    """The packaged template as plain data."""
    document: Resource = yaml.safe_load(described.template.read_text())
    return document


@pytest.fixture(scope="session")
def functions(template: Resource) -> dict[str, Resource]:
    """Logical id to properties of every Lambda function."""
    return of_type(template, "AWS::Serverless::Function")


def of_type(template: Resource, kind: str) -> dict[str, Resource]:
    """Logical id to properties of every resource of a type."""
    return {name: found["Properties"] for name, found in template["Resources"].items() if found["Type"] == kind}


def sources(functions: dict[str, Resource], kind: str) -> dict[str, Resource]:
    """Function's logical id to the properties of its event source of a kind, such as ``SQS``."""
    return {
        name: event["Properties"]
        for name, function in functions.items()
        for event in function.get("Events", {}).values()
        if event["Type"] == kind
    }


def target(intrinsic: Any) -> str:
    """The logical id that a Ref, GetAtt or Sub of one resource points to."""
    if "Ref" in intrinsic:
        return str(intrinsic["Ref"])
    if "Fn::GetAtt" in intrinsic:
        return str(intrinsic["Fn::GetAtt"][0])
    return str(intrinsic["Fn::Sub"]).removeprefix("${").partition(".")[0]


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every mapping inside a value, itself among them."""
    if isinstance(value, dict):
        yield value
    for child in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from nodes(child)
