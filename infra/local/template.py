"""Reads infra/resources.yaml, the CloudFormation template that also builds the deployed product."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

PATH = Path(__file__).resolve().parents[1] / "resources.yaml"
ACCOUNT, REGION, STACK = "000000000000", "us-east-1", "lintuan"
_REFERENCE = re.compile(r"\$\{([^}!]+)\}")

# What `Ref` and `GetAtt` of a resource give; asked with the resource's logical id.
Lookup = Callable[[str, str | None], Any]


class _Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short tags read as their long forms: `!Ref X` is `{"Ref": "X"}`."""


def _tagged(loader: _Loader, suffix: str, node: yaml.Node) -> dict[str, Any]:
    value: Any
    if isinstance(node, yaml.ScalarNode):
        value = loader.construct_scalar(node)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)
        value = loader.construct_mapping(node, deep=True)
    if suffix == "GetAtt" and isinstance(value, str):
        value = value.split(".", 1)
    return {suffix if suffix in ("Ref", "Condition") else f"Fn::{suffix}": value}


_Loader.add_multi_constructor("!", _tagged)


def load(path: Path = PATH) -> dict[str, Any]:
    """The template as plain data."""
    loader = _Loader(path.read_text())
    try:
        template: dict[str, Any] = loader.get_single_data()
    finally:
        loader.dispose()
    return template


def of_type(template: Mapping[str, Any], kind: str) -> dict[str, dict[str, Any]]:
    """Logical id to properties of every resource of a type, such as `AWS::SQS::Queue`."""
    resources = template["Resources"].items()
    return {name: found.get("Properties", {}) for name, found in resources if found.get("Type") == kind}


def variables(template: Mapping[str, Any]) -> dict[str, Any]:
    """Every environment variable that the template gives to a function, unresolved."""
    found: dict[str, Any] = {}
    holders = [template.get("Globals", {}).get("Function", {})]
    holders += [resource.get("Properties", {}) for resource in template["Resources"].values()]
    for properties in holders:
        found |= properties.get("Environment", {}).get("Variables", {})
    return found


def event_source(template: Mapping[str, Any], function: str) -> dict[str, Any]:
    """What the template adds to the stream source of a function named as in app.py; empty when nothing."""
    logical_id = "".join(part.capitalize() for part in function.split("_"))
    events = template["Resources"].get(logical_id, {}).get("Properties", {}).get("Events", {})
    found: dict[str, Any] = events.get(f"{logical_id}DynamodbEventSource", {}).get("Properties", {})
    return found


def parameters(template: Mapping[str, Any]) -> dict[str, str]:
    """Parameters and their defaults."""
    declared = template.get("Parameters", {}).items()
    return {name: str(given["Default"]) for name, given in declared if "Default" in given}


def resolve(value: Any, lookup: Lookup) -> Any:
    """Replaces Ref, GetAtt, Sub and Join by what `lookup(logical_id, attribute)` knows. Raises KeyError for others."""
    if isinstance(value, list):
        return [resolve(each, lookup) for each in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        (name, argument), *_ = value.items()
        match name:
            case "Ref":
                return _reference(argument, lookup)
            case "Fn::GetAtt":
                return lookup(argument[0], argument[1])
            case "Fn::Sub":
                return _substituted(argument, lookup)
            case "Fn::Join":
                return argument[0].join(str(resolve(each, lookup)) for each in argument[1])
        if name.startswith("Fn::"):
            raise KeyError(name)
    return {key: resolve(each, lookup) for key, each in value.items()}


def _reference(name: str, lookup: Lookup) -> Any:
    pseudo = {"AWS::Region": REGION, "AWS::AccountId": ACCOUNT, "AWS::StackName": STACK, "AWS::Partition": "aws"}
    return pseudo[name] if name in pseudo else lookup(name, None)


def _substituted(argument: Any, lookup: Lookup) -> str:
    text, given = (argument, {}) if isinstance(argument, str) else (argument[0], argument[1])

    def value(match: re.Match[str]) -> str:
        name, _, attribute = match.group(1).partition(".")
        if name in given:
            return str(resolve(given[name], lookup))
        return str(lookup(name, attribute) if attribute else _reference(name, lookup))

    return _REFERENCE.sub(value, text)
