"""Which versions of the brand's legal texts were accepted in a browser, so that no page reads the member for it."""

import re
from collections.abc import Iterable

from chalicelib.legal_texts.model import Accepted, latest
from chalicelib.pages.shell.answers import Cookie

ACCEPTED = "accepted"
SECONDS = 400 * 24 * 3600
_VERSION = re.compile(r"(privacy|terms)[.]([1-9][0-9]{0,5})")


def cookie(accepted: Iterable[Accepted]) -> Cookie:
    """What a browser keeps of what its member has accepted, such as ``privacy.2-terms.1``."""
    said = "-".join(f"{kind}.{revision}" for kind, revision in sorted(latest(accepted).items()))
    return Cookie(ACCEPTED, said, SECONDS if said else 0)


def known(said: str) -> dict[str, int]:
    """The latest version of each kind by that cookie; nothing of what cannot be read."""
    return {found[1]: int(found[2]) for each in said.split("-") if (found := _VERSION.fullmatch(each))}
