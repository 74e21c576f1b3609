"""Builds what is deployed: `build/package/sam.yaml` and, beside it, the zip and the layer of the one function that
recounts figures. Only the wheels come from the network.

Chalice makes the template and the zip from a clean copy of the sources, so that neither caches nor anything outside
`app.py` and `chalicelib/` can slip in. The dependencies are unpacked once for each lock file, by pip and with their
hashes checked, for the Python and platform of Lambda whatever this machine runs, and handed to Chalice as `vendor/`.
"""

from __future__ import annotations

import argparse
import compileall
import hashlib
import json
import os
import py_compile
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from chalicelib.routing.places import PAGES_UNDER

ROOT = Path(__file__).resolve().parents[1]
BUILD = ROOT / "build"
PYTHON, ABI = "3.11", "cp311"
GLIBC_MINORS = range(17, 27)
"""Lambda's Python 3.11 runs on Amazon Linux 2, whose glibc is 2.26; pip wants each acceptable minor version named."""

SERVICES = frozenset({"cloudfront", "dynamodb", "s3", "secretsmanager", "ses", "sns", "sqs", "sts"})
"""The AWS services that the functions call. The other 400 service models of botocore would be 15 MB of the zip."""

_UNREAD = (
    "*.dist-info/RECORD", "**/*.pyi", "bin", "share", "botocore/data/*/*/examples-1.json",
    "regex/tests", "publicsuffixlist/test*", "annotated_types/test_cases.py", "dateutil/zoneinfo/*.tar.gz",
    "pygal/test", "aws_lambda_powertools/event_handler",
)  # fmt: skip
"""Of what is installed: lists for installers, types for checkers, examples and manuals for readers, the packages' own
tests, time zones that are there a second time, and a web framework with its browser of APIs.
"""

_READ_OF_POWERTOOLS = frozenset({"__init__.py", "jmespath_utils", "typing"})
"""Of its utilities: what its log and its metrics import. The others would be 0.8 MB of the zip."""

_BUILT_FROM = ("*.html", "*.po")
"""Sources of pages: deployed are the compiled templates and the one catalogue that are made of them."""

LAYER_LOCK = ROOT / "infra" / "requirements" / "recompute.txt"
_LAYER_UNREAD = ("*.dist-info/RECORD", "**/*.pyi", "_duckdb-stubs", "adbc_driver_duckdb", "duckdb/experimental")
"""Of the layer: what checkers read, another way to connect, and a copy of another engine's interface."""

_PAGES = "Pages"
"""The function of the pages, as the template names it."""

_METHODS = ("delete", "get", "head", "options", "patch", "post", "put")
_SOURCES = (
    "app.py",
    "chalicelib",
    ".chalice",
    "infra/resources.yaml",
    "infra/package.py",
    "infra/assets.py",
    "infra/requirements/assets.txt",
    "requirements.txt",
    "infra/requirements/recompute.txt",
)
_LEFT_OUT = ("__pycache__", ".mypy_cache", ".ruff_cache", "deployed", "deployments", "venv", "built")
"""What is no source, such as what `infra/assets.py` has built beside the pages: the package builds its own."""


class PackagingFailed(RuntimeError):
    """A step did not succeed; the message holds what its program said."""


@dataclass(frozen=True)
class Package:
    """A finished build."""

    folder: Path

    @property
    def template(self) -> Path:
        """The template, ready for `aws cloudformation package` and `deploy`."""
        return self.folder / "sam.yaml"

    @property
    def archive(self) -> Path:
        """The code of every function."""
        return self.folder / "deployment.zip"

    @property
    def layer(self) -> Path:
        """What the function that recounts figures has beside it."""
        return self.folder / "recompute-layer.zip"


def build(folder: Path, *, with_dependencies: bool = True) -> Package:
    """Builds into a folder, or returns at once when what it holds was built from the same sources.

    Without dependencies the template is the same and ready in two seconds, but its zip would not run.
    Raises PackagingFailed.
    """
    package, stamp = Package(folder), folder / "built-from"
    sources = _digest(with_dependencies)
    if stamp.is_file() and stamp.read_text() == sources:
        return package
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="lintuan-package-") as stage:
        _copy_sources(Path(stage), _dependencies() if with_dependencies else None)
        _chalice_package(Path(stage), folder)
    _finish(package.template)
    if with_dependencies:
        _zip_layer(_layer(), package.layer)
    stamp.write_text(sources)
    return package


def _copy_sources(stage: Path, dependencies: Path | None) -> None:
    shutil.copy(ROOT / "app.py", stage)
    shutil.copytree(ROOT / "chalicelib", stage / "chalicelib", ignore=shutil.ignore_patterns(*_LEFT_OUT))
    shutil.copytree(ROOT / ".chalice", stage / ".chalice", ignore=shutil.ignore_patterns(*_LEFT_OUT))
    if dependencies:
        from infra.assets import build as build_assets  # which needs this module's folders

        pages = stage / "chalicelib" / "pages"
        build_assets(pages / "built", compiled=True)
        for pattern in _BUILT_FROM:
            for path in pages.rglob(pattern):
                path.unlink()
        _compile(stage / "chalicelib")
        (stage / "vendor").symlink_to(dependencies)


def _chalice_package(stage: Path, folder: Path) -> None:
    merged = ROOT / "infra" / "resources.yaml"
    chalice = Path(sys.executable).with_name("chalice")
    command = [str(chalice), "package", "--stage", "prod", "--merge-template", str(merged), str(folder.resolve())]
    # The region only has to exist: the template names no region.
    _run(command, cwd=stage, AWS_DEFAULT_REGION="us-east-1", PYTHONDONTWRITEBYTECODE="1")


def _dependencies() -> Path:
    """The unpacked wheels of requirements.txt, for Lambda."""
    wanted = f"{sorted(SERVICES)} {_UNREAD} {sorted(_READ_OF_POWERTOOLS)}"
    return _unpacked(ROOT / "requirements.txt", wanted, _prune)


def _layer() -> Path:
    """The unpacked wheels of the layer, for Lambda."""
    return _unpacked(LAYER_LOCK, str(_LAYER_UNREAD), lambda target: _remove_all(target, _LAYER_UNREAD))


def _zip_layer(unpacked: Path, archive: Path) -> None:
    """Lambda finds Python's packages of a layer under ``python``. The same content gives the same bytes."""
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as layer:
        for path in sorted(each for each in unpacked.rglob("*") if each.is_file()):
            member = zipfile.ZipInfo(f"python/{path.relative_to(unpacked).as_posix()}")
            member.external_attr = 0o644 << 16
            layer.writestr(member, path.read_bytes(), zipfile.ZIP_DEFLATED)


def _unpacked(lock: Path, wanted: str, prune: Callable[[Path], None]) -> Path:
    """The unpacked wheels of a lock file, for Lambda; kept for as long as that does not change."""
    recipe = f"{PYTHON} {sys.version_info[:2]} compiled alone {wanted}".encode() + lock.read_bytes()
    kept = BUILD / "dependencies" / hashlib.sha256(recipe).hexdigest()[:16]
    if kept.is_dir():
        return kept
    kept.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=kept.parent) as folder:
        target = Path(folder) / "unpacked"
        _run([sys.executable, "-m", "pip", *_pip_arguments(lock, target)], cwd=ROOT)
        prune(target)
        _compile(target, with_sources=False)
        # Another build may have been faster: the one that is there is the same.
        if not kept.is_dir():
            target.rename(kept)
    return kept


def _pip_arguments(lock: Path, target: Path) -> list[str]:
    platforms = [f"manylinux_2_{minor}_x86_64" for minor in GLIBC_MINORS] + ["manylinux2014_x86_64"]
    options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--no-compile", "--require-hashes"]
    options += ["--only-binary=:all:", "--implementation", "cp", "--python-version", PYTHON, "--abi", ABI]
    options += [part for platform in platforms for part in ("--platform", platform)]
    return ["install", *options, "--target", str(target), "--requirement", str(lock)]


def _prune(target: Path) -> None:
    """Removes what no function reads, the models of services that are not called, and models that newer ones have
    replaced, of which CloudFront alone has eighteen.
    """
    _remove_all(target, _UNREAD)
    for utility in (target / "aws_lambda_powertools" / "utilities").iterdir():
        if utility.name not in _READ_OF_POWERTOOLS:
            _remove(utility)
    for model in (target / "botocore" / "data").iterdir():
        if model.is_dir() and model.name not in SERVICES:
            shutil.rmtree(model)
        elif model.is_dir():
            *replaced, _ = sorted(each for each in model.iterdir() if each.is_dir())
            for version in replaced:
                shutil.rmtree(version)


def _remove_all(target: Path, patterns: Iterable[str]) -> None:
    for pattern in patterns:
        for path in list(target.glob(pattern)):
            _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()


def _compile(folder: Path, *, with_sources: bool = True) -> None:
    """Compiles for Lambda, whose disk is read-only: without this, each cold start would compile every module again.

    Without sources a module is its compiled file alone, where its source was; tracebacks name its lines and show none.
    """
    if sys.version_info[:2] == (3, 11):
        unchecked = py_compile.PycInvalidationMode.UNCHECKED_HASH
        compileall.compile_dir(
            folder, quiet=1, stripdir=str(folder), invalidation_mode=unchecked, legacy=not with_sources
        )
        for source in [] if with_sources else list(folder.rglob("*.py")):
            if source.with_suffix(".pyc").is_file():
                source.unlink()


def _finish(template: Path) -> None:
    """Lets the API pass every path on, and writes Chalice's YAML without aliases: they read the same to every tool."""

    class Plain(yaml.SafeDumper):
        def ignore_aliases(self, data: Any) -> bool:
            return True

    document = yaml.safe_load(template.read_text())
    definition = document["Resources"]["RestAPI"]["Properties"]["DefinitionBody"]
    definition["paths"] = _passed_on(definition["paths"])
    template.write_text(yaml.dump(document, Dumper=Plain, allow_unicode=True, sort_keys=True, width=120))


def _passed_on(paths: dict[str, Any]) -> dict[str, Any]:
    """The paths of an API that hands every request to its function, made of the one operation that Chalice knows.

    Chalice knows no greedy parameters; chalicelib/routing finds the route. The methods are all those for which API
    Gateway's ANY stands, written out, because the engine on which the package is proved reads no ANY.
    """
    ((path, methods),) = paths.items()
    ((method, operation),) = methods.items()
    if (path, method) != ("/", "get"):
        raise PackagingFailed(f"The app should show the packager nothing but its entrance, GET /, not {method} {path}.")
    proxy = {"name": "proxy", "in": "path", "required": True, "type": "string"}
    anywhere = operation | {"parameters": [proxy]}
    passed = {"/": dict.fromkeys(_METHODS, operation), "/{proxy+}": dict.fromkeys(_METHODS, anywhere)}
    for under in PAGES_UNDER:
        passed[f"/{under}/{{proxy+}}"] = dict.fromkeys(_METHODS, _by_pages(anywhere))
    return passed


def _by_pages(operation: dict[str, Any]) -> dict[str, Any]:
    """The operation, handed to the function of the pages."""
    written = json.dumps(operation)
    if "${APIHandler.Arn}" not in written:
        raise PackagingFailed("Chalice names the API's function in another way than it did.")
    by_pages: dict[str, Any] = json.loads(written.replace("${APIHandler.Arn}", f"${{{_PAGES}.Arn}}"))
    return by_pages


def _digest(with_dependencies: bool) -> str:
    """What the build is made from, as one hash."""
    total = hashlib.sha256(f"{with_dependencies} {sys.version_info[:2]}".encode())
    for path in _files():
        total.update(f"{path.relative_to(ROOT)} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return total.hexdigest()


def _files() -> Iterator[Path]:
    for source in _SOURCES:
        path = ROOT / source
        found = [path] if path.is_file() else sorted(each for each in path.rglob("*") if each.is_file())
        yield from (each for each in found if not set(_LEFT_OUT) & set(each.relative_to(ROOT).parts))


def _run(command: list[str], cwd: Path, **environment: str) -> None:
    done = subprocess.run(command, cwd=cwd, env=os.environ | environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise PackagingFailed(f"{' '.join(command[:5])} failed:\n{done.stdout}{done.stderr}")


def main() -> None:
    """The command line of `make package`."""
    parser = argparse.ArgumentParser(prog="python -m infra.package", description=__doc__)
    parser.add_argument("--folder", type=Path, default=BUILD / "package")
    parser.add_argument("--template-only", action="store_true", help="leave the dependencies out: for linting")
    given = parser.parse_args()
    try:
        package = build(given.folder, with_dependencies=not given.template_only)
    except PackagingFailed as failure:
        sys.exit(str(failure))
    print(f"{package.template}\n{package.archive}  {package.archive.stat().st_size / 1e6:.1f} MB")
    if package.layer.exists():
        print(f"{package.layer}  {package.layer.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
