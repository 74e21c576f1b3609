"""What the routes of announcements answer."""

from typing import Literal, Self

from chalicelib.announcements.records import AnnouncementRecord
from chalicelib.web import Instant, LocalDate, UlidStr, View


class WordsView(View):
    """What is said in one language."""

    subject: str
    text: str


class AudienceView(View):
    """Whom the news is for; null or empty narrows nothing."""

    member_ids: list[str]
    interests: list[str]
    languages: list[str]
    joined_from_on: LocalDate | None
    joined_to_on: LocalDate | None
    active_from_on: LocalDate | None
    inactive_since_on: LocalDate | None
    segment_ids: list[UlidStr]
    classes: list[str]


class AnnouncementView(View):
    """News and how far it is. Of ``total`` members ``done`` were looked at: ``told`` is to how many the news was handed
    over, which reach each within the caps, quiet hours and digests that hold news; ``declined`` how many it was meant
    for who have not agreed to get news.
    """

    id: UlidStr
    status: Literal["scheduled", "sending", "paused", "sent", "cancelled"]
    texts: dict[str, WordsView]
    audience: AudienceView
    send_at: Instant | None
    created_at: Instant
    created_by: str
    started_at: Instant | None
    finished_at: Instant | None
    done: int
    total: int
    percent: int
    told: int
    declined: int

    @classmethod
    def of(cls, record: AnnouncementRecord) -> Self:
        return cls(
            **{
                name: getattr(record, name)
                for name in (
                    "id", "status", "send_at", "created_at", "created_by", "started_at", "finished_at", "total",
                    "percent", "told", "declined",
                )
            },
            done=int(record.next),
            texts={language: WordsView.model_validate(words) for language, words in record.texts.items()},
            audience=AudienceView.model_validate(record.audience),
        )  # fmt: skip
