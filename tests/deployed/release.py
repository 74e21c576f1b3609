"""The version before the present one: a package whose stack is updated to it while it is in use.

`EARLIER_PACKAGE` names the folder of a package that was really built from an earlier version (`build/package` of a
checkout of it). Without it the earlier version is derived from the present package: it has another version number,
and neither the queue of imports nor anything that belongs to it, so that the update has to add a function, its role,
queues and alarms, and to change what every other function may do and knows.
"""

from __future__ import annotations

import os
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any

import yaml

from infra.package import Package
from tests.template.conftest import nodes

VERSION = "0.0.1"
LATER = "Imports"
_STATED = re.compile(r'^__version__ = "(.*)"$', re.MULTILINE)


def earlier_than(package: Package, folder: Path) -> Package:
    """The package of the version before; a derived one is written into the folder."""
    if given := os.environ.get("EARLIER_PACKAGE"):
        return Package(Path(given))
    earlier = Package(folder)
    folder.mkdir(parents=True)
    template = yaml.safe_load(package.template.read_text())
    earlier.template.write_text(yaml.safe_dump(_earlier_template(template)))
    shutil.copy(package.layer, earlier.layer)
    with zipfile.ZipFile(package.archive) as present, zipfile.ZipFile(earlier.archive, "w") as written:
        for each in present.infolist():
            content = present.read(each)
            written.writestr(each, _earlier_map(content.decode()) if each.filename == "app.py" else content)
    return earlier


def version_of(package: Package) -> str:
    """The version that a package states."""
    with zipfile.ZipFile(package.archive) as archive:
        (version,) = _STATED.findall(archive.read("app.py").decode())
    return str(version)


def resources_of(package: Package) -> set[str]:
    """The logical ids of a package's template."""
    return set(yaml.safe_load(package.template.read_text())["Resources"])


def _earlier_map(source: str) -> str:
    changed, times = _STATED.subn(f'__version__ = "{VERSION}"', source)
    assert times == 1
    return changed


def _earlier_template(template: dict[str, Any]) -> dict[str, Any]:
    resources = template["Resources"]
    gone = {name for name in resources if name.startswith(LATER)}
    assert {"ImportsQueue", "ImportsDeadLetters", "ImportsWorker", "ImportsWorkerRole"} <= gone
    # An alarm over several resources may name them by numbers of its own: it comes with the later version.
    gone |= {name for name, each in resources.items() if _alarm(each) and any(_refers(n, gone) for n in nodes(each))}
    kept = {name: each for name, each in resources.items() if name not in gone}
    without: dict[str, Any] = _without(template | {"Resources": kept}, gone)
    return without


def _alarm(resource: dict[str, Any]) -> bool:
    return bool(resource["Type"] == "AWS::CloudWatch::Alarm")


def _without(value: Any, gone: set[str]) -> Any:
    """A part of the template without what refers to resources that are gone."""
    if isinstance(value, dict):
        return {name: _without(each, gone) for name, each in value.items() if not _refers(each, gone)}
    if isinstance(value, list):
        return [_without(each, gone) for each in value if not _refers(each, gone)]
    return value


def _refers(value: Any, gone: set[str]) -> bool:
    if isinstance(value, str):
        return value in gone  # as in DependsOn
    if not isinstance(value, dict):
        return False
    named = value.get("Fn::GetAtt") or [value.get("Ref")]
    inside = re.findall(r"\$\{(\w+)", str(value.get("Fn::Sub", "")))
    return bool({str(named[0]), *inside} & gone)
