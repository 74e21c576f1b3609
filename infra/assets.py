"""`python -m infra.assets`: makes what pages need beside their sources, in `chalicelib/pages/built/`.

- `words/zh.mo`: the Chinese catalogue, of the `zh.po` beside each screen;
- `assets/`: scripts out of the packages of infra/requirements/assets.txt, each with its licence;
- `templates/`: the templates as modules, for the package alone: a source that changes is then not looked at.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from filelock import FileLock

from infra.package import BUILD, ROOT

PAGES = ROOT / "chalicelib" / "pages"
BUILT = PAGES / "built"
WHEELS = BUILD / "wheels"
"""Where `make setup` unpacks the packages that carry scripts."""

SCRIPTS = {
    "htmx.js": ("django_htmx/static/django_htmx/htmx-2.min.js", "django_htmx-*.dist-info/licenses/LICENSE"),
    "zxing.js": ("nicegui_scanner/static/zxing.min.js", "nicegui_scanner-*.dist-info/licenses/LICENSE"),
}
"""An asset's name to the file and the licence of its package."""


class WordsDisagree(ValueError):
    """Two catalogues translate one message differently; the message names both."""


def build(target: Path = BUILT, *, compiled: bool = False) -> None:
    """Makes everything that is not there as it should be; several processes may ask at once."""
    BUILD.mkdir(exist_ok=True)
    with FileLock(BUILD / "assets.lock"):
        _put(target / "words" / "zh.mo", _words())
        for name, (script, licence) in SCRIPTS.items():
            _put(target / "assets" / name, (WHEELS / script).read_bytes())
            (found,) = WHEELS.glob(licence)
            _put(target / "assets" / f"{name}.LICENSE.txt", found.read_bytes())
        if compiled:
            _compile_templates(target / "templates")


def catalogues() -> Iterator[tuple[Path, Catalog]]:
    """The catalogue beside each screen."""
    for path in sorted(PAGES.rglob("zh.po")):
        with path.open("rb") as source:
            yield path, read_po(source, locale="zh")


def united() -> Catalog:
    """All catalogues as one. Raises WordsDisagree."""
    whole, whose = Catalog(locale="zh", fuzzy=False), dict[object, tuple[Path, Message]]()
    for path, catalogue in catalogues():
        for message in catalogue:
            if not message.id:
                continue
            key = (message.context, message.id)
            where, known = whose.setdefault(key, (path, message))
            if known.string != message.string:
                raise WordsDisagree(f"{message.id!r} is {known.string!r} in {where} and {message.string!r} in {path}")
            whole.add(message.id, message.string, flags=message.flags, context=message.context)
    return whole


def _words() -> bytes:
    out = BytesIO()
    write_mo(out, united())
    return out.getvalue()


def _put(path: Path, content: bytes) -> None:
    if path.is_file() and path.read_bytes() == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_bytes(content)
    part.replace(path)


def _compile_templates(target: Path) -> None:
    from chalicelib.pages.shell.rendering import environment

    shutil.rmtree(target, ignore_errors=True)
    environment().compile_templates(
        target,
        zip=None,
        ignore_errors=False,
        filter_func=re.compile(r"(?!built/).*\.html").fullmatch,  # type: ignore[arg-type]
    )


if __name__ == "__main__":
    build()
    print(BUILT)
