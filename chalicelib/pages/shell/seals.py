"""What proves that a form, or a message across a redirect, is ours: a code over what it belongs to."""

import base64
import hmac
from collections.abc import Iterable

from chalicelib.kernel.keys import derived
from chalicelib.kernel.principal import Principal
from chalicelib.settings import secret

_BYTES = 18


def session_of(principal: Principal, visitor: str) -> str:
    """What a form is bound to: the signed-in person and their code, or the browser of who is not."""
    if principal.kind in ("member", "staff"):
        return f"{principal.kind} {principal.tenant_id} {principal.id} {principal.proved_at} {principal.sign_outs}"
    return f"visitor {visitor}"


def mark_of(principal: Principal) -> str:
    """Tells one person's pages from another's, for who keeps them on a phone, and names nobody."""
    if principal.kind not in ("member", "staff"):
        return "nobody"
    return _code(secret("forms").current.value, "mark", f"{principal.kind} {principal.tenant_id} {principal.id}")


def form_token(session: str) -> str:
    """The token that every form of this session carries."""
    return _code(secret("forms").current.value, "form", session)


def is_form_token(given: str, session: str) -> bool:
    """Whether a form of this session carries it."""
    return _matches(given, (_code(key.value, "form", session) for key in secret("forms").every()))


def sealed(text: str) -> str:
    """The text with a code, to be read back from a cookie."""
    written = base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
    return f"{written}.{_code(secret('forms').current.value, 'text', text)}"


def unsealed(value: str) -> str:
    """What :func:`sealed` was given; empty for anything else."""
    written, _, given = value.partition(".")
    try:
        text = base64.urlsafe_b64decode(written + "=" * (-len(written) % 4)).decode()
    except ValueError:
        return ""
    return text if _matches(given, (_code(key.value, "text", text) for key in secret("forms").every())) else ""


def _code(key: bytes, *parts: str) -> str:
    return base64.urlsafe_b64encode(derived(key, *parts)[:_BYTES]).decode()


def _matches(given: str, expected: Iterable[str]) -> bool:
    return any(hmac.compare_digest(given.encode(), each.encode()) for each in expected)
