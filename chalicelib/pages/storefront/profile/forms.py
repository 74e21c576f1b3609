"""What the page of the profile takes."""

import re
from typing import Any, Literal

from chalicelib.members.model.profiles import PROFILE_FIELDS
from chalicelib.web import Body

_BETWEEN = re.compile(r"[,，、;；\n]+")


class ProfilePage(Body):
    """The profile as it was typed; what is left empty is cleared. Interests stand in one line, between commas."""

    profile: dict[str, str] = {}

    def stated(self) -> dict[str, Any]:
        """As the API takes it."""
        typed: dict[str, Any] = {name: self.profile.get(name) for name in ("name", *PROFILE_FIELDS)}
        interests = [each.strip() for each in _BETWEEN.split(typed["interests"] or "")]
        return {"profile": {**typed, "interests": [each for each in interests if each] or None}}


class ConsentPage(Body):
    """One purpose, agreed to or withdrawn."""

    purpose: Literal["marketing", "analytics", "personalisation"]
    granted: bool
