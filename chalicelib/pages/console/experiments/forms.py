"""What the pages of experiments take, as it is typed."""

import re
from typing import Annotated, Any

from pydantic import StringConstraints

from chalicelib.pages.shell.typed import Reading, percent
from chalicelib.web import Body

Typed = Annotated[str, StringConstraints(max_length=200)]


class ArmRow(Body):
    """A variant; one without a name is none. Its share is in per cent."""

    name: Typed = ""
    share: Typed = ""
    tag: Typed = ""

    def arm(self, place: int, reading: Reading) -> dict[str, Any]:
        """As the API takes it."""
        share = _part(self.share, f"/arms/{place}/share", reading)
        return {"name": self.name.strip(), "share": share, "tag": self.tag or None}


class ExperimentForm(Body):
    """An experiment as it is typed."""

    key: Typed = ""
    title: Typed = ""
    arms: list[ArmRow] = []
    metric: Typed = "conversion"
    method: Typed = "fixed"
    on: Typed = ""
    sample: Typed = ""
    within_days: Typed = ""
    return_days: Typed = ""
    smallest_effect: Typed = ""
    in_shop: bool = False

    @property
    def places(self) -> list[int]:
        """The rows of the arms that are sent, in their order."""
        return [place for place, row in enumerate(self.arms) if row.name.strip()]

    def experiment(self, reading: Reading) -> dict[str, Any]:
        """What the API takes, but for the key. Raises Invalid for what is no share, or no number."""
        arms = [self.arms[place].arm(place, reading) for place in self.places]
        effect = _part(self.smallest_effect, "/smallest_effect", reading) if self.smallest_effect.strip() else None
        said = {
            "title": self.title.strip() or self.key.strip(),
            "arms": arms,
            "metric": self.metric,
            "method": self.method,
            "horizon": {"on": self.on.strip() or None, "sample": _number(self.sample, "/sample", reading)},
            "within_days": _number(self.within_days, "/within_days", reading),
            "return_days": _number(self.return_days, "/return_days", reading) or 7,
            "smallest_effect": effect,
            "in_shop": self.in_shop,
        }
        reading.check()
        return said

    def field(self, pointer: str) -> str:
        """The field of the form for one of the API's."""
        found = re.fullmatch(r"/arms/(\d+)(/.*)", pointer)
        if found and int(found[1]) < len(self.places):
            return f"/arms/{self.places[int(found[1])]}{found[2]}"
        return _FIELDS.get(pointer, pointer)


_FIELDS = {"/horizon/on": "/on", "/horizon/sample": "/sample", "/horizon": "/sample", "/arms": "/arms/0/share"}


class StopTyped(Body):
    """Which arm everybody sees from now on."""

    keep: Typed = ""


class Nothing(Body):
    """A form that is no more than its button."""


def _part(typed: str, pointer: str, reading: Reading) -> str:
    """Per cent as people type it, as a part of 1: ``12.5 %`` is ``0.125``."""
    said = percent(typed)
    found = re.fullmatch(r"(\d{1,3})(?:\.(\d{1,2}))?", said, re.ASCII)
    if found is None:
        reading.wrong(pointer, "Type per cent, such as 50.", "请填写百分比，例如 50。")
        return ""
    whole, part = divmod(int(found[1]) * 100 + int((found[2] or "").ljust(2, "0") or 0), 10_000)
    return f"{whole}.{part:04d}"


def _number(typed: str, pointer: str, reading: Reading) -> int | None:
    said = typed.strip().replace(",", "")
    if not said:
        return None
    if not said.isascii() or not said.isdigit() or len(said) > 9:
        reading.wrong(pointer, "Type a whole number.", "请填写整数。")
        return None
    return int(said)
