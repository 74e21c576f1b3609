"""What uses a segment, and what it objects to. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Use:
    """What uses a segment: its kind in both languages, and what it is called."""

    en: str
    zh: str
    title: str


@dataclass(frozen=True, slots=True)
class Objection:
    """Why segments may not be changed so, as the team reads it in both languages."""

    en: str
    zh: str
