"""HTML from templates: one environment for every page that the product makes."""

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chalicelib.routing.security import NOTHING_LOADS

if TYPE_CHECKING:
    from jinja2 import Environment

_TEMPLATES = Path(__file__).parent / "templates"
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def render(template: str, filters: Mapping[str, Callable[..., Any]] | None = None, **values: Any) -> str:
    """The page of a file in ``templates/``, every value escaped. ``filters`` are this page's own."""
    environment = _environment().overlay()
    environment.filters = {**environment.filters, **(filters or {})}
    return environment.get_template(template).render(**values)


@cache
def policy(*, form: bool = False) -> str:
    """The Content-Security-Policy of pages: they run the scripts of the templates, as these are written there, and no
    other. Styles stand in the page and can load nothing. Only a page with a ``form`` may send one, and here.
    """
    scripts = [each for file in _TEMPLATES.iterdir() for each in _SCRIPT.findall(file.read_text("utf-8"))]
    digests = [base64.b64encode(hashlib.sha256(each.encode()).digest()).decode() for each in scripts]
    sources = " ".join(f"'sha256-{each}'" for each in digests)
    said = NOTHING_LOADS.replace("form-action 'none'", "form-action 'self'") if form else NOTHING_LOADS
    return f"{said}; style-src 'unsafe-inline'; script-src {sources}"


@cache
def _environment() -> "Environment":
    # Imported here because few functions ever make a page: 40 ms that the others need not pay.
    from jinja2 import Environment, FileSystemLoader

    return Environment(loader=FileSystemLoader(_TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)
