"""The zip that Lambda gets."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import zipfile
from gettext import GNUTranslations
from io import BytesIO
from pathlib import Path

import pytest
from jinja2 import ModuleLoader

from infra.assets import SCRIPTS
from infra.package import ROOT, SERVICES, Package

MEGABYTE = 1_000_000
NOT_DEPLOYED = {"tests", "infra", "docs", ".chalice", "bin", "pytest", "_pytest", "ministack", "mypy", "boto3"}
pytestmark = pytest.mark.verify

LAMBDA_LIKE = sys.version_info[:2] == (3, 11) and sys.platform == "linux"


def test_it_is_small_enough_to_upload_directly(package: Package) -> None:
    assert package.archive.stat().st_size <= 36 * MEGABYTE, "of 40 with everything that is planned; 50 is the limit"
    with zipfile.ZipFile(package.archive) as archive:
        assert sum(each.file_size for each in archive.infolist()) <= 100 * MEGABYTE


def test_it_holds_the_product_and_its_locked_dependencies_alone(package: Package) -> None:
    locked = set(re.findall(r"^([a-z0-9._-]+)==", (ROOT / "requirements.txt").read_text(), re.MULTILINE))
    with zipfile.ZipFile(package.archive) as archive:
        names = archive.namelist()
    installed = {name.split("-")[0].replace("_", "-").lower() for name in names if ".dist-info/" in name}

    assert installed == {name.replace("_", "-") for name in locked}
    assert not {name.split("/")[0] for name in names} & NOT_DEPLOYED
    assert {name for name in names if name.startswith("chalice/")} == {"chalice/__init__.py", "chalice/app.py"}


def test_the_layer_of_the_recount_holds_duckdb_alone_and_both_fit_into_a_function(package: Package) -> None:
    with zipfile.ZipFile(package.layer) as layer:
        assert {name.split("/")[0] for name in layer.namelist()} == {"python"}
        packages = {name.split("/")[1] for name in layer.namelist()}
        unpacked = sum(each.file_size for each in layer.infolist())
    assert {name for name in packages if not name.endswith(".dist-info")} == {
        "duckdb", "_duckdb.cpython-311-x86_64-linux-gnu.so",
    }  # fmt: skip
    assert package.layer.stat().st_size <= 25 * MEGABYTE
    with zipfile.ZipFile(package.archive) as archive:
        assert unpacked + sum(each.file_size for each in archive.infolist()) <= 250 * MEGABYTE


def test_it_holds_every_module_of_the_product(package: Package) -> None:
    files = {path.relative_to(ROOT).as_posix() for path in (ROOT / "chalicelib").rglob("*.py")}

    with zipfile.ZipFile(package.archive) as archive:
        assert files | {"app.py"} <= set(archive.namelist())


def test_it_holds_what_pages_are_made_of_built_and_compiled(package: Package) -> None:
    """Not as it happens to lie in the working copy: the words, the scripts with their licences, every template."""
    pages = "chalicelib/pages"
    templates = {path.relative_to(ROOT / pages).as_posix() for path in (ROOT / pages).rglob("*.html")}
    with zipfile.ZipFile(package.archive) as archive:
        names = set(archive.namelist())
        words = GNUTranslations(BytesIO(archive.read(f"{pages}/built/words/zh.mo")))

    compiled = {f"{pages}/built/templates/{ModuleLoader.get_module_filename(each)}" for each in templates}
    assert compiled <= names, "with its compiled file beside it:"
    assert not LAMBDA_LIKE or {_compiled(each) for each in compiled} <= names
    for script in SCRIPTS:
        assert {f"{pages}/built/assets/{script}", f"{pages}/built/assets/{script}.LICENSE.txt"} <= names
    assert words.gettext("Sign in") == "登录"


def _compiled(module: str) -> str:
    folder, _, name = module.rpartition("/")
    return f"{folder}/__pycache__/{name.removesuffix('.py')}.cpython-311.pyc"


@pytest.mark.skipif(not LAMBDA_LIKE, reason="Lambda runs Python 3.11 on Linux")
def test_it_starts_with_nothing_else_installed_and_reaches_every_service(package: Package, tmp_path: Path) -> None:
    for each in (package.archive, package.layer):
        with zipfile.ZipFile(each) as archive:
            archive.extractall(tmp_path)
    # What a pruned package lacks would be missed at the first call that needs it: so all is imported here.
    program = f"""
import importlib, sys
sys.path[:0] = [{str(tmp_path)!r}, {str(tmp_path / "python")!r}]  # as Lambda has what is in a layer
import app
for module in {_modules()!r}:
    importlib.import_module(module)
for module, name in {sorted(_asked_for_later())!r}:
    getattr(importlib.import_module(module), name or "__name__")
from botocore.session import get_session
for service in {sorted(SERVICES)!r}:
    get_session().create_client(service, region_name="us-east-1")
loaded = {{name.partition(".")[0] for name in sys.modules}}
print("infra" in loaded, "boto3" in loaded, app.app.app_name)
"""
    done = subprocess.run([sys.executable, "-I", "-S", "-c", program], capture_output=True, text=True, check=False)

    assert (done.stdout.split(), done.stderr) == (["False", "False", "lintuan"], "")


def _modules() -> list[str]:
    paths = (path.relative_to(ROOT).with_suffix("") for path in (ROOT / "chalicelib").rglob("*.py"))
    return sorted(".".join(path.parts).removesuffix(".__init__") for path in paths if "built" not in path.parts)


def _asked_for_later() -> set[tuple[str, str]]:
    """The modules, and names in them, that functions import when they are called."""
    asked = set[tuple[str, str]]()
    for path in (ROOT / "chalicelib").rglob("*.py"):
        for function in ast.walk(ast.parse(path.read_text())):
            if isinstance(function, ast.FunctionDef):
                for each in ast.walk(function):
                    if isinstance(each, ast.Import):
                        asked |= {(alias.name, "") for alias in each.names}
                    elif isinstance(each, ast.ImportFrom) and each.module:
                        asked |= {(each.module, alias.name) for alias in each.names}
    return asked


def test_the_service_models_in_it_are_those_that_the_code_asks_for() -> None:
    asked = set[str]()
    for path in (ROOT / "chalicelib").rglob("*.py"):
        asked |= set(re.findall(r"\bclient\(\"([a-z0-9-]+)\"", path.read_text()))

    assert asked <= SERVICES
