"""What every answer tells a browser, so that it does nothing with it that nobody meant."""

from collections.abc import Mapping
from typing import Any

NOTHING_LOADS = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""The policy of everything that is no page: opened in a browser, it runs nothing and loads nothing."""

_ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": NOTHING_LOADS,
}
_YEAR_SECONDS = 365 * 24 * 3600


def guarded(answer: dict[str, Any], asked: Mapping[str, str] | None) -> dict[str, Any]:
    """The answer with what is said to browsers, where it does not say it itself. ``asked`` is the request's headers.

    Over plain HTTP, as on a developer's machine, nothing is said of HTTPS (RFC 6797, section 7.2).
    """
    said = dict(_ALWAYS)
    if any(name.lower() == "x-forwarded-proto" and value == "https" for name, value in (asked or {}).items()):
        said["Strict-Transport-Security"] = f"max-age={_YEAR_SECONDS}"
    return {**answer, "headers": said | (answer.get("headers") or {})}
