"""A page that tries calls out: Swagger UI, as aws-lambda-powertools carries it, on the API's own document."""

import base64
import hashlib
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from chalicelib.kernel.language import Language
from chalicelib.routing.security import NOTHING_LOADS
from chalicelib.web.html import render

_PACKAGE = "aws_lambda_powertools"
_FOLDER = Path("event_handler", "openapi", "swagger_ui")

_BEGIN = """
SwaggerUIBundle({
  url: "../v1/openapi.json", dom_id: "#viewer", presets: [SwaggerUIBundle.presets.apis], layout: "BaseLayout",
  docExpansion: "none", filter: true, tryItOutEnabled: true, requestSnippetsEnabled: true, persistAuthorization: false,
  validatorUrl: null, defaultModelsExpandDepth: -1,
});
"""
"""Beside its own address, the page asks nobody anything; what is typed is kept nowhere."""


@cache
def viewer(language: Language) -> str:
    """The page."""
    from markupsafe import Markup

    script = Markup(f"<script>{_script()}</script>")  # noqa: S704 - the package's, and ours
    return render("viewer.html.j2", language=language, style=_read("swagger-ui.min.css"), script=script)


@cache
def policy() -> str:
    """The page's Content-Security-Policy: its own script, and calls to where it comes from."""
    digest = base64.b64encode(hashlib.sha256(_script().encode()).digest()).decode()
    return (
        f"{NOTHING_LOADS}; connect-src 'self'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-{digest}'"
    )


@cache
def _script() -> str:
    """The bundle and its beginning, as it can stand in a page: a comment of HTML in it would hide the script's end."""
    return (_read("swagger-ui-bundle.min.js") + _BEGIN).replace("<!--", "\\x3c!--")


def _read(name: str) -> str:
    # Not by importing it, which would bring a web framework along.
    found = find_spec(_PACKAGE)
    assert found is not None  # noqa: S101
    assert found.origin is not None  # noqa: S101
    return (Path(found.origin).parent / _FOLDER / name).read_text("utf-8")
